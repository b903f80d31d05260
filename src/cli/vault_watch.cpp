#include "cli/vault_watch.h"

#include "os/file.h"
#include "os/keyring.h"
#include "text/sensitive.h"

#include <sodium.h>

namespace stanch::cli {
namespace {

const std::string key_name = "stanch:vault-watch";

Result<std::string> watch_file() {
    STANCH_TRY(const std::string folder, os::cache_directory());
    return folder + "/vault-watch";
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string sealed(const Secret& content, const Secret& key) {
    std::string out(crypto_secretbox_xchacha20poly1305_NONCEBYTES +
                        crypto_secretbox_xchacha20poly1305_MACBYTES + content.size(),
                    '\0');
    auto* at = reinterpret_cast<unsigned char*>(out.data());
    randombytes_buf(at, crypto_secretbox_xchacha20poly1305_NONCEBYTES);
    crypto_secretbox_xchacha20poly1305_easy(at + crypto_secretbox_xchacha20poly1305_NONCEBYTES,
                                            bytes_of(content.reveal()), content.size(), at,
                                            bytes_of(key.reveal()));
    return out;
}

std::optional<Secret> opened(std::string_view box, const Secret& key) {
    constexpr std::size_t extra =
        crypto_secretbox_xchacha20poly1305_NONCEBYTES + crypto_secretbox_xchacha20poly1305_MACBYTES;
    if (box.size() < extra || key.size() != crypto_secretbox_xchacha20poly1305_KEYBYTES)
        return std::nullopt;
    Secret content = Secret::zeroed(box.size() - extra);
    const std::string_view body = box.substr(crypto_secretbox_xchacha20poly1305_NONCEBYTES);
    if (crypto_secretbox_xchacha20poly1305_open_easy(
            reinterpret_cast<unsigned char*>(content.writable().data()), bytes_of(body),
            body.size(), bytes_of(box), bytes_of(key.reveal())) != 0)
        return std::nullopt;
    return content;
}

bool is_secret_field(std::string_view field, std::string_view value) {
    for (const std::string_view name : {"password", "private-key", "totp-seed", "code"})
        if (field == name) return true;
    return text::looks_sensitive(field, value);
}

Result<void> add_item(const vault::Item& item, std::vector<scan::KnownValue>& values) {
    STANCH_TRY(const Secret name, item.name());
    STANCH_TRY(const std::vector<std::string> fields, item.fields());
    for (const std::string& field : fields) {
        if (field.starts_with("attachment:") || field == "totp") continue;
        auto value = item.value(field);
        if (!value || !is_secret_field(field, value->reveal())) continue;
        values.push_back(
            {std::string(name.reveal()) + "/" + field, "vault", SecretPart(std::move(*value))});
    }
    return {};
}

} // namespace

namespace {

Result<std::vector<scan::KnownValue>> values_of(vault::Vault& vault) {
    STANCH_TRY(const std::vector<vault::Listed> listed, vault.list());
    std::vector<scan::KnownValue> values;
    for (const vault::Listed& one : listed) {
        if (one.deleted || !one.readable) continue;
        // An item in a form that can't be read hides no other.
        const auto item = vault.item(one);
        [[maybe_unused]] const auto added = item ? add_item(*item, values) : Result<void>();
    }
    return values;
}

Result<void> write(vault::Vault& vault, const Secret& key) {
    STANCH_TRY(const std::vector<scan::KnownValue> values, values_of(vault));
    STANCH_TRY(const std::string path, watch_file());
    STANCH_CHECK(os::make_directories(path.substr(0, path.rfind('/'))));
    return os::write_file(path, sealed(scan::KnownDigests::digest(values), key));
}

} // namespace

Result<void> keep_vault_watch(vault::Vault& vault, std::chrono::seconds lifetime) {
    Secret key = Secret::zeroed(crypto_secretbox_xchacha20poly1305_KEYBYTES);
    randombytes_buf(key.writable().data(), key.size());
    STANCH_CHECK(write(vault, key));
    return os::keyring_store(key_name, key, lifetime);
}

Result<void> refresh_vault_watch(vault::Vault& vault) {
    const auto key = os::keyring_load(key_name);
    return key ? write(vault, *key) : Result<void>();
}

Result<void> drop_vault_watch() {
    STANCH_TRY(const std::string path, watch_file());
    STANCH_CHECK(os::remove_file(path));
    auto removed = os::keyring_remove(key_name);
    // Where there is no keyring, there was no key in it.
    if (!removed && removed.error().kind != ErrorKind::unavailable) return removed;
    return {};
}

Result<std::optional<scan::KnownDigests>> load_vault_watch() {
    const auto path = watch_file();
    if (!path || !os::exists(*path)) return std::nullopt;
    const auto key = os::keyring_load(key_name);
    if (!key) return std::nullopt;
    STANCH_TRY(const std::string box, os::read_file(*path));
    const std::optional<Secret> content = opened(box, *key);
    if (!content)
        return fail(ErrorKind::incomplete,
                    "the list of the vault's values was changed or cut short", *path,
                    "run 'stanch vault sync' to make it anew");
    STANCH_TRY(scan::KnownDigests digests, scan::KnownDigests::read(*content));
    return digests;
}

} // namespace stanch::cli
