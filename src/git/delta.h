// Git's binary deltas (gitformat-pack(5), "Deltified representation").
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace stanch::git {

// Bytes [to, to + size) of the result are bytes [from, from + size) of the base.
struct CopyRun {
    std::uint64_t to = 0;
    std::uint64_t from = 0;
    std::uint64_t size = 0;

    friend bool operator==(const CopyRun&, const CopyRun&) = default;
};

struct DeltaSizes {
    std::uint64_t base = 0;
    std::uint64_t result = 0;
};
// The two sizes at a delta's head; nullopt where it has none.
std::optional<DeltaSizes> delta_sizes(std::string_view delta);

// Builds the result, which must have delta_sizes().result bytes. `copies` receives what came from
// the base, ascending, runs that go on in both base and result joined into one. False where the
// delta does not fit the base or the result.
bool apply_delta(std::string_view base, std::string_view delta, std::span<char> result,
                 std::vector<CopyRun>& copies);

} // namespace stanch::git
