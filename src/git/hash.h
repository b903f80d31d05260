// Git's two hashes. SHA-1 is only ever used to find damage here, never to trust a signer.
#pragma once

#include "git/object_id.h"

#include <memory>
#include <string_view>

namespace stanch::git {

class Hasher {
  public:
    explicit Hasher(ObjectFormat format);
    Hasher(Hasher&&) noexcept;
    Hasher& operator=(Hasher&&) noexcept;
    Hasher(const Hasher&) = delete;
    Hasher& operator=(const Hasher&) = delete;
    ~Hasher();

    void add(std::string_view bytes);
    // Call it once.
    ObjectId finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

ObjectId hash_of(ObjectFormat format, std::string_view bytes);

// Whether the last 20 or 32 bytes are the hash of all before them: the trailer of indexes and
// packs.
bool trailer_matches(ObjectFormat format, std::string_view bytes);

} // namespace stanch::git
