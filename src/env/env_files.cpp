#include "env/env_files.h"

#include "env/guard.h"
#include "os/file.h"
#include "os/tree.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace stanch::env {
namespace {

constexpr std::string_view version = "stanch folders 2";

struct Folder {
    std::string path;      // "" for the root
    std::size_t depth = 0; // only counted where the order matters
    std::int64_t changed = 0;
    std::vector<std::string> files; // names of its .env files
};

std::size_t depth_of(const std::string& path) {
    return path.empty() ? 0 : 1 + static_cast<std::size_t>(std::ranges::count(path, '/'));
}

// The list of folders, breadth first, as a file: fields that end with a zero byte.
class Memory {
  public:
    std::size_t turn = 0; // the first folder of the next slice
    std::vector<Folder> folders;

    static Memory read(const std::string& path) {
        Memory memory;
        const auto text = os::read_file(path);
        if (!text) return memory;
        std::string_view rest = *text;
        if (field(rest) != version) return memory;
        if (const auto turn = os::read_file(path + ".turn")) number(*turn, memory.turn);
        while (!rest.empty()) {
            Folder folder;
            folder.path = field(rest);
            number(field(rest), folder.changed);
            std::string_view names = field(rest);
            while (!names.empty()) {
                folder.files.emplace_back(names.substr(0, names.find('/')));
                names.remove_prefix(std::min(names.size(), folder.files.back().size() + 1));
            }
            memory.folders.push_back(std::move(folder));
        }
        return memory;
    }

    void write(const std::string& path) const {
        std::string text(version);
        text += '\0';
        for (const Folder& folder : folders) {
            text += folder.path + '\0' + std::to_string(folder.changed) + '\0';
            for (const std::string& name : folder.files)
                text += name + '/';
            text += '\0';
        }
        [[maybe_unused]] const auto kept = os::write_note(path, text);
    }

    // A file of its own: the list of a large tree need not be written at every commit.
    void write_turn(const std::string& path) const {
        [[maybe_unused]] const auto kept = os::write_note(path + ".turn", std::to_string(turn));
    }

  private:
    static std::string_view field(std::string_view& rest) {
        const std::string_view one = rest.substr(0, rest.find('\0'));
        rest.remove_prefix(std::min(rest.size(), one.size() + 1));
        return one;
    }
    template <class Number>
    static void number(std::string_view text, Number& value) {
        std::from_chars(text.data(), text.data() + text.size(), value);
    }
};

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

// Breadth first. The folders of the list are in this order already: the few that were listed anew
// are merged into it.
bool nearer(const Folder& a, const Folder& b) {
    return a.depth != b.depth ? a.depth < b.depth : a.path < b.path;
}

class Search {
  public:
    Search(const EnvFilesOptions& options, os::Directory root)
        : options_(options), root_(std::move(root)) {
        if (!options.cache.empty()) memory_ = Memory::read(options.cache);
    }

    EnvFiles run() {
        std::vector<std::string> fresh; // to be listed
        if (memory_.folders.empty())
            fresh.emplace_back();
        else
            check(fresh);
        list_all(std::move(fresh));
        if (dirty_ && !options_.cache.empty()) memory_.write(options_.cache);
        if (turned_ && !options_.cache.empty()) memory_.write_turn(options_.cache);
        return {files(), memory_.folders.size() > options_.most};
    }

  private:
    // Which of the folders that are known have changed, or are gone.
    void check(std::vector<std::string>& fresh) {
        const std::size_t size = memory_.folders.size();
        const std::size_t turn = memory_.turn < options_.always ? options_.always : memory_.turn;
        for (std::size_t i = 0; i < size; ++i) {
            Folder& folder = memory_.folders[i];
            const bool due = options_.all || i < options_.always || !folder.files.empty() ||
                             (i >= turn && i < turn + options_.slice);
            if (!due) continue;
            const auto changed = root_.changed(folder.path);
            if (changed && *changed == folder.changed) continue;
            dirty_ = true;
            if (changed) fresh.push_back(folder.path);
            gone_.push_back(folder.path);
        }
        turned_ = size > options_.always;
        memory_.turn = turn + options_.slice < size ? turn + options_.slice : options_.always;
    }

