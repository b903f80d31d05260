#include "cli/say.h"
#include "cli/vault_plan.h"
#include "cli/vault_verbs.h"

#include "env/write.h"
#include "os/file.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{"--write", 'w', "FILE",
         "set the variables in this .env file (0600); its other lines stay"},
    Flag{"--to", 0, "COLLECTION", "where names are that stanch.toml gives no place"},
    env_file_flag,
    config_flag,
    password_fd_flag,
    password_keyring_flag,
    timeout_flag,
};

Result<Secret> with_all(Secret text, const std::vector<Planned>& all) {
    for (const Planned& planned : all) {
        if (!planned.there) continue;
        STANCH_TRY(env::Written written, env::set_variable(text.reveal(), planned.name,
                                                           *planned.there, env::all_dialects));
        if (!written.misread.empty())
            tell("stanch: " + planned.name +
                 ": not every program reads such a value from a .env file alike; 'stanch run' "
                 "needs no file");
        text = std::move(written.text);
    }
    return text;
}

Result<int> run(const Arguments& arguments) {
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    STANCH_CHECK(vault.sync());
    STANCH_TRY(const auto all, plan(vault, arguments, arguments.positional(),
                                    arguments.value("--to").value_or("")));
    std::size_t missing = 0;
    for (const Planned& planned : all) {
        missing += planned.there ? 0 : 1;
        answer(std::string(planned.there ? "found" : "missing") + "\t" + planned.name + "\t" +
               planned.reference() + "\n");
    }
    if (const auto path = arguments.value("--write")) {
        Secret text;
        if (os::exists(*path)) {
            STANCH_TRY(text, os::read_secret_file(*path));
        }
        STANCH_TRY(const Secret whole, with_all(std::move(text), all));
        STANCH_CHECK(os::write_file(*path, whole.reveal(), 0600));
        tell("Wrote " + *path +
             " (0600). 'stanch run -- CMD' gives the values to a program without a file.");
    } else {
        tell(
            "'stanch run -- CMD' starts a program with these; --write FILE puts them into a file.");
    }
    if (missing == 0) return exit_clean;
    tell("stanch: the vault lacks " + std::to_string(missing) + " of them");
    return exit_incomplete;
}

} // namespace

const Verb vault_pull_verb{
    .name = "vault pull",
    .summary = "declared values out of the vault: to 'stanch run', or into a .env file on request",
    .usage = "[NAME…] [--write FILE]",
    .text =
        R"(Fetches what is new and shows which declared credentials the vault has, without values. The way to use them is
'stanch run -- CMD', which hands them to one program and leaves nothing on disk. A program that insists on a file gets
one by --write (mode 0600).)",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
