#include "cli/say.h"
#include "cli/vault_shared.h"
#include "cli/vault_verbs.h"
#include "cli/vault_watch.h"

#include "os/terminal.h"

#include <array>
#include <cstdlib>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{"--server", 's', "URL", "us (default), eu, or the https:// address of your own server"},
    Flag{"--ca-file", 0, "FILE", "trust this CA too (PEM)"},
    Flag{"--method", 0, "METHOD", "second factor: authenticator, email or yubikey"},
    Flag{"--code-fd", 0, "N", "read the one-time code from this file descriptor"},
    Flag{"--remember", 0, "", "ask for no second factor on this device again"},
    Flag{"--api-key", 0, "",
         "use a personal API key: BW_CLIENTID and BW_CLIENTSECRET, or asked for"},
    password_fd_flag,
    password_keyring_flag,
    timeout_flag,
};

Result<std::optional<vault::SecondFactor>> method(const Arguments& arguments) {
    const auto name = arguments.value("--method");
    if (!name) return std::nullopt;
    if (*name == "authenticator") return vault::SecondFactor::authenticator;
    if (*name == "email") return vault::SecondFactor::email;
    if (*name == "yubikey") return vault::SecondFactor::yubikey;
    return fail(ErrorKind::usage, "there is no second factor '" + *name + "'", {},
                "authenticator, email or yubikey");
}

Result<Secret> from_environment(const char* variable, const std::string& question) {
    if (const char* set = std::getenv(variable); set != nullptr && *set != '\0') return Secret(set);
    auto answer = os::ask_terminal(question, false);
    if (!answer && answer.error().kind == ErrorKind::unavailable)
        answer.error().hint = "set BW_CLIENTID and BW_CLIENTSECRET";
    return answer;
}

Result<vault::LoginRequest> request_of(const Arguments& arguments) {
    vault::LoginRequest request;
    if (arguments.positional().size() != 1)
        return fail(ErrorKind::usage, "say whose vault it is: stanch vault login EMAIL");
    request.email = arguments.positional().front();
    STANCH_CHECK(check_address(request.email));
    request.remember = arguments.has("--remember");
    STANCH_TRY(request.method, method(arguments));
    if (arguments.has("--api-key")) {
        STANCH_TRY(const Secret id, from_environment("BW_CLIENTID", "client_id: "));
        request.client_id = id.reveal();
        STANCH_TRY(request.client_secret, from_environment("BW_CLIENTSECRET", "client_secret: "));
    }
    STANCH_TRY(request.password, master_password(arguments));
    return request;
}

Result<int> run(const Arguments& arguments) {
    STANCH_TRY(vault::Vault vault, open_vault());
    STANCH_TRY(const vault::LoginRequest request, request_of(arguments));
    const vault::Prompts prompts{
        .code =
            [&](const std::string& question) {
                return secret_input(arguments, "--code-fd", question);
            },
        .tell = [](const std::string& line) { tell(line); },
    };
    const auto given = arguments.value("--server");
    const std::string known = vault.account().server.empty() ? "us" : vault.account().server;
    const auto ca = arguments.value("--ca-file");
    STANCH_CHECK(vault.login(given.value_or(known),
                             ca.value_or(given ? "" : vault.account().ca_file), request, prompts));
    STANCH_TRY(const auto lifetime, parse_duration(arguments.value("--timeout").value_or("8h")));
    const auto kept = vault.keep(lifetime);
    STANCH_TRY(const bool fetched, vault.sync(true));
    if (!kept) {
        tell("Logged in, but locked: " + kept.error().what + ".");
        tell("  " + kept.error().hint);
        return exit_clean;
    }
    STANCH_CHECK(keep_vault_watch(vault, lifetime));
    tell(fetched ? "Logged in and unlocked." : "Logged in.");
    return exit_clean;
}

} // namespace

const Verb vault_login_verb{
    .name = "vault login",
    .summary = "sign in to a Bitwarden or Vaultwarden server",
    .usage = "EMAIL [--server URL]",
    .text =
        R"(The master password is asked for on the terminal without echo, or comes from --password-fd or
--password-keyring; it is never an argument and never stored. Second factors: authenticator app, e-mail, YubiKey.
A personal API key (--api-key) skips the second factor; the password is still needed, since it opens the vault.

Only https is used (http for this machine itself). An answer that asks for a weak key derivation is refused before
anything is sent. After the login the vault is unlocked as by 'stanch vault unlock'.)",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
