#include "rule_texts.h"

#include "os/file.h"
#include "rulec/template.h"
#include "text/encoding.h"

#include <algorithm>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>

namespace stanch::scan::testing {
namespace {

std::string hex_escaped(std::string_view text, std::string_view before, std::string_view behind) {
    std::string out;
    for (const char c : text)
        out += std::string(before) + text::hex_encode({&c, 1}) + std::string(behind);
    return out;
}

} // namespace

const catalog::RuleSet& rules_with_examples() {
    static const catalog::RuleSet rules = [] {
        catalog::RuleSet all;
        std::vector<std::string> files;
        for (const auto& entry : std::filesystem::directory_iterator(
                 std::string(std::getenv("STANCH_SOURCE")) + "/rules"))
            files.push_back(entry.path());
        for (const std::string& file : files) {
            auto set = catalog::parse_rules(*os::read_file(file), file, {});
            REQUIRE(set);
            std::ranges::move(set->rules, std::back_inserter(all.rules));
        }
        std::ranges::sort(all.rules, {}, &catalog::Rule::id);
        return all;
    }();
    return rules;
}

std::string TextMaker::noise() {
    static constexpr std::string_view words[] = {"the ",
                                                 "key",
                                                 "token",
                                                 " = ",
                                                 "password",
                                                 "\n",
                                                 "\r\n",
                                                 "api_",
                                                 "x",
                                                 "-",
                                                 "\"",
                                                 "'",
                                                 "http://",
                                                 "very_long_name_of_something",
                                                 "%41",
                                                 "&amp;",
                                                 "\\u0041",
                                                 "\xc3\xa9",
                                                 "\xff",
                                                 "deadbeefdeadbeefdeadbeefdeadbeef0123",
                                                 "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo",
                                                 "=",
                                                 ":",
                                                 " ",
                                                 "\t",
                                                 "0",
                                                 "/"};
    std::string text;
    for (std::size_t i = below(30); i > 0; --i)
        text += words[below(std::size(words))];
    return text;
}

std::string TextMaker::encoded(std::string text) {
    switch (below(9)) {
    case 0:
        return text::base64_encode(text);
    case 1:
        return text::base64_encode(text, text::Base64::url_bare);
    case 2:
        return text::hex_encode(text);
    case 3:
        return hex_escaped(text, "%", "");
    case 4:
        return hex_escaped(text, "\\u00", "");
    case 5:
        return hex_escaped(text, "&#x", ";");
    case 6:
        return encoded(text::base64_encode(text));
    case 7:
        return encoded(noise() + text);
    default:
        return text;
    }
}

std::string TextMaker::example(std::vector<std::uint32_t>& used) {
    const auto& rules = rules_with_examples().rules;
    for (;;) {
        const std::size_t index = below(rules.size());
        const catalog::Rule& rule = rules[index];
        if (rule.examples.empty() || rule.regex.empty()) continue;
        used.push_back(static_cast<std::uint32_t>(index));
        std::string text = *rulec::expand(rule.examples[below(rule.examples.size())], dice_());
        if (below(4) == 0) text.erase(below(text.size()), 1 + below(3));
        return below(2) == 0 ? text : encoded(text);
    }
}

std::string TextMaker::text(std::vector<std::uint32_t>& used) {
    std::string text;
    for (std::size_t i = 3 + below(6); i > 0; --i)
        text += noise() + example(used) + (below(3) == 0 ? "" : "\n");
    return text + noise();
}

std::string TextMaker::edited(const std::string& text, std::vector<Copy>& copies) {
    std::string out;
    std::size_t at = 0;
    std::vector<std::uint32_t> unused;
    for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
        const std::size_t next = at + below(text.size() - at + 1);
        copies.push_back({at, out.size(), next - at});
        out.append(text, at, next - at);
        at = std::min(text.size(), next + below(3) * below(20));
        if (below(2) == 0) out += below(2) == 0 ? noise() : example(unused);
    }
    copies.push_back({at, out.size(), text.size() - at});
    return out + text.substr(at);
}

} // namespace stanch::scan::testing
