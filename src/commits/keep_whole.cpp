#include "commits/depends.h"

#include "syntax/syntax.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace stanch::commits {
namespace {

// What a Python file says in one state: whether it parses, what it binds, and what it wants of
// other modules.
struct Module {
    bool exists = false;
    bool parses = true;
    bool open = false; // binds names in a way that can't be read: a star import, __getattr__
    std::set<std::string, std::less<>> names;
    struct Wish {
        std::string module;
        std::string name;
    };
    std::vector<Wish> wishes;
};

Module read_module(const std::string& text) {
    Module module;
    module.exists = true;
    const auto tree = syntax::Tree::python(text);
    if (!tree) return module;
    module.parses = !tree->broken();
    for (const syntax::Definition& definition : syntax::definitions(*tree)) {
        if (definition.name.find('.') == std::string::npos) module.names.insert(definition.name);
        if (definition.name == "__getattr__") module.open = true;
    }
    for (const syntax::Import& import : syntax::imports(*tree)) {
        const std::string& bound = import.alias.empty() ? import.name : import.alias;
        if (import.name == "*") module.open = true;
        module.names.insert(bound.empty() ? import.module.substr(0, import.module.find('.'))
                                          : bound);
        module.wishes.push_back({import.module, import.name});
    }
    return module;
}

// "src/pkg/mod.py" answers to "pkg.mod" and every longer tail; a package's __init__ to the folder's
// name.
std::string dotted(std::string_view path) {
    std::string name(path.substr(0, path.rfind('.')));
    if (name.ends_with("/__init__")) name.resize(name.size() - 9);
    std::ranges::replace(name, '/', '.');
    return name;
}

// "..a" within "x.y.mod" is "x.a".
std::string absolute(const std::string& module, std::string_view path) {
    if (module.empty() || module[0] != '.') return module;
    std::string base = dotted(path);
    const std::size_t dots = std::min(module.find_first_not_of('.'), module.size());
    const std::size_t up = path.ends_with("/__init__.py") ? dots - 1 : dots;
    for (std::size_t i = 0; i < up; ++i) {
        const std::size_t dot = base.rfind('.');
        base = dot == std::string::npos ? std::string() : base.substr(0, dot);
    }
    const std::string rest = module.substr(dots);
    if (base.empty() || rest.empty()) return base + rest;
    return base + "." + rest;
}

bool is_python(const FileChange& file) {
    return language_of(file.path) == Language::python && file.path.ends_with(".py") &&
           !file.binary && !file.submodule;
}

using State = std::map<std::uint32_t, Module>; // by file

class Keeper {
  public:
    Keeper(const Change& change, std::vector<std::uint32_t>& group, std::size_t& groups)
        : change_(change), group_(group), groups_(groups) {
        for (std::uint32_t i = 0; i < change.files.size(); ++i)
            if (is_python(change.files[i])) python_.push_back(i);
        before_ = state_at(0);
        after_ = state_at(groups_);
    }

    void run() {
        // Every round moves a hunk or joins two parts; a part joined is gone for good.
        for (std::size_t round = 0; round < 2 * change_.hunks.size() + groups_; ++round) {
            const std::optional<Fault> fault = first_fault();
            if (!fault) return;
            mend(*fault);
            close_gaps();
        }
        join_all();
    }

  private:
    struct Fault {
        std::size_t state = 0; // behind part `state - 1`
        std::uint32_t file = 0;
    };

    std::vector<std::uint32_t> applied(std::uint32_t file, std::size_t parts) const {
        std::vector<std::uint32_t> out;
        for (const std::uint32_t hunk : change_.files[file].hunks)
            if (group_[hunk] < parts) out.push_back(hunk);
        return out;
    }

    const Module& module_at(std::uint32_t file, std::size_t parts) {
        const FileChange& change = change_.files[file];
        const std::vector<std::uint32_t> hunks = applied(file, parts);
        const auto key = std::make_pair(file, hunks);
        if (const auto at = read_.find(key); at != read_.end()) return at->second;
        const bool none = hunks.empty()
                              ? !change.old_side.exists()
                              : hunks.size() == change.hunks.size() && !change.new_side.exists();
        Module module;
        if (!none) module = read_module(content_with(change_, change, hunks));
        return read_.emplace(key, std::move(module)).first->second;
    }

    State state_at(std::size_t parts) {
        State state;
        for (const std::uint32_t file : python_)
            state.emplace(file, module_at(file, parts));
        return state;
    }

    // The changed file that a module name means, if any; nullopt: a module that this change doesn't
    // touch.
    std::optional<std::uint32_t> find_file(const std::string& module) const {
        if (module.empty()) return std::nullopt;
        for (const std::uint32_t file : python_) {
            const std::string name = dotted(change_.files[file].path);
            if (name == module || name.ends_with("." + module)) return file;
        }
        return std::nullopt;
    }

