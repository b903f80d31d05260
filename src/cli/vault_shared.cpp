#include "cli/vault_shared.h"

#include "cli/say.h"

#include "os/file.h"
#include "os/keyring.h"
#include "os/terminal.h"
#include "vault/reference.h"

#include <charconv>
#include <cstdlib>

namespace stanch::cli {
namespace {

constexpr std::chrono::seconds default_timeout{8 * 3600};

Result<std::chrono::seconds> timeout(const Arguments& arguments) {
    const auto text = arguments.value("--timeout");
    return text ? parse_duration(*text) : Result<std::chrono::seconds>(default_timeout);
}

} // namespace

Result<Secret> read_descriptor(const std::string& number) {
    int fd = -1;
    const auto [end, failed] = std::from_chars(number.data(), number.data() + number.size(), fd);
    if (failed != std::errc() || end != number.data() + number.size() || fd < 0)
        return fail(ErrorKind::usage, "'" + number + "' is not the number of a file descriptor");
    auto read = os::read_all(fd, std::uint64_t{16} << 20);
    if (!read && read.error().kind == ErrorKind::unavailable)
        return fail(ErrorKind::usage, "file descriptor " + number + " cannot be read", {},
                    "open it in the shell: " + number + "<FILE");
    if (!read) return std::unexpected(std::move(read).error());
    std::string text = std::move(*read);
    std::string_view value = text;
    if (value.ends_with('\n')) value.remove_suffix(1);
    Secret secret(value);
    wipe(text);
    return secret;
}

Result<Secret> secret_input(const Arguments& arguments, std::string_view flag,
                            const std::string& question) {
    if (const auto fd = arguments.value(flag)) return read_descriptor(*fd);
    auto answer = os::ask_terminal(question, false);
    if (!answer && answer.error().kind == ErrorKind::unavailable)
        answer.error().hint = "give it on a file descriptor: " + std::string(flag) + " N";
    return answer;
}

Result<Secret> master_password(const Arguments& arguments, const std::string& question) {
    if (const auto name = arguments.value("--password-keyring")) return os::keyring_load(*name);
    return secret_input(arguments, "--password-fd", question);
}

Result<std::chrono::seconds> parse_duration(std::string_view text) {
    long number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    const std::map<std::string_view, long> units{
        {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"w", 604800}};
    const auto at = units.find(unit);
    if (failed != std::errc() || at == units.end() || number <= 0 || number > 100'000)
        return fail(ErrorKind::usage, "'" + std::string(text) + "' is not a time", {},
                    "write 15m, 8h or 7d");
    return std::chrono::seconds(number * at->second);
}

Result<vault::Vault> open_vault() {
    STANCH_TRY(vault::Place place, vault::Place::standard());
    const char* session = std::getenv("STANCH_VAULT_SESSION");
    return vault::Vault::open(std::move(place), {.session = session != nullptr ? session : ""});
}

Result<vault::Vault> open_unlocked(const Arguments& arguments) {
    STANCH_TRY(vault::Vault vault, open_vault());
    const auto resumed = vault.resume();
    if (resumed) return vault;
    if (!vault.account().logged_in()) return std::unexpected(resumed.error());
    const auto password = master_password(arguments);
    if (!password)
        return std::unexpected(password.error().kind == ErrorKind::unavailable ? resumed.error()
                                                                               : password.error());
    STANCH_CHECK(vault.unlock(*password));
    STANCH_TRY(const std::chrono::seconds lifetime, timeout(arguments));
    // Without a keyring this run alone is unlocked; 'unlock' says so.
    [[maybe_unused]] const auto kept = vault.keep(lifetime);
    return vault;
}

namespace {

// "no item 'a/b' and no 'b' in 'a'": everything that the words may have meant.
std::string missing(const std::vector<vault::Reference>& readings) {
    std::string text;
    for (const vault::Reference& r : readings)
        text += (text.empty() ? "no item '" : " and no '") + r.item + "'" +
                (r.collection.empty() ? "" : " in '" + r.collection + "'");
    return text;
}

} // namespace

Result<Found> find_field(vault::Vault& vault, const std::string& words,
                         const std::string& collection) {
    STANCH_TRY(const auto readings, vault::readings(words));
    for (const vault::Reference& reading : readings) {
        const std::string place = reading.collection.empty() ? collection : reading.collection;
        auto item = vault.find({.item = reading.item, .collection = place, .exact = true});
        if (item) return Found{std::move(*item), reading.field};
        if (item.error().kind != ErrorKind::not_found) return std::unexpected(item.error());
    }
    const vault::Reference& first = readings.front();
    const std::string place = first.collection.empty() ? collection : first.collection;
    auto item = vault.find({.item = first.item, .collection = place});
    if (!item && item.error().kind == ErrorKind::not_found && readings.size() > 1)
        item.error().what = "the vault has " + missing(readings);
    if (!item) return std::unexpected(std::move(item).error());
    return Found{std::move(*item), first.field};
}

Result<bool> confirmed(const Arguments& arguments, const std::string& question) {
    if (arguments.has("--yes")) return true;
    auto answer = os::ask_terminal(question + " [y/N] ", true);
    if (!answer)
        return fail(ErrorKind::usage, "this asks first, and there is no terminal to ask on", {},
                    "say --yes");
    return answer->reveal() == "y" || answer->reveal() == "Y" || answer->reveal() == "yes";
}

Result<void> check_address(const std::string& email) {
    if (email.find('@') != std::string::npos) return {};
    return fail(ErrorKind::usage, "'" + email + "' is not an e-mail address");
}

Result<const std::string*> only_argument(const Arguments& arguments, std::string_view what) {
    if (arguments.positional().size() == 1) return &arguments.positional().front();
    return fail(ErrorKind::usage, "this takes one argument: " + std::string(what));
}

} // namespace stanch::cli
