#include "scan/seen_texts.h"

#include <algorithm>
#include <cstring>

namespace stanch::scan {
namespace {

constexpr std::uint64_t least = 512;
constexpr std::uint64_t most = 8192;
constexpr std::uint32_t lines_per_cut = 8;

std::uint32_t four_bytes(std::string_view text, std::uint64_t at) {
    std::uint32_t value = 0;
    if (at + sizeof value <= text.size()) std::memcpy(&value, text.data() + at, sizeof value);
    return value;
}

// Whether the line that begins here begins a piece: by the bytes on both sides alone.
bool begins_piece(std::string_view text, std::uint64_t at) {
    const std::uint32_t around = four_bytes(text, at) ^ four_bytes(text, at - 5) * 31;
    return (around * 2654435761U >> 20) % lines_per_cut == 0;
}

// What a piece's hits depend on, and what tells it from the same bytes elsewhere.
struct Surroundings {
    Surroundings(std::string_view content, ByteRange range, std::uint64_t begin, std::uint64_t end)
        : from(begin - std::min(begin - range.begin, std::uint64_t{Matcher::margin})),
          to(std::min<std::uint64_t>(end + 1, content.size())),
          salt((begin - from) << 1 | (end == to ? 1U : 0U)) {}

    std::uint64_t from;
    std::uint64_t to;
    std::uint64_t salt;
};

std::size_t entries_for(std::uint32_t objects) {
    return std::clamp<std::size_t>(objects, std::size_t{1} << 12, std::size_t{1} << 19);
}

} // namespace

std::uint64_t piece_end(std::string_view text, std::uint64_t begin, std::uint64_t end) {
    const std::uint64_t limit = std::min(end, begin + most);
    std::uint64_t at = begin + least;
    while (at < limit) {
        const void* newline = std::memchr(text.data() + at, '\n', limit - at);
        if (newline == nullptr) return limit;
        at = static_cast<std::uint64_t>(static_cast<const char*>(newline) - text.data()) + 1;
        if (begins_piece(text, at)) return at;
    }
    return limit;
}

SeenTexts::SeenTexts(std::uint32_t objects)
    : hits(entries_for(objects)), verdicts(entries_for(objects) / 2) {}

void NewTextFinder::cut(std::string_view content, ByteRange range) {
    pieces_.clear();
    for (std::uint64_t begin = range.begin; begin < range.end;) {
        const std::uint64_t end = piece_end(content, begin, range.end);
        const Surroundings around(content, range, begin, end);
        const std::uint64_t key =
            seen_.hash.of(content.substr(around.from, around.to - around.from), around.salt);
        seen_.hits.prefetch(key);
        pieces_.push_back({begin, end, key});
        begin = end;
    }
}

void NewTextFinder::find(Matcher& matcher, std::string_view content, ByteRange range,
                         std::vector<Hit>& hits) {
    cut(content, range);
    for (const Piece& piece : pieces_) {
        if (const auto known = seen_.hits.find(piece.key)) {
            find_new(matcher, content, range, hits);
            for (const SeenTexts::Place& place : *known)
                hits.push_back({place.rule, piece.begin + place.end, place.literal});
        } else {
            unseen_.push_back(piece);
        }
    }
    find_new(matcher, content, range, hits);
}

// Looks at the pieces that have come together, all at once.
void NewTextFinder::find_new(Matcher& matcher, std::string_view content, ByteRange range,
                             std::vector<Hit>& hits) {
    if (unseen_.empty()) return;
    const Surroundings around(content, range, unseen_.front().begin, unseen_.back().end);
    found_.clear();
    matcher.find(content.substr(around.from, around.to - around.from), around.from, found_);
    auto first = std::ranges::upper_bound(found_, unseen_.front().begin, {}, &Hit::end);
    for (const Piece& piece : unseen_) {
        const auto last = std::ranges::upper_bound(first, found_.end(), piece.end, {}, &Hit::end);
        keep(piece, {first, last});
        hits.insert(hits.end(), first, last);
        first = last;
    }
    unseen_.clear();
}

void NewTextFinder::keep(const Piece& piece, std::span<const Hit> hits) {
    places_.clear();
    for (const Hit& hit : hits)
        places_.push_back(
            {hit.rule, static_cast<std::uint32_t>(hit.end - piece.begin), hit.literal});
    seen_.hits.add(piece.key, places_, shelf_);
}

} // namespace stanch::scan
