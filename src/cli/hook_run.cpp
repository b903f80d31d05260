#include "cli/hook_run.h"

#include "cli/baseline_file.h"
#include "cli/ci_range.h"
#include "cli/config_file.h"
#include "cli/env_shared.h"
#include "cli/hook_gate.h"
#include "cli/known_files.h"
#include "cli/pushed.h"
#include "cli/pushed_lists.h"
#include "cli/say.h"
#include "cli/scan_options.h"
#include "cli/scan_sink.h"
#include "cli/vault_watch.h"
#include "env/env_files.h"
#include "env/guard.h"
#include "git/refs.h"
#include "os/file.h"
#include "os/process.h"
#include "os/temporary.h"
#include "report/report.h"
#include "scan/range.h"
#include "scan/staged.h"
#include "scan/text_source.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <optional>

namespace stanch::cli {
namespace {

// A screen has 24 rows; what is said beside the findings takes the others.
constexpr std::uint64_t rows_for_findings = 12;

// Everything that a hook needs, read once.
struct Door {
    git::Repository repository;
    ScanSettings settings;
    scan::Engine engine;
    GateSettings gate;
    std::vector<std::string> env_shared;     // patterns of .env files that are for everybody
    std::vector<std::string> env_files = {}; // of the work tree
    std::unique_ptr<scan::KnownValues> known = nullptr;
    std::optional<scan::KnownDigests> vault = {};
    std::optional<os::TemporaryDirectory> lists = {}; // of a push, where there is no work tree
    std::unique_ptr<ScanSink> sink = nullptr;
    // What was looked at, for the gates behind the scan.
    std::optional<git::Index> index = {};
    std::string message = {};
    git::CommitRange pushed = {};
    std::vector<std::string> env_pushed = {}; // "COMMIT: PATH"
};

Result<Confidence> least_sure(ConfigTable& hook) {
    const std::string word = hook.string("refuse").value_or("medium");
    for (const Confidence level : {Confidence::low, Confidence::medium, Confidence::high})
        if (word == to_string(level)) return level;
    return fail(ErrorKind::invalid, "'refuse' must be low, medium or high", hook.where("refuse"));
}

// At a commit the far folders of a large tree are looked at in turn; at a push all of them.
std::vector<std::string> env_files(const git::Repository& repository, bool all) {
    env::EnvFilesOptions options;
    options.all = all;
    options.root = repository.work_tree;
    const std::string notes = repository.git_dir + "/stanch";
    if (os::make_directories(notes)) options.cache = notes + "/folders";
    env::EnvFiles files = env::find_env_files(options);
    if (all && files.cut)
        tell("stanch: more than " + report::number_text(options.most) +
             " folders: .env files in the farthest are not known");
    return std::move(files.paths);
}

Result<std::unique_ptr<Door>> open_door(bool sending) {
    STANCH_TRY(git::Repository repository,
               git::Repository::discover(".", git::Environment::of_process()));
    STANCH_TRY(ScanSettings settings, scan_settings(Arguments(), "."));
    STANCH_TRY(ConfigFile config, load_config("."));
    ConfigTable hook = config.root.table("hook");
    STANCH_TRY(settings.least, least_sure(hook));
    const bool watch = hook.boolean("known_values").value_or(true);
    STANCH_TRY(GateSettings gate, gate_settings(config.root, hook));
    STANCH_CHECK(hook.finish());
    STANCH_TRY(std::vector<std::string> shared, shared_env_files(config.root));
    settings.format = "brief";
    settings.rows = rows_for_findings;
    settings.git_dir = repository.git_dir;
    STANCH_TRY(scan::Engine engine, scan_engine(settings));
    auto door = std::make_unique<Door>(Door{.repository = std::move(repository),
                                            .settings = std::move(settings),
                                            .engine = std::move(engine),
                                            .gate = std::move(gate),
                                            .env_shared = std::move(shared)});
    if (!door->repository.work_tree.empty()) door->env_files = env_files(door->repository, sending);
    if (watch && !door->repository.work_tree.empty()) {
        STANCH_TRY(std::vector<scan::KnownValue> values,
                   known_from_files(door->repository.work_tree, door->env_files, config.manifest));
        door->known = std::make_unique<scan::KnownValues>(
            std::move(values), [manifest = std::move(config.manifest)](const auto& value) {
                return is_known_secret(value, manifest);
            });
        door->settings.scan.known = door->known.get();
        STANCH_TRY(door->vault, load_vault_watch());
        if (door->vault) door->settings.scan.known_digests = &*door->vault;
    }
    STANCH_TRY(door->sink, ScanSink::open(door->settings));
    return door;
}

scan::HistoryOptions history_options(Door& door) {
    scan::HistoryOptions options;
    options.scan = door.settings.scan;
    options.new_path = [&door](const git::ObjectId& commit, const std::string& path) {
        if (env::is_env_file(path.substr(path.rfind('/') + 1)) &&
            !env::is_shared(door.env_shared, path))
            door.env_pushed.push_back(commit.hex().substr(0, 12) + ": " + path);
    };
    return options;
}

Result<void> scan_text(Door& door, const std::string& name, std::string text) {
    const std::unique_ptr<scan::Source> source = scan::text_source(name, std::move(text));
    const std::array<scan::Source*, 1> sources{source.get()};
    return scan::run_scan(door.engine, sources, *door.sink, door.settings.scan);
}

// The part that becomes the message: with `git commit --verbose` a diff follows the scissors.
std::string message_of(std::string text) {
    const std::size_t scissors =
        text.find("# ------------------------ >8 ------------------------\n");
    if (scissors != std::string::npos) text.resize(scissors);
    return text;
}

// Leaves word for post-commit that this very `git commit` was checked (its process is our parent).
void note_checked(const Door& door) {
    if (!os::make_directories(door.repository.git_dir + "/stanch")) return;
    [[maybe_unused]] const auto noted = os::write_note(door.repository.git_dir + "/stanch/checked",
                                                       std::to_string(os::parent_process()) + "\n");
}

// A receiver has no work tree with a baseline: what is pushed brings its own.
Result<void> take_lists(Door& door, git::ObjectReader& reader,
                        const std::vector<git::ObjectId>& tips) {
    STANCH_TRY(door.lists, pushed_lists(reader, door.repository.format, tips));
    door.settings.project = door.lists->path();
    const std::string baseline = door.settings.project + "/" + std::string(baseline_name);
    door.settings.baseline = os::exists(baseline) ? baseline : "";
    STANCH_TRY(door.sink, ScanSink::open(door.settings));
    return {};
}

Result<void> scan_pushed(Door& door, const std::vector<PushedRef>& refs,
                         const std::vector<git::ObjectId>& known) {
    const git::ObjectStore store = git::ObjectStore::open(door.repository);
    git::ObjectReader reader(store);
    STANCH_TRY(Pushed pushed, pushed_objects(reader, door.repository.format, refs, known));
    if (door.repository.work_tree.empty())
        STANCH_CHECK(take_lists(door, reader, pushed.range.include));
    for (PushedText& text : pushed.texts)
        STANCH_CHECK(scan_text(door, text.name, std::move(text.text)));
    door.pushed = pushed.range;
    if (pushed.range.include.empty()) return {};
    return scan::scan_range(door.engine, door.repository, pushed.range, *door.sink,
                            history_options(door));
}

// What a remote is known to have: its tracking branches. No name: any remote.
std::vector<git::ObjectId> tracked(const git::Refs& refs, const std::string& remote) {
    std::vector<git::ObjectId> ids;
    for (const git::Ref& ref : refs.refs)
        if (ref.name.starts_with("refs/remotes/" + (remote.empty() ? "" : remote + "/")))
            ids.push_back(ref.id);
    return ids;
}

Result<void> pre_push(Door& door, const std::vector<std::string>& words) {
    const git::Refs refs = git::read_refs(door.repository);
    STANCH_TRY(const std::string lines, os::read_all(0));
    const Variables environment = [](const char* name) { return process_variable(name); };
    if (lines.empty() && is_framework_push(environment)) {
        const git::ObjectStore store = git::ObjectStore::open(door.repository);
        git::ObjectReader reader(store);
        STANCH_TRY(const FrameworkPush push, framework_push(environment, refs, reader));
        return scan_pushed(door, {push.ref},
                           push.whole ? tracked(refs, push.remote) : std::vector<git::ObjectId>());
    }
    STANCH_TRY(const auto list, parse_pre_push(lines));
    return scan_pushed(door, list,
                       words.empty() ? std::vector<git::ObjectId>() : tracked(refs, words[0]));
}

Result<void> received(Door& door, const std::vector<PushedRef>& list) {
    const git::Refs refs = git::read_refs(door.repository);
    std::vector<git::ObjectId> present;
    present.reserve(refs.refs.size());
    for (const git::Ref& ref : refs.refs)
        present.push_back(ref.id);
    return scan_pushed(door, list, present);
}

Result<void> pre_receive(Door& door, const std::vector<std::string>& /*words*/) {
    STANCH_TRY(const std::string lines, os::read_all(0));
    STANCH_TRY(const auto list, parse_pre_receive(lines));
    return received(door, list);
}

Result<void> update(Door& door, const std::vector<std::string>& words) {
    if (words.size() != 3) return fail(ErrorKind::usage, "update takes a ref and two ids");
    STANCH_TRY(const auto list,
               parse_pre_receive(words[1] + " " + words[2] + " " + words[0] + "\n"));
    return received(door, list);
}

Result<void> staged(Door& door, const std::vector<std::string>& /*words*/) {
    STANCH_TRY(door.index, git::Index::read(door.repository));
    return scan::scan_staged(door.engine, door.repository, *door.index, *door.sink,
                             door.settings.scan);
}

Result<void> commit_message(Door& door, const std::vector<std::string>& words) {
    if (words.size() != 1) return fail(ErrorKind::usage, "commit-msg takes the message's file");
    STANCH_TRY(std::string text, os::read_file(words[0]));
    door.message = message_of(std::move(text));
    return scan_text(door, "commit message", door.message);
}

Result<void> committed(Door& door, const std::vector<std::string>& /*words*/) {
    STANCH_TRY(const std::optional<git::ObjectId> head, git::read_head(door.repository));
    if (!head) return {};
    const git::ObjectStore store = git::ObjectStore::open(door.repository);
    git::ObjectReader reader(store);
    STANCH_TRY(const std::string text, reader.read(*head, git::ObjectType::commit));
    const auto commit = git::parse_commit(text, door.repository.format);
    if (!commit)
        return fail(ErrorKind::incomplete, "HEAD is no commit that can be read", head->hex());
    git::CommitRange range;
    range.include = {*head};
    range.exclude = commit->parents;
    return scan::scan_range(door.engine, door.repository, range, *door.sink, history_options(door));
}

using Look = Result<void> (*)(Door&, const std::vector<std::string>&);

struct Hook {
    std::string_view name;
    Look look;
    std::string_view refused; // what was refused
    std::string_view way_out;
};

constexpr std::string_view move_out =
    "Move it out of the code, and read it with os.environ[\"NAME\"]:\n"
    "    stanch env set NAME    (.env, which Git ignores)\n"
    "    stanch vault set ITEM  (the vault)";
constexpr std::string_view rewrite =
    "Take it out of the commits (git rebase -i), rotate it, push again.";

constexpr std::array<Hook, 7> hooks{{
    {"pre-commit", staged, "this commit", move_out},
    {"pre-merge-commit", staged, "this merge", move_out},
    {"commit-msg", commit_message, "this commit message", "Take the value out of the message."},
    {"post-commit", committed, "",
     "The commit is made, but is still only here: git reset --soft HEAD~1,\n"
     "  move the value out (stanch env set, stanch vault set), commit again."},
    {"pre-push", pre_push, "this push", rewrite},
    {"pre-receive", pre_receive, "this push", rewrite},
    {"update", update, "this push", rewrite},
}};

void tell_end(const Hook& hook, int code) {
    const std::string what(hook.refused);
    if (code == exit_incomplete) {
        tell(what.empty() ? "stanch: the commit could not be checked whole"
                          : "stanch: " + what + " is refused: not all of it could be checked");
        return;
    }
    tell(what.empty() ? "stanch: this commit holds what stands above"
                      : "stanch: " + what + " is refused: it holds what stands above");
    tell("  " + std::string(hook.way_out));
    tell("  No leak? stanch allow ID --reason '…' (baseline, reviewed like code)");
}

constexpr std::string_view shared_way =
    "  Meant for everybody? In stanch.toml: [env] shared = [\"PATH\"]";

// The first few: a refusal fits on a screen.
void tell_first(const std::vector<std::string>& lines) {
    constexpr std::size_t shown = 2;
    for (std::size_t i = 0; i < std::min(shown, lines.size()); ++i)
        tell(lines[i]);
    if (lines.size() > shown) tell("and " + std::to_string(lines.size() - shown) + " more");
}

// A .env file belongs to one machine: it is refused by its name, whatever it holds.
Result<int> guard_staged(const Door& door) {
    STANCH_TRY(std::vector<std::string> paths,
               env::staged_env_files(door.repository, *door.index, door.env_shared));
    for (std::string& path : paths)
        path += ": a .env file is not for Git";
    tell_first(paths);
    if (paths.empty()) return exit_clean;
    tell("  Ignore and untrack it: stanch env guard --fix");
    tell(shared_way);
    return exit_found;
}

int guard_pushed(const Door& door) {
    if (door.env_pushed.empty()) return exit_clean;
    std::vector<std::string> lines;
    for (const std::string& pushed : door.env_pushed)
        lines.push_back("commit " + pushed + ": a .env file is not for Git");
    tell_first(lines);
    tell("  Take it out of the commits (git rebase -i) before they are pushed.");
    tell(shared_way);
    return exit_found;
}

// One `git add .` away from a leak: told, but this commit does not hold it.
void tell_of_env_files(const Door& door) {
    const auto faults = env::local_faults(door.repository, door.env_files, door.env_shared);
    if (faults.empty()) return;
    const std::string more =
        faults.size() > 1 ? " (and " + std::to_string(faults.size() - 1) + " more)" : "";
    tell("stanch: " + faults[0].path + " " + faults[0].message + more +
         "; mend it: stanch env guard --fix");
}

// commit-msg looks at the message, but its gate at the commit.
std::string refused_as_a_whole(const Hook& hook) {
    return hook.look == commit_message ? "this commit" : std::string(hook.refused);
}

// Told beside the leaks of the same commit: one refusal says all that has to be mended.
Result<int> guard_env_files(const Hook& hook, const Door& door) {
    if (hook.look == staged) return guard_staged(door);
    return hook.look == pre_push ? guard_pushed(door) : exit_clean;
}

// Whether the change is small enough to be read.
Result<int> measure(const Hook& hook, const Door& door) {
    if (hook.name == "pre-commit")
        return gate_before_message(door.repository, *door.index, door.gate);
    if (hook.look == commit_message) return gate_message(door.repository, door.gate, door.message);
    if (hook.look == pre_push) return gate_pushed(door.repository, door.gate, door.pushed);
    return exit_clean;
}

// What is not a secret, and refused all the same.
Result<int> other_gates(const Hook& hook, const Door& door) {
    if (hook.look == staged) tell_of_env_files(door);
    return measure(hook, door);
}

} // namespace

Result<int> run_hook(const std::string& name, const std::vector<std::string>& words) {
    const auto* hook = std::ranges::find(hooks, name, &Hook::name);
    if (hook == hooks.end()) return fail(ErrorKind::usage, "there is no hook '" + name + "'");
    STANCH_TRY(const std::unique_ptr<Door> door, open_door(hook->look == pre_push));
    STANCH_CHECK(hook->look(*door, words));
    STANCH_TRY(int code, door->sink->finish(false));
    STANCH_TRY(const int guarded, guard_env_files(*hook, *door));
    if (code != exit_clean) {
        tell_end(*hook, code);
        return code;
    }
    code = guarded;
    if (code == exit_clean) {
        STANCH_TRY(code, other_gates(*hook, *door));
    }
    if (code != exit_clean)
        tell("stanch: " + refused_as_a_whole(*hook) + " is refused");
    else if (name == "pre-commit")
        note_checked(*door);
    return code;
}

} // namespace stanch::cli
