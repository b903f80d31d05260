// One thread and many: the same findings, in the same order, of a tree and of a history. Under
// ThreadSanitizer (`./dev sanitize tsan -R 'scan.(threads|run)'`), no race on the way.
#include "catalog/catalog.h"
#include "git/made_repository.h"
#include "git/repository.h"
#include "scan/engine.h"
#include "scan/history.h"
#include "scan/source.h"
#include "scan/tree.h"
#include "support/made.h"

#include <array>
#include <doctest/doctest.h>
#include <functional>
#include <thread>

using namespace stanch;
using namespace stanch::scan;

namespace {

class Told : public Sink {
  public:
    Result<void> take(Outcome outcome) override {
        for (const Finding& finding : outcome.findings)
            text += finding.path + ":" + std::to_string(finding.span.line) + " " + finding.rule +
                    " " + (finding.provenance ? finding.provenance->commit : "") + " " +
                    finding.fingerprint.hex() + "\n";
        return {};
    }
    std::string text;
};

// Many kinds of rules, so that threads compile them at once; some values in more than one file.
std::string content(unsigned number) {
    const std::string token = made::token("gh"
                                          "p_",
                                          36, number % 40);
    return "password = \"" + made::random(made::alnum, 20, number) + "\"\ntoken = \"" + token +
           "\"\nclass Thing" + std::to_string(number) + ":\n    aws_secret_access_key = '" +
           made::random(made::alnum, 40, number) +
           "'\n    url = \"https://user:" + made::random(made::alnum, 14, number) +
           "@host.internal/\"\n";
}

// Somebody looks at the progress meanwhile.
std::string with_progress(const std::function<Result<void>(Sink&, Progress&)>& scan) {
    Progress progress;
    std::atomic<bool> done = false;
    std::uint64_t last = 0;
    std::thread watcher([&] {
        while (!done) {
            last = std::max(last, progress.bytes.load());
            std::this_thread::yield();
        }
    });
    Told told;
    const Result<void> result = scan(told, progress);
    done = true;
    watcher.join();
    CHECK(result);
    CHECK(last <= progress.bytes.load());
    return told.text;
}

std::string of_tree(const Engine& engine, const std::string& path, unsigned threads) {
    return with_progress([&](Sink& sink, Progress& progress) -> Result<void> {
        STANCH_TRY(const auto source, path_source(path, {}));
        const std::array<Source*, 1> sources{source.get()};
        ScanOptions options;
        options.threads = threads;
        options.progress = &progress;
        return run_scan(engine, sources, sink, options);
    });
}

std::string of_history(const Engine& engine, const std::string& path, unsigned threads) {
    return with_progress([&](Sink& sink, Progress& progress) -> Result<void> {
        STANCH_TRY(const auto repository, git::Repository::discover(path));
        HistoryOptions options;
        options.scan.threads = threads;
        options.scan.progress = &progress;
        return scan_history(engine, repository, sink, options);
    });
}

} // namespace

TEST_CASE("a tree and a history give the same for one thread and for many") {
    const made::Folder folder;
    made::git(folder.path, {"init", "-q"});
    for (unsigned round = 0; round < 6; ++round) {
        for (unsigned number = 0; number < 60; ++number)
            made::write(folder.path + "/part" + std::to_string(number % 7) + "/file" +
                            std::to_string(number) + ".py",
                        content(number + round * 10));
        made::git(folder.path, {"add", "."});
        made::git(folder.path, {"commit", "-qm", "round " + std::to_string(round)});
    }
    made::git(folder.path, {"repack", "-adfq"});
    // A fresh engine each time: its rules are compiled by the threads that meet them first.
    const std::string tree = of_tree(*Engine::built_in(), folder.path, 1);
    const std::string history = of_history(*Engine::built_in(), folder.path, 1);
    CHECK(std::ranges::count(tree, '\n') >= 60);
    CHECK(std::ranges::count(history, '\n') > std::ranges::count(tree, '\n'));
    for (const unsigned threads : {2U, 5U}) {
        CHECK(of_tree(*Engine::built_in(), folder.path, threads) == tree);
        CHECK(of_history(*Engine::built_in(), folder.path, threads) == history);
    }
}
