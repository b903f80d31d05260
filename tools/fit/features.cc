// Every value that a generic rule finds, as the model of context sees it: what tools/fit/fit.py
// fits the weights to.
//
//     fit_features RULES.toml < REQUESTS
//
// A request is a line "PATH<TAB>LINE" (one line of a file, with a path that says what kind it is).
// For each value found in it one line comes out: the request's number, the value's first byte and
// the one behind its last, and the features, separated by spaces.
#include "catalog/catalog.h"
#include "catalog/embedded.h"
#include "os/file.h"
#include "scan/judge/model.h"
#include "scan/pattern/regex.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

namespace stanch::catalog {

const Embedded& embedded() {
    static const Embedded nothing{};
    return nothing;
}

} // namespace stanch::catalog

namespace stanch::scan {
namespace {

struct Match {
    Range whole;
    Range secret;
};

// The first group that took part is the secret.
std::vector<Match> matches_of(const Regex& regex, std::string_view line) {
    std::vector<Match> found;
    std::vector<Range> groups(regex.groups() + 1);
    std::size_t from = 0;
    while (from < line.size() &&
           regex.search(line, from, line.size(), line.size(), groups) == Regex::Found::yes) {
        const auto taken = std::find_if(groups.begin() + 1, groups.end(),
                                        [](const Range& group) { return group.size() > 0; });
        if (taken != groups.end()) found.push_back({groups[0], *taken});
        from = std::max(groups[0].end, from + 1);
    }
    return found;
}

void print(std::size_t request, const Match& match, const Evidence& evidence) {
    std::printf("%zu %zu %zu", request, match.secret.begin, match.secret.end);
    for (const float value : features_of(evidence))
        std::printf(" %.6g", static_cast<double>(value));
    (void)std::putchar('\n');
}

Result<std::vector<Regex>> generic_expressions(const std::string& file) {
    STANCH_TRY(const std::string text, os::read_file(file));
    STANCH_TRY(const catalog::RuleSet rules, catalog::parse_rules(text, file, {}));
    std::vector<Regex> expressions;
    for (const catalog::Rule& rule : rules.rules) {
        STANCH_TRY(Regex regex, Regex::compile(rule.regex));
        expressions.push_back(std::move(regex));
    }
    return expressions;
}

int run(const std::string& rules) {
    const auto expressions = generic_expressions(rules);
    if (!expressions) {
        (void)std::fprintf(stderr, "fit_features: %s\n", expressions.error().what.c_str());
        return 2;
    }
    std::string request;
    for (std::size_t number = 0; std::getline(std::cin, request); ++number) {
        const std::size_t tab = request.find('\t');
        if (tab == std::string::npos) continue;
        const std::string_view path = std::string_view(request).substr(0, tab);
        const std::string_view line = std::string_view(request).substr(tab + 1);
        for (const Regex& regex : *expressions)
            for (const Match& match : matches_of(regex, line))
                print(number, match, evidence_of(line, match.whole, match.secret, path));
    }
    return 0;
}

} // namespace
} // namespace stanch::scan

int main(int count, char** words) {
    if (count == 2) return stanch::scan::run(words[1]);
    (void)std::fputs("usage: fit_features RULES.toml < REQUESTS\n", stderr);
    return 2;
}
