// A user's rules, through the whole engine: what gitleaks' schema says, and what goes wrong.
#include "scan/engine.h"

#include "catalog/catalog.h"
#include "support/made.h"
#include "text/encoding.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <set>

using namespace stanch;
using namespace stanch::scan;

namespace {

// Nothing of these tests goes into the user's cache.
const bool cache_is_ours = [] {
    const auto folder = std::filesystem::temp_directory_path() / "stanch-engine-test";
    return setenv("XDG_CACHE_HOME", folder.c_str(), 1) == 0;
}();

Result<Engine> engine_of(std::string_view rules) {
    STANCH_TRY(const catalog::RuleSet set, catalog::parse_rules(rules, "rules.toml", {}));
    return Engine::with(set);
}

std::vector<Finding> scanned(const Engine& engine, std::string_view text,
                             std::string_view path = "a.py") {
    Matcher matcher(engine);
    std::vector<Finding> findings;
    matcher.scan({.bytes = text, .path = path, .commit = {}}, findings);
    return findings;
}

std::size_t count(std::string_view rules, std::string_view text, std::string_view path = "a.py") {
    const auto engine = engine_of(rules);
    REQUIRE(engine);
    return scanned(*engine, text, path).size();
}

std::string secrets(std::string_view rules, std::string_view text) {
    const auto engine = engine_of(rules);
    REQUIRE(engine);
    std::string all;
    for (const Finding& finding : scanned(*engine, text))
        all += std::string(finding.secret.reveal()) + " ";
    return all;
}

} // namespace

TEST_CASE("the secret is the rule's group, else the first that took part, else all") {
    CHECK(secrets("[[rules]]\nid='a'\nregex='tok_(\\d+)-(\\w+)'\nsecretGroup=2\n", "tok_12-ab") ==
          "ab ");
    CHECK(secrets("[[rules]]\nid='a'\nregex='tok_(?:(x)|(\\d+))'\n", "tok_12") == "12 ");
    CHECK(secrets("[[rules]]\nid='a'\nregex='tok_\\d+'\n", "tok_12") == "tok_12 ");
}

TEST_CASE("positions count from one, bytes, the last one included") {
    const auto engine = engine_of("[[rules]]\nid='a'\nregex='tok_(\\d+)'\n");
    const auto findings = scanned(*engine, "x\r\n  tok_123\n");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].span == Span{2, 7, 2, 9});
    CHECK(findings[0].match_span == Span{2, 3, 2, 9});
    CHECK(findings[0].offset == 9);
    CHECK(findings[0].line.reveal() == "  tok_123");
    CHECK(findings[0].secret_in_line == 6);
}

TEST_CASE("a piece of a large file knows where it stands") {
    const auto engine = engine_of("[[rules]]\nid='a'\nregex='tok_(\\d+)'\n");
    Matcher matcher(*engine);
    std::vector<Finding> findings;
    matcher.scan({.bytes = "tok_1\ntok_2",
                  .path = "a",
                  .commit = {},
                  .offset = 1000,
                  .line = 10,
                  .column = 50},
                 findings);
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].span == Span{10, 54, 10, 54});
    CHECK(findings[1].span == Span{11, 5, 11, 5});
    CHECK(findings[1].offset == 1010);
}

TEST_CASE("entropy must be above the rule's, a keyword somewhere in the content") {
    constexpr std::string_view even = "[[rules]]\nid='a'\nregex='tok_(\\w{4})'\nentropy=2.0\n";
    CHECK(count(even, "tok_abcd") == 0); // exactly 2
    CHECK(count("[[rules]]\nid='a'\nregex='tok_(\\w{4})'\nentropy=1.9\n", "tok_abcd") == 1);
    constexpr std::string_view keyword =
        "[[rules]]\nid='a'\nregex='[0-9a-f]{40}'\nkeywords=['Acme']\n";
    const std::string hash = made::random(made::hex, 40);
    CHECK(count(keyword, hash) == 0);
    CHECK(count(keyword, "# ACME\n\n" + hash) == 1);
}

