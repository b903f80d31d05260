// rooms: git core text os
#include "git/delta.h"
#include "git/object.h"
#include "git/tree_entries.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace git = stanch::git;

namespace {

// As trees, whatever they are: what is taken over is what parsing finds.
void check_entries(std::string_view base, std::string_view result,
                   const std::vector<git::CopyRun>& copies) {
    git::TreeEntries of_base;
    of_base.read(base, 20);
    git::TreeEntries told;
    told.read(result, 20, of_base, copies);
    git::TreeEntries parsed;
    parsed.read(result, 20);
    if (told.size() != parsed.size() || told.damaged() != parsed.damaged()) std::abort();
    for (std::uint32_t i = 0; i <= told.size(); ++i)
        if (told.start(i) != parsed.start(i)) std::abort();
}

} // namespace

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
    check_entries(base, result, copies);
    return 0;
}
