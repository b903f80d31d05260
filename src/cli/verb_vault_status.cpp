#include "cli/say.h"
#include "cli/vault_shared.h"
#include "cli/vault_verbs.h"

#include <array>
#include <ctime>

namespace stanch::cli {
namespace {

constexpr std::array flags{Flag{"--json", 0, "", "as JSON"}};

std::string utc(std::int64_t seconds) {
    const std::time_t time = seconds;
    std::tm parts{};
    static_cast<void>(gmtime_r(&time, &parts));
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

Result<int> run(const Arguments& arguments) {
    STANCH_TRY(vault::Vault vault, open_vault());
    const vault::Account& account = vault.account();
    const bool unlocked = vault.resume().has_value();
    const std::string state = !account.logged_in() ? "logged out"
                              : unlocked           ? "unlocked"
                                                   : "locked";
    std::string synced;
    if (unlocked)
        if (const auto at = vault.last_sync()) synced = utc(*at);
    if (arguments.has("--json")) {
        vault::Json json = vault::Json::object();
        json.set("status", vault::Json::string(state));
        json.set("server", vault::Json::string(account.server));
        json.set("email", vault::Json::string(account.email));
        json.set("userId", vault::Json::string(account.user_id));
        json.set("lastSync", synced.empty() ? vault::Json() : vault::Json::string(synced));
        answer(view(json.dump()));
        answer("\n");
        return exit_clean;
    }
    answer("status     " + state + "\n");
    if (!account.server.empty()) answer("server     " + account.server + "\n");
    if (!account.email.empty()) answer("account    " + account.email + "\n");
    if (!synced.empty()) answer("last sync  " + synced + "\n");
    return exit_clean;
}

} // namespace

const Verb vault_status_verb{
    .name = "vault status",
    .summary = "who is logged in where, and whether the vault is open",
    .usage = "[--json]",
    .text = "Asks no server.",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
