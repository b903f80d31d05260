// What the engine costs on real text: all rules together, and each alone.
//
//     engine_bench all PATH…    GB/s of the first stage, with the decoders' marks and with the
//                               confirmation of hits
//     engine_bench rules PATH…  seconds a GB that each rule adds to the first stage, the dearest
//                               first; exit code 1 where one is above 0.2, or all together below
//                               1 GB/s
//     engine_bench counts PATH…     what the first stage does for a kilobyte of text
//     engine_bench calibrate PATH…  nanoseconds for each of these (scan/match/price.h), and how far
//                                   what they say is from what was measured
//
// CPU time of this process. The text is measured in stretches of about a quarter of a megabyte, of
// each the least of several runs: what other work on the machine costs one run of a stretch, in
// caches and turns, it hardly costs all of them.
#include "catalog/catalog.h"
#include "catalog/embedded.h"
#include "scan/decode/decoder.h"
#include "scan/engine.h"
#include "scan/match/price.h"
#include "scan/match/rules.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace stanch;

// STANCH_RUNS=100 on a busy machine.
const int runs = [] {
    const char* asked = std::getenv("STANCH_RUNS");
    return asked == nullptr ? 9 : std::max(1, static_cast<int>(std::strtol(asked, nullptr, 10)));
}();
constexpr std::size_t stretch = 256 << 10; // bytes
constexpr double dearest_rule = 0.2;       // s/GB
constexpr double slowest = 1.0;            // GB/s

double cpu_seconds() {
    timespec time{};
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

struct File {
    std::string path;
    std::string text;
};

void read_into(std::vector<File>& files, const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    files.push_back({path.string(), {std::istreambuf_iterator<char>(in), {}}});
}

std::vector<File> read_all(int count, char** paths) {
    std::vector<File> files;
    for (int i = 0; i < count; ++i) {
        if (!std::filesystem::is_directory(paths[i])) {
            read_into(files, paths[i]);
            continue;
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(paths[i]))
            if (entry.is_regular_file() &&
                entry.path().string().find("/.git/") == std::string::npos)
                read_into(files, entry.path());
    }
    return files;
}

std::size_t bytes_of(const std::vector<File>& files) {
    std::size_t sum = 0;
    for (const File& file : files)
        sum += file.text.size();
    return sum;
}

using Files = std::span<const File>;

std::vector<Files> stretches(Files files) {
    std::vector<Files> all;
    std::size_t begin = 0;
    std::size_t size = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
        size += files[i].text.size();
        if (size < stretch && i + 1 < files.size()) continue;
        all.push_back(files.subspan(begin, i + 1 - begin));
        begin = i + 1;
        size = 0;
    }
    return all;
}

// Seconds that `work` takes for each stretch.
template <class Work>
std::vector<double> least_of_each(const std::vector<Files>& parts, Work work) {
    std::vector<double> of_part(parts.size(), 1e9);
    for (int run = 0; run < runs; ++run)
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const double start = cpu_seconds();
            for (const File& file : parts[i])
                work(file);
            of_part[i] = std::min(of_part[i], cpu_seconds() - start);
        }
    return of_part;
}

// And for all of them.
template <class Work>
double least(const std::vector<File>& files, Work work) {
    const auto of_part = least_of_each(stretches(files), work);
    return std::accumulate(of_part.begin(), of_part.end(), 0.0);
}

struct Price {
    double seconds = 0;
    std::size_t hits = 0;
};

// The whole first stage with these rules alone: literals, runs, and what is read around them.
Price price(const catalog::RuleSet& rules, const std::vector<File>& files) {
    const auto plan = scan::plan_of(rules);
    scan::Database database;
    if (!plan->patterns.empty()) {
        auto compiled = scan::Database::compile(plan->patterns, scan::Processor::this_one);
        if (!compiled) return {1e9, 0};
        database = *std::move(compiled);
    }
    const scan::Finder finder(std::move(database), scan::Probes::of(plan->probes));
    auto memory = finder.memory();
    std::vector<scan::Hit> hits;
    Price price;
    std::size_t all_hits = 0;
    price.seconds = least(files, [&](const File& file) {
        hits.clear();
        finder.find(file.text, 0, *memory, hits);
        all_hits += hits.size();
    });
    price.hits = all_hits / static_cast<std::size_t>(runs);
    return price;
}

