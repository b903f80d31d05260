#include "cli/verbs.h"

#include <array>

namespace stanch::cli {

std::span<const Verb* const> all_verbs() {
    static constexpr std::array<const Verb*, 1> verbs{
        &version_verb,
    };
    return verbs;
}

} // namespace stanch::cli
