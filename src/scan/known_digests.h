// Known values without the values: what the hook keeps of a vault between two unlocks.
//
// For every form of every value (scan/known.h) there are 24 bits of a hash of its first eight
// bytes, its length, and a keyed digest of the whole (BLAKE2b-128). A text is searched by the short
// hashes, and what they let through is digested and compared: found, without a value at hand. The
// key is random and stands in the same bytes, so the bytes are to be sealed where they are stored:
// a digest of a short value could be guessed by somebody who has the key.
//
// Immutable; find() may be called from any thread.
#pragma once

#include "core/result.h"
#include "core/secret.h"
#include "scan/known.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::scan {

class KnownDigests {
  public:
    // Values shorter than KnownValues::smallest are left out. Origins are not kept.
    static Secret digest(std::span<const KnownValue> values);
    // Error: bytes that digest() did not make.
    static Result<KnownDigests> read(const Secret& bytes);

    [[nodiscard]] bool empty() const { return entries_.empty(); }
    [[nodiscard]] const std::string& name(std::size_t value) const { return names_[value]; }
    // As KnownValues::find.
    [[nodiscard]] std::vector<KnownMatch> find(std::string_view text) const;

  private:
    struct Entry {
        std::uint32_t head = 0; // 24 bits
        std::uint32_t length = 0;
        std::uint32_t value = 0;
        std::uint32_t form = 0;
        std::array<unsigned char, 16> digest{};
    };
    using HashKey = std::array<unsigned char, 32>;

    static std::uint32_t head_of(std::uint64_t window, const HashKey& key);
    static std::array<unsigned char, 16> digest_of(std::string_view text, const HashKey& key);
    void find_in(std::string_view text, std::vector<KnownMatch>& matches) const;

    HashKey key_{};
    std::vector<std::string> names_;
    std::vector<Entry> entries_; // by head
    std::vector<std::uint64_t> bitmap_;
};

} // namespace stanch::scan
