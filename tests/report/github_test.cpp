#include "report/report.h"

#include "support/made.h"

#include <algorithm>
#include <doctest/doctest.h>

using stanch::Finding;
using stanch::Secret;
namespace made = stanch::made;
namespace report = stanch::report;

namespace {

std::string written(std::string_view format, const std::string& path) {
    std::vector<Finding> findings(1);
    Finding& finding = findings[0];
    finding.path = path;
    finding.span = {3, 5, 3, 40};
    finding.rule = "some-rule";
    finding.description = "Some key";
    finding.why = "100% sure";
    finding.confidence = stanch::Confidence::high;
    finding.secret = Secret(made::random(made::alnum, 40));
    auto writer = report::make_writer(format, {});
    REQUIRE(writer);
    std::string out;
    (*writer)->begin(out);
    (*writer)->add(findings, out);
    report::Summary summary;
    summary.findings = 1;
    summary.misses.push_back({"b.zip", "cut short", ""});
    (*writer)->end(summary, out);
    CHECK(out.find(finding.secret.reveal()) == std::string::npos);
    return out;
}

} // namespace

TEST_CASE("annotations: one command a line, whatever a path holds") {
    const std::string out = written("github", "a,b:c\n::error::x.py");
    CHECK(out.starts_with(
        "::error file=a%2Cb%3Ac%0A%3A%3Aerror%3A%3Ax.py,line=3,endLine=3,col=5,title="));
    CHECK(out.find("100%25 sure") != std::string::npos);
    CHECK(out.find("::error title=stanch%3A incomplete::b.zip: cut short\n") != std::string::npos);
    CHECK(std::ranges::count(out, '\n') == 2);
}

TEST_CASE("Azure's issues: one command a line, whatever a path holds") {
    const std::string out = written("azure", "a;b]c\n##vso[x].py");
    CHECK(out.starts_with("##vso[task.logissue type=error;sourcepath=a%3Bb%5Dc%0A##vso[x%5D.py;"
                          "linenumber=3;columnnumber=5;code=some-rule]Some key "));
    CHECK(out.find("100%AZP25 sure") != std::string::npos);
    CHECK(out.find("##vso[task.logissue type=error]stanch could not look at b.zip: cut short\n") !=
          std::string::npos);
    CHECK(std::ranges::count(out, '\n') == 2);
}

TEST_CASE("the summary is a table that a path can't break") {
    const std::string out = written("markdown", "a|b`<img>.py");
    CHECK(out.find("| a\\|b\\`\\<img\\>.py:3 | some-rule |") != std::string::npos);
    CHECK(out.find("**not looked at**: b.zip") != std::string::npos);
}
