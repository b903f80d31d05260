#include "cli/say.h"
#include "cli/vault_shared.h"
#include "cli/vault_verbs.h"

#include "os/file.h"
#include "vault/send.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{"--output", 'o', "FILE", "write to this file (0600) instead of standard output"},
    Flag{"--link-fd", 0, "N", "read the link from this descriptor"},
    Flag{"--send-password-fd", 0, "N", "read the link's password from this descriptor"},
    Flag{"--ca-file", 0, "FILE", "trust this CA too (PEM)"},
};

Result<Secret> link_of(const Arguments& arguments) {
    if (const auto fd = arguments.value("--link-fd")) return read_descriptor(*fd);
    STANCH_TRY(const std::string* link, only_argument(arguments, "the link (or --link-fd)"));
    return Secret(*link);
}

Result<int> run(const Arguments& arguments) {
    STANCH_TRY(const Secret link, link_of(arguments));
    std::string ca = arguments.value("--ca-file").value_or("");
    if (ca.empty())
        if (const auto vault = open_vault()) ca = vault->account().ca_file;
    STANCH_TRY(const vault::ReceivedSend received, vault::receive_send(link, ca, [&] {
                   return secret_input(arguments, "--send-password-fd", "The link's password: ");
               }));
    if (const auto path = arguments.value("--output")) {
        STANCH_CHECK(os::write_file(*path, received.content.reveal()));
        return exit_clean;
    }
    answer(received.content.reveal());
    if (received.file_name.empty()) answer("\n");
    return exit_clean;
}

} // namespace

const Verb vault_receive_verb{
    .name = "vault receive",
    .summary = "what somebody shared by a link",
    .usage = "LINK",
    .text =
        R"(Needs no account and no unlocked vault. A link in an argument list is seen by other processes of this machine
while the command runs; for one that can be opened more than once use --link-fd.)",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
