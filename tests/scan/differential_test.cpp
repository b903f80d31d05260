// The engine against its own definition, on random texts made of the rules' examples.
//
// Hits are a short cut: what counts is defined without them. So everything that find() says is held
// to a find() that says every rule at every byte, and every mark of encoded text that a slow and
// plain search sees.
#include "rule_texts.h"

#include "scan/decode/decoder.h"
#include "scan/decode/escape.h"
#include "scan/engine.h"
#include "scan/match/finder.h"
#include "scan/match/search.h"
#include "text/encoding.h"

#include <algorithm>
#include <cstdlib>
#include <doctest/doctest.h>
#include <set>

using namespace stanch;
using namespace stanch::scan;
using namespace stanch::scan::testing;

namespace {

// STANCH_ROUNDS=10000 for a long run.
std::uint64_t rounds(std::uint64_t usual) {
    const char* asked = std::getenv("STANCH_ROUNDS");
    return asked == nullptr ? usual : std::strtoull(asked, nullptr, 10);
}

const Engine& engine() {
    static const Engine built_in = *Engine::built_in();
    return built_in;
}

std::string shown(const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& finding : findings) {
        text += std::to_string(finding.offset) + " " + finding.rule + " [" +
                std::string(finding.secret.reveal()) + "]";
        for (const std::string& how : finding.decoded_by)
            text += " " + how;
        text += " " + finding.fingerprint.hex() + " " + std::to_string(finding.span.line) + "\n";
    }
    return text;
}

std::string confirmed(Matcher& matcher, const std::string& text, const std::vector<Hit>& hits) {
    std::vector<Finding> findings;
    matcher.confirm({.bytes = text, .path = "a.py", .commit = {}}, hits, findings);
    return shown(findings);
}

bool all_printable(std::string_view text) {
    return std::ranges::all_of(text, [](unsigned char c) {
        return (c >= 32 && c < 127) || c == '\n' || c == '\t' || c == '\r';
    });
}

// Whether there is a mark right before `end`, told from the definition in decode/decoder.h.
bool marked(std::string_view text, Encoding encoding, std::size_t end) {
    if (encoding == Encoding::base64) {
        if (end < 20) return false;
        std::string part(text.substr(end - 20, 20));
        std::ranges::replace(part, '-', '+');
        std::ranges::replace(part, '_', '/');
        const auto plain = text::base64_decode(part);
        return part.find('=') == std::string::npos && plain && all_printable(*plain);
    }
    if (encoding == Encoding::hex) {
        const auto plain = end < 32 ? std::nullopt : text::hex_decode(text.substr(end - 32, 32));
        return plain && all_printable(*plain);
    }
    for (std::size_t size = 3; size <= std::min<std::size_t>(12, end); ++size)
        if (const Escape escape = escape_at(text.substr(end - size), encoding);
            escape.length == size && telling(escape))
            return true;
    return false;
}

// What find() would say if it looked at nothing: these rules at every byte, and all marks.
std::vector<Hit> everything(const std::string& text, const std::set<std::uint32_t>& rules) {
    std::vector<Hit> hits;
    for (std::size_t end = 1; end <= text.size(); ++end) {
        for (const std::uint32_t rule : rules)
            hits.push_back({rule, end});
        for (std::uint32_t i = 0; i < encodings; ++i)
            if (marked(text, static_cast<Encoding>(i), end))
                hits.push_back({decoder_hits + i, end});
    }
    return hits;
}

std::vector<Hit> found(Matcher& matcher, const std::string& text) {
    std::vector<Hit> hits;
    matcher.find(text, 0, hits);
    return hits;
}

} // namespace

TEST_CASE("find() misses nothing that confirm() would accept") {
    Matcher matcher(engine());
    for (std::uint64_t seed = 1; seed <= rounds(25); ++seed) {
        TextMaker maker(seed);
        std::vector<std::uint32_t> used;
        const std::string text = maker.text(used);
        std::set<std::uint32_t> rules(used.begin(), used.end());
        std::vector<Hit> hits = found(matcher, text);
        for (const Hit& hit : hits)
            if (hit.rule < decoder_hits && rules.size() < 40) rules.insert(hit.rule);
        std::erase_if(hits, [&](const Hit& hit) {
            return hit.rule < decoder_hits && !rules.contains(hit.rule);
        });
        INFO("seed " << seed << "\n" << text);
        REQUIRE(confirmed(matcher, text, hits) ==
                confirmed(matcher, text, everything(text, rules)));
    }
}

