#include "scan/decode/decoder.h"
#include "scan/match/layer.h"
#include "scan/match/outcome.h"
#include "scan/match/search.h"

#include <algorithm>
#include <deque>
#include <hs/hs.h>
#include <stdexcept>

namespace stanch::scan {
namespace {

// hs_scan takes 32-bit lengths; a window beyond this is scanned in pieces.
constexpr std::size_t largest_scan = std::size_t{1} << 30;
// Hits of decoders have the numbers from here on, one for each encoding.
constexpr std::uint32_t decoder_hits = 0xffffff00;

struct Collected {
    std::vector<Hit>& hits;
    std::uint64_t offset;
};

int collect(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) {
    auto& collected = *static_cast<Collected*>(context);
    const Hit hit{id, collected.offset + to};
    if (collected.hits.empty() || collected.hits.back() != hit) collected.hits.push_back(hit);
    return 0;
}

bool by_end(const Hit& a, const Hit& b) {
    return a.end != b.end ? a.end < b.end : a.rule < b.rule;
}

void sort_from(std::vector<Hit>& hits, std::size_t first) {
    const auto begin = hits.begin() + static_cast<std::ptrdiff_t>(first);
    if (!std::is_sorted(begin, hits.end(), by_end)) std::sort(begin, hits.end(), by_end);
    hits.erase(std::unique(begin, hits.end()), hits.end());
}

} // namespace

struct Matcher::State {
    const Engine::Rules& rules;
    Scratch scratch;
    std::vector<Mark> marks;
    std::vector<Error> troubles;

    // Of the content that is being confirmed.
    const Content* content = nullptr;
    std::deque<Layer> layers;
    std::vector<Accepted> accepted;

    explicit State(const Engine::Rules& engine) : rules(engine) {
        if (rules.database.get() == nullptr) return;
        auto made = Scratch::for_database(rules.database);
        if (!made) throw std::bad_alloc();
        scratch = *std::move(made);
    }

    void find_rules(std::string_view window, std::uint64_t offset, std::vector<Hit>& hits) {
        if (rules.database.get() == nullptr) return;
        for (std::size_t at = 0; at < window.size(); at += largest_scan) {
            const std::string_view piece = window.substr(at, largest_scan + 2 * margin);
            Collected collected{hits, offset + at};
            const hs_error_t code =
                hs_scan(rules.database.get(), piece.data(), static_cast<unsigned>(piece.size()), 0,
                        scratch.get(), collect, &collected);
            if (code != HS_SUCCESS)
                throw std::logic_error("hs_scan failed: " + std::to_string(code));
        }
    }

    void find_marks(std::string_view window, std::uint64_t offset, std::vector<Hit>& hits) {
        marks.clear();
        find_encoded(window, marks);
        for (const Mark& mark : marks)
            hits.push_back(
                {decoder_hits + static_cast<std::uint32_t>(mark.encoding), offset + mark.end});
    }

    void find(std::string_view window, std::uint64_t offset, std::vector<Hit>& hits) {
        const std::size_t first = hits.size();
        find_rules(window, offset, hits);
        find_marks(window, offset, hits);
        sort_from(hits, first);
    }

    void accept(const CompiledRule& rule, const Layer& layer, const Match& match) {
        if (!layer.new_here(match.whole)) return;
        const Case it{rule, layer.text, match, content->path, content->commit};
        auto judgement = judge(it);
        if (!judgement) return;
        Accepted one{&rule,
                     &layer,
                     match,
                     *std::move(judgement),
                     layer.in_content(match.whole),
                     layer.in_content(match.secret)};
        if (layer.outer != nullptr) {
            std::string how;
            for (const Layer* each = &layer; each->outer != nullptr; each = each->outer)
                how = std::string(name_of(each->encoding)) + (how.empty() ? "" : ", ") + how;
            one.judgement.why += "; decoded from " + how;
        }
        accepted.push_back(std::move(one));
    }

    void search(std::uint32_t index, const Layer& layer, std::span<const std::uint64_t> ends) {
        const CompiledRule& rule = rules.compiled(index);
        if (!rule.wants_path(content->path)) return;
        const bool done = search_rule(rule, layer.text, ends,
                                      [&](const Match& match) { accept(rule, layer, match); });
        if (!done)
            troubles.push_back({ErrorKind::incomplete,
                                "rule '" + rule.rule->id + "' met its match limit",
                                std::string(content->path),
                                "simplify its regex: nested repetitions make it slow"});
    }

