// The search for marks: a pass over all bytes that must cost next to nothing.
//
// Bytes are classified 32 at a time; runs of twenty and more of base64's alphabet are looked at,
// and they are rare in text. In a run, groups are tested from the last of five backwards, as Boyer
// and Moore skip: most tests fail at once, and one test in twenty bytes is done.
#include "scan/decode/alphabet.h"
#include "scan/decode/classify.h"
#include "scan/decode/decoder.h"
#include "scan/decode/escape.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace stanch::scan {
namespace {

constexpr std::size_t block = 32;
constexpr std::size_t blocks_at_once = 128;
constexpr std::size_t shortest_run = 20;

bool printable_quad(const char* at) {
    const unsigned group = static_cast<unsigned>(base64_value(at[0])) << 18 |
                           static_cast<unsigned>(base64_value(at[1])) << 12 |
                           static_cast<unsigned>(base64_value(at[2])) << 6 |
                           static_cast<unsigned>(base64_value(at[3]));
    return printable(group >> 16) && printable(group >> 8 & 0xff) && printable(group & 0xff);
}

bool printable_pair(const char* at) {
    const int high = hex_value(at[0]);
    const int low = hex_value(at[1]);
    return high >= 0 && low >= 0 && printable(static_cast<unsigned>(high << 4 | low));
}

// Marks `encoding` wherever `count` groups of `size` characters in a row are printable, at most
// every ten groups.
template <class Printable>
void mark_groups(std::string_view window, Range run, std::size_t size, std::size_t count,
                 Encoding encoding, std::vector<Mark>& marks, Printable is_printable) {
    for (std::size_t phase = 0; phase < size; ++phase) {
        for (std::size_t at = run.begin + phase; at + size * count <= run.end;) {
            std::size_t group = count;
            while (group > 0 && is_printable(window.data() + at + (group - 1) * size))
                --group;
            if (group > 0) {
                at += group * size;
                continue;
            }
            marks.push_back({encoding, at + size * count});
            at += size * 10;
        }
    }
}

// Finds the runs across the masks that come in one after the other.
class Search {
  public:
    Search(std::string_view window, std::vector<Mark>& marks) : window_(window), marks_(marks) {}

    void take(const Classes& classes, std::size_t offset) {
        if (classes.escape != 0) escapes(classes.escape, offset);
        // A run of twenty lies in two neighbouring masks.
        const std::uint64_t both = std::uint64_t{classes.base64} << block | before_;
        before_ = classes.base64;
        std::uint64_t runs = both & both >> 1;
        runs &= runs >> 2;
        runs &= runs >> 4;
        runs &= runs >> 8;
        runs &= runs >> 4;
        if (runs != 0) examine(runs, offset);
    }

  private:
    // Bit i of `runs`: twenty characters from byte offset - 32 + i on.
    void examine(std::uint64_t runs, std::size_t offset) {
        while (runs != 0) {
            const auto bit = static_cast<std::size_t>(std::countr_zero(runs));
            runs &= runs - 1;
            const std::size_t at = offset + bit - block;
            if (at < done_) continue;
            const Range run = run_at(at);
            done_ = run.end;
            mark_groups(window_, run, 4, 5, Encoding::base64, marks_, printable_quad);
            mark_groups(window_, run, 2, 16, Encoding::hex, marks_, printable_pair);
        }
    }

    [[nodiscard]] Range run_at(std::size_t at) const {
        Range run{at, at + shortest_run};
        while (run.begin > 0 && base64_value(window_[run.begin - 1]) >= 0)
            --run.begin;
        while (run.end < window_.size() && base64_value(window_[run.end]) >= 0)
            ++run.end;
        return run;
    }

    void escapes(std::uint32_t bits, std::size_t offset) {
        for (; bits != 0; bits &= bits - 1) {
            const std::size_t at = offset + static_cast<std::size_t>(std::countr_zero(bits));
            const Encoding encoding = window_[at] == '%'    ? Encoding::percent
                                      : window_[at] == '\\' ? Encoding::unicode
                                                            : Encoding::entity;
            if (const Escape escape = escape_at(window_.substr(at), encoding); telling(escape))
                marks_.push_back({encoding, at + escape.length});
        }
    }

    std::string_view window_;
    std::vector<Mark>& marks_;
    std::uint32_t before_ = 0;
    std::size_t done_ = 0;
};

} // namespace

void find_encoded(std::string_view window, std::vector<Mark>& marks) {
    Search search(window, marks);
    std::array<Classes, blocks_at_once> classes;
    const std::size_t whole = window.size() / block;
    for (std::size_t i = 0; i < whole; i += blocks_at_once) {
        const std::size_t count = std::min(blocks_at_once, whole - i);
        classify(window.data() + i * block, count, classes.data());
        for (std::size_t j = 0; j < count; ++j)
            search.take(classes[j], (i + j) * block);
    }
    if (const std::size_t rest = window.size() % block; rest != 0) {
        std::array<char, block> last{};
        std::memcpy(last.data(), window.data() + whole * block, rest);
        classify(last.data(), 1, classes.data());
        search.take(classes[0], whole * block);
    }
}

} // namespace stanch::scan
