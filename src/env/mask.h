// Takes secrets out of a stream of output while it flows.
//
//     const MaskPatterns patterns(secrets);
//     Mask mask(patterns);
//     mask.feed(chunk, out);   // out: what may be shown already
//     mask.idle(out);          // nothing came for a while: a prompt must not wait
//     mask.finish(out);
//
// Every secret is replaced by *** wherever it stands: as it is, in base64 (RFC 4648, both
// alphabets, wherever in the encoded text it begins), percent-encoded, and escaped for JSON. It
// does not matter where chunks end: what could be the beginning of a secret is held back until the
// next bytes decide.
//
// The search reads a block of three bytes and skips as far as no pattern can begin (Wu and Manber,
// "A fast algorithm for multi-pattern searching", 1994), so that most bytes are never looked at.
// Where a secret is so short that there is little to skip, every place is asked whether its four
// bytes begin a pattern: that waits for no earlier answer, and is then twice as fast.
//
// MaskPatterns is immutable and may be shared by threads; a Mask belongs to one stream.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::env {

// Shorter values are not replaced: they would stand in any text.
inline constexpr std::size_t shortest_masked = 4;

// The ways in which a value may be written: first as it is. None for one that is too short.
std::vector<std::string> forms_of(std::string_view secret);

class MaskPatterns {
  public:
    explicit MaskPatterns(std::span<const std::string_view> secrets);
    MaskPatterns(MaskPatterns&&) = default;
    MaskPatterns& operator=(MaskPatterns&&) = delete;
    MaskPatterns(const MaskPatterns&) = delete;
    MaskPatterns& operator=(const MaskPatterns&) = delete;
    ~MaskPatterns();

    [[nodiscard]] bool empty() const { return patterns_.empty(); }

  private:
    friend class Mask;
    void index();

    std::vector<std::string> patterns_; // sorted by their first bytes
    std::size_t window_ = 0;            // all patterns are at least this long
    std::vector<std::uint8_t> shifts_;  // by the hash of a block: how far no pattern can begin
    std::vector<std::uint32_t>
        starts_; // by the hash of the first bytes: the first pattern of that hash
    std::vector<std::uint64_t>
        begins_; // by the hash of the first bytes: one bit, where window_ is short
    std::array<bool, 256> first_{}; // the bytes that patterns begin with
};

class Mask {
  public:
    explicit Mask(const MaskPatterns& patterns) : patterns_(patterns) {}
    ~Mask();
    Mask(const Mask&) = delete;
    Mask& operator=(const Mask&) = delete;

    // Appends to `out` what is decided.
    void feed(std::string_view chunk, std::string& out);
    // Shows a held beginning of up to three bytes; if it turns out to begin a secret, the rest is
    // still replaced.
    void idle(std::string& out);
    void finish(std::string& out);
    [[nodiscard]] bool holds() const { return held_.size() > covered_; }

  private:
    struct Scan;
    void scan(std::string_view text, bool last, std::string& out);

    const MaskPatterns& patterns_;
    std::string held_; // not decided yet
    std::size_t covered_ =
        0; // so many bytes of held_ are behind a *** (or shown, if ghost_) already
    bool ghost_ = false;
};

} // namespace stanch::env
