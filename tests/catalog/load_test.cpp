#include "catalog/catalog.h"

#include <doctest/doctest.h>

using namespace stanch;
using catalog::parse_rules;

namespace {

Error error_of(std::string_view text) {
    auto rules = parse_rules(text, "rules.toml", {});
    REQUIRE_FALSE(rules);
    return rules.error();
}

} // namespace

TEST_CASE("a gitleaks file is read as it stands, its keys in any case") {
    const auto rules = parse_rules(R"(
title = "ours"
[[Rules]]
ID = "b"
description = "B"
REGEX = '''b_([a-z]{8})'''
secretgroup = 1
Entropy = 3
keywords = ["B_"]
tags = ["x", "y"]
  [[Rules.Allowlists]]
  condition = "AND"
  regexTarget = "line"
  regexes = ['''foo''']
  stopwords = ["Example"]
  paths = ['''_test\.go$''']
  [[Rules.required]]
  id = "a"
  withinLines = 5
[[Rules]]
id = "a"
path = '''\.p12$'''
[[allowlists]]
targetRules = ["a"]
commits = ["ABCDEF"]
)",
                                   "gitleaks.toml", {});
    REQUIRE(rules);
    CHECK(rules->warnings.empty());
    REQUIRE(rules->rules.size() == 2);
    const catalog::Rule& b = rules->rules[1];
    CHECK(b.id == "b");
    CHECK(b.regex == "b_([a-z]{8})");
    CHECK(b.secret_group == 1);
    CHECK(b.entropy == 3.0);
    CHECK(b.keywords == std::vector<std::string>{"b_"});
    REQUIRE(b.allowlists.size() == 1);
    CHECK(b.allowlists[0].condition == catalog::Condition::all);
    CHECK(b.allowlists[0].target == catalog::RegexTarget::line);
    CHECK(b.allowlists[0].stopwords == std::vector<std::string>{"example"});
    REQUIRE(b.required.size() == 1);
    CHECK(b.required[0].within_lines == 5);
    CHECK_FALSE(b.required[0].within_columns);
    CHECK(rules->rules[0].path == "\\.p12$");
    CHECK(rules->allowlists[0].target_rules == std::vector<std::string>{"a"});
    CHECK(rules->allowlists[0].commits == std::vector<std::string>{"abcdef"});
}

TEST_CASE("the deprecated single allowlist is read, but not beside the new ones") {
    const auto rules =
        parse_rules("[allowlist]\npaths = ['x']\n[[rules]]\nid = 'a'\nregex = 'abc'\n", "f", {});
    REQUIRE(rules);
    CHECK(rules->allowlists.size() == 1);
    const Error both = error_of("[allowlist]\npaths = ['x']\n[[allowlists]]\npaths = ['y']\n");
    CHECK(both.what == "both [allowlist] and [[allowlists]] are given");
    CHECK(both.where == "rules.toml:1:1");
}

TEST_CASE("errors name the rule, the line and the column") {
    const Error type = error_of("[[rules]]\nid = 'a'\nregex = 'abc'\nentropy = 'high'\n");
    CHECK(type.what == "rule 'a': 'entropy' in [[rules]] must be a number");
    CHECK(type.where == "rules.toml:4:11");
    CHECK(error_of("[[rules]]\nregex = 'abc'\n").what == "a rule without an id");
    CHECK(error_of("[[rules]]\nid = 'a'\n").what == "rule 'a' has neither regex nor path");
    CHECK(error_of("[[rules]]\nid = 'a'\nregex = 'x'\n[[rules]]\nid = 'a'\nregex = 'y'\n").what ==
          "rule 'a' is given twice");
    CHECK(error_of("[[rules]]\nid = 'a'\nregex = 'x'\n[[rules.required]]\nid = 'z'\n").what ==
          "rule 'a' requires 'z', which is not in this file");
    CHECK(error_of("[[rules]]\nid = 'a'\nregex = 'x'\n[[rules.allowlists]]\ndescription = 'd'\n")
              .what ==
          "rule 'a': an allowlist without commits, paths, regexes or stopwords allows nothing");
    CHECK(error_of("[[rules]\n").where.starts_with("rules.toml:1:"));
}

TEST_CASE("an unknown key is a warning that names the nearest known one") {
    const auto rules = parse_rules("[[rules]]\nid = 'a'\nregex = 'x'\nkeyword = ['x']\n", "f", {});
    REQUIRE(rules);
    REQUIRE(rules->warnings.size() == 1);
    CHECK(rules->warnings[0].what == "unknown key 'keyword' in [[rules]]");
    CHECK(rules->warnings[0].where == "f:4:1");
    CHECK(rules->warnings[0].hint == "did you mean 'keywords'?");
}

TEST_CASE("packed rules are the same rules") {
    const auto rules =
        parse_rules("[[rules]]\nid = 'a'\nregex = 'x+'\nentropy = 3.25\nkeywords = ['k']\n"
                    "confidence = 'high'\n[[rules.allowlists]]\nstopwords = ['s']\n"
                    "[[allowlists]]\npaths = ['p']\n",
                    "f", {});
    REQUIRE(rules);
    const std::string bytes = catalog::pack(*rules);
    const auto again = catalog::unpack(bytes);
    REQUIRE(again);
    CHECK(again->rules == rules->rules);
    CHECK(again->allowlists == rules->allowlists);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        CHECK_FALSE(catalog::unpack(std::string_view(bytes).substr(0, size)));
}
