#include "scan/known_findings.h"

#include "support/made.h"

#include <doctest/doctest.h>

using stanch::Finding;
using stanch::Secret;
using stanch::SecretPart;
namespace made = stanch::made;
namespace scan = stanch::scan;

TEST_CASE(
    "a known value is a finding with its place; the longest of several, and before a rule's") {
    const std::string password = made::random(made::alnum, 16);
    const std::string url = "postgres://u:" + password + "@h/db";
    std::vector<scan::KnownValue> values;
    values.push_back({"DB (password)", ".env", SecretPart(Secret(password))});
    values.push_back({"DB", ".env", SecretPart(Secret(url))});
    const scan::KnownValues known(std::move(values));
    const std::string text = "one\n  db = '" + url + "'\n";

    std::vector<Finding> findings(1);
    findings[0].rule = "some-rule";
    findings[0].offset = text.find(url);
    findings[0].secret = Secret(url);
    scan::Content content;
    content.bytes = text;
    content.line = 10;
    scan::find_known(known, content, 0, findings);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].rule == scan::known_rule);
    CHECK(findings[0].span.line == 11);
    CHECK(findings[0].span.column == 9);
    CHECK(findings[0].secret.reveal() == url);
    CHECK(findings[0].why == "the value of DB in .env");
    CHECK(findings[0].line.reveal().substr(findings[0].secret_in_line, url.size()) == url);
}