TEST_CASE("allowlists: OR, AND, what a regex looks at, paths, stopwords, commits") {
    const std::string rule = "[[rules]]\nid='a'\nregex='tok_(\\w+)'\n[[rules.allowlists]]\n";
    CHECK(count(rule + "stopwords=['Sample']\n", "tok_xSAMPLEx") == 0);
    CHECK(count(rule + "regexes=['^tok']\n", "tok_1") == 1);
    CHECK(count(rule + "regexes=['^tok']\nregexTarget='match'\n", "tok_1") == 0);
    CHECK(count(rule + "regexes=['noqa']\nregexTarget='line'\n", "tok_1 # noqa") == 0);
    CHECK(count(rule + "paths=['\\.py$']\n", "tok_1") == 0);
    CHECK(count(rule + "condition='AND'\npaths=['\\.py$']\nstopwords=['x']\n", "tok_1") == 1);
    CHECK(count(rule + "condition='AND'\npaths=['\\.py$']\nstopwords=['x']\n", "tok_x") == 0);
    CHECK(count(rule + "commits=['abc']\n", "tok_1") == 1);
    const std::string other =
        "[[rules]]\nid='a'\nregex='tok_(\\w+)'\n[[allowlists]]\nstopwords=['1']\n";
    CHECK(count(other, "tok_1") == 0);
    CHECK(count(other + "targetRules=['b']\n", "tok_1") == 1);
}

TEST_CASE("an allowlist of commits holds once the commit is known") {
    const auto engine =
        engine_of("[[rules]]\nid='a'\nregex='tok_(\\w+)'\n[[rules.allowlists]]\ncommits=['abc']\n");
    auto findings = scanned(*engine, "tok_1");
    REQUIRE(findings.size() == 1);
    CHECK_FALSE(engine->allowed(findings[0]));
    findings[0].provenance.emplace().commit = "abc";
    CHECK(engine->allowed(findings[0]));
}

TEST_CASE("paths: a rule's own, and a rule of nothing else") {
    constexpr std::string_view rule = "[[rules]]\nid='a'\nregex='tok_(\\w+)'\npath='\\.env$'\n";
    CHECK(count(rule, "tok_1", "x/.env") == 1);
    CHECK(count(rule, "tok_1", "x/.envrc") == 0);
    const auto engine = engine_of("[[rules]]\nid='p12'\npath='\\.p12$'\n");
    const auto findings = scanned(*engine, "", "certs/a.p12");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].match.reveal() == "file detected: certs/a.p12");
    CHECK(findings[0].span == Span{});
}

TEST_CASE("a composite rule needs its second half, near enough") {
    constexpr std::string_view rules = "[[rules]]\nid='id'\nregex='id_\\d+'\nskipReport=true\n"
                                       "[[rules]]\nid='key'\nregex='key_\\d+'\n"
                                       "[[rules.required]]\nid='id'\nwithinLines=1\n";
    CHECK(count(rules, "key_1") == 0);
    CHECK(count(rules, "id_1\nkey_1") == 1);
    CHECK(count(rules, "id_1\n\n\nkey_1") == 0);
}

TEST_CASE("a generic finding gives way to a specific one of the same bytes") {
    constexpr std::string_view rules =
        "[[rules]]\nid='generic-key'\nregex='''key = \"([^\"]+)\"'''\n"
        "[[rules]]\nid='acme'\nregex='acme_\\w+'\n";
    const auto engine = engine_of(rules);
    const auto findings = scanned(*engine, "key = \"acme_1\"\nkey = \"other\"\n");
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].rule == "acme");
    CHECK(findings[1].rule == "generic-key");
}

TEST_CASE("look-around and back references run on PCRE2") {
    CHECK(secrets("[[rules]]\nid='a'\nregex='(?<=tok_)\\w+(?!x)'\n", "tok_abc") == "abc ");
    CHECK(secrets("[[rules]]\nid='a'\nregex='''key=([\"'])(\\w+)\\1'''\nsecretGroup=2\n",
                  "key='ab' key='cd\"") == "ab ");
}

TEST_CASE("a regex that would not end is stopped, and named") {
    const auto engine = engine_of("[[rules]]\nid='slow'\nregex='tok_(?=x)(x+x+)+y(?!z)'\n");
    REQUIRE(engine);
    Matcher matcher(*engine);
    std::vector<Finding> findings;
    matcher.scan({.bytes = "tok_" + std::string(60, 'x') + "yz", .path = "a.py", .commit = {}},
                 findings);
    const auto troubles = matcher.take_troubles();
    REQUIRE(troubles.size() == 1);
    CHECK(troubles[0].kind == ErrorKind::incomplete);
    CHECK(troubles[0].what == "rule 'slow' met its match limit");
    CHECK(matcher.take_troubles().empty());
}

