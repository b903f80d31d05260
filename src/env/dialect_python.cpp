// python-dotenv: a statement is NAME, NAME=, NAME=raw text, NAME='…' or NAME="…", with an optional
// `export` before and a comment behind. What does not parse is dropped up to the end of its line,
// and reading goes on. ${NAME} and
// ${NAME:-default} are expanded in every value, whatever its quotes.
#include "env/draft.h"
#include "env/unicode.h"

#include <algorithm>
#include <unordered_map>

namespace stanch::env {
namespace {

bool is_blank(char32_t c) {
    return c != '\r' && c != '\n' && is_python_space(c);
}

// find() of one character is memchr: a value of many lines costs as good as nothing.
std::size_t count_newlines(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t i = text.find('\n'); i != std::string_view::npos; i = text.find('\n', i + 1))
        ++count;
    for (std::size_t i = text.find('\r'); i != std::string_view::npos; i = text.find('\r', i + 1))
        count += static_cast<std::size_t>(i + 1 == text.size() || text[i + 1] != '\n');
    return count;
}

class Reader {
  public:
    Reader(std::string_view text, bool universal)
        : text_(text), universal_(universal), at_(text.starts_with(byte_order_mark) ? 3 : 0) {}

    Drafts read() {
        Drafts drafts;
        std::size_t begin = 0;
        while (at_ < text_.size() || begin < at_) {
            Draft draft;
            draft.begin = begin;
            draft.line = line_;
            statement(draft);
            drafts.list.push_back(std::move(draft));
            begin = at_;
        }
        return drafts;
    }

  private:
    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    [[nodiscard]] bool done() const { return at_ >= text_.size(); }

    // The program counts the newlines of each piece it reads: a CR LF that is read in two pieces
    // counts twice.
    void advance(std::size_t to) {
        line_ += count_newlines(text_.substr(at_, to - at_));
        at_ = to;
    }

    void statement(Draft& draft) {
        advance(skip(text_, at_, is_python_space));
        draft.key_line = line_;
        if (done()) return;
        skip_export();
        if (key(draft) && value(draft) && end_of_line()) return;
        draft.key.reset();
        draft.value.reset();
        draft.verbatim.reset();
        draft.error = true;
        rest_of_line();
    }

    void skip_export() {
        if (!text_.substr(at_).starts_with("export")) return;
        const std::size_t end = skip(text_, at_ + 6, is_blank);
        if (end > at_ + 6) at_ = end;
    }

    bool fail_with(Draft& draft, std::string_view message) {
        draft.message = message;
        return false;
    }

    bool key(Draft& draft) {
        if (peek() == '#') return true;
        if (peek() == '\'') {
            const std::size_t end = text_.find('\'', at_ + 1);
            if (end == std::string_view::npos || end == at_ + 1)
                return fail_with(draft, "a quoted name must have an end and not be empty");
            draft.key = normalized(text_.substr(at_ + 1, end - at_ - 1));
            advance(end + 1);
        } else {
            const std::size_t end = name_end();
            if (end == at_) return fail_with(draft, "a name was expected here");
            draft.key = std::string(text_.substr(at_, end - at_));
            at_ = end;
        }
        at_ = skip(text_, at_, is_blank);
        return true;
    }

    [[nodiscard]] std::size_t name_end() const {
        std::size_t end = at_;
        while (end < text_.size() && text_[end] != '=' && text_[end] != '#') {
            // Most names have these only, and need no decoding.
            const auto c = static_cast<unsigned char>(text_[end]);
            if (c > ' ' && c < 0x7f) {
                ++end;
                continue;
            }
            const CodePoint wide = decode(text_, end);
            if (is_python_space(wide.value)) break;
            end += wide.length;
        }
        return end;
    }

