#include "git/hook_manager.h"
#include "git/hook_place.h"
#include "git/hook_script.h"
#include "git/hooks.h"
#include "os/file.h"
#include "os/process.h"

#include <algorithm>
#include <cstdlib>

namespace stanch::git {
namespace {

const std::string install_again = "stanch hook install";

HookState told(HookState state, HookHealth health, std::string why,
               std::string remedy = install_again) {
    state.health = health;
    state.why = std::move(why);
    state.remedy = std::move(remedy);
    return state;
}

// A variable that makes a manager leave its hooks out.
std::string switched_off(const HookPlace& place) {
    const char* variable = place.manager == HookManager::husky ? "HUSKY" : "LEFTHOOK";
    const char* value = std::getenv(variable);
    if (place.manager == HookManager::none || value == nullptr) return {};
    const std::string_view text(value);
    return text == "0" || text == "false" ? std::string(variable) + "=" + value : std::string();
}

HookState managed(const HookPlace& place, HookState state) {
    const std::string off = switched_off(place);
    if (!off.empty())
        return told(state, HookHealth::disabled, off + " in the environment switches all hooks off",
                    "unset it");
    const bool husky = place.manager == HookManager::husky;
    const bool stands =
        husky ? stands_in_husky(place, state.name) : stands_in_lefthook(place, state.name);
    if (!stands)
        return told(state, HookHealth::missing,
                    husky ? "not in husky's file" : "not in lefthook's configuration");
    if (!os::is_executable(state.path))
        return told(state, HookHealth::missing, "the manager has not set up its own hook",
                    husky ? "npx husky" : "lefthook install");
    state.health = HookHealth::working;
    return state;
}

HookState own_script(const HookPlace& place, HookState state) {
    const auto script = os::read_file(state.path);
    if (!script) {
        const auto own = os::read_file(place.own_directory + "/" + state.name);
        const bool hidden = own && hook_script_version(*own) > 0;
        if (hidden && place.directory != place.own_directory)
            return told(state, HookHealth::shadowed,
                        "core.hooksPath points to " + place.directory +
                            ", so Git ignores the installed hook");
        return told(state, HookHealth::missing, "not installed");
    }
    const int version = hook_script_version(*script);
    if (version == 0)
        return told(state, HookHealth::shadowed,
                    "another hook stands in its place, and does not run stanch");
    if (!os::is_executable(state.path))
        return told(state, HookHealth::disabled, "not executable: Git ignores it",
                    "chmod +x " + shell_quoted(state.path));
    if (version < hook_version)
        return told(state, HookHealth::outdated, "written by an earlier stanch");
    const std::string program = hook_script_program(*script);
    if (!program.empty() && !os::is_executable(program))
        return told(state, HookHealth::broken, "the stanch that it names is gone: " + program);
    if (program.empty() && !os::find_program("stanch"))
        return told(state, HookHealth::broken, "stanch is not in PATH", "put stanch into PATH");
    const std::string earlier = state.path + ".before-stanch";
    if (os::exists(earlier) && !os::is_executable(earlier))
        return told(state, HookHealth::disabled,
                    "the earlier hook is not executable, so it is left out",
                    "chmod +x " + shell_quoted(earlier));
    state.health = HookHealth::working;
    return state;
}

} // namespace

Result<std::vector<HookState>> inspect_hooks(const HookOptions& options) {
    STANCH_TRY(const HookPlace place, hook_place(options.start, options.scope));
    const std::vector<std::string> names =
        options.names.empty() ? default_hooks(place.bare) : options.names;
    std::vector<HookState> states;
    for (const std::string& name : names) {
        HookState state;
        state.name = name;
        state.path = place.directory + "/" + name;
        states.push_back(place.manager == HookManager::none ? own_script(place, state)
                                                            : managed(place, state));
    }
    return states;
}

} // namespace stanch::git
