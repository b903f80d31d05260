// Docker Compose's env_file: NAME=value or NAME: value; '…' is literal, "…" knows the usual
// escapes, and bare and "…" values expand $NAME, ${NAME}, ${NAME:-default}, ${NAME:+alternative},
// ${NAME:?message}. NAME alone passes the environment's value on. The first error refuses the whole
// file.
#include "env/draft.h"
#include "env/template.h"
#include "env/unicode.h"

#include <algorithm>
#include <charconv>

namespace stanch::env {
namespace {

constexpr std::size_t none = std::string_view::npos;

// White space inside a line, by the parser's own list.
bool is_blank(char32_t c) {
    return c == '\t' || c == '\v' || c == '\f' || c == '\r' || c == ' ' || c == 0x85 || c == 0xA0;
}

// One escape sequence of a "…" value from its backslash on: what it means and how long it is; 0: it
// is none.
struct Escape {
    std::string meaning;
    std::size_t length = 0;
};

Escape octal(std::string_view digits) {
    const std::size_t count =
        std::min<std::size_t>(3, std::min(digits.find_first_not_of("0123456789"), digits.size()));
    Escape escape{"", 2 + count};
    unsigned value = 0;
    const char* first = digits.data();
    const auto [end, error] = std::from_chars(first, first + count, value, 8);
    const bool whole = count == 3 && end == first + count && value <= 255;
    if (whole)
        escape.meaning = std::string(1, static_cast<char>(value));
    else
        escape.meaning = "\\" + std::string(digits.substr(0, count));
    return escape;
}

Escape escape_at(std::string_view text) {
    constexpr std::string_view letters = "abfnrtv\"\\";
    constexpr std::string_view meanings = "\a\b\f\n\r\t\v\"\\";
    if (text.size() < 2) return {};
    if (text[1] == '$') return {"$$", 2};
    if (text[1] == '0') return octal(text.substr(2));
    const std::size_t known = letters.find(text[1]);
    if (known == none) return {};
    return {std::string(1, meanings[known]), 2};
}

std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const Escape escape = text[at] == '\\' ? escape_at(text.substr(at)) : Escape{};
        if (escape.length == 0)
            out += text[at++];
        else {
            out += escape.meaning;
            at += escape.length;
        }
    }
    return out;
}

