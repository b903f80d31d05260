// What the engine costs on real text: all rules together, and each alone.
//
//     engine_bench all PATH…    GB/s of the first stage, with the decoders' marks and with the
//                               confirmation of hits
//     engine_bench rules PATH…  seconds a GB that each rule adds to the first stage, the dearest
//                               first; exit code 1 where one is above 0.2, or all together below
//                               1 GB/s
//
// CPU time of this process. The text is measured in stretches of about a quarter of a megabyte, of
// each the least of several runs: what other work on the machine costs one run of a stretch, in
// caches and turns, it hardly costs all of them.
#include "catalog/catalog.h"
#include "catalog/embedded.h"
#include "scan/decode/decoder.h"
#include "scan/engine.h"
#include "scan/match/rules.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace stanch;

constexpr int runs = 9;
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

// Seconds that `work` takes for all files, one after the other.
template <class Work>
double least(const std::vector<File>& files, Work work) {
    double sum = 0;
    const auto parts = stretches(files);
    std::vector<double> of_part(parts.size(), 1e9);
    for (int run = 0; run < runs; ++run)
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const double start = cpu_seconds();
            for (const File& file : parts[i])
                work(file);
            of_part[i] = std::min(of_part[i], cpu_seconds() - start);
        }
    for (const double seconds : of_part)
        sum += seconds;
    return sum;
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
    price.hits = all_hits / runs;
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
    all_hits /= runs;
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
    all_findings /= runs;
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

} // namespace

int main(int count, char** words) {
    const std::string what = count > 2 ? words[1] : "";
    if (what == "all") return bench_all(read_all(count - 2, words + 2));
    if (what == "rules") return bench_rules(read_all(count - 2, words + 2));
    (void)std::fprintf(stderr, "engine_bench all|rules PATH…\n");
    return 2;
}
