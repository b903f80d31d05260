#include "scan/decode/marks.h"

#include "scan/decode/alphabet.h"
#include "scan/decode/escape.h"
#include "scan/decode/runs.h"

#include <array>

namespace stanch::scan {
namespace {

// Whether a character can be the first, second or third of four that stand for printable bytes: in
// words and paths hardly any four are, and that is seen without putting them together.
constexpr auto quad_places = [] {
    std::array<std::uint8_t, 256> table{};
    for (std::size_t c = 0; c < table.size(); ++c) {
        if (base64_values[c] < 0) continue;
        const auto bits = static_cast<unsigned char>(base64_values[c]);
        const bool first = printable(bits << 2) || printable(bits << 2 | 1) ||
                           printable(bits << 2 | 2) || printable(bits << 2 | 3);
        const unsigned high = bits & 0xf;
        const bool second = high == 0 || (high >= 2 && high <= 7);
        const bool third = (bits & 3) <= 1;
        table[c] = static_cast<std::uint8_t>((first ? 1 : 0) | (second ? 2 : 0) | (third ? 4 : 0));
    }
    return table;
}();

struct PrintableQuad {
    bool operator()(const char* at) const {
        const auto place = [&](std::size_t i) -> unsigned {
            return quad_places[static_cast<unsigned char>(at[i])];
        };
        if ((place(0) & place(1) >> 1 & place(2) >> 2 & 1) == 0) return false;
        const unsigned group = static_cast<unsigned>(base64_value(at[0])) << 18 |
                               static_cast<unsigned>(base64_value(at[1])) << 12 |
                               static_cast<unsigned>(base64_value(at[2])) << 6 |
                               static_cast<unsigned>(base64_value(at[3]));
        return printable(group >> 16) && printable(group >> 8 & 0xff) && printable(group & 0xff);
    }
};

struct PrintablePair {
    bool operator()(const char* at) const {
        const int high = hex_value(at[0]);
        const int low = hex_value(at[1]);
        return high >= 0 && low >= 0 && printable(static_cast<unsigned>(high << 4 | low));
    }
};

// Marks `encoding` wherever `count` groups of `size` characters in a row are printable, at most
// every ten groups. Groups are tested from the last of `count` backwards, as Boyer and Moore skip:
// most tests fail at once.
template <std::size_t size, std::size_t count, class Printable>
void mark_groups(std::string_view window, Range run, Encoding encoding, std::vector<Mark>& marks,
                 Printable is_printable) {
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

struct Marker {
    std::string_view window;
    std::vector<Mark>& marks;

    void run(const Range& run) { mark_run(window, run, marks); }
    void escape(std::size_t at) {
        if (may_escape(window, at)) mark_escape(window, at, marks);
    }
};

} // namespace

void mark_run(std::string_view window, const Range& run, std::vector<Mark>& marks) {
    mark_groups<4, 5>(window, run, Encoding::base64, marks, PrintableQuad{});
    mark_groups<2, 16>(window, run, Encoding::hex, marks, PrintablePair{});
}

void mark_escape(std::string_view window, std::size_t at, std::vector<Mark>& marks) {
    const Encoding encoding = window[at] == '%'    ? Encoding::percent
                              : window[at] == '\\' ? Encoding::unicode
                                                   : Encoding::entity;
    if (const Escape escape = escape_at(window.substr(at), encoding); telling(escape))
        marks.push_back({encoding, at + escape.length});
}

void find_encoded(std::string_view window, std::vector<Mark>& marks) {
    Marker marker{window, marks};
    RunScan<Marker>(window, marker).all();
}

} // namespace stanch::scan
