#include "rulec/price.h"

#include "rulec/corpus.h"
#include "scan/match/price.h"
#include "scan/match/rules.h"

#include <algorithm>
#include <cstdio>

namespace stanch::rulec {
namespace {

constexpr std::size_t corpus_bytes = 2'000'000;
constexpr std::uint64_t corpus_seed = 1;

template <class... Values>
std::string formatted(const char* form, Values... values) {
    char line[256];
    const int size = std::snprintf(line, sizeof line, form, values...);
    return {line, std::min<std::size_t>(static_cast<std::size_t>(size), sizeof line - 1)};
}

struct Row {
    const catalog::Rule* rule;
    scan::Work work;
    double price; // s/GB
};

// What is done for each kilobyte.
std::string counted(const scan::Work& work, double bytes) {
    const double kilobytes = bytes / 1e3;
    return formatted("%7.3f %7.3f %7.2f %7.4f", work.candidates / kilobytes,
                     work.literals / kilobytes, work.read / kilobytes, work.hits / kilobytes);
}

} // namespace

Result<PriceList> price(const catalog::RuleSet& rules) {
    STANCH_TRY(const scan::Plan plan, scan::plan_of(rules));
    const scan::Probes probes = scan::Probes::of(plan.probes);
    scan::WorkCounter counter(probes);
    for (const std::string& text : corpus(corpus_bytes, corpus_seed))
        counter.add(text);
    const scan::Work& all = counter.all();
    std::vector<Row> rows;
    const std::vector<scan::Work> works = counter.rules();
    for (std::size_t i = 0; i < works.size(); ++i)
        if (!rules.rules[i].regex.empty())
            rows.push_back(
                {&rules.rules[i], works[i], whole_ns(works[i], scan::usual_prices) / all.bytes});
    std::ranges::stable_sort(rows, std::ranges::greater{}, &Row::price);

    PriceList list;
    list.table = "   s/GB   candid. literals  read B    hits, each a kB of text; rule\n";
    for (const Row& row : rows) {
        list.table += formatted("%7.4f   ", row.price) + counted(row.work, all.bytes) + "  " +
                      row.rule->id + '\n';
        if (row.price > dearest_rule)
            list.complaints.push_back(
                row.rule->where + ": " + row.rule->id +
                formatted(": costs %.2f s/GB, and %.2f is the limit", row.price, dearest_rule) +
                "; docs/rules.md says what makes a rule cheap");
    }
    const double first = all.bytes / first_stage_ns(all, scan::usual_prices);
    const double whole = all.bytes / whole_ns(all, scan::usual_prices);
    list.table += formatted("%7.4f   ", 1 / first) + counted(all, all.bytes) +
                  formatted("  the first stage of all %zu rules: %.2f GB/s, with the second %.2f; "
                            "%.2f long runs a kB, %.0f bytes sieved twice\n",
                            rows.size(), first, whole, all.runs * 1e3 / all.bytes,
                            all.sieved * 1e3 / all.bytes);
    if (first < slowest_engine)
        list.complaints.push_back(formatted(
            "all rules together: %.2f GB/s, and %.2f is the least; the dearest is %s", first,
            slowest_engine, rows.empty() ? "none" : rows.front().rule->id.c_str()));
    return list;
}

} // namespace stanch::rulec