TEST_CASE("a user's rules are compiled once, and a broken cache is made anew") {
    namespace fs = std::filesystem;
    std::string home = (fs::temp_directory_path() / "stanch-cache-XXXXXX").string();
    REQUIRE(mkdtemp(home.data()) != nullptr);
    const std::string kept = std::getenv("XDG_CACHE_HOME");
    setenv("XDG_CACHE_HOME", home.c_str(), 1);
    std::set<std::string> names;
    for (const char* spoiled : {"", "short", "\xff\xff\xff\xff\xff\xff\xff\x0f and no more"}) {
        for (const auto& entry : fs::directory_iterator(home + "/"))
            for (const auto& file : fs::directory_iterator(entry))
                std::ofstream(file.path(), std::ios::binary) << spoiled;
        for (int round = 0; round < 2; ++round) {
            const auto engine = engine_of("[[rules]]\nid='mine'\nregex='tok_([a-z]{4})'\n");
            REQUIRE(engine);
            Matcher matcher(*engine);
            std::vector<Finding> findings;
            matcher.scan({.bytes = "a tok_abcd", .path = "a.py", .commit = {}}, findings);
            REQUIRE(findings.size() == 1);
        }
        for (const auto& file : fs::directory_iterator(home + "/stanch"))
            names.insert(file.path().string());
    }
    CHECK(names.size() == 1);
    setenv("XDG_CACHE_HOME", kept.c_str(), 1);
    fs::remove_all(home);
}

TEST_CASE("an invalid regex names rule, position and line") {
    const auto broken = engine_of("[[rules]]\nid='a'\nregex='ab(c'\n");
    REQUIRE_FALSE(broken);
    CHECK(broken.error().what == "rule 'a': invalid regex: a '(' without ')' (at 5)");
    CHECK(broken.error().where == "rules.toml:3:7");
    CHECK_FALSE(engine_of("[[rules]]\nid='a'\nregex='a'\nsecretGroup=1\n"));
    const auto check = engine_of("[[rules]]\nid='a'\nregex='abc'\nstructure='uid'\n");
    REQUIRE_FALSE(check);
    CHECK(check.error().hint == "did you mean 'uuid'?");
}

TEST_CASE(
    "encoded text is decoded, in layers, and the finding stands where the encoded text does") {
    const auto engine = engine_of("[[rules]]\nid='a'\nregex='token=(\\w{16})'\n");
    const std::string plain = "token=" + made::random(made::alnum, 16);
    const std::string once = text::base64_encode(plain);
    const auto findings = scanned(*engine, "a:\n  b: " + once + "\n");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].secret.reveal() == plain.substr(6));
    CHECK(findings[0].decoded_by == std::vector<std::string>{"base64"});
    CHECK(findings[0].span == Span{2, 6, 2, 5 + once.size()});
    const auto twice = scanned(*engine, text::hex_encode(once));
    REQUIRE(twice.size() == 1);
    CHECK(twice[0].decoded_by == std::vector<std::string>{"hex", "base64"});
    CHECK(scanned(*engine, "%74oken=" + plain.substr(6)).size() == 1);
    CHECK(scanned(*engine, "\\u0074oken\\x3d" + plain.substr(6)).size() == 1);
    CHECK(scanned(*engine, "token&#61;" + plain.substr(6)).size() == 1);
    CHECK(scanned(*engine, "%20 " + plain).size() == 1); // plain beside an escape: once
}

TEST_CASE(
    "the digest changes with the rules, and a second engine takes its patterns from the cache") {
    const auto one = engine_of("[[rules]]\nid='a'\nregex='[0-9a-f]{40}'\n");
    const auto same = engine_of("[[rules]]\nid='a'\nregex='[0-9a-f]{40}'\n");
    const auto other = engine_of("[[rules]]\nid='a'\nregex='[0-9a-f]{41}'\n");
    CHECK(one->digest() == same->digest());
    CHECK(one->digest() != other->digest());
    CHECK(scanned(*same, made::random(made::hex, 40)).size() == 1);
}
