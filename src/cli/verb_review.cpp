#include "cli/review_text.h"
#include "cli/say.h"
#include "cli/verbs.h"

#include "commits/read.h"
#include "commits/review.h"
#include "commits/source.h"

#include <algorithm>
#include <array>

namespace stanch::cli {
namespace {

constexpr std::array<Flag, 3> flags{{
    {"--format", 0, "FORMAT",
     "human, markdown (a comment for a pull request), sarif (for code scanning), json"},
    {"--staged", 0, "", "the staged change, even where nothing is staged"},
    {"--top", 0, "N", "only the N riskiest hunks"},
}};

// "A..B", "A...B" (from where they parted), or one commit.
Result<std::pair<std::string, std::string>> ends_of(const commits::Git& git,
                                                    const std::string& range) {
    const std::size_t dots = range.find("..");
    if (dots == std::string::npos) {
        STANCH_CHECK(commits::find_commit(git, range));
        if (git.succeeds({"rev-parse", "--verify", "--quiet", range + "^"}))
            return std::pair(range + "^", range);
        STANCH_TRY(const std::string empty, git.line({"hash-object", "-t", "tree", "/dev/null"}));
        return std::pair(empty, range);
    }
    const bool three = range.compare(dots, 3, "...") == 0;
    std::string from = range.substr(0, dots);
    std::string to = range.substr(dots + (three ? 3 : 2));
    if (from.empty()) from = "HEAD";
    if (to.empty()) to = "HEAD";
    STANCH_CHECK(commits::find_commit(git, from));
    STANCH_CHECK(commits::find_commit(git, to));
    if (!three) return std::pair(from, to);
    STANCH_TRY(from, git.line({"merge-base", from, to}));
    return std::pair(from, to);
}

Result<commits::Change> find_change(const commits::Git& git, const Arguments& arguments) {
    if (!arguments.positional().empty()) {
        STANCH_TRY(const auto ends, ends_of(git, arguments.positional()[0]));
        return commits::read_change(git, ends.first, ends.second);
    }
    commits::SourceRequest request;
    if (arguments.has("--staged")) request.kind = commits::SourceKind::staged;
    STANCH_TRY(const commits::Source source, commits::find_source(git, request));
    return commits::read_change(git, source.base_tree, source.target_tree, source.environment);
}

Result<int> run(const Arguments& arguments) {
    if (arguments.positional().size() > 1)
        return fail(ErrorKind::usage, "'stanch review' takes one range");
    const std::string format = arguments.value("--format").value_or("human");
    const ReviewWriter write = review_writer(format);
    if (write == nullptr)
        return fail(ErrorKind::usage, "there is no format '" + format + "'", {},
                    "human, markdown, sarif or json");
    STANCH_TRY(const commits::Git git, commits::Git::open("."));
    Reviewed reviewed;
    STANCH_TRY(reviewed.change, find_change(git, arguments));
    reviewed.risks = commits::review(reviewed.change, commits::gather_facts(reviewed.change, {}));
    if (const auto top = arguments.value("--top")) {
        const bool number = !top->empty() && top->size() < 7 &&
                            top->find_first_not_of("0123456789") == std::string::npos;
        if (!number) return fail(ErrorKind::usage, "--top needs a number, not '" + *top + "'");
        if (std::stoul(*top) < reviewed.risks.size()) reviewed.risks.resize(std::stoul(*top));
    }
    answer(write(reviewed));
    return exit_clean;
}

} // namespace

const Verb review_verb{
    .name = "review",
    .summary = "say where in a change a human eye is needed most",
    .usage = "[REV | A..B | A...B]",
    .text = "Orders the hunks of a change by risk: new strings that look like secrets, the "
            "neighbours of\n"
            "credentials, authentication, programs that are started, network, cryptography, "
            "settings, what CI\n"
            "runs, what is installed. Each says why. Without a range: what is staged, else the "
            "work tree's changes.\n",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
