#include "cli/baseline_file.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "os/file.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array<Flag, 1> flags{{
    {"--baseline", 0, "FILE", "the baseline (default: .stanch-baseline at the repository's root)"},
}};

std::string chosen(const Arguments& arguments) {
    return arguments.value("--baseline").value_or(baseline_path("."));
}

Result<int> list(const Arguments& arguments) {
    STANCH_TRY(const scan::Baseline baseline, read_baseline(chosen(arguments)));
    const std::string now = today();
    bool expired = false;
    for (const scan::BaselineEntry& entry : baseline.entries()) {
        const bool over = !entry.expires.empty() && entry.expires < now;
        expired = expired || over;
        std::string line = entry.fingerprint.short_hex() + "  " + entry.rule + "  " + entry.path;
        if (!entry.reason.empty()) line += "\n    " + entry.reason;
        if (!entry.owner.empty()) line += "\n    owner: " + entry.owner;
        if (!entry.expires.empty())
            line += "\n    " + std::string(over ? "EXPIRED " : "expires ") + entry.expires;
        answer(line + "\n");
    }
    return expired ? exit_found : exit_clean;
}

Result<int> remove(const Arguments& arguments) {
    if (arguments.positional().empty())
        return fail(ErrorKind::usage, "which entry?", {}, "stanch baseline list");
    const std::string path = chosen(arguments);
    STANCH_TRY(scan::Baseline baseline, read_baseline(path));
    for (const std::string& word : arguments.positional()) {
        std::vector<Fingerprint> fitting;
        for (const scan::BaselineEntry& entry : baseline.entries())
            if (word.size() >= 6 && entry.fingerprint.hex().starts_with(word))
                fitting.push_back(entry.fingerprint);
        if (fitting.size() != 1)
            return fail(
                ErrorKind::not_found,
                (fitting.empty() ? "no entry begins with " : "several entries begin with ") + word,
                path);
        baseline.remove(fitting[0]);
    }
    STANCH_CHECK(write_baseline(path, baseline));
    return exit_clean;
}

// git's merge driver: the result replaces OURS. gitattributes(5), "Defining a custom merge driver".
Result<int> merge(const Arguments& arguments) {
    const auto& files = arguments.positional();
    if (files.size() != 3)
        return fail(ErrorKind::usage, "a merge takes three files: BASE OURS THEIRS");
    STANCH_TRY(const scan::Baseline base, read_baseline(files[0]));
    STANCH_TRY(const scan::Baseline ours, read_baseline(files[1]));
    STANCH_TRY(const scan::Baseline theirs, read_baseline(files[2]));
    STANCH_CHECK(write_baseline(files[1], scan::merge_baselines(base, ours, theirs)));
    return exit_clean;
}

} // namespace

const Verb baseline_list_verb{
    .name = "baseline list",
    .summary = "show what is allowed, why, by whom and until when",
    .usage = "",
    .text = "Exit code 1 where an entry has expired.",
    .flags = flags,
    .run = list,
};

const Verb baseline_remove_verb{
    .name = "baseline remove",
    .summary = "take entries out of the baseline",
    .usage = "FINGERPRINT…",
    .text = "The first six digits of a fingerprint are enough.",
    .flags = flags,
    .run = remove,
};

const Verb baseline_merge_verb{
    .name = "baseline merge",
    .summary = "merge two baselines without conflicts (Git's merge driver)",
    .usage = "BASE OURS THEIRS",
    .text = "`stanch hook install` sets this up for .stanch-baseline. The result replaces OURS: an "
            "entry\n"
            "that one side took out and the other left alone is out; of two changed ones the "
            "stricter is\n"
            "kept.",
    .flags = {},
    .run = merge,
};

} // namespace stanch::cli
