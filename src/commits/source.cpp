#include "commits/source.h"

#include "os/file.h"

#include <algorithm>

namespace stanch::commits {
namespace {

Result<std::string> empty_tree(const Git& git) {
    return git.line({"hash-object", "-t", "tree", "/dev/null"});
}

Result<void> fill_head(const Git& git, Source& source) {
    if (const auto head = git.line({"rev-parse", "--verify", "--quiet", "HEAD^{commit}"}))
        source.head = *head;
    if (const auto branch = git.line({"symbolic-ref", "--quiet", "HEAD"})) source.branch = *branch;
    source.base_commit = source.head;
    if (source.head.empty()) {
        STANCH_TRY(source.base_tree, empty_tree(git));
    } else {
        STANCH_TRY(source.base_tree, git.line({"rev-parse", "HEAD^{tree}"}));
    }
    return {};
}

Result<void> refuse_conflicts(const Git& git) {
    STANCH_TRY(const std::string unmerged, git.run({"ls-files", "-u", "-z"}));
    if (unmerged.empty()) return {};
    return fail(ErrorKind::refused, "there are unmerged paths", git.work_tree(),
                "finish the merge first");
}

Result<void> refuse_operations(const Git& git) {
    for (const std::string_view name :
         {"MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply"})
        if (os::exists(git.git_directory() + "/" + std::string(name)))
            return fail(ErrorKind::refused, "a merge, rebase, cherry-pick or revert is under way",
                        git.git_directory() + "/" + std::string(name), "finish or abort it first");
    return {};
}

Result<void> make_place(const Git& git, bool look_only, Source& source) {
    STANCH_TRY(auto place, os::TemporaryDirectory::make());
    source.place = std::make_shared<os::TemporaryDirectory>(std::move(place));
    if (!look_only) return {};
    const std::string objects = source.place->path() + "/objects";
    STANCH_CHECK(os::make_directories(objects));
    source.environment["GIT_OBJECT_DIRECTORY"] = objects;
    source.environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = git.common_directory() + "/objects";
    return {};
}

Result<void> copy_index(const std::string& from, const std::string& to) {
    if (!os::exists(from)) return {};
    STANCH_TRY(const std::string bytes, os::read_file(from));
    return os::write_file(to, bytes);
}

Result<void> fill_staged(const Git& git, const std::string& from, Source& source) {
    source.kind = SourceKind::staged;
    const std::string index = source.place->path() + "/index";
    STANCH_CHECK(copy_index(from.empty() ? git.index_path() : from, index));
    auto environment = source.environment;
    environment["GIT_INDEX_FILE"] = index;
    STANCH_TRY(source.target_tree, git.run(GitCall{{"write-tree"}, {}, environment}));
    source.target_tree.pop_back();
    return {};
}

Result<void> fill_work_tree(const Git& git, Source& source) {
    source.kind = SourceKind::work_tree;
    source.index_file = source.place->path() + "/index";
    STANCH_CHECK(copy_index(git.index_path(), source.index_file));
    auto environment = source.environment;
    environment["GIT_INDEX_FILE"] = source.index_file;
    STANCH_CHECK(git.run(GitCall{{"add", "--all", "--", ":/"}, {}, environment}));
    STANCH_TRY(source.target_tree, git.run(GitCall{{"write-tree"}, {}, environment}));
    source.target_tree.pop_back();
    return {};
}

Result<std::vector<std::string>> parents(const Git& git, const std::string& commit) {
    STANCH_TRY(const std::string text, git.line({"rev-list", "--parents", "-n", "1", commit}));
    std::vector<std::string> out;
    for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ', at + 1))
        out.push_back(text.substr(at + 1, text.find(' ', at + 1) - at - 1));
    return out;
}

Result<void> fill_tip(const Git& git, const std::string& tip, Source& source) {
    source.tip_commit = tip;
    if (source.head.empty() || !git.succeeds({"merge-base", "--is-ancestor", tip, source.head}))
        return fail(ErrorKind::refused, "the commit is not in HEAD's history", tip,
                    "check out a branch that holds it");
    STANCH_TRY(source.target_tree, git.line({"rev-parse", tip + "^{tree}"}));
    STANCH_TRY(const std::string after, git.run({"rev-list", "--reverse", "--topo-order",
                                                 "--ancestry-path", tip + ".." + source.head}));
    source.descendants = lines_of(after);
    return {};
}

Result<void> fill_commit(const Git& git, const std::string& revision, Source& source) {
    source.kind = SourceKind::commit;
    STANCH_TRY(const std::string commit, find_commit(git, revision));
    STANCH_TRY(const std::vector<std::string> before, parents(git, commit));
    if (before.size() > 1)
        return fail(ErrorKind::refused, "it is a merge", revision,
                    "split the commits that it merges");
    source.base_commit = before.empty() ? std::string() : before[0];
    if (before.empty()) {
        STANCH_TRY(source.base_tree, empty_tree(git));
    } else {
        STANCH_TRY(source.base_tree, git.line({"rev-parse", before[0] + "^{tree}"}));
    }
    source.replaced = {commit};
    return fill_tip(git, commit, source);
}

Result<void> fill_range(const Git& git, const SourceRequest& request, Source& source) {
    source.kind = SourceKind::range;
    STANCH_TRY(const std::string from, find_commit(git, request.from));
    STANCH_TRY(const std::string to, find_commit(git, request.to.empty() ? "HEAD" : request.to));
    if (!git.succeeds({"merge-base", "--is-ancestor", from, to}))
        return fail(ErrorKind::refused,
                    "'" + request.from + "' is not in the history of '" + request.to + "'");
    STANCH_TRY(const std::string merges, git.run({"rev-list", "--merges", from + ".." + to}));
    if (!merges.empty())
        return fail(ErrorKind::refused, "the range holds a merge",
                    merges.substr(0, merges.find('\n')), "split the parts on both sides of it");
    STANCH_TRY(const std::string list, git.run({"rev-list", "--reverse", from + ".." + to}));
    source.replaced = lines_of(list);
    source.base_commit = from;
    STANCH_TRY(source.base_tree, git.line({"rev-parse", from + "^{tree}"}));
    return fill_tip(git, to, source);
}

} // namespace

Result<std::string> find_commit(const Git& git, const std::string& name) {
    auto found =
        git.line({"rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"});
    if (!found) return fail(ErrorKind::not_found, "there is no commit '" + name + "'");
    return found;
}

Result<Source> find_source(const Git& git, const SourceRequest& request) {
    Source source;
    STANCH_CHECK(fill_head(git, source));
    if (request.kind == SourceKind::commit || request.kind == SourceKind::range) {
        STANCH_CHECK(make_place(git, false, source));
        if (request.kind == SourceKind::commit)
            STANCH_CHECK(fill_commit(git, request.revision, source));
        if (request.kind == SourceKind::range) STANCH_CHECK(fill_range(git, request, source));
    } else {
        if (git.work_tree().empty())
            return fail(ErrorKind::usage, "a bare repository has no index and no work tree",
                        git.git_directory(), "name a commit with --commit or --range");
        STANCH_CHECK(refuse_conflicts(git));
        STANCH_CHECK(refuse_operations(git));
        STANCH_CHECK(make_place(git, request.look_only, source));
        if (request.kind != SourceKind::work_tree)
            STANCH_CHECK(fill_staged(git, request.index_file, source));
        const bool nothing_staged = source.target_tree == source.base_tree;
        if (request.kind == SourceKind::work_tree || (!request.kind && nothing_staged))
            STANCH_CHECK(fill_work_tree(git, source));
    }
    if (source.target_tree == source.base_tree)
        return fail(ErrorKind::not_found, "there is nothing to split", git.work_tree(),
                    "change something, or name a commit with --commit");
    return source;
}

std::vector<std::string> recent_subjects(const Git& git, const std::string& head,
                                         std::size_t count) {
    if (head.empty()) return {};
    const auto log =
        git.run({"log", "--no-merges", "--format=%s", "-n", std::to_string(count), head});
    return log ? lines_of(*log) : std::vector<std::string>();
}

} // namespace stanch::commits
