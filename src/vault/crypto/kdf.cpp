#include "vault/crypto/kdf.h"

#include "os/library.h"
#include "text/encoding.h"

#include <algorithm>
#include <argon2.h>

namespace stanch::vault {
namespace {

constexpr std::uint32_t send_iterations = 100'000;

Key key_of(Secret bytes) {
    return std::move(*Key::from(bytes.reveal()));
}

Secret base64_secret(const Secret& bytes) {
    std::string text = text::base64_encode(bytes.reveal());
    Secret secret(text);
    wipe(text);
    return secret;
}

std::unexpected<Error> too_weak(const std::string& what) {
    return fail(ErrorKind::refused,
                "the server asks for a weak key derivation (" + what +
                    "): possibly an attempt to learn the password",
                {}, "nothing was sent; check the server's address before you try again");
}

std::unexpected<Error> too_much(const std::string& what) {
    return fail(ErrorKind::refused,
                "the server asks for a key derivation past Bitwarden's limits (" + what + ")");
}

// libargon2 and libsodium share the names of their inner functions, so the two can't be linked into
// one program; only accounts with Argon2id need the former (libsodium's is fixed at one lane).
Result<Secret> argon2id(std::string_view password, std::string_view salt, const Kdf& kdf) {
#ifdef __APPLE__
    constexpr const char* soname = "libargon2.1.dylib";
#else
    constexpr const char* soname = "libargon2.so.1";
#endif
    STANCH_TRY(const auto library,
               os::SharedLibrary::open(soname, "install libargon2 (Debian: libargon2-1)"));
    auto* hash = library.function<decltype(argon2id_hash_raw)>("argon2id_hash_raw");
    if (hash == nullptr)
        return fail(ErrorKind::unavailable, "this libargon2 cannot be used", soname);
    Secret key = Secret::zeroed(32);
    const int code =
        hash(kdf.iterations, kdf.memory * 1024, kdf.parallelism, password.data(), password.size(),
             salt.data(), salt.size(), key.writable().data(), key.size());
    if (code != ARGON2_OK)
        return fail(ErrorKind::unavailable,
                    "Argon2id failed (code " + std::to_string(code) + "): is there enough memory?");
    return key;
}

} // namespace

Result<void> check_strength(const Kdf& kdf) {
    const std::string rounds = std::to_string(kdf.iterations) + " iterations";
    if (kdf.type == Kdf::Type::pbkdf2) {
        if (kdf.iterations < 5000) return too_weak("PBKDF2, " + rounds);
        if (kdf.iterations > 10'000'000) return too_much("PBKDF2, " + rounds);
        return {};
    }
    const std::string memory = std::to_string(kdf.memory) + " MiB";
    if (kdf.iterations < 2 || kdf.memory < 16 || kdf.parallelism < 1)
        return too_weak("Argon2id, " + rounds + ", " + memory);
    if (kdf.iterations > 100 || kdf.memory > 4096 || kdf.parallelism > 64)
        return too_much("Argon2id, " + rounds + ", " + memory);
    return {};
}

Result<Secret> master_key(const Secret& password, std::string_view salt, const Kdf& kdf) {
    STANCH_CHECK(check_strength(kdf));
    if (kdf.type == Kdf::Type::pbkdf2) return pbkdf2(password.reveal(), salt, kdf.iterations);
    return argon2id(password.reveal(), sha256(salt), kdf);
}

Secret password_hash(const Secret& master_key, const Secret& password) {
    return base64_secret(pbkdf2(master_key.reveal(), password.reveal(), 1));
}

Key stretch(const Secret& master_key) {
    Secret whole = Secret::zeroed(Key::size);
    const Secret encryption = hkdf_expand(master_key.reveal(), "enc", 32);
    const Secret authentication = hkdf_expand(master_key.reveal(), "mac", 32);
    std::ranges::copy(encryption.reveal(), whole.writable().begin());
    std::ranges::copy(authentication.reveal(), whole.writable().begin() + 32);
    return key_of(std::move(whole));
}

Key send_key(const Secret& material) {
    std::string prk = hmac_sha256("bitwarden-send", material.reveal());
    Key key = key_of(hkdf_expand(prk, "send", Key::size));
    wipe(prk);
    return key;
}

Secret send_password_hash(const Secret& password, const Secret& material) {
    return base64_secret(pbkdf2(password.reveal(), material.reveal(), send_iterations));
}

Key access_token_key(const Secret& material) {
    std::string prk = hmac_sha256("bitwarden-accesstoken", material.reveal());
    Key key = key_of(hkdf_expand(prk, "sm-access-token", Key::size));
    wipe(prk);
    return key;
}

std::string normalized_email(std::string_view email) {
    const auto first = email.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    std::string out(email.substr(first, email.find_last_not_of(" \t\r\n") - first + 1));
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
    return out;
}

} // namespace stanch::vault
