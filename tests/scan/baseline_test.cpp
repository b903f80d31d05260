#include "scan/baseline.h"

#include "support/made.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <random>

using stanch::Finding;
using stanch::Fingerprint;
using stanch::Secret;
using stanch::scan::Baseline;
using stanch::scan::BaselineEntry;
using stanch::scan::IgnoreList;
namespace made = stanch::made;

namespace {

Finding found(const std::string& secret, const std::string& path = "a.py", std::size_t line = 3) {
    Finding finding;
    finding.rule = "some-rule";
    finding.path = path;
    finding.span.line = line;
    finding.secret = Secret(secret);
    finding.fingerprint = Fingerprint::of(finding.rule, finding.secret, "key");
    return finding;
}

BaselineEntry entry(const Finding& finding) {
    return {finding.fingerprint, finding.rule, finding.path, "a test key", "ops", ""};
}

} // namespace

TEST_CASE("an entry hides its finding wherever it moved, until it expires") {
    const std::string secret = made::random(made::alnum, 40);
    Baseline baseline;
    BaselineEntry kept = entry(found(secret));
    kept.expires = "2026-12-31";
    baseline.put(kept);
    auto read = Baseline::parse(baseline.to_text(), "b");
    REQUIRE(read);
    CHECK(read->entries() == baseline.entries());
    CHECK(read->covers(found(secret, "moved/b.py", 99), "2026-12-31"));
    CHECK_FALSE(read->covers(found(secret), "2027-01-01"));
    CHECK_FALSE(read->covers(found(made::random(made::alnum, 40, 2)), "2026-01-01"));
    CHECK(read->unused().empty());
    CHECK(read->expired("2027-01-01").size() == 1);
    CHECK(baseline.unused().size() == 1);
    CHECK(baseline.pruned().entries().empty());
}

TEST_CASE("the text is sorted, whatever the order of putting") {
    std::vector<BaselineEntry> entries;
    for (std::uint64_t i = 0; i < 50; ++i)
        entries.push_back(entry(found(made::random(made::alnum, 40, i))));
    Baseline forward;
    for (const auto& one : entries)
        forward.put(one);
    std::ranges::reverse(entries);
    Baseline backward;
    for (const auto& one : entries)
        backward.put(one);
    CHECK(forward.to_text() == backward.to_text());
    CHECK(std::ranges::count(forward.to_text(), '\n') == 50);
}

TEST_CASE("what is wrong has a line, and the nearest key") {
    const std::string good = "{\"fingerprint\":\"" + std::string(32, 'a') + "\"}\n";
    const auto wrong = Baseline::parse(
        good + "{\"fingerprint\":\"" + std::string(32, 'b') + "\",\"reson\":\"x\"}\n", "b");
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().where == "b:2");
    CHECK(wrong.error().hint == "did you mean 'reason'?");
    CHECK_FALSE(Baseline::parse("{\"fingerprint\":\"12\"}", "b"));
    CHECK_FALSE(Baseline::parse(
        "{\"fingerprint\":\"" + std::string(32, 'b') + "\",\"expires\":\"2026-02-30\"}", "b"));
    CHECK_FALSE(Baseline::parse("hello", "b"));
    CHECK_FALSE(Baseline::parse("[1]", "b"));
    CHECK(Baseline::parse("", "b"));
}

TEST_CASE("reports of other scanners follow a secret to another line and file") {
    const std::string secret = made::random(made::alnum, 40);
    auto hides = [&](const std::string& text, const std::string& path = "b.py",
                     std::size_t line = 7) {
        auto baseline = Baseline::parse(text, "report");
        REQUIRE(baseline);
        CHECK_FALSE(
            baseline->covers(found(made::random(made::alnum, 40, 5), "z.py", 1), "2026-01-01"));
        return baseline->covers(found(secret, path, line), "2026-01-01");
    };
    CHECK(hides(R"([{"RuleID":"r","File":"a.py","StartLine":3,"Secret":")" + secret + R"("}])"));
    CHECK(hides(R"({"rule":{"id":"k"},"finding":{"snippet":")" + secret +
                R"(","path":"a.py","line":3}})"));
    CHECK(hides(R"({"findings":[{"rule":{"id":"k"},"finding":{"snippet":")" + secret +
                R"(","path":"a.py","line":3}}]})"));
    CHECK(hides(R"({"DetectorName":"D","Raw":")" + secret + "\"}\n" +
                R"({"DetectorName":"D","Raw":"y"})" + "\n"));
    // A redacted report knows no value: place decides.
    const std::string redacted =
        R"([{"RuleID":"r","File":"a.py","StartLine":3,"Secret":"REDACTED"}])";
    CHECK(hides(redacted, "a.py", 3));
    CHECK_FALSE(hides(redacted, "a.py", 4));
}

