#include "scan/match/layer.h"
#include "scan/match/outcome.h"
#include "scan/match/search.h"

#include <algorithm>
#include <deque>
#include <new>
#include <utility>

namespace stanch::scan {

struct Matcher::State {
    const Engine::Rules& rules;
    FinderMemory memory;
    std::vector<Error> troubles;

    // Of the content that is being confirmed.
    const Content* content = nullptr;
    std::deque<Layer> layers;
    std::vector<Accepted> accepted;

    explicit State(const Engine::Rules& engine) : rules(engine) {
        auto made = rules.finder->memory();
        if (!made) throw std::bad_alloc();
        memory = *std::move(made);
    }

    void find(std::string_view window, std::uint64_t offset, std::vector<Hit>& hits) {
        rules.finder->find(window, offset, memory, hits);
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

    void search(std::uint32_t index, const Layer& layer, std::span<const Hit> hits) {
        const CompiledRule& rule = rules.compiled(index);
        if (!rule.wants_path(content->path)) return;
        const bool done = search_rule(rule, layer.text, hits,
                                      [&](const Match& match) { accept(rule, layer, match); });
        if (!done)
            troubles.push_back({ErrorKind::incomplete,
                                "rule '" + rule.rule->id + "' met its match limit",
                                std::string(content->path),
                                "simplify its regex: nested repetitions make it slow"});
    }

    // `hits` in the order of rules, then ends.
    void confirm_layer(const Layer& layer, std::span<const Hit> hits) {
        for (std::size_t i = 0; i < hits.size();) {
            const std::uint32_t index = hits[i].rule;
            const std::size_t first = i;
            while (i < hits.size() && hits[i].rule == index)
                ++i;
            const std::span<const Hit> of_rule = hits.subspan(first, i - first);
            if (index < decoder_hits)
                search(index, layer, of_rule);
            else
                decode(static_cast<Encoding>(index - decoder_hits), layer, of_rule);
        }
    }

    void decode(Encoding encoding, const Layer& layer, std::span<const Hit> hits) {
        if (layer.depth == deepest_encoding) return;
        // Marks in one run of base64 may be in four phases, of hex in two.
        std::size_t covered[4] = {};
        const std::size_t phases = encoding == Encoding::base64 ? 4
                                   : encoding == Encoding::hex  ? 2
                                                                : 1;
        for (const Hit& hit : hits) {
            const std::uint64_t end = hit.end;
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
