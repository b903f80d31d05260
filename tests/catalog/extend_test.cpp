#include "catalog/catalog.h"

#include <doctest/doctest.h>
#include <map>

using namespace stanch;

namespace {

constexpr std::string_view base_text =
    "[[rules]]\nid = 'a'\nregex = 'aaa'\ntags = ['one']\nkeywords = ['k']\n"
    "[[rules]]\nid = 'b'\nregex = 'bbb'\n";

catalog::Extensions files(std::map<std::string, std::string> texts) {
    catalog::Extensions extensions;
    extensions.read_file = [texts =
                                std::move(texts)](const std::string& path) -> Result<std::string> {
        const auto at = texts.find(path);
        if (at == texts.end()) return fail(ErrorKind::unavailable, "cannot open", path);
        return at->second;
    };
    return extensions;
}

} // namespace

TEST_CASE("useDefault builds on the built-in rules; what is set replaces, lists add up") {
    const auto base = catalog::parse_rules(base_text, "base", {});
    REQUIRE(base);
    catalog::Extensions extensions;
    extensions.built_in = &*base;
    const auto rules =
        catalog::parse_rules("[extend]\nuseDefault = true\ndisabledRules = ['b', 'nope']\n"
                             "[[rules]]\nid = 'a'\ntags = ['two']\nentropy = 2\n"
                             "[[rules.allowlists]]\nstopwords = ['x']\n"
                             "[[rules]]\nid = 'c'\nregex = 'ccc'\n",
                             "mine", extensions);
    REQUIRE(rules);
    REQUIRE(rules->rules.size() == 2);
    CHECK(rules->rules[0].regex == "aaa");
    CHECK(rules->rules[0].tags == std::vector<std::string>{"one", "two"});
    CHECK(rules->rules[0].entropy == 2);
    CHECK(rules->rules[0].allowlists.size() == 1);
    CHECK(rules->rules[1].id == "c");
    REQUIRE(rules->warnings.size() == 1);
    CHECK(rules->warnings[0].what == "disabledRules names 'nope', which is no rule of the base");
}

TEST_CASE("a change to a rule that only gitleaks has is told and left out") {
    const catalog::RuleSet base;
    catalog::Extensions extensions;
    extensions.built_in = &base;
    const auto rules =
        catalog::parse_rules("[extend]\nuseDefault = true\n[[rules]]\nid = "
                             "'generic-api-key'\n[[rules.allowlists]]\nstopwords = ['x']\n",
                             "mine", extensions);
    REQUIRE(rules);
    CHECK(rules->rules.empty());
    REQUIRE(rules->warnings.size() == 1);
    CHECK(rules->warnings[0].what == "rule 'generic-api-key' has neither regex nor path, and no "
                                     "built-in rule has this id: left out");
}

TEST_CASE("path extends another file, two levels deep and no further") {
    const std::string top = "[extend]\npath = 'x'\n";
    CHECK(catalog::parse_rules(
        top, "top", files({{"x", "[extend]\npath = 'y'\n"}, {"y", std::string(base_text)}})));
    const auto deep = catalog::parse_rules(top, "top", files({{"x", top}}));
    REQUIRE_FALSE(deep);
    CHECK(deep.error().what == "[extend] goes deeper than 2 files");
    const auto missing = catalog::parse_rules(top, "top", files({}));
    REQUIRE_FALSE(missing);
    CHECK(missing.error().hint == "top:1:1 names it in [extend]");
    const auto both =
        catalog::parse_rules("[extend]\nuseDefault = true\npath = 'x'\n", "top", files({}));
    REQUIRE_FALSE(both);
    CHECK(both.error().what == "[extend] has both useDefault and path");
}
