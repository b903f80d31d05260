// The words of a text: identifiers, and the words that identifiers are made of.
//
// "HTTPServerError" and "http_server_error" share the parts http, server and error; prose shares
// them too, so a changelog's line meets the code it speaks of. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace stanch::commits {

using Word = std::uint32_t;

// Every distinct word gets a small number.
class Vocabulary {
  public:
    Word number(std::string_view word);
    // The word, or `none` where it was never numbered.
    [[nodiscard]] Word find(std::string_view word) const;
    [[nodiscard]] std::size_t size() const { return numbers_.size(); }
    static constexpr Word none = UINT32_MAX;

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    std::unordered_map<std::string, Word, Hash, std::equal_to<>> numbers_;
};

// Identifiers ([A-Za-z_][A-Za-z0-9_]+ and numbers of three digits or more) in the order of the
// text, without the keywords and everyday names that say nothing.
void identifiers(std::string_view text, std::vector<std::string_view>& found);

// The parts of one identifier, lower case, plural and verb endings cut off; parts of one or two
// letters are left out.
void parts_of(std::string_view identifier, std::vector<std::string>& found);

// Whether it says nothing: a keyword of Python, JavaScript, Go or C, or a name like `self`.
bool is_everyday(std::string_view identifier);

// Distinct words with weights, sorted by number.
using Bag = std::vector<std::pair<Word, float>>;

// Counts become weights: 1 + ln(count).
Bag make_bag(std::vector<Word>& words);

// A sorted set of words.
using WordSet = std::vector<Word>;
WordSet make_set(std::vector<Word> words);
bool contains(const WordSet& set, Word word);

} // namespace stanch::commits
