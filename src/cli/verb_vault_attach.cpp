#include "cli/say.h"
#include "cli/vault_shared.h"
#include "cli/vault_verbs.h"

#include "os/file.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{"--name", 0, "NAME", "the attachment's name, where the file's own is not wanted"},
    password_fd_flag,
    password_keyring_flag,
    timeout_flag,
};

constexpr std::uint64_t largest = std::uint64_t{500} << 20; // the cloud's own limit

Result<int> run(const Arguments& arguments) {
    if (arguments.positional().size() != 2)
        return fail(ErrorKind::usage, "this takes an item and a file");
    const std::string& file = arguments.positional()[1];
    STANCH_TRY(const Secret content, os::read_secret_file(file, largest));
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    STANCH_CHECK(vault.sync());
    STANCH_TRY(const vault::Item item, vault.find({.item = arguments.positional().front()}));
    const std::string name = arguments.value("--name").value_or(file.substr(file.rfind('/') + 1));
    STANCH_CHECK(vault.attach(item, name, content.reveal()));
    tell("Attached.");
    return exit_clean;
}

} // namespace

const Verb vault_attach_verb{
    .name = "vault attach",
    .summary = "a file to an item",
    .usage = "ITEM FILE",
    .text = "The file is encrypted under a key of its own before it leaves. 'stanch vault get ITEM "
            "--attachment NAME' reads it.",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
