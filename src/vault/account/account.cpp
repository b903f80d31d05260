#include "vault/account/account.h"

#include "os/file.h"
#include "text/encoding.h"

namespace stanch::vault {
namespace {

std::uint32_t count(const Json& json) {
    const auto value = json.integer().value_or(0);
    return value < 0 || value > 0xffffffff ? 0 : static_cast<std::uint32_t>(value);
}

Json to_json(const Account& a) {
    Json json = Json::object();
    json.set("version", Json::number(1));
    json.set("deviceId", Json::string(a.device_id));
    json.set("server", Json::string(a.server));
    json.set("caFile", Json::string(a.ca_file));
    json.set("email", Json::string(a.email));
    json.set("remember", Json::string(a.remember));
    json.set("userId", Json::string(a.user_id));
    json.set("salt", Json::string(a.salt));
    json.set("kdf", kdf_to_json(a.kdf));
    json.set("wrappedKey", Json::string(a.wrapped_key));
    json.set("privateKey", Json::string(a.private_key));
    json.set("tokens", Json::string(a.tokens));
    json.set("itemKeys", Json::boolean(a.item_keys));
    json.set("stamp", Json::string(a.stamp));
    return json;
}

Result<Account> from_json(const Json& json) {
    Account a;
    a.device_id = json["deviceId"].text();
    a.server = json["server"].text();
    a.ca_file = json["caFile"].text();
    a.email = json["email"].text();
    a.remember = json["remember"].text();
    a.user_id = json["userId"].text();
    a.salt = json["salt"].text();
    STANCH_TRY(const auto kdf, kdf_from_json(json["kdf"]));
    if (kdf) a.kdf = *kdf;
    a.wrapped_key = json["wrappedKey"].text();
    a.private_key = json["privateKey"].text();
    a.tokens = json["tokens"].text();
    a.item_keys = json["itemKeys"].truth();
    a.stamp = json["stamp"].text();
    return a;
}

} // namespace

Result<Place> Place::standard() {
    STANCH_TRY(const std::string data, os::data_directory());
    STANCH_TRY(const std::string cache, os::cache_directory());
    return Place{data + "/vault", cache + "/vault"};
}

std::string Account::keyring_name() const {
    return "stanch:vault:" + text::hex_encode(sha256(server + "\n" + user_id).substr(0, 16));
}

Result<Account> Account::load(const Place& place) {
    if (!os::exists(place.account_file())) {
        Account fresh;
        fresh.device_id = random_uuid();
        return fresh;
    }
    STANCH_TRY(const std::string text, os::read_file(place.account_file(), std::uint64_t{1} << 20));
    auto json = Json::parse(text, "the file");
    auto account = json ? from_json(*json) : std::unexpected(json.error());
    if (!account || account->device_id.empty())
        return fail(ErrorKind::invalid, "the account's file is damaged", place.account_file(),
                    "remove it, then run 'stanch vault login'");
    return account;
}

Result<void> Account::save(const Place& place) const {
    STANCH_CHECK(os::make_directories(place.data));
    return os::write_file(place.account_file(), view(to_json(*this).dump()));
}

void Account::forget() {
    Account kept;
    kept.device_id = std::move(device_id);
    kept.server = std::move(server);
    kept.ca_file = std::move(ca_file);
    kept.email = std::move(email);
    kept.remember = std::move(remember);
    *this = std::move(kept);
}

Json kdf_to_json(const Kdf& kdf) {
    Json json = Json::object();
    json.set("kdfType", Json::number(static_cast<int>(kdf.type)));
    json.set("iterations", Json::number(kdf.iterations));
    json.set("memory", Json::number(kdf.memory));
    json.set("parallelism", Json::number(kdf.parallelism));
    return json;
}

Result<std::optional<Kdf>> kdf_from_json(const Json& json) {
    const bool nested = !json["kdfType"].is_null();
    const Json& type = nested ? json["kdfType"] : json["kdf"];
    if (type.is_null()) return std::nullopt;
    if (type.integer() != 0 && type.integer() != 1)
        return fail(ErrorKind::invalid,
                    "the server names a key derivation that stanch does not know");
    Kdf kdf;
    kdf.type = type.integer() == 1 ? Kdf::Type::argon2id : Kdf::Type::pbkdf2;
    kdf.iterations = count(json[nested ? "iterations" : "kdfIterations"]);
    kdf.memory = count(json[nested ? "memory" : "kdfMemory"]);
    kdf.parallelism = count(json[nested ? "parallelism" : "kdfParallelism"]);
    return kdf;
}

} // namespace stanch::vault
