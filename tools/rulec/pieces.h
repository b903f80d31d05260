// The pieces of templates: random texts of certain alphabets, and forms that have an inside.
#pragma once

#include "core/result.h"

#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace stanch::rulec {

// mt19937_64 is the same everywhere; the standard's distributions are not, so there are none.
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : source_(seed) {}
    std::size_t below(std::size_t count) { return source_() % count; }
    std::string from(std::string_view alphabet, std::size_t size);

  private:
    std::mt19937_64 source_;
};

// The piece called `name` with what stands behind the colon; nullopt: there is no such piece.
std::optional<Result<std::string>> piece(std::string_view name, std::string_view argument,
                                         Dice& dice);

} // namespace stanch::rulec
