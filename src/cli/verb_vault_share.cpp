#include "cli/say.h"
#include "cli/vault_shared.h"
#include "cli/vault_verbs.h"

#include "os/file.h"
#include "os/terminal.h"
#include "vault/send.h"

#include <array>
#include <charconv>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{"--to", 0, "PERSON", "whom it is for: shown in your list of Sends only"},
    Flag{"--expires", 0, "TIME", "how long the link works: 1h, 1d (default), at most 31d"},
    Flag{"--max-views", 0, "N", "how often it can be opened (default 1; 0: as often as wanted)"},
    Flag{"--password", 0, "", "protect it by a password as well, which is asked for"},
    Flag{"--send-password-fd", 0, "N", "the same, read from this descriptor"},
    Flag{"--file", 0, "FILE", "share this file instead of an item's value"},
    value_fd_flag,
    password_fd_flag,
    password_keyring_flag,
    timeout_flag,
};

constexpr std::uint64_t largest = std::uint64_t{500} << 20;

Result<std::optional<int>> views(const Arguments& arguments) {
    const std::string text = arguments.value("--max-views").value_or("1");
    int number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || end != text.data() + text.size() || number < 0)
        return fail(ErrorKind::usage, "--max-views takes a number");
    return number == 0 ? std::optional<int>() : std::optional<int>(number);
}

Result<void> take_content(const Arguments& arguments, vault::Vault& vault,
                          vault::SendRequest& request) {
    const auto& words = arguments.positional();
    if (const auto file = arguments.value("--file")) {
        request.file_name = file->substr(file->rfind('/') + 1);
        request.name = words.empty() ? request.file_name : words.front();
        STANCH_TRY(request.content, os::read_secret_file(*file, largest));
        return {};
    }
    if (words.size() != 1)
        return fail(ErrorKind::usage, "say what to share: ITEM[/FIELD], or a title and --value-fd");
    request.name = words.front();
    if (arguments.has("--value-fd")) {
        STANCH_TRY(request.content, secret_input(arguments, "--value-fd", ""));
        return {};
    }
    STANCH_TRY(const Found found, find_field(vault, words.front()));
    STANCH_TRY(request.content, found.item.value(found.field));
    STANCH_TRY(const Secret name, found.item.name());
    request.name = name.reveal();
    return {};
}

Result<int> run(const Arguments& arguments) {
    vault::SendRequest request;
    STANCH_TRY(request.lifetime, parse_duration(arguments.value("--expires").value_or("1d")));
    STANCH_TRY(request.max_views, views(arguments));
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    STANCH_CHECK(take_content(arguments, vault, request));
    if (const auto person = arguments.value("--to")) request.notes = "for " + *person;
    if (arguments.has("--password") || arguments.has("--send-password-fd")) {
        STANCH_TRY(request.password,
                   secret_input(arguments, "--send-password-fd", "Password for the link: "));
    }
    STANCH_TRY(const Secret link, vault::create_send(vault, request));
    answer(link.reveal());
    answer("\n");
    return exit_clean;
}

} // namespace

const Verb vault_share_verb{
    .name = "vault share",
    .summary = "one value by a link that expires, instead of pasting it into a chat",
    .usage = "ITEM[/FIELD] [--to PERSON] [--expires 1d] [--max-views 1] [--password]",
    .text =
        R"(Makes a Bitwarden Send and prints the link, nothing else. The key stands behind the '#', so the server can't
read what it keeps. A value that is in no vault comes from --value-fd, with a title in ITEM's place.)",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
