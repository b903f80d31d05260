#include "scan/pattern/text_set.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace stanch::scan {
namespace {

// A class of up to this many bytes counts as a part of a literal: gh[oprsu]_ is five literals of
// four.
constexpr std::size_t widest_class = 8;
constexpr std::size_t longest_text = 200;

std::optional<TextSet> texts_of_class(const ByteSet& set) {
    TextSet texts;
    for (unsigned c = 0; c < 256; ++c) {
        if (!set[c]) continue;
        const bool upper = c >= 'A' && c <= 'Z';
        if (upper && set[c + 32]) continue; // said by its lower case
        const bool both = c >= 'a' && c <= 'z' && set[c - 32];
        texts.push_back({std::string(1, static_cast<char>(c)), both});
        if (texts.size() > widest_class) return std::nullopt;
    }
    return texts;
}

std::optional<TextSet> texts_of_sequence(const std::vector<Tree>& parts) {
    TextSet all{{}};
    all.resize(1);
    for (const Tree& part : parts) {
        const auto texts = texts_of(part);
        auto longer = texts ? joined(all, *texts) : std::nullopt;
        if (!longer) return std::nullopt;
        all = *std::move(longer);
    }
    return all;
}

std::optional<TextSet> texts_of_choice(const std::vector<Tree>& parts) {
    TextSet all;
    for (const Tree& part : parts) {
        auto texts = texts_of(part);
        if (!texts || all.size() + texts->size() > most_texts) return std::nullopt;
        std::ranges::move(*texts, std::back_inserter(all));
    }
    return all;
}

std::optional<TextSet> texts_of_repeat(const Tree& tree) {
    if (tree.most > 4 && tree.most != tree.least) return std::nullopt;
    const auto once = texts_of(tree.parts[0]);
    if (!once || tree.least > longest_text) return std::nullopt;
    TextSet all;
    TextSet now(1);
    for (std::size_t i = 0;; ++i) {
        if (i >= tree.least) std::ranges::copy(now, std::back_inserter(all));
        if (i == tree.most) return all;
        auto longer = joined(now, *once);
        if (!longer || all.size() + longer->size() > most_texts) return std::nullopt;
        now = *std::move(longer);
    }
}

} // namespace

double byte_share(unsigned char c) {
    if (c >= 'a' && c <= 'z') {
        constexpr std::string_view by_frequency = "etaoinsrhldcumfpgwybvkxjqz";
        constexpr std::array<double, 26> percent = {8,   5.8, 5.2, 5,   4.8, 4.6,  4.4, 4.2, 3,
                                                    2.8, 2.6, 2.5, 2,   1.8, 1.6,  1.6, 1.3, 1,
                                                    1,   0.8, 0.8, 0.5, 0.3, 0.15, 0.1, 0.1};
        return percent[by_frequency.find(static_cast<char>(c))] / 100;
    }
    if (c >= 'A' && c <= 'Z') return 0.0025;
    if (c >= '0' && c <= '9') return 0.006;
    if (c == ' ') return 0.14;
    if (c == '_') return 0.02;
    if (c == '\n') return 0.03;
    if (std::string_view(".,:/-\"'()=").find(static_cast<char>(c)) != std::string_view::npos)
        return 0.015;
    return c < 0x80 ? 0.004 : 0.0005;
}

namespace {

// Words of every program: a literal of one of them alone is found everywhere.
constexpr std::array<std::string_view, 36> common = {
    "key",   "token",   "secret",   "auth",  "pass",   "password", "passwd", "cred", "http",
    "https", "api",     "access",   "user",  "client", "name",     "value",  "://",  "www.",
    ".com",  "private", "public",   "line",  "host",   "test",     "true",   "port", "file",
    "type",  "string",  "username", "admin", "login",  "graph",    "box",    "wise", "phrase"};

double surprise(const Text& text) {
    double bits = 0;
    for (const char c : text.bytes) {
        double chance = byte_share(static_cast<unsigned char>(c));
        if (text.any_case && c >= 'a' && c <= 'z')
            chance += byte_share(static_cast<unsigned char>(c - 32));
        bits -= std::log2(chance);
    }
    if (text.bytes.size() < 3) bits -= 60;
    const bool known = std::ranges::find(common, text.bytes) != common.end();
    return known ? std::min(bits, 10.0) : bits;
}

} // namespace

std::optional<TextSet> joined(const TextSet& heads, const TextSet& tails) {
    if (heads.size() * tails.size() > most_texts) return std::nullopt;
    TextSet all;
    for (const Text& head : heads)
        for (const Text& tail : tails) {
            if (head.bytes.size() + tail.bytes.size() > longest_text) return std::nullopt;
            Text text{head.bytes + tail.bytes, head.any_case || tail.any_case};
            if (text.any_case)
                for (char& c : text.bytes)
                    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
            all.push_back(std::move(text));
        }
    return all;
}

std::optional<TextSet> texts_of(const Tree& tree) {
    switch (tree.kind) {
    case Tree::Kind::empty:
    case Tree::Kind::edge:
    case Tree::Kind::inside:
    case Tree::Kind::start:
        return TextSet(1);
    case Tree::Kind::bytes:
        return texts_of_class(tree.set);
    case Tree::Kind::sequence:
        return texts_of_sequence(tree.parts);
    case Tree::Kind::choice:
        return texts_of_choice(tree.parts);
    case Tree::Kind::repeat:
        return texts_of_repeat(tree);
    }
    return std::nullopt;
}

double rarity(const TextSet& texts) {
    double least = 1e9;
    for (const Text& text : texts)
        least = std::min(least, surprise(text));
    // Beyond this, more letters make nothing rarer; fewer literals make the search faster, and what
    // is frequent is told from the rest by what stands around it.
    return std::min(least, 32.0) -
           5 * std::log2(static_cast<double>(std::max<std::size_t>(1, texts.size())));
}

double rarity(const ByteSet& set, std::size_t count) {
    double chance = 0;
    for (unsigned c = 0; c < 256; ++c)
        if (set[c]) chance += byte_share(static_cast<unsigned char>(c));
    return -std::log2(std::clamp(chance, 1e-6, 0.999)) * static_cast<double>(count);
}

} // namespace stanch::scan
