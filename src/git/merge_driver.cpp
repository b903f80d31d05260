#include "git/merge_driver.h"

#include "git/hook_script.h"
#include "os/file.h"

namespace stanch::git {
namespace {

const std::string attribute = ".stanch-baseline merge=stanch\n";

std::string attributes_file(const HookPlace& place) {
    return place.own_directory.substr(0, place.own_directory.rfind('/')) + "/info/attributes";
}

} // namespace

Result<void> install_merge_driver(const HookPlace& place, const HookOptions& options,
                                  HookChanges& changes) {
    const std::string driver = shell_quoted(options.program) + " baseline merge %O %A %B";
    if (git_setting(options.start, "merge.stanch.driver") != driver) {
        STANCH_CHECK(
            set_git_setting(options.start, "--local", "merge.stanch.name", "stanch baseline"));
        STANCH_CHECK(set_git_setting(options.start, "--local", "merge.stanch.driver", driver));
        changes.done.push_back("set up the merge driver of .stanch-baseline");
    }
    const std::string path = attributes_file(place);
    const std::string text = os::read_file(path).value_or("");
    if (text.find(attribute) != std::string::npos) return {};
    STANCH_CHECK(os::make_directories(path.substr(0, path.rfind('/')), 0755));
    const bool open_line = !text.empty() && text.back() != '\n';
    return os::write_file(path, text + (open_line ? "\n" : "") + attribute, 0644);
}

Result<void> uninstall_merge_driver(const HookPlace& place, const HookOptions& options,
                                    HookChanges& changes) {
    if (git_setting(options.start, "merge.stanch.driver").empty()) return {};
    STANCH_CHECK(set_git_setting(options.start, "--local", "merge.stanch.driver", ""));
    STANCH_CHECK(set_git_setting(options.start, "--local", "merge.stanch.name", ""));
    changes.done.push_back("took the merge driver away");
    const std::string path = attributes_file(place);
    std::string text = os::read_file(path).value_or("");
    const std::size_t at = text.find(attribute);
    if (at == std::string::npos) return {};
    text.erase(at, attribute.size());
    return text.empty() ? os::remove_file(path) : os::write_file(path, text, 0644);
}

} // namespace stanch::git
