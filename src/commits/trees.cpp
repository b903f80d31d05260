// The trees between: each part's files are written in one call of Git, each tree in two.
#include "commits/apply.h"

#include "os/file.h"
#include "os/temporary.h"

#include <algorithm>

namespace stanch::commits {
namespace {

// A file in one state: gone, or a mode and an id (empty: its content is still to be written).
struct FileState {
    std::uint32_t mode = 0;
    std::string id;
    std::size_t content = 0; // number of the file to hash, where id is empty
};

std::string octal(std::uint32_t mode) {
    std::string digits;
    for (; mode > 0; mode /= 8)
        digits.insert(digits.begin(), static_cast<char>('0' + mode % 8));
    return digits.empty() ? "0" : digits;
}

class Trees {
  public:
    Trees(const Git& git, const Change& change, const Plan& plan,
          std::map<std::string, std::string> environment)
        : git_(git), change_(change), plan_(plan), environment_(std::move(environment)) {}

    Result<std::vector<std::string>> run() {
        STANCH_TRY(os::TemporaryDirectory place, os::TemporaryDirectory::make());
        place_ = place.path();
        environment_["GIT_INDEX_FILE"] = place_ + "/index";
        STANCH_CHECK(write_states());
        STANCH_CHECK(hash_contents());
        STANCH_CHECK(git_.run(GitCall{{"read-tree", change_.base}, {}, environment_}));
        std::vector<std::string> trees;
        for (const auto& states : states_) {
            STANCH_TRY(std::string tree, write_tree(states));
            trees.push_back(std::move(tree));
        }
        if (trees.empty() || trees.back() != change_.target)
            return fail(ErrorKind::internal, "the last tree is not the one that was to be split",
                        {}, "nothing was changed; please report this");
        return trees;
    }

  private:
    using States =
        std::vector<std::pair<std::uint32_t, FileState>>; // file, its state behind a part

    Result<void> write_states() {
        std::vector<std::vector<std::uint32_t>> applied(change_.files.size());
        for (const Part& part : plan_.parts) {
            std::vector<std::uint32_t> touched;
            for (const std::uint32_t hunk : part.hunks) {
                const std::uint32_t file = change_.hunks[hunk].file;
                if (applied[file].empty() || touched.empty() || touched.back() != file)
                    touched.push_back(file);
                applied[file].push_back(hunk);
            }
            std::ranges::sort(touched);
            touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
            States states;
            for (const std::uint32_t file : touched) {
                std::ranges::sort(applied[file]);
                STANCH_TRY(FileState state, state_of(change_.files[file], applied[file]));
                states.emplace_back(file, std::move(state));
            }
            states_.push_back(std::move(states));
        }
        return {};
    }

    Result<FileState> state_of(const FileChange& file, const std::vector<std::uint32_t>& hunks) {
        if (hunks.size() == file.hunks.size())
            return FileState{file.new_side.mode, file.new_side.id, 0};
        STANCH_CHECK(os::write_file(place_ + "/" + std::to_string(contents_),
                                    content_with(change_, file, hunks)));
        return FileState{
            file.new_side.exists() ? file.new_side.mode : file.old_side.mode, {}, contents_++};
    }

    Result<void> hash_contents() {
        if (contents_ == 0) return {};
        std::string names;
        for (std::size_t i = 0; i < contents_; ++i)
            names += place_ + "/" + std::to_string(i) + "\n";
        STANCH_TRY(const std::string ids,
                   git_.run(GitCall{{"hash-object", "-w", "--no-filters", "--stdin-paths"},
                                    names,
                                    environment_}));
        std::size_t at = 0;
        for (std::size_t i = 0; i < contents_; ++i) {
            const std::size_t end = ids.find('\n', at);
            if (end == std::string::npos)
                return fail(ErrorKind::internal, "git wrote fewer objects than it was given");
            ids_.push_back(ids.substr(at, end - at));
            at = end + 1;
        }
        return {};
    }

    Result<std::string> write_tree(const States& states) {
        std::string info;
        // Removals first: a directory may take a file's name.
        for (const bool removal : {true, false})
            for (const auto& [file, state] : states)
                if ((state.mode == 0) == removal)
                    info += octal(state.mode) + " " + id_of(state) + "\t" +
                            change_.files[file].path + '\0';
        STANCH_CHECK(git_.run(
            GitCall{{"update-index", "-z", "--add", "--remove", "--replace", "--index-info"},
                    info,
                    environment_}));
        STANCH_TRY(std::string tree,
                   git_.run(GitCall{{"write-tree", "--missing-ok"}, {}, environment_}));
        tree.pop_back();
        return tree;
    }

    // All zeros where there is no file.
    [[nodiscard]] std::string id_of(const FileState& state) const {
        if (state.mode == 0) return std::string(change_.target.size(), '0');
        return state.id.empty() ? ids_[state.content] : state.id;
    }

    const Git& git_;
    const Change& change_;
    const Plan& plan_;
    std::map<std::string, std::string> environment_;
    std::string place_;
    std::vector<States> states_; // a part each
    std::vector<std::string> ids_;
    std::size_t contents_ = 0;
};

} // namespace

Result<std::vector<std::string>> part_trees(const Git& git, const Change& change, const Plan& plan,
                                            const std::map<std::string, std::string>& environment) {
    return Trees(git, change, plan, environment).run();
}

} // namespace stanch::commits
