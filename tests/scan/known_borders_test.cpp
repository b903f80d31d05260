#include "scan/known_borders.h"

#include "scan/known.h"
#include "support/made.h"
#include "text/encoding.h"

#include <doctest/doctest.h>

namespace scan = stanch::scan;
namespace text = stanch::text;
namespace made = stanch::made;

namespace {

scan::KnownValues known(const std::vector<std::string>& values) {
    std::vector<scan::KnownValue> list;
    for (std::size_t i = 0; i < values.size(); ++i)
        list.push_back(
            {"NAME" + std::to_string(i), ".env", stanch::SecretPart(stanch::Secret(values[i]))});
    return scan::KnownValues(std::move(list));
}

// The names that are found over the borders of these files, which are new.
std::vector<std::string> found(const scan::KnownValues& values,
                               const std::vector<std::string>& files) {
    scan::ScanOptions options;
    options.known = &values;
    scan::KnownBorders borders(options);
    std::vector<stanch::Finding> findings;
    for (std::size_t i = 0; i < files.size(); ++i)
        borders.next("file" + std::to_string(i), "", files[i], findings);
    std::vector<std::string> names;
    for (const stanch::Finding& finding : findings)
        names.push_back(finding.description.substr(finding.description.rfind(' ') + 1));
    return names;
}

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("values of 8 to 4,096 bytes in every form, cut anywhere between two files") {
    std::vector<std::string> values;
    for (std::uint64_t seed = 0; seed < 60; ++seed)
        values.push_back(made::random(made::alnum, seed < 40 ? 8 + seed : 64 << seed % 7, seed));
    const scan::KnownValues all = known(values);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string& value = values[i];
        const std::vector<std::string> forms{
            value, text::hex_encode(value), text::base64_encode("u" + value + "tail"),
            "%" + text::hex_encode(value.substr(0, 1)) + value.substr(1)};
        for (const std::string& form : forms)
            for (const std::size_t cut : {form.size() / 3, form.size() / 2}) {
                CAPTURE(i);
                const std::string first = "text\nmore " + form.substr(0, cut) + "\n";
                const std::string second = form.substr(cut) + " and more\ntext\n";
                CHECK(found(all, {first, second}) == Names{"NAME" + std::to_string(i)});
                CHECK(found(all, {first, "something else\n", second}).empty());
            }
    }
}

TEST_CASE("pieces over three files, and as literals of their own") {
    const std::string value = made::random(made::alnum, 40, 7);
    const scan::KnownValues one = known({value});
    CHECK(found(one, {value.substr(0, 10), value.substr(10, 10), value.substr(20)}) ==
          Names{"NAME0"});
    CHECK(found(one, {"FIRST = \"" + value.substr(0, 20) + "\"\n",
                      "SECOND = '" + value.substr(20) + "'\n"}) == Names{"NAME0"});
    CHECK(found(one, {"x = 1\n" + value + "\n", "y = 2\n"}).empty()); // whole: others tell that
}

TEST_CASE("only what a change adds is a piece") {
    CHECK(scan::added_text("a\nb\nc\n", "a\nb\nx\nc\n") == "x");
    CHECK(scan::added_text("", "a\nb") == "a\nb");
    CHECK(scan::added_text("a\n", "a\n").empty());
    CHECK(scan::added_text("one\ntwo\n", "one\ntwo plus\n") == "two plus");
    const std::string value = made::random(made::alnum, 40, 7);
    const scan::KnownValues one = known({value});
    scan::ScanOptions options;
    options.known = &one;
    scan::KnownBorders borders(options);
    std::vector<stanch::Finding> findings;
    borders.next("a", "head\ntail\n", "head\n" + value.substr(0, 20) + "\ntail\n", findings);
    borders.next("b", "head\ntail\n", "head\n" + value.substr(20) + "\ntail\n", findings);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].path == "b");
    CHECK(findings[0].why.ends_with("split over a and b"));
}