    bool value(Draft& draft) {
        draft.message = "only a comment may follow here";
        if (done() || peek() != '=') return true;
        const std::size_t behind = at_ + 1;
        at_ = skip(text_, behind, is_blank);
        draft.raw_begin = draft.raw_end = at_;
        if (peek() == '\'' || peek() == '"') return quoted(draft);
        // "A= #c" is empty, "A=#c" is not.
        if (at_ > behind && peek() == '#') draft.raw_begin = draft.raw_end = behind;
        const bool is_comment = at_ > behind && peek() == '#';
        draft.verbatim = is_comment ? std::string_view() : raw();
        if (!is_comment) draft.raw_end = draft.raw_begin + draft.verbatim->size();
        return true;
    }

    bool quoted(Draft& draft) {
        const char quote = text_[at_];
        const std::size_t end = closing_quote(quote);
        if (end >= text_.size()) return fail_with(draft, "the closing quote is missing");
        const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
        const bool as_it_stands = !universal_ || inside.find('\r') == std::string_view::npos;
        if (!as_it_stands)
            draft.value = unescaped(normalized(inside), quote);
        else if (inside.find('\\') != std::string_view::npos)
            draft.value = unescaped(inside, quote);
        else
            draft.verbatim = inside;
        advance(end + 1);
        draft.raw_end = at_;
        return true;
    }

    // The quote that ends what begins at `at_`; at or behind the end of the text: there is none.
    [[nodiscard]] std::size_t closing_quote(char quote) const {
        std::size_t from = at_ + 1;
        std::size_t end = text_.find(quote, from);
        while (end != std::string_view::npos) {
            const std::size_t escape = text_.substr(from, end - from).find('\\');
            if (escape == std::string_view::npos) break;
            from += escape + 2;
            if (end < from) end = text_.find(quote, from);
        }
        return end;
    }

    // Universal newlines are what an opened file has; the originals keep the bytes.
    [[nodiscard]] std::string normalized(std::string_view part) const {
        if (!universal_) return std::string(part);
        std::string out;
        for (std::size_t i = 0; i < part.size(); ++i) {
            if (part[i] != '\r')
                out += part[i];
            else if (i + 1 == part.size() || part[i + 1] != '\n')
                out += '\n';
        }
        return out;
    }

    static std::string unescaped(std::string_view text, char quote) {
        constexpr std::string_view letters = "\\'\"abfnrtv";
        constexpr std::string_view meanings = "\\'\"\a\b\f\n\r\t\v";
        std::string out;
        out.reserve(text.size());
        std::size_t from = 0;
        std::size_t at = text.find('\\');
        while (at != std::string_view::npos && at + 1 < text.size()) {
            const std::size_t known = letters.substr(0, quote == '"' ? 10 : 2).find(text[at + 1]);
            if (known != std::string_view::npos) {
                out += text.substr(from, at - from);
                out += meanings[known];
                from = at + 2;
            }
            // What has no meaning is no backslash either.
            at = text.find('\\', at + 2);
        }
        return out += text.substr(from);
    }

    // find_first_of() of two characters calls a function for each byte.
    [[nodiscard]] std::size_t line_end(std::size_t at) const {
        const std::size_t newline = std::min(text_.find('\n', at), text_.size());
        const std::size_t carriage = text_.substr(at, newline - at).find('\r');
        return carriage == std::string_view::npos ? newline : at + carriage;
    }

    // Up to the end of the line; white space and '#' begin a comment.
    std::string_view raw() {
        const std::size_t end = line_end(at_);
        std::string_view part = text_.substr(at_, end - at_);
        at_ = end;
        for (std::size_t at = part.find('#'); at != std::string_view::npos;
             at = part.find('#', at + 1)) {
            const std::string_view before = trim_end(part.substr(0, at), is_python_space);
            if (before.size() == at) continue;
            part = before;
            break;
        }
        return trim_end(part, is_python_space);
    }

