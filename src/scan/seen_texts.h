// A first stage that looks at no text twice.
//
// Versions of a file insert the same lines again and again: in other branches, after a revert, in
// a renamed copy; half of what ansible's deltas insert and four fifths of redis' is not new. So a
// text is cut into pieces where its own content says so, wherever it stands; a piece with
// Matcher::margin before it and one byte behind it decides which hits end in it, and what was found
// for the same bytes before is taken from there.
#pragma once

#include "core/fingerprint.h"
#include "scan/content_hash.h"
#include "scan/delta_windows.h"
#include "scan/memo.h"

#include <string_view>
#include <vector>

namespace stanch::scan {

// Where the piece of `text` that begins at `begin` ends, at most `end`: behind a newline whose
// neighbours are of a certain kind, about every 800 bytes.
std::uint64_t piece_end(std::string_view text, std::uint64_t begin, std::uint64_t end);

// What is known of all texts of one walk; shared by its threads.
struct SeenTexts {
    // A hit, its end from the piece's beginning on.
    struct Place {
        std::uint32_t rule = 0;
        std::uint32_t end = 0;
        std::uint32_t literal = 0;
    };
    // For a store of so many objects.
    explicit SeenTexts(std::uint32_t objects);

    ContentHash hash;
    Memo<Place> hits;
    Memo<Fingerprint> verdicts; // see verdicts.h
};

// One thread's; the shelf must outlive all use of `seen`.
class NewTextFinder {
  public:
    explicit NewTextFinder(SeenTexts& seen) : seen_(seen) {}

    // Appends what matcher.find() would of content[range], in ascending order.
    void find(Matcher& matcher, std::string_view content, ByteRange range, std::vector<Hit>& hits);

  private:
    struct Piece {
        std::uint64_t begin = 0;
        std::uint64_t end = 0;
        std::uint64_t key = 0;
    };
    void cut(std::string_view content, ByteRange range);
    void find_new(Matcher& matcher, std::string_view content, ByteRange range,
                  std::vector<Hit>& hits);
    void keep(const Piece& piece, std::span<const Hit> hits);

    SeenTexts& seen_;
    Memo<SeenTexts::Place>::Shelf shelf_;
    std::vector<Piece> pieces_;
    std::vector<Piece> unseen_; // adjacent pieces
    std::vector<Hit> found_;
    std::vector<SeenTexts::Place> places_;
};

} // namespace stanch::scan
