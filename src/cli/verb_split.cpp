#include "cli/commit_scan.h"
#include "cli/say.h"
#include "cli/split_view.h"
#include "cli/verbs.h"

#include "commits/apply.h"
#include "commits/line_groups.h"
#include "commits/plan_text.h"
#include "commits/read.h"
#include "os/file.h"
#include "os/process.h"
#include "os/screen.h"
#include "os/temporary.h"

#include <array>
#include <optional>

namespace stanch::cli {
namespace {

constexpr std::array<Flag, 13> flags{{
    {"--staged", 0, "", "split what is staged (the default where anything is)"},
    {"--work-tree", 0, "", "split the work tree's changes, new files included"},
    {"--commit", 0, "REV",
     "split a commit of HEAD's history; later commits are written again on top"},
    {"--range", 0, "A..B", "join the commits from A to B, and split the whole again"},
    {"--plan", 0, "", "print the plan, change nothing"},
    {"--format", 0, "FORMAT", "of the plan: human or json"},
    {"--apply", 0, "", "make the commits; asks first on a terminal"},
    {"--edit", 0, "", "open the plan in Git's editor, then make the commits"},
    {"--lines", 0, "", "cut hunks, too, where groups of their lines belong to different parts"},
    {"--check", 0, "CMD",
     "run CMD on each new commit in a temporary work tree; join parts until each passes"},
    {"--undo", 0, "", "bring back what was before the last split"},
    {"--no-verify", 0, "",
     "leave out the pre-commit and commit-msg hooks (secrets are looked for all the same)"},
    {"--yes", 'y', "", "answer yes to what would be asked"},
}};

struct Work {
    commits::Git git;
    commits::Source source;
    commits::Change change;
    commits::History history;
    commits::Facts facts;
    commits::SubjectStyle style;
    commits::Plan plan;
};

Result<commits::SourceRequest> request_of(const Arguments& arguments) {
    commits::SourceRequest request;
    const int given = int{arguments.has("--staged")} + int{arguments.has("--work-tree")} +
                      int{arguments.has("--commit")} + int{arguments.has("--range")};
    if (given > 1)
        return fail(ErrorKind::usage,
                    "--staged, --work-tree, --commit and --range exclude each other");
    if (arguments.has("--staged")) request.kind = commits::SourceKind::staged;
    if (arguments.has("--work-tree")) request.kind = commits::SourceKind::work_tree;
    if (const auto revision = arguments.value("--commit")) {
        request.kind = commits::SourceKind::commit;
        request.revision = *revision;
    }
    if (const auto range = arguments.value("--range")) {
        const std::size_t dots = range->find("..");
        if (dots == std::string::npos || dots == 0 || range->find("...") != std::string::npos)
            return fail(ErrorKind::usage, "--range needs A..B, not '" + *range + "'");
        request.kind = commits::SourceKind::range;
        request.from = range->substr(0, dots);
        request.to = range->substr(dots + 2);
    }
    return request;
}

// Which hunks are cut into their line groups.
enum class Pieces { none, where_needed, all };

Pieces pieces_of(const Arguments& arguments) {
    if (!arguments.has("--lines")) return Pieces::none;
    return arguments.has("--edit") ? Pieces::all : Pieces::where_needed;
}

Result<Work> prepare(commits::Git git, const commits::SourceRequest& request, Pieces lines) {
    Work work;
    work.git = std::move(git);
    STANCH_TRY(work.source, commits::find_source(work.git, request));
    STANCH_TRY(work.change, commits::read_change(work.git, work.source.base_tree,
                                                 work.source.target_tree, work.source.environment));
    if (!work.source.base_commit.empty()) {
        STANCH_TRY(work.history,
                   commits::read_history(work.git, work.source.base_commit, work.change));
    }
    work.style = commits::learn_style(commits::recent_subjects(work.git, work.source.head, 50));
    commits::Separated parted;
    // In an editor every line group is a line of its own, so that it can be moved.
    if (lines == Pieces::all)
        work.change =
            commits::cut_hunks(work.change, std::vector<bool>(work.change.hunks.size(), true))
                .change;
    if (lines == Pieces::where_needed) {
        parted = commits::untangle_lines(work.change, work.history);
        work.change = std::move(parted.change);
    } else {
        parted.facts = commits::gather_facts(work.change, work.history);
        parted.partition = commits::untangle(work.change, parted.facts);
    }
    work.facts = std::move(parted.facts);
    work.plan = commits::make_plan(work.change, work.facts, parted.partition, work.style);
    return work;
}

void say_plan(const Work& work) {
    answer(commits::plan_human(work.plan, work.change));
    if (work.plan.parts.size() == 1)
        tell("this is one concern: there is nothing to split");
    else if (work.plan.ambiguous)
        tell("another split is about as likely: look at it with --edit");
}

Result<int> print_plan(const Work& work, const Arguments& arguments) {
    const std::string format = arguments.value("--format").value_or("human");
    if (format == "json")
        answer(commits::plan_json(work.plan, work.change));
    else
        say_plan(work);
    return exit_clean;
}

bool on_terminal() {
    return os::is_terminal(0) && os::is_terminal(1);
}

// The editor is Git's (GIT_EDITOR, core.editor, VISUAL, EDITOR); it has the terminal to itself.
Result<void> edit(Work& work) {
    STANCH_TRY(const os::TemporaryDirectory place, os::TemporaryDirectory::make());
    const std::string path = place.path() + "/split-plan";
    STANCH_CHECK(os::write_file(path, commits::plan_sheet(work.plan, work.change)));
    STANCH_TRY(const std::string editor, work.git.line({"var", "GIT_EDITOR"}));
    STANCH_TRY(const int code, os::run_in_terminal({"sh", "-c", editor + " \"$@\"", editor, path}));
    if (code != 0)
        return fail(ErrorKind::refused, "the editor ended with " + std::to_string(code), editor);
    STANCH_TRY(const std::string sheet, os::read_file(path));
    STANCH_TRY(commits::Plan plan, commits::read_sheet(sheet, work.change));
    if (plan.parts.empty()) return fail(ErrorKind::refused, "the plan is empty: nothing was done");
    commits::refresh(plan, work.change, work.facts);
    work.plan = std::move(plan);
    return {};
}

// Cuts one hunk into its line groups, all of which stay in its part. False where it has but one.
bool cut_lines(Work& work, commits::Plan plan, std::uint32_t hunk) {
    std::vector<bool> which(work.change.hunks.size());
    which[hunk] = true;
    commits::CutChange cut = commits::cut_hunks(work.change, which);
    if (cut.from.size() == work.change.hunks.size()) return false;
    std::vector<std::size_t> part_of(work.change.hunks.size());
    for (std::size_t part = 0; part < plan.parts.size(); ++part)
        for (const std::uint32_t old : plan.parts[part].hunks)
            part_of[old] = part;
    for (commits::Part& part : plan.parts)
        part.hunks.clear();
    for (std::uint32_t piece = 0; piece < cut.from.size(); ++piece)
        plan.parts[part_of[cut.from[piece]]].hunks.push_back(piece);
    work.change = std::move(cut.change);
    work.facts = commits::gather_facts(work.change, work.history);
    work.plan = std::move(plan);
    commits::refresh(work.plan, work.change, work.facts);
    return true;
}

// True where the plan is to be carried out.
Result<bool> view(Work& work) {
    std::optional<SplitView> state(std::in_place, work.change, work.facts, work.plan);
    STANCH_TRY(const os::Screen screen, os::Screen::open(0, 1));
    while (true) {
        const os::Screen::Size size = screen.size();
        STANCH_CHECK(screen.show(state->draw(size.columns, size.rows, colour(Stream::out))));
        const std::string key = screen.key();
        if (key == "interrupt") return false;
        const SplitOutcome outcome = state->press(key);
        if (outcome == SplitOutcome::leave) return false;
        if (outcome == SplitOutcome::cut) {
            const std::uint32_t hunk = state->hunk();
            if (!cut_lines(work, state->plan(), hunk)) continue;
            state.emplace(work.change, work.facts, work.plan);
            state->go_to(hunk);
        }
        if (outcome == SplitOutcome::apply) {
            work.plan = state->plan();
            return true;
        }
    }
}

Result<bool> agreed(const Work& work, const Arguments& arguments) {
    if (arguments.has("--yes")) return true;
    if (!on_terminal())
        return fail(ErrorKind::usage, "nobody is there to ask whether to make these commits", {},
                    "say --yes");
    answer(commits::plan_human(work.plan, work.change));
    tell("make these " + std::to_string(work.plan.parts.size()) + " commits? [y/N]");
    STANCH_TRY(const std::string reply, os::read_typed_line(0));
    return reply == "y" || reply == "yes" || reply == "Y";
}

Result<int> carry_out(Work& work, const Arguments& arguments) {
    commits::ApplyOptions options;
    options.hooks = !arguments.has("--no-verify");
    options.check = arguments.value("--check").value_or("");
    options.scan = commit_scanner();
    options.tell = [](const std::string& line) { tell(line); };
    STANCH_TRY(const commits::Applied applied,
               commits::apply(work.git, work.source, work.change, work.plan, work.facts, options));
    for (std::size_t i = 0; i < applied.commits.size(); ++i)
        answer(applied.commits[i].substr(0, 12) + " " + work.plan.parts[i].subject + "\n");
    for (const std::string& note : applied.notes)
        tell("note: " + note);
    tell("the old state is kept as " + applied.backup + "; stanch split --undo brings it back");
    return exit_clean;
}

Result<int> run_undo(const commits::Git& git) {
    STANCH_TRY(const std::string head, commits::undo(git));
    answer(head.empty() ? "undone: there is no commit again\n"
                        : "undone: HEAD is " + head.substr(0, 12) + " again\n");
    return exit_clean;
}

Result<void> check_flags(const Arguments& arguments) {
    if (!arguments.positional().empty())
        return fail(ErrorKind::usage, "'stanch split' takes no '" + arguments.positional()[0] + "'",
                    {}, "name a commit with --commit");
    const std::string format = arguments.value("--format").value_or("human");
    if (format != "human" && format != "json")
        return fail(ErrorKind::usage, "there is no format '" + format + "'", {}, "human or json");
    if (arguments.has("--plan") && (arguments.has("--apply") || arguments.has("--edit")))
        return fail(ErrorKind::usage, "--plan changes nothing: it excludes --apply and --edit");
    return {};
}

Result<int> run(const Arguments& arguments) {
    STANCH_CHECK(check_flags(arguments));
    STANCH_TRY(commits::Git git, commits::Git::open("."));
    STANCH_TRY(const std::string recovered, commits::recover(git));
    if (!recovered.empty()) tell(recovered);
    if (arguments.has("--undo")) return run_undo(git);
    STANCH_TRY(commits::SourceRequest request, request_of(arguments));
    const bool acts = arguments.has("--apply") || arguments.has("--edit") ||
                      arguments.has("--yes") || arguments.has("--check");
    const bool looks =
        arguments.has("--plan") || arguments.has("--format") || (!acts && !on_terminal());
    request.look_only = looks;
    STANCH_TRY(Work work, prepare(std::move(git), request, pieces_of(arguments)));
    if (looks) return print_plan(work, arguments);
    if (arguments.has("--edit")) {
        STANCH_CHECK(edit(work));
        return carry_out(work, arguments);
    }
    if (!acts) {
        STANCH_TRY(const bool wanted, view(work));
        if (!wanted) tell("nothing was done");
        return wanted ? carry_out(work, arguments) : Result<int>(exit_clean);
    }
    STANCH_TRY(const bool wanted, agreed(work, arguments));
    if (!wanted) tell("nothing was done");
    return wanted ? carry_out(work, arguments) : Result<int>(exit_clean);
}

} // namespace

const Verb split_verb{
    .name = "split",
    .summary = "turn one large change into small commits",
    .usage = "[--staged | --work-tree | --commit REV | --range A..B]",
    .text = "Cuts a change into parts that each do one thing, orders them so that what is used "
            "comes before\n"
            "its user, and proposes a subject for each in the style of the last commits. On a "
            "terminal, the plan\n"
            "can be changed with keys before anything happens; elsewhere it is printed.\n"
            "\n"
            "The last new commit has exactly the tree of the original. Author, dates, modes, line "
            "ends and\n"
            "signing stay; hooks run; each commit is searched for secrets. The old state stays "
            "reachable under\n"
            "refs/stanch/backup/ and --undo brings it back. The work tree is never touched; the "
            "index only\n"
            "where the work tree's own changes are split. A crash leaves the repository as it was "
            "or as planned;\n"
            "the next call clears up.\n",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
