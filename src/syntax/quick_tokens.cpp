#include "syntax/quick_tokens.h"

#include <algorithm>
#include <array>

namespace stanch::syntax {
namespace {

enum Class : std::uint8_t { none = 0, letter = 1, digit = 2 };

constexpr std::array<std::uint8_t, 256> classes = [] {
    std::array<std::uint8_t, 256> table{};
    for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"))
        table[static_cast<unsigned char>(c)] = letter;
    for (const char c : std::string_view("0123456789"))
        table[static_cast<unsigned char>(c)] = digit;
    return table;
}();

std::uint8_t class_of(char c) {
    return classes[static_cast<unsigned char>(c)];
}

struct Keyword {
    std::string_view word;
    Tok token;
};
constexpr std::array keywords{
#define X(word, token) Keyword{#word, Tok::token},
    STANCH_PYTHON_KEYWORDS(X)
#undef X
};

constexpr std::size_t longest_keyword = 8;

constexpr std::size_t slot_of(std::string_view word) {
    return (static_cast<unsigned char>(word.front()) + static_cast<unsigned char>(word.back()) +
            static_cast<unsigned char>(word[1]) + word.size() * 15U) &
           127U;
}

// Every keyword in a slot of its own.
constexpr std::array<std::uint8_t, 128> keyword_slots = [] {
    std::array<std::uint8_t, 128> table{};
    for (std::size_t i = 0; i < keywords.size(); ++i) {
        std::uint8_t& slot = table[slot_of(keywords[i].word)];
        slot = static_cast<std::uint8_t>(slot == 0 ? i + 1 : 255);
    }
    return table;
}();
static_assert(std::ranges::find(keyword_slots, 255) == keyword_slots.end());

Tok keyword(std::string_view word) {
    if (word.size() < 2 || word.size() > longest_keyword) return Tok::name;
    const std::uint8_t slot = keyword_slots[slot_of(word)];
    return slot != 0 && keywords[slot - 1].word == word ? keywords[slot - 1].token : Tok::name;
}

bool is_prefix(char c) {
    const char lower = static_cast<char>(c | 0x20);
    return lower == 'f' || lower == 'r' || lower == 'b' || lower == 'u';
}

} // namespace

void Tokens::stop() {
    stopped_ = true;
    now_ = {.kind = Tok::stop};
    at_ = text_.size();
}

void Tokens::take(Tok kind, std::size_t size) {
    now_ = {.kind = kind,
            .first = text_[at_],
            .begin = static_cast<std::uint32_t>(at_),
            .end = static_cast<std::uint32_t>(at_ + size)};
    at_ += size;
}

void Tokens::skip_blanks() {
    new_line_ = false;
    while (at_ < text_.size()) {
        const char c = text_[at_];
        if (c == ' ' || c == '\t') {
            ++at_;
            line_column_ += c == ' ' ? 1 : 8;
        } else if (brackets > 0 && c == '\n') {
            ++at_;
            new_line_ = true;
            line_column_ = 0;
        } else if (c == '#') {
            if (!continued_.empty()) return stop();
            const std::size_t end = std::min(text_.find('\n', at_), text_.size());
            extras_.push_back(
                {static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(end), Kind::comment});
            at_ = end;
        } else if (c == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') {
            continued_.push_back({static_cast<std::uint32_t>(at_),
                                  static_cast<std::uint32_t>(at_ + 2), Kind::other});
            at_ += 2;
        } else {
            return;
        }
    }
}

char Tokens::peek() const {
    for (std::size_t at = at_; at < text_.size(); ++at) {
        const char c = text_[at];
        if (c == ' ' || c == '\t') continue;
        const bool continued = c == '\\' && at + 1 < text_.size() && text_[at + 1] == '\n';
        if (continued) ++at;
        if (continued || (brackets > 0 && c == '\n')) continue;
        if (c == '\n' || (c == '#' && brackets == 0)) return 0;
        if (c != '#') return c;
        at = std::min(text_.find('\n', at), text_.size());
    }
    return 0;
}

void Tokens::advance() {
    if (stopped_) return;
    continued_.clear();
    skip_blanks();
    if (stopped_) return;
    // A line that begins left of its block: where no bracket can close, the grammar's scanner
    // takes it for the block's end.
    if (new_line_ && line_column_ < column && at_ < text_.size() && text_[at_] != ')' &&
        text_[at_] != ']' && text_[at_] != '}')
        return stop();
    if (at_ >= text_.size()) {
        if (!continued_.empty() || brackets > 0) return stop();
        now_ = {.kind = Tok::end,
                .begin = static_cast<std::uint32_t>(text_.size()),
                .end = static_cast<std::uint32_t>(text_.size())};
        return;
    }
    const char c = text_[at_];
    if (class_of(c) == letter) {
        read_name();
    } else if (class_of(c) == digit ||
               (c == '.' && at_ + 1 < text_.size() && class_of(text_[at_ + 1]) == digit)) {
        read_number();
    } else if (c == '"' || c == '\'') {
        take(Tok::string, 0);
    } else if (c == '\n') {
        if (!continued_.empty()) return stop();
        take(Tok::newline, 1);
    } else {
        read_operator();
    }
    // In front of a string the grammar's scanner takes a continued line for a blank.
    if (!continued_.empty() && now_.kind != Tok::string)
        extras_.insert(extras_.end(), continued_.begin(), continued_.end());
}

void Tokens::read_name() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && class_of(text_[end]) != none)
        ++end;
    if (end < text_.size()) {
        const char behind = text_[end];
        if ((behind == '"' || behind == '\'') &&
            std::ranges::all_of(text_.substr(at_, end - at_), is_prefix)) {
            take(Tok::string, 0);
            return;
        }
        if (static_cast<unsigned char>(behind) >= 0x80) return stop(); // a letter, perhaps
    }
    take(keyword(text_.substr(at_, end - at_)), end - at_);
}

