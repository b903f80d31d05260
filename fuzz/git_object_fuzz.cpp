// rooms: git core text os
#include "git/delta.h"
#include "git/object.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace git = stanch::git;

// Commits, tags, trees, and a delta against a base that is the input's first half.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const auto format : {git::ObjectFormat::sha1, git::ObjectFormat::sha256}) {
        if (const auto commit = git::parse_commit(bytes, format))
            (void)git::parse_signature(commit->author);
        (void)git::parse_tag(bytes, format);
        git::TreeEntry entry;
        git::TreeCursor cursor(bytes, git::raw_size(format));
        while (cursor.next(entry)) {
        }
    }
    const std::string_view base = bytes.substr(0, size / 2);
    const std::string_view delta = bytes.substr(size / 2);
    const auto sizes = git::delta_sizes(delta);
    if (!sizes || sizes->result > 1 << 20) return 0;
    std::string result(sizes->result, '\0');
    std::vector<git::CopyRun> copies;
    if (!git::apply_delta(base, delta, result, copies)) return 0;
    for (const git::CopyRun& run : copies)
        if (std::string_view(result).substr(run.to, run.size) != base.substr(run.from, run.size))
            std::abort();
    return 0;
}