    // Lists folders, and what they hold that is not known.
    void list_all(std::vector<std::string> fresh) {
        if (fresh.empty() && gone_.empty()) return;
        std::unordered_map<std::string_view, bool> known;
        for (const Folder& folder : memory_.folders)
            known.emplace(folder.path, true);
        std::ranges::sort(gone_);
        std::vector<Folder> listed;
        for (std::size_t i = 0; i < fresh.size(); ++i) {
            if (memory_.folders.size() + listed.size() > options_.most) break;
            Folder folder{.path = fresh[i], .depth = depth_of(fresh[i]), .changed = 0, .files = {}};
            const std::vector<std::string> below = list(folder);
            listed.push_back(std::move(folder));
            for (const std::string& path : below)
                if (!known.contains(path)) fresh.push_back(path);
        }
        dirty_ = true;
        std::erase_if(memory_.folders, [this](const Folder& folder) {
            return std::ranges::binary_search(gone_, folder.path);
        });
        for (Folder& folder : memory_.folders)
            folder.depth = depth_of(folder.path);
        std::ranges::sort(listed, nearer);
        const auto middle = static_cast<std::ptrdiff_t>(memory_.folders.size());
        std::ranges::move(listed, std::back_inserter(memory_.folders));
        std::ranges::inplace_merge(memory_.folders, memory_.folders.begin() + middle, nearer);
    }

    // Fills a folder's files, and returns the folders in it.
    std::vector<std::string> list(Folder& folder) {
        std::vector<std::string> below;
        constexpr std::int64_t clock_tick = 50'000'000;
        const auto changed = root_.changed(folder.path);
        // What changed just now may change again within the clock's tick, unseen.
        if (changed && *changed + clock_tick < now()) folder.changed = *changed;
        auto directory = folder.path.empty() ? os::Directory::open(options_.root)
                                             : root_.enter(folder.path, folder.path);
        if (!directory) return below;
        os::Listing listing;
        if (!directory->list(listing, ~std::size_t{0}, folder.path)) return below;
        for (std::size_t i = 0; i < listing.size(); ++i) {
            const std::string name(listing.name(i));
            // Somebody else's: what its .env files hold is not this team's.
            const bool foreign = name == "pyvenv.cfg" || (name == ".git" && !folder.path.empty());
            if (foreign) {
                folder.files.clear();
                return {};
            }
            if (listing.kind(i) == os::NodeKind::directory) {
                if (!is_foreign_folder(name))
                    below.push_back(folder.path.empty() ? name : folder.path + "/" + name);
            } else if (is_env_file(name)) {
                folder.files.push_back(name);
            }
        }
        return below;
    }

    std::vector<std::string> files() const {
        std::vector<std::string> paths;
        for (const Folder& folder : memory_.folders)
            for (const std::string& name : folder.files)
                paths.push_back(folder.path.empty() ? name : folder.path + "/" + name);
        std::ranges::sort(paths);
        return paths;
    }

    const EnvFilesOptions& options_;
    os::Directory root_;
    Memory memory_;
    std::vector<std::string> gone_; // are not there any more, or are listed again
    bool dirty_ = false;
    bool turned_ = false;
};

} // namespace

bool is_foreign_folder(std::string_view name) {
    constexpr std::array<std::string_view, 15> names{
        ".git",        ".hg",         ".svn",          "node_modules", "site-packages",
        ".venv",       "venv",        ".tox",          ".nox",         "__pycache__",
        ".mypy_cache", ".ruff_cache", ".pytest_cache", ".cache",       ".terraform"};
    return std::ranges::find(names, name) != names.end();
}

EnvFiles find_env_files(const EnvFilesOptions& options) {
    auto root = os::Directory::open(options.root);
    if (!root) return {};
    return Search(options, std::move(*root)).run();
}

} // namespace stanch::env