TEST_CASE("scanning windows equals scanning everything") {
    Matcher matcher(engine());
    for (std::uint64_t seed = 1; seed <= rounds(80); ++seed) {
        TextMaker maker(seed);
        std::vector<std::uint32_t> used;
        const std::string text = maker.text(used);
        std::vector<Hit> hits;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t size = 1 + maker.below(700);
            const std::size_t begin = at > Matcher::margin ? at - Matcher::margin : 0;
            matcher.find(std::string_view(text).substr(begin, at + size + Matcher::margin - begin),
                         begin, hits);
            at += size;
        }
        INFO("seed " << seed << "\n" << text);
        REQUIRE(confirmed(matcher, text, hits) == confirmed(matcher, text, found(matcher, text)));
    }
}

TEST_CASE(
    "scanning what a delta changes, with the hits of what it copies, equals scanning everything") {
    Matcher matcher(engine());
    for (std::uint64_t seed = 1; seed <= rounds(50); ++seed) {
        TextMaker maker(seed);
        std::vector<std::uint32_t> used;
        std::string text = maker.text(used);
        std::vector<Hit> hits = found(matcher, text);
        for (int generation = 0; generation < 4; ++generation) {
            std::vector<TextMaker::Copy> copies;
            const std::string next = maker.edited(text, copies);
            std::vector<Hit> carried;
            std::size_t done = 0;
            for (const TextMaker::Copy& copy : copies) {
                for (const Hit& hit : hits)
                    if (hit.end >= copy.from + Matcher::margin && hit.end <= copy.from + copy.size)
                        carried.push_back({hit.rule, hit.end - copy.from + copy.to});
                const std::size_t begin = done > Matcher::margin ? done - Matcher::margin : 0;
                const std::size_t end = std::min(next.size(), copy.to + Matcher::margin);
                matcher.find(std::string_view(next).substr(begin, end - begin), begin, carried);
                done = copy.to + copy.size;
            }
            std::ranges::sort(carried);
            hits = carried;
            text = next;
            INFO("seed " << seed << ", generation " << generation << "\n" << text);
            REQUIRE(confirmed(matcher, text, hits) ==
                    confirmed(matcher, text, found(matcher, text)));
        }
    }
}

TEST_CASE(
    "matches are those of the definition: from the left, the first that matches within its reach") {
    const auto& rules = catalog::built_in_rules();
    for (std::uint64_t seed = 1; seed <= rounds(15); ++seed) {
        TextMaker maker(seed);
        std::vector<std::uint32_t> used;
        const std::string text = maker.text(used).substr(0, 1500);
        for (const std::uint32_t index : used) {
            const CompiledRule rule = *CompiledRule::compile(rules.rules[index], {});
            std::vector<Range> expected;
            std::vector<Range> groups(rule.groups);
            for (std::size_t at = 0; at <= text.size();) {
                // An edge at the end of a match needs the byte behind it; where the expression goes
                // on, that would be one too many.
                const bool cut_off = (rule.stage.flags & StageRow::flag_cut_off) != 0;
                const std::size_t end = at + rule.stage.reach + (cut_off ? 0 : 1);
                if (rule.regex->search(text, at, at, std::min(text.size(), end), groups) !=
                    Regex::Found::yes) {
                    ++at;
                    continue;
                }
                expected.push_back(match_of(rule, text, groups).secret);
                at = std::max(groups[0].end, at + 1);
            }
            std::vector<Hit> hits = everything(text, {index});
            std::erase_if(hits, [&](const Hit& hit) { return hit.rule != index; });
            std::vector<Range> actual;
            search_rule(rule, text, hits,
                        [&](const Match& match) { actual.push_back(match.secret); });
            INFO("seed " << seed << ", rule " << rules.rules[index].id << "\n" << text);
            REQUIRE(actual == expected);
        }
    }
}
