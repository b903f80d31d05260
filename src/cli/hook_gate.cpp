#include "cli/hook_gate.h"

#include "cli/say.h"
#include "cli/verb.h"
#include "git/hooks.h"
#include "git/object_stream.h"
#include "git/refs.h"
#include "git/tree_diff.h"
#include "os/file.h"

#include <algorithm>
#include <array>
#include <optional>

namespace stanch::cli {
namespace {

using commits::Excess;

// A blob as text; nullopt: it is binary (Git's test: a zero byte in the first 8,000), or too large.
std::optional<std::string> text_of(const git::ObjectStore& store, git::ObjectReader& reader,
                                   const git::ObjectId& id) {
    constexpr std::size_t looked_at = 8000;
    // A whole video need not be inflated to see that it is none of a reviewer's lines.
    if (const auto open = git::open_object(store, id)) {
        std::string head(looked_at, '\0');
        const auto size = (*open)->stream->read(head);
        if (size && std::string_view(head).substr(0, *size).find('\0') != std::string_view::npos)
            return std::nullopt;
    }
    auto text = reader.read(id, git::ObjectType::blob);
    if (!text || std::string_view(*text).substr(0, looked_at).find('\0') != std::string_view::npos)
        return std::nullopt;
    return std::move(*text);
}

commits::Measure measured(const git::ObjectStore& store, git::ObjectReader& reader,
                          const std::vector<git::Change>& changes, const commits::Limits& limits) {
    struct Sides {
        const git::Change& change;
        std::optional<std::string> before;
        std::optional<std::string> after;
    };
    std::vector<Sides> sides;
    for (const git::Change& change : changes) {
        if (change.intent_to_add || (!change.has_blob() && !change.had_blob())) continue;
        sides.push_back({change, std::string(), std::string()});
        if (change.had_blob()) sides.back().before = text_of(store, reader, change.old_id);
        if (change.has_blob()) sides.back().after = text_of(store, reader, change.new_id);
    }
    std::vector<commits::FilePair> pairs;
    for (const Sides& one : sides)
        pairs.push_back({one.change.path, one.before ? std::string_view(*one.before) : "",
                         one.after ? std::string_view(*one.after) : "", !one.before || !one.after});
    return commits::measure(pairs, limits);
}

// A merge, rebase, cherry-pick or revert is under way: what it brings was committed before.
bool is_replay(const git::Repository& repository) {
    constexpr std::array<std::string_view, 5> signs{"MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD",
                                                    "rebase-merge", "rebase-apply"};
    return std::ranges::any_of(signs, [&](std::string_view sign) {
        return os::exists(repository.git_dir + "/" + std::string(sign));
    });
}

Result<git::ObjectId> tree_of(git::ObjectReader& reader, git::ObjectFormat format,
                              const git::ObjectId& id) {
    STANCH_TRY(const std::string content, reader.read(id, git::ObjectType::commit));
    const auto commit = git::parse_commit(content, format);
    if (!commit) return fail(ErrorKind::incomplete, "a damaged commit", id.hex());
    return commit->tree;
}

Result<std::vector<Excess>> staged_excess(const git::Repository& repository,
                                          const git::Index& index, const commits::Limits& limits) {
    const git::ObjectStore store = git::ObjectStore::open(repository);
    git::ObjectReader reader(store);
    STANCH_TRY(const auto head, git::read_head(repository));
    git::ObjectId tree;
    if (head) {
        STANCH_TRY(tree, tree_of(reader, repository.format, *head));
    }
    STANCH_TRY(const auto changes, git::diff_index(reader, tree, index, git::Gone::told));
    return commits::judge(measured(store, reader, changes, limits), limits);
}

// Of a commit on its own; merges and those whose message says why have none.
Result<std::vector<Excess>> commit_excess(const git::ObjectStore& store, git::ObjectReader& reader,
                                          const git::WalkedCommit& commit,
                                          const commits::Limits& limits) {
    const std::string_view content = commit.content;
    const std::string_view message = content.substr(std::min(content.find("\n\n"), content.size()));
    if (commit.parents.size() > 1 || commits::override_reason(message))
        return std::vector<Excess>();
    git::ObjectId before;
    if (!commit.parents.empty()) {
        STANCH_TRY(before, tree_of(reader, store.format(), commit.parents[0]));
    }
    STANCH_TRY(const auto changes, git::diff_trees(reader, before, commit.tree));
    return commits::judge(measured(store, reader, changes, limits), limits);
}

std::string over(const Excess& excess) {
    return excess.what + ", " + std::to_string(excess.value - excess.allowed) +
           " over the limit of " + std::to_string(excess.allowed) + " (" + excess.limit + ")";
}

void say_excess(const std::string& what, const std::vector<Excess>& all, bool passes) {
    tell("stanch: " + what + (passes ? " is large" : " is too large to be read well"));
    for (const Excess& excess : all)
        tell("  " + over(excess));
}

void say_limits(const GateSettings& settings) {
    tell(settings.declared
             ? "  The limits are in [commits] of stanch.toml; `warn = true` there lets it pass."
             : "  In stanch.toml, [commits] sets other limits, and `warn = true` there lets it "
               "pass.");
}

// Whether commit-msg will read the reason.
bool message_is_read() {
    git::HookOptions options;
    options.names = {"commit-msg"};
    const auto states = git::inspect_hooks(options);
    return states && states->size() == 1 && states->front().health != git::HookHealth::missing &&
           states->front().health != git::HookHealth::disabled &&
           states->front().health != git::HookHealth::shadowed;
}

std::optional<std::vector<Excess>> nothing() {
    return std::nullopt;
}

// What is over the limits; nullopt where nobody asks.
Result<std::optional<std::vector<Excess>>>
asked(const git::Repository& repository, const git::Index& index, const GateSettings& settings) {
    STANCH_TRY(auto excess, staged_excess(repository, index, settings.limits));
    if (excess.empty()) return nothing();
    return std::optional(std::move(excess));
}

} // namespace

Result<GateSettings> gate_settings(ConfigTable& root, ConfigTable& hook) {
    GateSettings settings;
    settings.on = hook.boolean("gate").value_or(true);
    settings.declared = root.table("commits").exists();
    STANCH_TRY(settings.limits, commits::read_limits(root));
    return settings;
}

Result<int> gate_before_message(const git::Repository& repository, const git::Index& index,
                                const GateSettings& settings) {
    if (!settings.on || is_replay(repository)) return exit_clean;
    STANCH_TRY(const auto excess, asked(repository, index, settings));
    if (!excess) return exit_clean;
    const bool read = settings.limits.warn || message_is_read();
    if (read && !settings.limits.warn) {
        tell("stanch: large: " + over(excess->front()) +
             ". Its message must say why (Stanch-Large: REASON), or split it: stanch split "
             "--staged");
        return exit_clean;
    }
    say_excess("this commit", *excess, read);
    tell("  Split it: stanch split --staged");
    if (read) return exit_clean;
    tell("  Or install the hook that reads a reason from the message: stanch hook install --hook "
         "commit-msg");
    say_limits(settings);
    return exit_found;
}

Result<int> gate_message(const git::Repository& repository, const GateSettings& settings,
                         std::string_view message) {
    // pre-commit has told it already where it lets it pass.
    if (settings.limits.warn || !settings.on || is_replay(repository)) return exit_clean;
    STANCH_TRY(const git::Index index, git::Index::read(repository));
    STANCH_TRY(const auto excess, asked(repository, index, settings));
    if (!excess || commits::override_reason(message)) return exit_clean;
    say_excess("this commit", *excess, false);
    tell("  Split it: stanch split --staged");
    tell("  Or say why in its message, on a line of its own: Stanch-Large: REASON");
    say_limits(settings);
    return exit_found;
}

Result<int> gate_pushed(const git::Repository& repository, const GateSettings& settings,
                        const git::CommitRange& range) {
    if (!settings.on || !settings.declared || range.include.empty()) return exit_clean;
    const git::ObjectStore store = git::ObjectStore::open(repository);
    git::ObjectReader reader(store);
    const git::Refs refs = git::read_refs(repository);
    STANCH_TRY(const auto commits,
               git::list_commits(reader, range, refs.shallow, repository.format));
    constexpr std::size_t shown = 3;
    std::size_t refused = 0;
    for (const git::WalkedCommit& commit : commits) {
        if (std::ranges::find(refs.shallow, commit.id) != refs.shallow.end()) continue;
        STANCH_TRY(const auto excess, commit_excess(store, reader, commit, settings.limits));
        if (excess.empty() || ++refused > shown) continue;
        const std::string id = commit.id.hex().substr(0, 12);
        say_excess("commit " + id, excess, settings.limits.warn);
        tell("  Split it: stanch split --commit " + id);
    }
    if (refused == 0) return exit_clean;
    if (refused > shown) tell("stanch: and " + std::to_string(refused - shown) + " more");
    if (settings.limits.warn) return exit_clean;
    tell("  Or say why in its message (git commit --amend, git rebase -i): Stanch-Large: REASON");
    say_limits(settings);
    return exit_found;
}

} // namespace stanch::cli
