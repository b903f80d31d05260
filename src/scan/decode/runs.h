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
        }
    }

  private:
    static constexpr std::size_t block = 32;
    static constexpr std::size_t blocks_at_once = 128;

    void take(const Classes& classes, std::size_t offset) {
        for (std::uint32_t bits = classes.escape; bits != 0; bits &= bits - 1)
            visitor_.escape(offset + static_cast<std::size_t>(std::countr_zero(bits)));
        // A run of twenty lies in two neighbouring masks; bit i is the byte offset - 32 + i.
        const std::uint64_t both = std::uint64_t{classes.base64} << block | before_;
        before_ = classes.base64;
        std::uint64_t runs = both & both >> 1;
        runs &= runs >> 2;
        runs &= runs >> 4;
        runs &= runs >> 8;
        runs &= runs >> 4;
        if (runs != 0) take_runs(runs, offset);
    }

    // Apart: most blocks have none, and pass in a few instructions.
    [[gnu::noinline]] void take_runs(std::uint64_t runs, std::size_t offset) {
        while (runs != 0) {
            const auto bit = static_cast<std::size_t>(std::countr_zero(runs));
            const std::size_t at = offset + bit - block;
            if (at >= done_) visit(at);
            // On to the first start behind this run.
            const std::size_t next = done_ + block - offset;
            runs &= next >= 64 ? 0 : ~std::uint64_t{0} << std::max(next, bit + 1);
        }
    }

    void visit(std::size_t at) {
        Range run{at, at + shortest_run};
        while (run.begin > 0 && base64_value(window_[run.begin - 1]) >= 0)
            --run.begin;
        while (run.end < window_.size() && base64_value(window_[run.end]) >= 0)
            ++run.end;
        done_ = run.end;
        visitor_.run(run);
    }

    std::string_view window_;
    Visitor& visitor_;
    std::uint32_t before_ = 0;
    std::size_t done_ = 0;
};

} // namespace stanch::scan
