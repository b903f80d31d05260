#include "git/refs.h"

#include "os/directory.h"
#include "os/file.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace stanch::git {
namespace {

constexpr std::uint64_t ref_limit = std::uint64_t{256} << 20;
constexpr int depth_limit = 5; // symbolic refs to symbolic refs, as in Git

std::unexpected<Error> damaged(std::string what, std::size_t line) {
    return fail(ErrorKind::incomplete,
                "a damaged " + std::move(what) + ": line " + std::to_string(line), {},
                "run 'git fsck'");
}

std::optional<ObjectId> id_at(std::string_view text, ObjectFormat format) {
    return ObjectId::parse(text.substr(0, 2 * raw_size(format)));
}

template <class Use>
Result<void> each_line(std::string_view text, Use use) {
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        STANCH_CHECK(use(text.substr(0, end), number));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return {};
}

// Every file below a directory, as paths relative to `root`.
void each_file(const std::string& root, const std::string& below, std::vector<Error>& problems,
               const std::function<void(const std::string&)>& use) {
    const std::string directory = root + "/" + below;
    if (!os::exists(directory)) return;
    const auto entries = os::list_directory(directory);
    if (!entries) {
        problems.push_back(entries.error());
        return;
    }
    for (const os::DirectoryEntry& entry : *entries) {
        const std::string path = below + "/" + entry.name;
        if (entry.kind == os::FileKind::directory)
            each_file(root, path, problems, use);
        else if (entry.kind != os::FileKind::other && !path.ends_with(".lock"))
            use(path);
    }
}

Result<std::optional<ObjectId>> packed_ref(const Repository& repository, std::string_view name) {
    const std::string path = repository.common_dir + "/packed-refs";
    if (!os::exists(path)) return std::optional<ObjectId>();
    STANCH_TRY(const std::string text, os::read_file(path, ref_limit));
    // The name stands behind an id, at its line's end.
    const std::string wanted = " " + std::string(name) + "\n";
    const std::size_t at = text.find(wanted);
    const std::size_t digits = 2 * raw_size(repository.format);
    if (at == std::string::npos || at < digits) return std::optional<ObjectId>();
    return id_at(std::string_view(text).substr(at - digits), repository.format);
}

class Collector {
  public:
    explicit Collector(const Repository& repository) : repository_(repository) {}

    Refs run() {
        if (repository_.refs == RefStorage::reftable) {
            result_.problems.push_back({ErrorKind::incomplete,
                                        "the refs are in reftable format, which is not read",
                                        repository_.common_dir + "/reftable",
                                        "run 'git refs migrate --ref-format=files' on a copy"});
            return std::move(result_);
        }
        packed();
        each_file(repository_.common_dir, "refs", result_.problems,
                  [&](const std::string& name) { loose(repository_.common_dir, name, name); });
        worktrees();
        shallow();
        resolve_symbolic();
        result_.logged.assign(logged_.begin(), logged_.end());
        return std::move(result_);
    }

  private:
    void problem(Error error, const std::string& path) {
        if (error.where.empty()) error.where = path;
        error.kind = ErrorKind::incomplete;
        result_.problems.push_back(std::move(error));
    }

    void packed() {
        const std::string path = repository_.common_dir + "/packed-refs";
        if (!os::exists(path)) return;
        const auto text = os::read_file(path, ref_limit);
        if (!text) return problem(text.error(), path);
        auto refs = parse_packed_refs(*text, repository_.format);
        if (!refs) return problem(refs.error(), path);
        for (Ref& ref : *refs)
            named_[ref.name].id = ref.id;
    }

    void loose(const std::string& directory, const std::string& file, const std::string& name) {
        const std::string path = directory + "/" + file;
        const auto text = os::read_file(path, ref_limit);
        if (!text) return problem(text.error(), path);
        auto ref = parse_loose_ref(*text, repository_.format);
        if (!ref) return problem(ref.error(), path);
        named_[name] = std::move(*ref);
    }

    void worktrees() {
        for (const std::string& git_dir : repository_.worktree_git_dirs()) {
            const bool main = git_dir == repository_.common_dir;
            const std::string prefix =
                main ? "" : "worktrees/" + git_dir.substr(git_dir.rfind('/') + 1) + "/";
            for (const char* name : {"HEAD", "ORIG_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD",
                                     "REVERT_HEAD", "REBASE_HEAD", "BISECT_HEAD", "AUTO_MERGE"})
                if (os::exists(git_dir + "/" + name)) loose(git_dir, name, prefix + name);
            if (!main)
                each_file(git_dir, "refs", result_.problems,
                          [&](const std::string& name) { loose(git_dir, name, prefix + name); });
            each_file(git_dir, "logs", result_.problems,
                      [&](const std::string& name) { reflog(git_dir + "/" + name); });
        }
    }

    void reflog(const std::string& path) {
        const auto text = os::read_file(path, ref_limit);
        if (!text) return problem(text.error(), path);
        const auto ids = parse_reflog(*text, repository_.format);
        if (!ids) return problem(ids.error(), path);
        logged_.insert(ids->begin(), ids->end());
    }

