// Whether a text holds one of some words: all of them looked for in one go.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace stanch::scan {

class WordList {
  public:
    // Each of two bytes at least, at most 254 of them, of static storage.
    WordList(std::initializer_list<std::string_view> words);

    [[nodiscard]] bool in(std::string_view text) const {
        for (std::size_t at = 0; at + 1 < text.size(); ++at)
            for (std::uint8_t i = heads_[slot(text.data() + at)]; i != 0; i = links_[i].next)
                if (text.substr(at).starts_with(links_[i].word)) return true;
        return false;
    }

  private:
    static constexpr std::size_t slots = 1024;
    struct Link {
        std::string_view word;
        std::uint8_t next = 0;
    };

    static std::size_t slot(const char* two) {
        return (static_cast<unsigned char>(two[0]) * 33U ^ static_cast<unsigned char>(two[1])) %
               slots;
    }

    std::array<std::uint8_t, slots> heads_{}; // by the first two bytes
    std::vector<Link> links_;                 // [0] ends every chain
};

} // namespace stanch::scan
