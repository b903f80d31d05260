#include "commits/words.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace stanch::commits {
namespace {

constexpr std::string_view everyday_words[] = {
    "self",       "cls",      "def",      "class",   "return",  "import",  "from",      "None",
    "True",       "False",    "not",      "and",     "for",     "with",    "elif",      "else",
    "try",        "except",   "finally",  "raise",   "assert",  "lambda",  "yield",     "global",
    "pass",       "break",    "continue", "the",     "this",    "that",    "str",       "int",
    "list",       "dict",     "set",      "tuple",   "bool",    "float",   "object",    "type",
    "isinstance", "super",    "len",      "range",   "print",   "args",    "kwargs",    "in",
    "is",         "or",       "if",       "as",      "while",   "del",     "async",     "await",
    "nonlocal",   "function", "var",      "let",     "const",   "new",     "null",      "undefined",
    "true",       "false",    "void",     "char",    "static",  "struct",  "return",    "switch",
    "case",       "default",  "func",     "package", "nil",     "err",     "auto",      "std",
    "include",    "define",   "export",   "typeof",  "public",  "private", "protected", "to",
    "of",         "it",       "be",       "an",      "are",     "was",     "on",        "by",
    "at",         "has",      "have",     "will",    "can",     "now",     "when",      "which",
    "__init__",   "Any",      "Optional", "Union",   "__name__"};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
char lower(char c) {
    return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

std::size_t end_of_word(std::string_view text, std::size_t at) {
    while (at < text.size() && (is_letter(text[at]) || is_digit(text[at])))
        ++at;
    return at;
}

// "requests" and "request", "parsing", "parsed" and "parse" become one.
void cut_ending(std::string& part) {
    const auto ends = [&](std::string_view ending) { return part.ends_with(ending); };
    if (part.size() > 5 && ends("ies"))
        part.replace(part.size() - 3, 3, "y");
    else if (part.size() > 5 && ends("ing"))
        part.resize(part.size() - 3);
    else if (part.size() > 4 && ends("ed"))
        part.resize(part.size() - 2);
    else if (part.size() > 3 && ends("s") && !ends("ss"))
        part.resize(part.size() - 1);
    if (part.size() > 4 && part.back() == 'e') part.pop_back();
}

bool begins_part(std::string_view word, std::size_t at) {
    if (!is_upper(word[at]) || at == 0) return false;
    const bool after_small = !is_upper(word[at - 1]);
    const bool before_small =
        at + 1 < word.size() && !is_upper(word[at + 1]) && word[at + 1] != '_';
    return after_small || before_small;
}

void add_part(std::string& part, std::vector<std::string>& found) {
    if (part.size() > 2 && !is_everyday(part)) {
        cut_ending(part);
        found.push_back(part);
    }
    part.clear();
}

} // namespace

Word Vocabulary::number(std::string_view word) {
    if (const auto at = numbers_.find(word); at != numbers_.end()) return at->second;
    const auto next = static_cast<Word>(numbers_.size());
    numbers_.emplace(word, next);
    return next;
}

Word Vocabulary::find(std::string_view word) const {
    const auto at = numbers_.find(word);
    return at == numbers_.end() ? none : at->second;
}

bool is_everyday(std::string_view identifier) {
    static const std::unordered_set<std::string_view> words(std::begin(everyday_words),
                                                            std::end(everyday_words));
    return words.contains(identifier);
}

void identifiers(std::string_view text, std::vector<std::string_view>& found) {
    for (std::size_t at = 0; at < text.size();) {
        if (!is_letter(text[at]) && !is_digit(text[at])) {
            ++at;
            continue;
        }
        const std::size_t end = end_of_word(text, at);
        const std::string_view word = text.substr(at, end - at);
        const bool counts =
            is_letter(word[0]) ? word.size() > 1 && !is_everyday(word) : word.size() > 2;
        if (counts) found.push_back(word);
        at = end;
    }
}

void parts_of(std::string_view identifier, std::vector<std::string>& found) {
    std::string part;
    for (std::size_t i = 0; i < identifier.size(); ++i) {
        if (identifier[i] == '_') {
            add_part(part, found);
            continue;
        }
        if (begins_part(identifier, i)) add_part(part, found);
        part += lower(identifier[i]);
    }
    add_part(part, found);
}

Bag make_bag(std::vector<Word>& words) {
    std::ranges::sort(words);
    Bag bag;
    for (std::size_t i = 0; i < words.size();) {
        std::size_t j = i;
        while (j < words.size() && words[j] == words[i])
            ++j;
        bag.emplace_back(words[i], 1.0F + std::log(static_cast<float>(j - i)));
        i = j;
    }
    return bag;
}

WordSet make_set(std::vector<Word> words) {
    std::ranges::sort(words);
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
}

bool contains(const WordSet& set, Word word) {
    return std::ranges::binary_search(set, word);
}

} // namespace stanch::commits
