// Secret: the bytes of a credential, for as long as somebody needs them and not a moment longer.
//
// The memory is locked (never swapped), left out of core dumps and of a forked child, and wiped
// when the Secret dies or is assigned over. There is no stream operator, no conversion and no copy
// by accident: a reader says reveal(), a copier says copy(). The bytes may hold any value, NUL
// included.
//
// Where the kernel refuses to lock (RLIMIT_MEMLOCK), the memory is still excluded from dumps and
// wiped; locking is a bonus that a small limit must not turn into a failure.
//
// Thread-safety: distinct Secrets may be used from any thread; one Secret is an ordinary value.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace stanch {

class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string_view bytes);
    // `size` zero bytes, to be filled through writable(): for a key that is derived or read in
    // place.
    static Secret zeroed(std::size_t size);

    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    // The value itself. The view dies with the Secret; do not copy it into a std::string that
    // outlives the call.
    [[nodiscard]] std::string_view reveal() const { return {data_, size_}; }
    [[nodiscard]] std::span<char> writable() { return {data_, size_}; }
    [[nodiscard]] Secret copy() const { return Secret(reveal()); }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    // Cuts the value to its first `size` bytes; the rest is wiped. Larger sizes change nothing.
    void shorten(std::size_t size);

    // In constant time for equal sizes.
    [[nodiscard]] bool equals(const Secret& other) const;

    // What may be shown: the first and last four bytes of a long value ("sk_l…9f2c"), fewer of a
    // shorter one, and nothing but "…" under 12 bytes. Never more than a quarter of the value;
    // control bytes and bytes outside ASCII become '?'.
    [[nodiscard]] std::string redacted() const;

  private:
    char* data_ = nullptr;
    std::size_t size_ = 0;
};

// Overwrites memory in a way that the compiler cannot leave out.
void wipe(void* data, std::size_t size);

// A std::string that held something sensitive for a moment: overwritten, then emptied.
void wipe(std::string& text);

} // namespace stanch
