// Modes, owners, links; what a web server would hand out; examples that hold real values.
#include "env/guard_parts.h"

#include "env/dotenv.h"
#include "env/sensitive.h"
#include "os/file.h"
#include "os/file_status.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <set>

namespace stanch::env {
namespace {

void add(GuardReport& report, GuardRule rule, const std::string& path, std::string message,
         std::string remedy, bool fixable = false) {
    report.faults.push_back(
        {rule, path, std::move(message), std::move(remedy), fixable, false, {}});
}

std::string octal(unsigned mode) {
    std::array<char, 16> text{};
    (void)std::snprintf(text.data(), text.size(), "%04o", mode);
    return text.data();
}

bool is_public_folder(std::string_view name) {
    constexpr std::array<std::string_view, 9> names{"public", "public_html", "htdocs",
                                                    "www",    "wwwroot",     "webroot",
                                                    "static", "html",        "httpdocs"};
    return std::ranges::find(names, lower_case(name)) != names.end();
}

bool has_public_part(const std::string& folder, std::string& part) {
    for (std::size_t at = 0; at < folder.size();) {
        const std::size_t end = std::min(folder.find('/', at), folder.size());
        part = folder.substr(at, end - at);
        if (is_public_folder(part)) return true;
        at = end + 1;
    }
    return false;
}

// A page beside a project's own files is the source of a build, not what is served.
bool is_served(const GuardFiles& files, const std::string& page) {
    if (page.ends_with(".php")) return true;
    return std::ranges::none_of(
        std::array{"package.json", "pyproject.toml", "manage.py", "setup.py"},
        [&](const char* name) {
            return os::exists(joined_path(files.root, joined_path(folder_of(page), name)));
        });
}

// Paths behind `root`, `alias` (nginx, Caddy) and DocumentRoot (Apache).
std::vector<std::string> served_folders(std::string_view text) {
    std::vector<std::string> folders;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string line(text.substr(at, end - at));
        at = end + 1;
        line.erase(0, line.find_first_not_of(" \t"));
        const std::string lower = lower_case(line);
        for (const std::string_view word : {"root * ", "root ", "alias ", "documentroot "}) {
            if (!lower.starts_with(word)) continue;
            std::string folder = line.substr(word.size());
            if (folder.starts_with('*')) continue;
            folder.erase(0, folder.find_first_not_of(" \t\"'"));
            folder.erase(std::min(folder.find_first_of(" \t\"';"), folder.size()));
            while (folder.ends_with('/'))
                folder.pop_back();
            if (!folder.empty()) folders.push_back(folder);
        }
    }
    return folders;
}

// A server's folder as a path of this tree: absolute below the root, relative to it, or "." and
// "./x".
bool names_folder(const std::string& served, const GuardFiles& files, const std::string& folder) {
    std::string path = served;
    if (path.starts_with(files.root + "/")) path = path.substr(files.root.size() + 1);
    if (path == files.root || path == ".") path.clear();
    while (path.starts_with("./"))
        path.erase(0, 2);
    return path.empty() || folder == path || folder.starts_with(path + "/");
}

// The values of the real files, to see whether one stands in an example.
class RealValues {
  public:
    explicit RealValues(const GuardFiles& files) {
        for (const std::string& path : files.env) {
            const auto text =
                os::read_secret_file(joined_path(files.root, path), std::uint64_t{1} << 22);
            if (!text) continue;
            for (Variable& variable :
                 variables(parse(text->reveal(), Dialect::python), Dialect::python))
                if (is_sensitive(variable.name, variable.value.reveal()))
                    values_.push_back(std::move(variable.value));
        }
    }
    [[nodiscard]] bool has(const Secret& value) const {
        constexpr std::size_t shortest = 6;
        return value.size() >= shortest &&
               std::ranges::any_of(values_, [&](const Secret& real) { return real.equals(value); });
    }