int bench_all(const std::vector<File>& files) {
    const double gigabytes = static_cast<double>(bytes_of(files)) / 1e9;
    auto engine = scan::Engine::built_in();
    scan::Matcher matcher(*engine);
    std::vector<scan::Hit> hits;
    std::vector<Finding> findings;
    std::vector<scan::Mark> marks;
    std::size_t all_hits = 0;
    const double find = least(files, [&](const File& file) {
        hits.clear();
        matcher.find(file.text, 0, hits);
        all_hits += hits.size();
    });
    all_hits /= static_cast<std::size_t>(runs);
    const double mark = least(files, [&](const File& file) {
        marks.clear();
        scan::find_encoded(file.text, marks);
    });
    std::size_t all_findings = 0;
    const double scan = least(files, [&](const File& file) {
        findings.clear();
        matcher.scan({.bytes = file.text, .path = file.path, .commit = {}}, findings);
        all_findings += findings.size();
    });
    all_findings /= static_cast<std::size_t>(runs);
    std::printf("%zu files, %.1f MB, %zu hits (%.0f a MB), %zu findings\n", files.size(),
                gigabytes * 1e3, all_hits, static_cast<double>(all_hits) / gigabytes / 1e3,
                all_findings);
    std::printf("first stage   %6.3f GB/s, of that the marks of decoders %.1f GB/s\n",
                gigabytes / find, gigabytes / mark);
    std::printf("whole engine  %6.3f GB/s\n", gigabytes / scan);
    return 0;
}

// Rules that nothing matches, for each place that literals are looked for at: what any set of rules
// costs.
catalog::RuleSet ground() {
    catalog::RuleSet set;
    for (const char* regex : {"zqxj%", "zq9_[A-Za-z0-9]{32}", "zqx[=: ]{1,40}[a-f0-9]{40}",
                              "zqxjvk[=: ]{1,40}[a-f0-9]{40}", "zqx[=: ]{1,40}[A-Za-z0-9+/]{40}",
                              "zqxjvk[=: ]{1,40}[A-Za-z0-9+/]{40}"}) {
        catalog::Rule rule;
        rule.id = regex;
        rule.regex = regex;
        set.rules.push_back(std::move(rule));
    }
    return set;
}

int bench_rules(const std::vector<File>& files) {
    const double gigabytes = static_cast<double>(bytes_of(files)) / 1e9;
    const catalog::RuleSet& rules = catalog::built_in_rules();
    struct Row {
        Price price;
        std::string id;
    };
    catalog::RuleSet set = ground();
    const Price base = price(set, files);
    std::printf("%8.3f s/GB for any rules at all\n", base.seconds / gigabytes);
    set.rules.emplace_back();
    std::vector<Row> rows;
    for (const catalog::Rule& rule : rules.rules) {
        if (rule.regex.empty()) continue;
        set.rules.back() = rule;
        rows.push_back({price(set, files), rule.id});
    }
    std::ranges::sort(rows, std::ranges::greater{},
                      [](const Row& row) { return row.price.seconds; });
    bool good = true;
    for (const Row& row : rows) {
        const double cost = (row.price.seconds - base.seconds) / gigabytes;
        std::printf("%8.3f s/GB %9.2f hits/MB  %s\n", cost,
                    static_cast<double>(row.price.hits - base.hits) / gigabytes / 1e3,
                    row.id.c_str());
        good = good && cost <= dearest_rule;
    }
    const Price all = price(rules, files);
    std::printf("all %zu rules: %.3f GB/s\n", rules.rules.size(), gigabytes / all.seconds);
    return good && gigabytes / all.seconds >= slowest ? 0 : 1;
}

constexpr std::size_t kinds = 7;
using Counts = std::array<double, kinds>;
constexpr std::array<const char*, kinds> names = {"byte",    "candidate", "run", "sieved",
                                                  "literal", "read",      "hit"};

Counts counts_of(const scan::Work& work) {
    return {work.bytes,    work.candidates, work.runs, work.sieved,
            work.literals, work.read,       work.hits};
}

scan::Prices prices_of(const Counts& ns) {
    return {ns[0], ns[1], ns[2], ns[3], ns[4], ns[5], ns[6], 0};
}

std::vector<scan::Work> works_of(const std::vector<Files>& parts, const scan::Probes& probes) {
    std::vector<scan::Work> works;
    for (const Files& part : parts) {
        scan::WorkCounter counter(probes);
        for (const File& file : part)
            counter.add(file.text);
        works.push_back(counter.all());
    }
    return works;
}

