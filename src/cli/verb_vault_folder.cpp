#include "cli/say.h"
#include "cli/vault_shared.h"
#include "cli/vault_verbs.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array flags{yes_flag, password_fd_flag, password_keyring_flag, timeout_flag};

Result<int> list(vault::Vault& vault) {
    STANCH_TRY(const auto all, vault.folders());
    for (const vault::Folder& folder : all)
        answer(folder.id + "\t" + folder.name + "\n");
    return exit_clean;
}

Result<int> remove(const Arguments& arguments, vault::Vault& vault, const std::string& name) {
    STANCH_TRY(const vault::Folder folder, vault.find_folder(name));
    STANCH_TRY(const bool yes,
               confirmed(arguments, "Delete the folder '" + name + "'? Its items stay."));
    if (!yes) return exit_found;
    STANCH_CHECK(vault.delete_folder(folder));
    tell("Deleted; its items stay.");
    return exit_clean;
}

Result<int> run(const Arguments& arguments) {
    const auto& words = arguments.positional();
    const std::string action = words.empty() ? "list" : words[0];
    if (words.size() > 1 && words.back().empty() && action != "delete")
        return fail(ErrorKind::usage, "a folder needs a name");
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    if (action == "list" && words.size() <= 1) return list(vault);
    STANCH_CHECK(vault.sync());
    if (action == "create" && words.size() == 2) {
        STANCH_TRY(const vault::Folder made, vault.create_folder(words[1]));
        answer(made.id + "\n");
        return exit_clean;
    }
    if (action == "rename" && words.size() == 3) {
        STANCH_TRY(const vault::Folder folder, vault.find_folder(words[1]));
        STANCH_CHECK(vault.rename_folder(folder, words[2]));
        tell("Renamed.");
        return exit_clean;
    }
    if (action == "delete" && words.size() == 2) return remove(arguments, vault, words[1]);
    return fail(ErrorKind::usage,
                "'stanch vault folder' takes: list, create NAME, rename OLD NEW, delete NAME");
}

} // namespace

const Verb vault_folder_verb{
    .name = "vault folder",
    .summary = "your own folders: list, create, rename, delete",
    .usage = "[list | create NAME | rename OLD NEW | delete NAME]",
    .text = "Folders order what you see; they give nobody access (collections do). A '/' in a name "
            "makes a tree.",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
