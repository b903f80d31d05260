// What a change adds: findings that the new version of a file has and its old ones have not.
//
// Both versions are matched whole, so that rules see their context, and compared as multisets of
// (rule, secret): a secret that only moved within its file is not new, a second copy of it is.
#pragma once

#include "git/object_stream.h"
#include "git/tree_diff.h"
#include "scan/source.h"
#include "scan/worker.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::scan {

// Takes out of `now` what `before` has too, each once; of several equal ones those whose whole line
// is the same go first.
void keep_added(std::vector<Finding>& now, const std::vector<Finding>& before);

class ChangeScanner {
  public:
    ChangeScanner(const Engine& engine, const git::ObjectStore& store, const ScanOptions& options)
        : store_(store), reader_(store), worker_(engine, options) {}

    // Appends what the change's new blob and, where it is new, its path add to all of the old
    // blobs. `old` may be empty.
    void look_at(const git::Change& change, std::span<const git::ObjectId> old, Outcome& outcome);
    // A text that has no older version.
    void look_at_text(std::string_view path, std::string_view text, Outcome& outcome);

    [[nodiscard]] git::ObjectReader& reader() { return reader_; }
    [[nodiscard]] Worker& worker() { return worker_; }

  private:
    void blob(const git::ObjectId& id, const std::string& path, Outcome& outcome);

    const git::ObjectStore& store_;
    git::ObjectReader reader_;
    Worker worker_;
};

} // namespace stanch::scan