    void shallow() {
        const std::string path = repository_.common_dir + "/shallow";
        if (!repository_.shallow) return;
        const auto text = os::read_file(path, ref_limit);
        if (!text) return problem(text.error(), path);
        (void)each_line(*text, [&](std::string_view line, std::size_t) -> Result<void> {
            if (const auto id = ObjectId::parse(line)) result_.shallow.push_back(*id);
            return {};
        });
    }

    void resolve_symbolic() {
        const bool main = repository_.git_dir == repository_.common_dir;
        const std::string head =
            main ? "HEAD"
                 : "worktrees/" + repository_.git_dir.substr(repository_.git_dir.rfind('/') + 1) +
                       "/HEAD";
        if (const auto found = named_.find(head); found != named_.end()) {
            result_.head_target = found->second.target;
            result_.head = resolve(found->second, 0);
        }
        for (const auto& [name, ref] : named_)
            if (const auto id = resolve(ref, 0))
                result_.refs.push_back({name, *id});
            else
                result_.targets.push_back(ref.target);
    }

    std::optional<ObjectId> resolve(const LooseRef& ref, int depth) const {
        if (ref.target.empty()) return ref.id;
        const auto target = named_.find(ref.target);
        if (depth > depth_limit || target == named_.end()) return std::nullopt; // unborn
        return resolve(target->second, depth + 1);
    }

    const Repository& repository_;
    Refs result_;
    std::map<std::string, LooseRef, std::less<>> named_;
    std::set<ObjectId> logged_;
};

} // namespace

Result<std::vector<Ref>> parse_packed_refs(std::string_view text, ObjectFormat format) {
    std::vector<Ref> refs;
    const std::size_t digits = 2 * raw_size(format);
    STANCH_CHECK(each_line(text, [&](std::string_view line, std::size_t number) -> Result<void> {
        if (line.empty() || line[0] == '#') return {};
        if (line[0] == '^') { // what the tag above names
            if (line.size() == digits + 1 && id_at(line.substr(1), format)) return {};
            return damaged("packed-refs file", number);
        }
        const auto id = id_at(line, format);
        if (!id || line.size() < digits + 2 || line[digits] != ' ')
            return damaged("packed-refs file", number);
        refs.push_back({std::string(line.substr(digits + 1)), *id});
        return {};
    }));
    return refs;
}

Result<LooseRef> parse_loose_ref(std::string_view text, ObjectFormat format) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.remove_suffix(1);
    LooseRef ref;
    if (text.starts_with("ref:")) {
        text.remove_prefix(4);
        while (text.starts_with(' ') || text.starts_with('\t'))
            text.remove_prefix(1);
        ref.target = std::string(text);
        if (ref.target.empty()) return damaged("ref", 1);
        return ref;
    }
    ref.id = id_at(text, format);
    if (!ref.id || ref.id->raw().size() != raw_size(format)) return damaged("ref", 1);
    return ref;
}

Result<std::vector<ObjectId>> parse_reflog(std::string_view text, ObjectFormat format) {
    std::vector<ObjectId> ids;
    const std::size_t digits = 2 * raw_size(format);
    STANCH_CHECK(each_line(text, [&](std::string_view line, std::size_t number) -> Result<void> {
        if (line.empty()) return {};
        const auto before = id_at(line, format);
        if (!before || line.size() < 2 * digits + 2 || line[digits] != ' ')
            return damaged("reflog", number);
        const auto after = id_at(line.substr(digits + 1), format);
        if (!after) return damaged("reflog", number);
        for (const ObjectId& id : {*before, *after})
            if (!id.is_null()) ids.push_back(id);
        return {};
    }));
    return ids;
}

Result<std::optional<ObjectId>> read_head(const Repository& repository) {
    if (repository.refs == RefStorage::reftable)
        return fail(ErrorKind::incomplete, "the refs are in reftable format, which is not read",
                    repository.common_dir + "/reftable");
    STANCH_TRY(std::string text, os::read_file(repository.git_dir + "/HEAD", ref_limit));
    for (int depth = 0; depth <= depth_limit; ++depth) {
        STANCH_TRY(const LooseRef ref, parse_loose_ref(text, repository.format));
        if (ref.id) return ref.id;
        const std::string path = repository.common_dir + "/" + ref.target;
        if (!os::exists(path)) return packed_ref(repository, ref.target);
        STANCH_TRY(text, os::read_file(path, ref_limit));
    }
    return fail(ErrorKind::incomplete, "HEAD leads in a circle", repository.git_dir + "/HEAD");
}

Refs read_refs(const Repository& repository) {
    return Collector(repository).run();
}

std::string short_name(std::string_view ref) {
    for (const std::string_view prefix : {"refs/heads/", "refs/tags/", "refs/remotes/", "refs/"})
        if (ref.starts_with(prefix)) return std::string(ref.substr(prefix.size()));
    return std::string(ref);
}

} // namespace stanch::git
