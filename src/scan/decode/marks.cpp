#include "scan/decode/marks.h"

#include "scan/decode/escape.h"
#include "scan/decode/runs.h"

namespace stanch::scan {
namespace {

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
// every ten groups. Groups are tested from the last of `count` backwards, as Boyer and Moore skip:
// most tests fail at once.
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

struct Marker {
    std::string_view window;
    std::vector<Mark>& marks;

    void run(const Range& run) { mark_run(window, run, marks); }
    void escape(std::size_t at) { mark_escape(window, at, marks); }
};

} // namespace

void mark_run(std::string_view window, const Range& run, std::vector<Mark>& marks) {
    mark_groups(window, run, 4, 5, Encoding::base64, marks, printable_quad);
    mark_groups(window, run, 2, 16, Encoding::hex, marks, printable_pair);
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