TEST_CASE("detect-secrets knows a value by its SHA-1") {
    // SHA-1 of "correct horse", by sha1sum.
    auto baseline = Baseline::parse(
        R"({"version":"1.5.0","plugins_used":[],"results":{"a.py":[{"type":"Secret Keyword","hashed_secret":")"
        R"(2f9e53523b62abc141a2b4d6019d23cba835dbd0","line_number":1}]}})",
        ".secrets.baseline");
    REQUIRE(baseline);
    CHECK(baseline->foreign().size() == 1);
    CHECK(baseline->unused_foreign() == 1);
    CHECK(baseline->covers(found("correct horse", "other.py", 9), "2026-01-01"));
    CHECK(baseline->unused_foreign() == 0);
}

TEST_CASE(
    "merging is the same from both sides, never conflicts, and loses nothing that a side wanted") {
    std::mt19937 random(1);
    std::vector<BaselineEntry> all;
    for (std::uint64_t i = 0; i < 12; ++i)
        all.push_back(entry(found(made::random(made::alnum, 40, i))));
    auto changed = [&](Baseline side) {
        for (const BaselineEntry& one : all) {
            const auto what = random() % 4;
            if (what == 0) side.remove(one.fingerprint);
            if (what == 1)
                side.put({one.fingerprint, one.rule, one.path,
                          "reason " + std::to_string(random() % 3), "",
                          "2027-01-0" + std::to_string(1 + random() % 3)});
        }
        return side;
    };
    for (int round = 0; round < 300; ++round) {
        Baseline base;
        for (const BaselineEntry& one : all)
            if (random() % 2 == 0) base.put(one);
        const Baseline ours = changed(base);
        const Baseline theirs = changed(base);
        const Baseline merged = merge_baselines(base, ours, theirs);
        CHECK(merged.to_text() == merge_baselines(base, theirs, ours).to_text());
        for (const BaselineEntry& one : all) {
            const bool in_base = base.find(one.fingerprint) != nullptr;
            const bool in_ours = ours.find(one.fingerprint) != nullptr;
            const bool in_theirs = theirs.find(one.fingerprint) != nullptr;
            if (in_ours && in_theirs) CHECK(merged.find(one.fingerprint) != nullptr);
            if (!in_base && (in_ours || in_theirs)) CHECK(merged.find(one.fingerprint) != nullptr);
            if (in_base && !in_ours && !in_theirs) CHECK(merged.find(one.fingerprint) == nullptr);
        }
    }
}

TEST_CASE("ignore files: ours and gitleaks', with comments") {
    const Finding finding = found(made::random(made::alnum, 40), "dir/a#1.py", 12);
    auto list = IgnoreList::parse("# old\n" + finding.fingerprint.hex() +
                                      "  # a test key\n\ndir\\b.py:some-rule:4\n",
                                  ".stanchignore");
    REQUIRE(list);
    CHECK(list->covers(finding));
    CHECK(list->unused() == std::vector<std::string>{".stanchignore:4"});
    CHECK(list->covers(found("x", "dir/b.py", 4)));
    auto theirs = IgnoreList::parse("dir/a#1.py:some-rule:12\n", ".gitleaksignore");
    CHECK(theirs->covers(finding));
    CHECK(IgnoreList::parse("what is this\n", "i").error().where == "i:1");
}