    bool resolves(const State& state, const Module::Wish& wish, std::uint32_t from) const {
        const std::string module = absolute(wish.module, change_.files[from].path);
        const auto file = find_file(module);
        if (!file) return true;
        const Module& found = state.at(*file);
        if (!found.exists) return false;
        if (wish.name.empty() || wish.name == "*" || found.open || found.names.contains(wish.name))
            return true;
        // A submodule, changed or not, answers to the name of a package.
        return change_.files[*file].path.ends_with("__init__.py");
    }

    // Whether a file is as sound in this state as it is at both ends.
    bool sound(const State& state, std::uint32_t file) const {
        const Module& module = state.at(file);
        const Module& old_end = before_.at(file);
        const Module& new_end = after_.at(file);
        if (!module.exists) return true;
        if (!module.parses && old_end.parses && new_end.parses) return false;
        for (const std::string& name : old_end.names)
            if (new_end.names.contains(name) && !module.names.contains(name)) return false;
        if (!new_end.parses || !old_end.parses) return true;
        return std::ranges::all_of(module.wishes, [&](const Module::Wish& wish) {
            if (resolves(state, wish, file)) return true;
            const auto has = [&](const Module& end) {
                return std::ranges::any_of(end.wishes, [&](const Module::Wish& other) {
                    return other.module == wish.module && other.name == wish.name;
                });
            };
            // What resolves at neither end is not ours to mend.
            return !(has(new_end) ? resolves(after_, wish, file) : resolves(before_, wish, file));
        });
    }

    std::optional<Fault> first_fault() {
        for (std::size_t parts = 1; parts < groups_; ++parts) {
            const State state = state_at(parts);
            for (const std::uint32_t file : python_)
                if (!sound(state, file)) return Fault{parts, file};
        }
        return std::nullopt;
    }

    bool sound_with(std::size_t parts, std::uint32_t file) { return sound(state_at(parts), file); }

    // A part is never emptied by a move.
    [[nodiscard]] bool alone(std::uint32_t hunk) const {
        return std::ranges::count(group_, group_[hunk]) == 1;
    }

    bool try_move(std::uint32_t hunk, std::uint32_t to, const Fault& fault) {
        const std::uint32_t from = group_[hunk];
        if (from == to || alone(hunk) || moved_.contains({hunk, to})) return false;
        group_[hunk] = to;
        if (sound_with(fault.state, fault.file)) {
            moved_.insert({hunk, from});
            return true;
        }
        group_[hunk] = from;
        return false;
    }

    void mend(const Fault& fault) {
        const auto last = static_cast<std::uint32_t>(fault.state - 1);
        // A later hunk is wanted already: of the file itself, or of a module that it imports.
        for (std::uint32_t hunk = 0; hunk < group_.size(); ++hunk)
            if (group_[hunk] > last && related(hunk, fault.file) && try_move(hunk, last, fault))
                return;
        // Or one of this part's came too early.
        for (const std::uint32_t hunk : change_.files[fault.file].hunks)
            if (group_[hunk] == last &&
                try_move(hunk, static_cast<std::uint32_t>(fault.state), fault))
                return;
        join(last, next_with(fault));
    }

    [[nodiscard]] bool related(std::uint32_t hunk, std::uint32_t file) const {
        const std::uint32_t own = change_.hunks[hunk].file;
        if (own == file) return true;
        if (!is_python(change_.files[own])) return false;
        const Module& wants = after_.at(file);
        return std::ranges::any_of(wants.wishes, [&](const Module::Wish& wish) {
            return find_file(absolute(wish.module, change_.files[file].path)) == own;
        });
    }

    std::uint32_t next_with(const Fault& fault) const {
        std::uint32_t next = UINT32_MAX;
        for (std::uint32_t hunk = 0; hunk < group_.size(); ++hunk)
            if (group_[hunk] >= fault.state && related(hunk, fault.file))
                next = std::min(next, group_[hunk]);
        return next == UINT32_MAX ? static_cast<std::uint32_t>(fault.state) : next;
    }

    void join(std::uint32_t into, std::uint32_t from) {
        for (std::uint32_t& group : group_)
            if (group == from) group = into;
    }

    void join_all() {
        for (std::uint32_t& group : group_)
            group = 0;
        groups_ = group_.empty() ? 0 : 1;
    }

    void close_gaps() {
        const std::set<std::uint32_t> used(group_.begin(), group_.end());
        for (std::uint32_t& group : group_)
            group = static_cast<std::uint32_t>(std::distance(used.begin(), used.find(group)));
        groups_ = used.size();
    }

    const Change& change_;
    std::vector<std::uint32_t>& group_;
    std::size_t& groups_;
    std::vector<std::uint32_t> python_;
    State before_;
    State after_;
    std::map<std::pair<std::uint32_t, std::vector<std::uint32_t>>, Module> read_;
    std::set<std::pair<std::uint32_t, std::uint32_t>> moved_;
};

} // namespace

void keep_whole(const Change& change, const Facts&, std::vector<std::uint32_t>& group,
                std::size_t& groups) {
    if (groups > 1) Keeper(change, group, groups).run();
}

} // namespace stanch::commits
