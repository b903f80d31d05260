// Known values that are split over files: the end of one change holds the first piece, the
// beginning of the next change, in the order of a diff, the rest.
//
// Each file's added text (from its first changed line to its last) follows the one before, the
// blanks at the border left out; once as it is, and once with quotes, commas and what stands before
// the first quote of the next file's first line left out too, since pieces of a value are written
// as literals. A value may lie over any number of files. The cost is that of searching a few times
// the longest value's length for each file.
//
// One KnownBorders for each commit or staged change; not thread-safe.
#pragma once

#include "git/object_store.h"
#include "git/tree_diff.h"
#include "scan/source.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::scan {

class KnownBorders {
  public:
    explicit KnownBorders(const ScanOptions& options);
    KnownBorders(const KnownBorders&) = delete;
    KnownBorders& operator=(const KnownBorders&) = delete;
    ~KnownBorders();

    // Nothing is known: nothing can be split.
    [[nodiscard]] bool idle() const { return reach_ == 0; }

    // The next changed file. Appends what begins in files before it and ends in it, as findings of
    // its first line.
    void next(const std::string& path, std::string_view before, std::string_view after,
              std::vector<Finding>& findings);
    // The same of blobs; `old` may be empty. What can't be read is nobody's piece.
    void next(git::ObjectReader& reader, const git::Change& change,
              std::span<const git::ObjectId> old, std::vector<Finding>& findings);

  private:
    void search(std::string_view tail, std::string_view head, const std::string& path,
                std::vector<Finding>& findings) const;

    const ScanOptions& options_;
    std::size_t reach_ = 0; // how long a value may be, however it is written
    std::string tail_;      // of everything so far
    std::string path_;      // of the file before
};

// From the first line that differs to the last one.
std::string_view added_text(std::string_view before, std::string_view after);

} // namespace stanch::scan