class Reader {
  public:
    Reader(std::string_view text, const ReadOptions& options) : text_(text), options_(options) {
        if (text.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
    }

    Drafts read() {
        while (!drafts_.refused && next_statement())
            statement();
        if (!drafts_.refused && begin_ < text_.size()) drafts_.list.push_back(new_draft());
        return std::move(drafts_);
    }

  private:
    [[nodiscard]] Draft new_draft() {
        line_ += static_cast<std::size_t>(
            std::ranges::count(text_.substr(counted_, begin_ - counted_), '\n'));
        counted_ = begin_;
        Draft draft{.begin = begin_, .line = line_};
        const std::size_t from = std::min(at_, text_.size());
        draft.key_line = line_ + static_cast<std::size_t>(
                                     std::ranges::count(text_.substr(begin_, from - begin_), '\n'));
        return draft;
    }

    // To the first character of a statement; comments and blank lines are passed.
    bool next_statement() {
        for (;;) {
            at_ = skip(text_, at_, is_unicode_space);
            if (at_ >= text_.size()) return false;
            if (text_[at_] != '#') return true;
            at_ = std::min(text_.find('\n', at_), text_.size());
        }
    }

    void statement() {
        Draft draft = new_draft();
        if (!name(draft) || (!inherited_ && !value(draft))) {
            draft.key.reset();
            draft.value.reset();
            draft.error = true;
            drafts_.refused = true;
        } else if (inherited_ && options_.environment) {
            draft.value = options_.environment(*draft.key);
        }
        if (draft.key && draft.value) seen_[*draft.key] = *draft.value;
        begin_ = at_;
        drafts_.list.push_back(std::move(draft));
    }

    static bool fail_with(Draft& draft, std::string_view message) {
        draft.message = message;
        return false;
    }

    // False where nothing follows it.
    bool skip_export(Draft& draft) {
        if (!text_.substr(at_).starts_with("export")) return true;
        const std::size_t end = skip(text_, at_ + 6, is_blank);
        if (end > at_ + 6) at_ = end;
        return at_ < text_.size() || fail_with(draft, "a name was expected behind 'export'");
    }

    bool name(Draft& draft) {
        if (!skip_export(draft)) return false;
        std::size_t end = at_;
        char stop = '\0';
        while (end < text_.size() && stop == '\0') {
            const CodePoint c = decode(text_, end);
            if (c.value == '=' || c.value == ':' || c.value == '\n')
                stop = static_cast<char>(c.value);
            else if (!is_blank(c.value) && !is_name(c))
                return fail_with(draft, "the name holds a character that no name may have");
            else
                end += c.length;
        }
        return take_name(draft, end, stop);
    }

    static bool is_name(CodePoint c) {
        if (c.value < 0x80)
            return std::isalnum(static_cast<int>(c.value)) != 0 ||
                   std::string_view("_.-[]").find(static_cast<char>(c.value)) != none;
        return c.length > 1 && is_letter_or_number(c.value);
    }

    bool take_name(Draft& draft, std::size_t end, char stop) {
        // Without any of '=', ':' and a newline up to the end, the name is empty and the text is
        // its value.
        const std::size_t length = stop == '\0' ? 0 : end - at_;
        const std::string_view key = trim_end(text_.substr(at_, length), is_unicode_space);
        inherited_ = stop == '\n';
        at_ = skip(text_, stop == '\0' ? at_ : end + 1, is_blank);
        if (key.find(' ') != none) return fail_with(draft, "the name holds a space");
        draft.key = std::string(key);
        return true;
    }

    bool value(Draft& draft) {
        const char quote = at_ < text_.size() ? text_[at_] : '\0';
        if (quote == '\'' || quote == '"') return quoted(draft, quote);
        const std::size_t end = std::min(text_.find('\n', at_), text_.size());
        std::string_view raw = text_.substr(at_, end - at_);
        at_ = std::min(end + 1, text_.size());
        raw = trim_end(raw.substr(0, raw.find(" #")), is_unicode_space);
        return expand(draft, raw);
    }

    bool quoted(Draft& draft, char quote) {
        std::string chars;
        bool escaped = false;
        for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
            const char c = text_[i];
            if (c == quote && !escaped) {
                at_ = i + 1;
                if (quote == '"') return expand(draft, unescaped(chars));
                draft.value = chars;
                return true;
            }
            if (c != quote && !escaped && c == '\\') {
                escaped = true;
                continue;
            }
            if (c != quote && escaped) chars += '\\';
            escaped = false;
            chars += c;
        }
        return fail_with(draft, "the closing quote is missing");
    }

    bool expand(Draft& draft, std::string_view raw) {
        const auto lookup = [this](std::string_view key) -> std::optional<std::string> {
            if (options_.environment)
                if (auto value = options_.environment(key)) return value;
            const auto own = seen_.find(key);
            return own == seen_.end() ? std::nullopt : std::optional(own->second);
        };
        Expansion expansion = expand_template(raw, lookup);
        if (!expansion.message.empty()) return fail_with(draft, expansion.message);
        draft.value = std::move(expansion.text);
        return true;
    }

    std::string_view text_;
    const ReadOptions& options_;
    Drafts drafts_;
    std::map<std::string, std::string, std::less<>> seen_;
    std::size_t at_ = 0;
    std::size_t begin_ = 0;
    std::size_t counted_ = 0;
    std::size_t line_ = 1;
    bool inherited_ = false;
};

} // namespace

Drafts read_compose(std::string_view text, const ReadOptions& options) {
    return Reader(text, options).read();
}

} // namespace stanch::env
