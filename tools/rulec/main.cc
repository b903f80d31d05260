// The rule compiler: reads rules/*.toml, holds them to their examples, and writes what the binary
// embeds.
//
//     rulec check FILE…                 every complaint, one a line; exit code 1 where there is one
//     rulec build DIRECTORY FILE…       checks and prices, then writes rules.bin, probes.bin,
//                                       avx2.hsdb, any.hsdb and, for people, prices.txt
//     rulec price FILE…                 what each rule costs; exit code 1 where that is too much
//     rulec patterns FILE…              the first stage of each rule
//     rulec expand TEMPLATE [SEED]      what a template becomes
#include "catalog/embedded.h"
#include "os/file.h"
#include "rulec/check.h"
#include "rulec/price.h"
#include "rulec/template.h"
#include "scan/match/rules.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace stanch::catalog {

// The compiler has no rules of its own.
const Embedded& embedded() {
    static const Embedded nothing{};
    return nothing;
}

} // namespace stanch::catalog

namespace stanch::rulec {
namespace {

constexpr const char* usage =
    "rulec check FILE…, build DIRECTORY FILE…, price FILE…, patterns FILE…, expand TEMPLATE [SEED]";

using Words = std::vector<std::string>;

Result<catalog::RuleSet> read_all(const Words& files) {
    catalog::RuleSet all;
    for (const std::string& file : files) {
        STANCH_TRY(const std::string text, os::read_file(file));
        STANCH_TRY(catalog::RuleSet set,
                   catalog::parse_rules(text, file.substr(file.rfind('/') + 1), {}));
        if (!set.warnings.empty()) return std::unexpected(set.warnings.front());
        for (catalog::Rule& rule : set.rules) {
            rule.built_in = true;
            all.rules.push_back(std::move(rule));
        }
        std::ranges::move(set.allowlists, std::back_inserter(all.allowlists));
    }
    std::ranges::stable_sort(all.rules, {}, &catalog::Rule::id);
    for (std::size_t i = 1; i < all.rules.size(); ++i)
        if (all.rules[i].id == all.rules[i - 1].id)
            return fail(ErrorKind::invalid, "two rules are called '" + all.rules[i].id + "'",
                        all.rules[i].where);
    return all;
}

bool complained(const std::vector<std::string>& complaints) {
    for (const std::string& complaint : complaints)
        (void)std::fprintf(stderr, "%s\n", complaint.c_str());
    return !complaints.empty();
}

Result<bool> passes(const catalog::RuleSet& rules) {
    STANCH_TRY(const auto complaints, check(rules));
    return !complained(complaints);
}

Result<int> run_price(const Words& files) {
    STANCH_TRY(const catalog::RuleSet rules, read_all(files));
    STANCH_TRY(const PriceList prices, price(rules));
    std::printf("%s", prices.table.c_str());
    return complained(prices.complaints) ? 1 : 0;
}

Result<int> run_check(const Words& files) {
    STANCH_TRY(const catalog::RuleSet rules, read_all(files));
    STANCH_TRY(const bool good, passes(rules));
    (void)std::fprintf(stderr, "%zu rules%s\n", rules.rules.size(),
                       good ? ", all examples hold" : "");
    return good ? 0 : 1;
}

Result<void> write_database(const std::string& path, const std::vector<scan::Pattern>& patterns,
                            scan::Processor processor) {
    if (patterns.empty()) return os::write_file(path, "", 0644);
    STANCH_TRY(const scan::Database database, scan::Database::compile(patterns, processor));
    STANCH_TRY(const std::string bytes, database.serialise());
    return os::write_file(path, bytes, 0644);
}

Result<int> run_build(const std::string& directory, const Words& files) {
    STANCH_TRY(const catalog::RuleSet rules, read_all(files));
    STANCH_TRY(const bool good, passes(rules));
    if (!good) return 1;
    STANCH_TRY(const PriceList prices, price(rules));
    STANCH_CHECK(os::write_file(directory + "/prices.txt", prices.table, 0644));
    if (complained(prices.complaints)) return 1;
    STANCH_TRY(const scan::Plan plan, scan::plan_of(rules));
    STANCH_CHECK(os::write_file(directory + "/probes.bin", plan.probes, 0644));
    STANCH_CHECK(write_database(directory + "/avx2.hsdb", plan.patterns, scan::Processor::avx2));
    STANCH_CHECK(write_database(directory + "/any.hsdb", plan.patterns, scan::Processor::any));
    STANCH_CHECK(os::write_file(directory + "/rules.bin", catalog::pack(rules), 0644));
    return 0;
}

std::string described(const scan::Run& run) {
    scan::Tree set;
    set.kind = scan::Tree::Kind::bytes;
    set.set = run.set;
    return scan::to_pattern(set) + "{" + std::to_string(run.count) + "}";
}

std::string described(const scan::Anchor& anchor) {
    if (anchor.expression) return "pattern " + anchor.text;
    constexpr const char* places[] = {
        "anywhere: ", "in a run: ", "before a run: ", "before a word: "};
    std::string text = places[static_cast<std::size_t>(anchor.place)];
    text += anchor.before.count != 0 ? described(anchor.before) + " " : anchor.edge ? "\\b " : "";
    text += "\"" + anchor.text + "\"" + (anchor.any_case ? "i" : "");
    for (const scan::Run& run : anchor.behind)
        text += " +" + std::to_string(run.latest) + " " + described(run);
    return text;
}

Result<int> run_patterns(const Words& files) {
    STANCH_TRY(const catalog::RuleSet rules, read_all(files));
    for (const catalog::Rule& rule : rules.rules) {
        if (rule.regex.empty()) continue;
        STANCH_TRY(const scan::Expression expression, scan::parse_expression(rule.regex));
        for (const scan::Anchor& anchor : scan::derive_first_stage(expression.tree).anchors)
            std::printf("%s\t%s\n", rule.id.c_str(), described(anchor).c_str());
    }
    return 0;
}

Result<int> run_expand(const Words& words) {
    STANCH_TRY(const std::string text,
               expand(words.at(0), words.size() > 1 ? std::stoull(words[1]) : 1));
    std::printf("%s\n", text.c_str());
    return 0;
}

Result<int> run(const Words& words) {
    const Words rest(words.begin() + std::min<std::ptrdiff_t>(1, std::ssize(words)), words.end());
    if (words.empty()) return fail(ErrorKind::usage, usage);
    if (words[0] == "check") return run_check(rest);
    if (words[0] == "price") return run_price(rest);
    if (words[0] == "patterns") return run_patterns(rest);
    if (!rest.empty() && words[0] == "expand") return run_expand(rest);
    if (!rest.empty() && words[0] == "build")
        return run_build(rest[0], Words(rest.begin() + 1, rest.end()));
    return fail(ErrorKind::usage, usage);
}

} // namespace
} // namespace stanch::rulec

int main(int count, char** words) {
    const auto code = stanch::rulec::run({words + 1, words + count});
    if (code) return *code;
    const stanch::Error& error = code.error();
    (void)std::fprintf(stderr, "rulec: %s%s%s%s%s\n", error.where.c_str(),
                       error.where.empty() ? "" : ": ", error.what.c_str(),
                       error.hint.empty() ? "" : "; ", error.hint.c_str());
    return 2;
}
