#include "git/config_file.h"
#include "git/ignore.h"
#include "git/repository.h"
#include "os/file.h"

#include <cstdlib>

namespace stanch::git {
namespace {

constexpr int include_depth = 10; // Git's own limit

struct Chosen {
    std::optional<std::string> excludes_file;
    bool fold_case = false;
};

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::string folder_of(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

// "~/x" is below HOME; other relative paths start at `folder`.
std::string expanded(std::string_view path, const std::string& folder) {
    if (path.starts_with("~/")) return variable("HOME") + std::string(path.substr(1));
    if (path.empty() || path[0] == '/') return std::string(path);
    return folder + "/" + std::string(path);
}

std::string user_folder() {
    const std::string set = variable("XDG_CONFIG_HOME");
    return (set.empty() ? variable("HOME") + "/.config" : set) + "/git";
}

bool is_true(const ConfigFile::Setting& setting) {
    return setting.bare || setting.value == "true" || setting.value == "yes" ||
           setting.value == "on" || setting.value == "1";
}

void read_config(const std::string& path, const std::string& work_tree, Chosen& chosen,
                 int depth = 0) {
    if (depth > include_depth || !os::exists(path)) return;
    const auto text = os::read_file(path);
    if (!text) return;
    const auto config = ConfigFile::parse(*text, path);
    if (!config) return;
    for (const ConfigFile::Setting& setting : config->settings()) {
        if (setting.key == "core.excludesfile")
            chosen.excludes_file = expanded(setting.value, work_tree);
        if (setting.key == "core.ignorecase") chosen.fold_case = is_true(setting);
        if (setting.key == "include.path")
            read_config(expanded(setting.value, folder_of(path)), work_tree, chosen, depth + 1);
    }
}

// Later files win, as with Git.
Chosen choose(const Repository& repository) {
    Chosen chosen;
    const std::string& tree = repository.work_tree;
    if (const std::string off = variable("GIT_CONFIG_NOSYSTEM");
        off.empty() || off == "0" || off == "false") {
        const std::string system = variable("GIT_CONFIG_SYSTEM");
        read_config(system.empty() ? "/etc/gitconfig" : system, tree, chosen);
    }
    if (const std::string global = variable("GIT_CONFIG_GLOBAL"); !global.empty()) {
        read_config(global, tree, chosen);
    } else {
        read_config(user_folder() + "/config", tree, chosen);
        read_config(variable("HOME") + "/.gitconfig", tree, chosen);
    }
    read_config(repository.common_dir + "/config", tree, chosen);
    return chosen;
}

std::shared_ptr<const IgnoreFile> list_at(const std::string& path, bool fold_case) {
    if (!os::exists(path)) return nullptr;
    const auto text = os::read_file(path);
    return text ? std::make_shared<const IgnoreFile>(*text, "", fold_case) : nullptr;
}

} // namespace

IgnoreSettings ignore_settings(const Repository& repository) {
    const Chosen chosen = choose(repository);
    const std::string excludes = chosen.excludes_file.value_or(user_folder() + "/ignore");
    IgnoreSettings settings;
    settings.fold_case = chosen.fold_case;
    settings.base = IgnoreStack()
                        .with(list_at(excludes, chosen.fold_case))
                        .with(list_at(repository.common_dir + "/info/exclude", chosen.fold_case));
    return settings;
}

} // namespace stanch::git
