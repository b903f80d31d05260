// What was made of contents, by their hash: a table of fixed size in which new answers push out old
// ones, since histories repeat themselves mostly nearby.
//
// Any number of threads, without locks: a slot holds its answer and the key masked with it, so
// that a slot read while it is written fits no key.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace stanch::scan {

template <class T>
class Memo {
  public:
    using Answer = std::vector<T>;
    // Where one thread's answers stand; they live as long as the shelf. At most `limit` values.
    class Shelf {
      public:
        const Answer* put(std::span<const T> values) {
            if (used_ + values.size() > limit) return nullptr;
            used_ += values.size();
            return &answers_.emplace_back(values.begin(), values.end());
        }

      private:
        static constexpr std::size_t limit = std::size_t{1} << 19;
        std::deque<Answer> answers_;
        std::size_t used_ = 0;
    };

    // Takes 16 bytes an entry.
    explicit Memo(std::size_t entries)
        : size_(std::bit_ceil(entries)), slots_(std::make_unique<Slot[]>(size_)) {}

    [[nodiscard]] std::optional<std::span<const T>> find(std::uint64_t key) const {
        for (const std::size_t at : {place(key), place(key) ^ 1}) {
            const std::uint64_t answer = slots_[at].answer.load(std::memory_order_acquire);
            if (answer == 0 || (slots_[at].mask.load(std::memory_order_acquire) ^ answer) != key)
                continue;
            return answer == nothing ? std::span<const T>()
                                     : std::span<const T>(*std::bit_cast<const Answer*>(answer));
        }
        return std::nullopt;
    }

    // Lets a find() that is to come find its slot in the processor's cache.
    void prefetch(std::uint64_t key) const { __builtin_prefetch(&slots_[place(key)]); }

    // `shelf` is the calling thread's and outlives the last find().
    void add(std::uint64_t key, std::span<const T> values, Shelf& shelf) {
        const Answer* kept = values.empty() ? nullptr : shelf.put(values);
        if (kept == nullptr && !values.empty()) return;
        const std::uint64_t answer = kept == nullptr ? nothing : std::bit_cast<std::uint64_t>(kept);
        std::size_t at = place(key);
        if (slots_[at].answer.load(std::memory_order_relaxed) != 0) at ^= 1;
        slots_[at].answer.store(answer, std::memory_order_release);
        slots_[at].mask.store(key ^ answer, std::memory_order_release);
    }

  private:
    static constexpr std::uint64_t nothing = 1; // an empty answer; no pointer is odd
    struct Slot {
        std::atomic<std::uint64_t> answer{0};
        std::atomic<std::uint64_t> mask{0};
    };
    [[nodiscard]] std::size_t place(std::uint64_t key) const { return key & (size_ - 1); }

    std::size_t size_;
    std::unique_ptr<Slot[]> slots_;
};

} // namespace stanch::scan
