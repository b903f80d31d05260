// One pass over all bytes for two things that are rare in text: long runs of base64's alphabets,
// and the first bytes of escapes. Decoders look into them, and so does the first stage: most tokens
// are a prefix and a long run.
#pragma once

#include "scan/decode/alphabet.h"
#include "scan/decode/classify.h"
#include "scan/pattern/regex.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string_view>

namespace stanch::scan {

inline constexpr std::size_t shortest_run = 20;

// Calls visitor.run(Range) for every maximal run of at least shortest_run characters, and
// visitor.escape(offset) for every % \ and &; each in ascending order.
template <class Visitor>
class RunScan {
  public:
    RunScan(std::string_view window, Visitor& visitor) : window_(window), visitor_(visitor) {}

    void all() {
        std::array<Classes, blocks_at_once> classes;
        const std::size_t whole = window_.size() / block;
        for (std::size_t i = 0; i < whole; i += blocks_at_once) {
            const std::size_t count = std::min(blocks_at_once, whole - i);
            classify(window_.data() + i * block, count, classes.data());
            for (std::size_t j = 0; j < count; ++j)
                take(classes[j], (i + j) * block);
        }
        if (const std::size_t rest = window_.size() % block; rest != 0) {
            std::array<char, block> last{};
            std::memcpy(last.data(), window_.data() + whole * block, rest);
            classify(last.data(), 1, classes.data());
            take(classes[0], whole * block);
        } else {
            close(window_.size());
        }
    }

  private:
    static constexpr std::size_t block = classify_block;
    static constexpr std::size_t blocks_at_once = 64;

    void take(const Classes& classes, std::size_t offset) {
        for (std::uint64_t bits = classes.escape; bits != 0; bits &= bits - 1)
            visitor_.escape(offset + static_cast<std::size_t>(std::countr_zero(bits)));
        const std::uint64_t bits = classes.base64;
        const auto head = static_cast<std::size_t>(std::countr_one(bits));
        if (head == block) return;
        close(offset + head);
        const std::uint64_t behind = bits & ~std::uint64_t{0} << head;
        std::uint64_t runs = behind & behind >> 1;
        runs &= runs >> 2;
        runs &= runs >> 4;
        runs &= runs >> 8;
        runs &= runs >> 4;
        if (runs != 0) take_runs(behind, runs, offset);
        open_ = offset + block - static_cast<std::size_t>(std::countl_one(bits));
    }

    // The run that began in an earlier block, or with this one, ends at `end`.
    void close(std::size_t end) {
        if (end - open_ >= shortest_run) visitor_.run({open_, end});
    }

    // Of those that begin behind a block's first bytes, the ones that end before its last.
    void take_runs(std::uint64_t bits, std::uint64_t runs, std::size_t offset) {
        while (runs != 0) {
            const auto begin = static_cast<std::size_t>(std::countr_zero(runs));
            const std::size_t end =
                begin + static_cast<std::size_t>(std::countr_one(bits >> begin));
            if (end == block) return;
            visitor_.run({offset + begin, offset + end});
            runs &= ~std::uint64_t{0} << end;
        }
    }

    std::string_view window_;
    Visitor& visitor_;
    std::size_t open_ = 0; // where the run begins that the block before ends with
};

} // namespace stanch::scan