    // `hits` in the order of rules, then ends.
    void confirm_layer(const Layer& layer, std::span<const Hit> hits) {
        std::vector<std::uint64_t> ends;
        for (std::size_t i = 0; i < hits.size();) {
            const std::uint32_t index = hits[i].rule;
            ends.clear();
            for (; i < hits.size() && hits[i].rule == index; ++i)
                ends.push_back(hits[i].end);
            if (index < decoder_hits)
                search(index, layer, ends);
            else
                decode(static_cast<Encoding>(index - decoder_hits), layer, ends);
        }
    }

    void decode(Encoding encoding, const Layer& layer, std::span<const std::uint64_t> ends) {
        if (layer.depth == deepest_encoding) return;
        // Marks in one run of base64 may be in four phases, of hex in two.
        std::size_t covered[4] = {};
        const std::size_t phases = encoding == Encoding::base64 ? 4
                                   : encoding == Encoding::hex  ? 2
                                                                : 1;
        for (const std::uint64_t end : ends) {
            std::size_t& done = covered[end % phases];
            if (end <= done) continue;
            auto decoded = decode_at(layer.text, {encoding, end});
            if (!decoded) continue;
            done = decoded->covered;
            look_into(*std::move(decoded), encoding, layer);
        }
    }

    void look_into(Decoded decoded, Encoding encoding, const Layer& outer) {
        Layer& layer = layers.emplace_back();
        layer.decoded = std::move(decoded);
        layer.text = layer.decoded.text;
        layer.outer = &outer;
        layer.encoding = encoding;
        layer.depth = outer.depth + 1;
        std::vector<Hit> hits;
        find(layer.text, 0, hits);
        const std::size_t before = accepted.size();
        const std::size_t layers_before = layers.size();
        std::ranges::sort(hits);
        confirm_layer(layer, hits);
        // Nothing in it and in what was decoded from it: forgotten.
        if (accepted.size() == before && layers.size() == layers_before) {
            wipe(layer.decoded.text);
            layers.pop_back();
        }
    }

    void forget() {
        for (Layer& layer : layers)
            wipe(layer.decoded.text);
        layers.clear();
        accepted.clear();
        content = nullptr;
    }

    void confirm(const Content& whole, std::vector<Hit> hits, std::vector<Finding>& findings) {
        std::ranges::sort(hits);
        hits.erase(std::unique(hits.begin(), hits.end()), hits.end());
        content = &whole;
        Layer& plain = layers.emplace_back();
        plain.text = whole.bytes;
        confirm_layer(plain, hits);
        settle(whole.bytes, accepted);
        append_findings(whole, accepted, findings);
        forget();
    }
};

Matcher::Matcher(const Engine& engine) : state_(std::make_unique<State>(*engine.rules_)) {}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

void Matcher::find(std::string_view window, std::uint64_t offset, std::vector<Hit>& hits) {
    state_->find(window, offset, hits);
}

void Matcher::confirm(const Content& content, std::span<const Hit> hits,
                      std::vector<Finding>& findings) {
    if (!hits.empty()) state_->confirm(content, {hits.begin(), hits.end()}, findings);
}

void Matcher::look_at_path(std::string_view path, std::vector<Finding>& findings) {
    for (const std::uint32_t index : state_->rules.path_only) {
        const CompiledRule& rule = state_->rules.compiled(index);
        if (!rule.path->found_in(path)) continue;
        const Circumstances at{.path = path, .commit = {}, .secret = {}, .match = {}, .line = {}};
        if (std::ranges::any_of(rule.allowlists,
                                [&](const Allowlist& list) { return list.allows(at); }))
            continue;
        findings.push_back(path_finding(*rule.rule, path));
    }
}

void Matcher::scan(const Content& content, std::vector<Finding>& findings) {
    look_at_path(content.path, findings);
    std::vector<Hit> hits;
    find(content.bytes, 0, hits);
    confirm(content, hits, findings);
}

std::vector<Error> Matcher::take_troubles() {
    return std::exchange(state_->troubles, {});
}

} // namespace stanch::scan