    bool end_of_line() {
        std::size_t at = skip(text_, at_, is_blank);
        if (at < text_.size() && text_[at] == '#') {
            at = line_end(at);
            at_ = at;
        }
        if (at < text_.size() && text_[at] != '\r' && text_[at] != '\n') return false;
        if (at < text_.size()) at += text_.substr(at).starts_with("\r\n") ? 2 : 1;
        advance(at);
        return true;
    }

    void rest_of_line() {
        std::size_t end = line_end(at_);
        // Outside a file the program takes only the CR of a CR LF here.
        if (end < text_.size()) end += universal_ && text_.substr(end).starts_with("\r\n") ? 2 : 1;
        advance(end);
    }

    std::string_view text_;
    bool universal_;
    std::size_t at_;
    std::size_t line_ = 1;
};

// ${NAME} and ${NAME:-default}; anything else stays as it stands.
struct Reference {
    std::size_t end = 0; // 0: there is none here
    std::string_view name;
    std::string_view fallback;
};

Reference reference_at(std::string_view value, std::size_t at) {
    if (!value.substr(at).starts_with("${")) return {};
    const std::size_t stop = value.find_first_of("}:", at + 2);
    if (stop == std::string_view::npos) return {};
    const std::string_view name = value.substr(at + 2, stop - at - 2);
    if (value[stop] == '}') return {stop + 1, name, {}};
    if (!value.substr(stop).starts_with(":-")) return {};
    const std::size_t close = value.find('}', stop);
    if (close == std::string_view::npos) return {};
    return {close + 1, name, value.substr(stop + 2, close - stop - 2)};
}

class Interpolation {
  public:
    explicit Interpolation(const ReadOptions& options) : options_(options) {}

    // Few files have any references: without one, no names are remembered.
    void resolve(std::vector<Draft>& drafts) {
        const auto refer = [](const Draft& draft) { return refers(value_of(draft)); };
        if (std::ranges::none_of(drafts, refer)) return;
        seen_.reserve(drafts.size());
        for (Draft& draft : drafts)
            if (draft.key) resolve(draft);
    }

  private:
    static std::string_view value_of(const Draft& draft) {
        return draft.value ? std::string_view(*draft.value) : draft.verbatim.value_or("");
    }

    static bool refers(std::string_view value) {
        return value.find("${") != std::string_view::npos;
    }

    void resolve(Draft& draft) {
        if (refers(value_of(draft))) {
            draft.value = expanded(value_of(draft));
            draft.verbatim.reset();
        }
        seen_[*draft.key] = &draft;
    }

    [[nodiscard]] std::optional<std::string> from_environment(std::string_view name) const {
        return options_.environment ? options_.environment(name) : std::nullopt;
    }

    // A name without a value hides the environment's, and expands to nothing.
    std::string lookup(std::string_view name, std::string_view fallback) {
        const auto own = seen_.find(name);
        if (!options_.file_wins)
            if (auto value = from_environment(name)) return *value;
        if (own != seen_.end()) return std::string(value_of(*own->second));
        return from_environment(name).value_or(std::string(fallback));
    }

    std::string expanded(std::string_view value) {
        std::string out;
        for (std::size_t i = 0; i < value.size();) {
            const Reference reference = reference_at(value, i);
            if (reference.end == 0) {
                out += value[i++];
                continue;
            }
            out += lookup(reference.name, reference.fallback);
            i = reference.end;
        }
        return out;
    }

    const ReadOptions& options_;
    std::unordered_map<std::string_view, const Draft*> seen_; // the last one of each name
};

} // namespace

Drafts read_python(std::string_view text, const ReadOptions& options) {
    Drafts drafts;
    if (!valid_utf8(text)) {
        drafts.list.push_back({.error = true, .message = "the file is not UTF-8"});
        drafts.refused = true;
        return drafts;
    }
    drafts = Reader(text, options.universal_newlines).read();
    if (options.interpolate) Interpolation(options).resolve(drafts.list);
    return drafts;
}

} // namespace stanch::env
