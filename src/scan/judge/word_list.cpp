#include "scan/judge/word_list.h"

namespace stanch::scan {

WordList::WordList(std::initializer_list<std::string_view> words) : links_(1) {
    for (const std::string_view word : words) {
        std::uint8_t& head = heads_[slot(word.data())];
        links_.push_back({word, head});
        head = static_cast<std::uint8_t>(links_.size() - 1);
    }
}

} // namespace stanch::scan