// Least squares of what is wrong for a byte of each stretch, none of the prices below zero:
// coordinate descent.
Counts fitted(const std::vector<scan::Work>& works, const std::vector<double>& seconds) {
    std::array<Counts, kinds> squares{};
    Counts right{};
    for (std::size_t i = 0; i < works.size(); ++i) {
        const Counts counts = counts_of(works[i]);
        for (std::size_t a = 0; a < kinds; ++a) {
            right[a] += counts[a] / counts[0] * (seconds[i] * 1e9 / counts[0]);
            for (std::size_t b = 0; b < kinds; ++b)
                squares[a][b] += counts[a] / counts[0] * (counts[b] / counts[0]);
        }
    }
    Counts ns{};
    for (int round = 0; round < 200'000; ++round)
        for (std::size_t a = 0; a < kinds; ++a) {
            double rest = right[a];
            for (std::size_t b = 0; b < kinds; ++b)
                if (b != a) rest -= squares[a][b] * ns[b];
            ns[a] = squares[a][a] > 0 ? std::max(0.0, rest / squares[a][a]) : 0;
        }
    return ns;
}

scan::Work sum(const std::vector<scan::Work>& works) {
    Counts all{};
    for (const scan::Work& work : works)
        for (std::size_t i = 0; i < kinds; ++i)
            all[i] += counts_of(work)[i];
    return {all[0], all[1], all[2], all[3], all[4], all[5], all[6]};
}

void print_model(const char* what, double measured, double said) {
    std::printf("%-20s measured %.3f GB/s, with these prices %.3f, %+.0f %%\n", what, 1 / measured,
                1 / said, 100 * (measured / said - 1));
}

int bench_counts(const std::vector<File>& files) {
    const auto plan = scan::plan_of(catalog::built_in_rules());
    const scan::Probes probes = scan::Probes::of(plan->probes);
    const Counts all = counts_of(sum(works_of(stretches(files), probes)));
    for (std::size_t i = 1; i < kinds; ++i)
        std::printf("%-10s %8.3f a kB\n", names[i], all[i] * 1e3 / all[0]);
    return 0;
}

int calibrate(const std::vector<File>& files) {
    const auto plan = scan::plan_of(catalog::built_in_rules());
    const scan::Probes probes = scan::Probes::of(plan->probes);
    const auto parts = stretches(files);
    const std::vector<scan::Work> works = works_of(parts, probes);
    auto engine = scan::Engine::built_in();
    scan::Matcher matcher(*engine);
    std::vector<scan::Hit> hits;
    std::vector<Finding> findings;
    const auto find = least_of_each(parts, [&](const File& file) {
        hits.clear();
        matcher.find(file.text, 0, hits);
    });
    // The second stage of the rules alone: what decoders find is no rule's.
    std::vector<std::vector<scan::Hit>> hits_of(files.size());
    for (std::size_t i = 0; i < files.size(); ++i) {
        matcher.find(files[i].text, 0, hits_of[i]);
        std::erase_if(hits_of[i],
                      [](const scan::Hit& hit) { return hit.rule >= scan::decoder_hits; });
    }
    const auto confirm = least_of_each(parts, [&](const File& file) {
        findings.clear();
        matcher.confirm({.bytes = file.text, .path = file.path, .commit = {}},
                        hits_of[static_cast<std::size_t>(&file - files.data())], findings);
    });
    const Counts ns = fitted(works, find);
    const scan::Work all = sum(works);
    const double finds = std::accumulate(find.begin(), find.end(), 0.0) * 1e9 / all.bytes;
    const double confirms = std::accumulate(confirm.begin(), confirm.end(), 0.0) * 1e9 / all.bytes;
    for (std::size_t i = 0; i < kinds; ++i)
        std::printf("%-10s %8.2f ns, %7.3f a kB\n", names[i], ns[i],
                    counts_of(all)[i] * 1e3 / all.bytes);
    std::printf("%-10s %8.2f ns\n", "confirm", confirms * all.bytes / all.hits);
    print_model("fitted", finds, first_stage_ns(all, prices_of(ns)) / all.bytes);
    print_model("first stage", finds, first_stage_ns(all, scan::usual_prices) / all.bytes);
    print_model("both", finds + confirms, whole_ns(all, scan::usual_prices) / all.bytes);
    return 0;
}

} // namespace

int main(int count, char** words) {
    const std::string what = count > 2 ? words[1] : "";
    if (what == "all") return bench_all(read_all(count - 2, words + 2));
    if (what == "rules") return bench_rules(read_all(count - 2, words + 2));
    if (what == "counts") return bench_counts(read_all(count - 2, words + 2));
    if (what == "calibrate") return calibrate(read_all(count - 2, words + 2));
    (void)std::fprintf(stderr, "engine_bench all|rules|counts|calibrate PATH…\n");
    return 2;
}
