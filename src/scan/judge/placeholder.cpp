#include "scan/judge/placeholder.h"

#include "scan/judge/word_list.h"

#include <algorithm>
#include <array>
#include <string>

namespace stanch::scan {
namespace {

// Words of documentation and templates. In forty random characters, the chance of one of five
// letters is 1 in a million; none is shorter.
const WordList& words() {
    static const WordList list{
        "example",     "changeme", "change_me", "change-me",  "placeholder", "your_",
        "your-",       "yourapi",  "yourkey",   "yourtoken",  "yoursecret",  "dummy",
        "redacted",    "insert_",  "insert-",   "replace",    "my_secret",   "my-secret",
        "secret_here", "key_here", "key-here",  "token_here", "sample_",     "todo_",
        "not-a-real",  "notareal", "fake_",     "fake-",      "foobar",      "xxxxx"};
    return list;
}

const WordList& rows() {
    static const WordList list{"0123456789", "1234567890", "abcdefghij",       "qwertyuiop",
                               "zyxwvutsrq", "9876543210", "deadbeefdeadbeef", "1a2b3c4d5e"};
    return list;
}

// Values that are nobody's password, or that everybody knows to be replaced, or that say when
// (update_password: always).
constexpr std::array<std::string_view, 24> whole_words = {
    "password", "passwd",   "pass",    "pwd",     "secret", "token",   "user",   "username",
    "test",     "apikey",   "api_key", "api-key", "key",    "value",   "none",   "null",
    "string",   "changeit", "xxx",     "xxxx",    "***",    "hunter2", "always", "never"};

std::string lowered(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    return out;
}

bool name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The longest run of one character.
std::size_t longest_repeat(std::string_view text) {
    std::size_t best = 0;
    std::size_t run = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        run = i > 0 && text[i] == text[i - 1] ? run + 1 : 1;
        best = std::max(best, run);
    }
    return best;
}

// %(name)s, $(command)
bool named_mark(std::string_view text, std::string_view mark) {
    for (std::size_t at = text.find(mark); at != std::string_view::npos;
         at = text.find(mark, at + 1)) {
        std::size_t end = at + mark.size();
        while (end < text.size() && (name_character(text[end]) || text[end] == ' '))
            ++end;
        if (end > at + mark.size() + 1 && end < text.size() && text[end] == ')') return true;
    }
    return false;
}

// {name}, {user.id}, {size:>10}, {value!r}: a field of Python's format strings, and of ours in
// rules, that begins at `open`.
bool field_at(std::string_view text, std::size_t open) {
    std::size_t end = open + 1;
    if (end < text.size() && text[end] >= '0' && text[end] <= '9') return false;
    while (end < text.size() && (name_character(text[end]) || text[end] == '.'))
        ++end;
    const std::size_t close = text.find_first_of("{}", end);
    if (end == open + 1 || close == std::string_view::npos || text[close] != '}') return false;
    return close == end || text[end] == ':' || text[end] == '!';
}

bool format_field(std::string_view text) {
    for (std::size_t open = text.find('{'); open != std::string_view::npos;
         open = text.find('{', open + 1))
        if (field_at(text, open)) return true;
    return false;
}

bool template_mark(std::string_view text) {
    if (text.starts_with('<') && text.ends_with('>')) return true;
    if (text.size() == 2 && text.front() == '%') return true;
    if (format_field(text)) return true;
    if (named_mark(text, "%(") || named_mark(text, "$(")) return true;
    return std::ranges::any_of(
        std::array{"${", "{{", "#{", "<%", "..."},
        [&](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

// db.password, settings.SECRET_KEY, self._token
bool dotted_names(std::string_view text) {
    if (text.find('.') == std::string_view::npos || text.front() == '.' || text.back() == '.')
        return false;
    bool start = true;
    for (const char c : text) {
        if (c != '.' && !name_character(c)) return false;
        if (start && c >= '0' && c <= '9') return false;
        start = c == '.';
    }
    return text.find("..") == std::string_view::npos &&
           std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; }) <= 2;
}

// name(…) or name[…]
bool call_or_index(std::string_view text) {
    const std::size_t open = text.find_first_of("([");
    if (open == std::string_view::npos || open == 0) return false;
    return std::ranges::all_of(text.substr(0, open), [](char c) {
        return name_character(c) || c == '.' || c == ':' || c == '>' || c == '-';
    });
}

} // namespace

std::string_view placeholder(std::string_view secret) {
    if (template_mark(secret)) return "a template's place";
    const std::string lower = lowered(secret);
    if (words().in(lower)) return "a placeholder's word";
    if (rows().in(lower)) return "a row of the keyboard or the alphabet";
    if (std::ranges::find(whole_words, lower) != whole_words.end()) return "a placeholder's word";
    // A third of it: there are tokens that begin with a row of the same letter.
    if (secret.size() < 4096 &&
        longest_repeat(secret) >= std::max<std::size_t>(8, secret.size() / 3))
        return "one character repeated";
    return {};
}

bool goes_on_as_template(std::string_view after) {
    constexpr std::size_t longest_field = 64;
    return after.starts_with('{') && field_at(after.substr(0, longest_field), 0);
}

bool reference(std::string_view secret) {
    if (secret.empty()) return true;
    if (secret.front() == '$' && std::ranges::all_of(secret.substr(1), name_character)) return true;
    if (secret.size() > 2 && secret.front() == '%' && secret.back() == '%') return true;
    return dotted_names(secret) || call_or_index(secret);
}

} // namespace stanch::scan