void Tokens::read_number() {
    std::size_t end = at_;
    const auto digits = [&](char last = '9') {
        const std::size_t begin = end;
        for (; end < text_.size(); ++end) {
            const bool gap = text_[end] == '_' && end > begin && text_[end - 1] != '_';
            if (!gap && (text_[end] < '0' || text_[end] > last)) break;
        }
        return end > begin && text_[end - 1] != '_';
    };
    Tok kind = Tok::integer;
    if (text_[end] == '0' && end + 1 < text_.size() && (text_[end + 1] | 0x20) == 'x') {
        end += 2;
        const std::size_t begin = end;
        while (end < text_.size() && (class_of(text_[end]) == digit ||
                                      ((text_[end] | 0x20) >= 'a' && (text_[end] | 0x20) <= 'f')))
            ++end;
        if (end == begin) return stop();
    } else if (text_[end] == '0' && end + 1 < text_.size() &&
               ((text_[end + 1] | 0x20) == 'o' || (text_[end + 1] | 0x20) == 'b')) {
        const char last = (text_[end + 1] | 0x20) == 'o' ? '7' : '1';
        end += 2;
        if (!digits(last)) return stop();
    } else {
        if (text_[end] != '.' && !digits()) return stop();
        if (end < text_.size() && text_[end] == '.') {
            kind = Tok::floating;
            ++end;
            if (end < text_.size() && class_of(text_[end]) == digit && !digits()) return stop();
        }
        if (end + 1 < text_.size() && (text_[end] | 0x20) == 'e') {
            kind = Tok::floating;
            ++end;
            if (text_[end] == '+' || text_[end] == '-') ++end;
            if (!digits()) return stop();
        }
    }
    if (end < text_.size() && text_[end] == 'j') ++end;
    // 1L, 1if: the grammar knows.
    if (end < text_.size() &&
        (class_of(text_[end]) != none || static_cast<unsigned char>(text_[end]) >= 0x80))
        return stop();
    take(kind, end - at_);
}

void Tokens::read_operator() {
    const char c = text_[at_];
    const char second = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    const char third = at_ + 2 < text_.size() ? text_[at_ + 2] : '\0';
    switch (c) {
    case '(':
    case '[':
    case '{':
        return take(Tok::open, 1);
    case ')':
    case ']':
    case '}':
        return take(Tok::close, 1);
    case ',':
        return take(Tok::comma, 1);
    case ';':
        return take(Tok::semicolon, 1);
    case ':':
        return second == '=' ? take(Tok::walrus, 2) : take(Tok::colon, 1);
    case '.':
        return second == '.' && third == '.' ? take(Tok::ellipsis, 3) : take(Tok::dot, 1);
    case '=':
        return second == '=' ? take(Tok::compare, 2) : take(Tok::equals, 1);
    case '!':
        return second == '=' ? take(Tok::compare, 2) : take(Tok::bang, 1);
    case '~':
        return take(Tok::binary, 1);
    case '<':
    case '>':
        if (second == c) return third == '=' ? take(Tok::augmented, 3) : take(Tok::binary, 2);
        return take(Tok::compare, second == '=' || (c == '<' && second == '>') ? 2 : 1);
    case '*':
    case '/':
        if (second == c) {
            if (third == '=') return take(Tok::augmented, 3);
            return take(c == '*' ? Tok::star_star : Tok::binary, 2);
        }
        if (second == '=') return take(Tok::augmented, 2);
        return take(c == '*' ? Tok::star : Tok::binary, 1);
    case '-':
        if (second == '>') return take(Tok::arrow, 2);
        [[fallthrough]];
    case '+':
    case '%':
    case '&':
    case '|':
    case '^':
        return second == '=' ? take(Tok::augmented, 2) : take(Tok::binary, 1);
    case '@':
        return second == '=' ? take(Tok::augmented, 2) : take(Tok::at, 1);
    default:
        return stop();
    }
}

const Tokens::Line& Tokens::next_line() {
    line_.comments.clear();
    line_.column = 0;
    std::size_t at = at_;
    for (;; ++at) {
        if (at >= text_.size()) {
            line_.end_of_text = true;
            line_.column = 0;
            line_.begin = text_.size();
            return line_;
        }
        const char c = text_[at];
        if (c == ' ') {
            ++line_.column;
        } else if (c == '\t') {
            line_.column += 8;
        } else if (c == '\n') {
            line_.column = 0;
        } else if (c == '#') {
            const std::size_t end = std::min(text_.find('\n', at), text_.size());
            line_.comments.emplace_back(Extra{static_cast<std::uint32_t>(at),
                                              static_cast<std::uint32_t>(end), Kind::comment},
                                        line_.column);
            at = end - 1;
        } else {
            break;
        }
    }
    line_.end_of_text = false;
    line_.begin = at;
    if (text_[at] == '\\') stop();
    return line_;
}

} // namespace stanch::syntax
