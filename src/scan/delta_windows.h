// Which parts of a version must be matched when its base has been, and which hits come over.
//
// A version is runs copied from its base, and what was inserted between them. A first-stage match
// that ends at byte E reaches, with one byte of context on each side, from E + 1 - margin to E + 1
// at most. If that lies inside one run, the base has the same match at the same place of the run:
// its hit is carried over. All other ends are looked for in windows around the inserts and joints.
// The two sets of ends are complements; windows overlap what is carried by a margin, so some hits
// are found twice.
#pragma once

#include "git/delta.h"
#include "scan/engine.h"

#include <cstdint>
#include <span>
#include <vector>

namespace stanch::scan {

struct ByteRange {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

class DeltaWindows {
  public:
    // `copies` ascending and disjoint, as git::apply_delta gives them.
    DeltaWindows(std::span<const git::CopyRun> copies, std::uint64_t base_size, std::uint64_t size);

    // Disjoint, ascending.
    [[nodiscard]] const std::vector<ByteRange>& windows() const { return windows_; }
    // The base's hits that come over, with the ends they have now; unsorted.
    void carry(std::span<const Hit> of_base, std::vector<Hit>& hits) const;

  private:
    // Ends [first, last], which the base has from base_first on.
    struct Carried {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        std::uint64_t base_first = 0;
    };
    void add_window(std::uint64_t first_end, std::uint64_t last_end, std::uint64_t size);

    std::vector<Carried> carried_;
    std::vector<ByteRange> windows_;
};

} // namespace stanch::scan
