// Texts that try an engine: the rules' own examples, encoded or not, damaged or not, in noise.
#pragma once

#include "catalog/catalog.h"

#include <random>
#include <string>
#include <vector>

namespace stanch::scan::testing {

// The files of rules/, as the build reads them: with their examples.
const catalog::RuleSet& rules_with_examples();

class TextMaker {
  public:
    explicit TextMaker(std::uint64_t seed) : dice_(seed) {}

    // A text of one to three kilobytes; `used` receives the rules whose examples are in it.
    std::string text(std::vector<std::uint32_t>& used);
    // Some bytes cut, put in or changed; `copies` receives what was kept: (begin in the old, begin
    // in the new, size).
    struct Copy {
        std::size_t from, to, size;
    };
    std::string edited(const std::string& text, std::vector<Copy>& copies);
    std::size_t below(std::size_t count) { return dice_() % count; }

  private:
    std::string example(std::vector<std::uint32_t>& used);
    std::string encoded(std::string text);
    std::string noise();

    std::mt19937_64 dice_;
};

} // namespace stanch::scan::testing