  private:
    std::vector<Secret> values_;
};

bool looks_real(std::string_view name, std::string_view value) {
    const std::string_view password = password_in_url(value);
    if (!password.empty()) {
        const bool digit =
            std::ranges::any_of(password, [](unsigned char c) { return std::isdigit(c) != 0; });
        return password.size() >= 8 && digit && !is_placeholder(password);
    }
    if (is_placeholder(value)) return false;
    if (looks_secret(value)) return true;
    const auto kind = [value](int (*is)(int)) {
        return std::ranges::any_of(value, [is](unsigned char c) { return is(c) != 0; });
    };
    return names_a_secret(name) && value.size() >= 10 && kind(std::isdigit) && kind(std::isalpha);
}

} // namespace

void check_files(const GuardFiles& files, GuardReport& report) {
    for (const std::string& path : files.env) {
        const auto status = os::file_status(joined_path(files.root, path));
        if (!status) continue;
        if (status->symlink) {
            add(report, GuardRule::symlink, path,
                "is a symbolic link: what it points to is not guarded, and Git would store the "
                "link",
                "replace it by a file of mode 0600, or keep the target where only its owner can "
                "read it");
            continue;
        }
        if (!status->regular) continue;
        if ((status->mode & 077U) != 0)
            add(report, GuardRule::mode, path,
                "has mode " + octal(status->mode) + ": others than its owner can use it",
                "chmod 600", true);
        else if ((status->mode & ~0600U) != 0)
            add(report, GuardRule::mode, path,
                "has mode " + octal(status->mode) + ": it is read, never run", "chmod 600", true);
        if (!os::is_ours(*status))
            add(report, GuardRule::owner, path,
                "belongs to another user (uid " + std::to_string(status->owner) + ")",
                "chown it to the user who runs the program");
    }
}

void check_web(const GuardFiles& files, GuardReport& report) {
    std::vector<std::pair<std::string, std::string>> served; // folder, by which file
    for (const std::string& path : files.server_files)
        if (const auto text = os::read_file(joined_path(files.root, path), std::uint64_t{1} << 22))
            for (const std::string& folder : served_folders(*text))
                served.emplace_back(folder, path);
    for (const std::string& path : files.env) {
        const std::string folder = folder_of(path);
        std::string reason;
        std::string part;
        if (has_public_part(folder, part))
            reason = "lies in " + part + "/, which web servers hand out";
        for (const std::string& page : files.index_pages)
            if (reason.empty() && folder_of(page) == folder && is_served(files, page))
                reason = "lies beside " + name_of(page) + ": that folder is a web root";
        for (const auto& [root, file] : served)
            if (reason.empty() && names_folder(root, files, folder))
                reason = "lies below a folder that " + file + " serves";
        if (!reason.empty())
            add(report, GuardRule::web_root, path, reason,
                "move it above the web root, and rotate what it holds");
    }
}

void check_examples(const GuardFiles& files, GuardReport& report) {
    if (files.examples.empty()) return;
    const RealValues real(files);
    for (const std::string& path : files.examples) {
        if (lower_case(path).find(".vault") != std::string::npos ||
            lower_case(path).find(".enc") != std::string::npos)
            continue;
        const auto text =
            os::read_secret_file(joined_path(files.root, path), std::uint64_t{1} << 22);
        if (!text) continue;
        for (const Entry& entry : parse(text->reveal(), Dialect::python).entries) {
            if (!entry.key || !entry.value || entry.value->empty()) continue;
            const bool same = real.has(*entry.value);
            if (!same && !looks_real(*entry.key, entry.value->reveal())) continue;
            add(report, GuardRule::example_value, path + ":" + std::to_string(entry.key_line),
                same ? "holds the value that a .env file has"
                     : "holds what looks like a real value",
                "empty it ('stanch env example' writes one without values), and rotate it if this "
                "was ever pushed");
            report.faults.back().rotate = true;
        }
    }
}

} // namespace stanch::env
