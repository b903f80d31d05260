#include "git/hash.h"

// The one-shot and EVP functions initialise all of OpenSSL, a millisecond; these do not.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <variant>

namespace stanch::git {

struct Hasher::State {
    std::variant<SHA_CTX, SHA256_CTX> context;
};

Hasher::Hasher(ObjectFormat format) : state_(std::make_unique<State>()) {
    if (format == ObjectFormat::sha1)
        SHA1_Init(&state_->context.emplace<SHA_CTX>());
    else
        SHA256_Init(&state_->context.emplace<SHA256_CTX>());
}

Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::add(std::string_view bytes) {
    if (auto* sha1 = std::get_if<SHA_CTX>(&state_->context))
        SHA1_Update(sha1, bytes.data(), bytes.size());
    else
        SHA256_Update(&std::get<SHA256_CTX>(state_->context), bytes.data(), bytes.size());
}

ObjectId Hasher::finish() {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    const auto view = [&](std::size_t size) {
        return ObjectId(std::string_view(reinterpret_cast<const char*>(digest.data()), size));
    };
    if (auto* sha1 = std::get_if<SHA_CTX>(&state_->context)) {
        SHA1_Final(digest.data(), sha1);
        return view(SHA_DIGEST_LENGTH);
    }
    SHA256_Final(digest.data(), &std::get<SHA256_CTX>(state_->context));
    return view(SHA256_DIGEST_LENGTH);
}

ObjectId hash_of(ObjectFormat format, std::string_view bytes) {
    Hasher hasher(format);
    hasher.add(bytes);
    return hasher.finish();
}

bool trailer_matches(ObjectFormat format, std::string_view bytes) {
    const std::size_t size = raw_size(format);
    if (bytes.size() < size) return false;
    const std::string_view content = bytes.substr(0, bytes.size() - size);
    return hash_of(format, content).raw() == bytes.substr(content.size());
}

} // namespace stanch::git
