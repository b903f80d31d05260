#include "env/validate.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <re2/re2.h>

namespace stanch::env {
namespace {

bool is_integer(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size();
}

bool is_port(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value >= 1 && value <= 65535;
}

bool is_boolean(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::string_view words[] = {"true", "false", "yes", "no", "on", "off", "1", "0"};
    return std::ranges::find(words, lower) != std::end(words);
}

bool is_url(std::string_view text) {
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos || colon == 0 ||
        std::isalpha(static_cast<unsigned char>(text[0])) == 0)
        return false;
    const auto in_scheme = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.';
    };
    if (!std::ranges::all_of(text.substr(0, colon), in_scheme)) return false;
    const auto printable = [](unsigned char c) {
        return c > 0x20 && c != 0x7F && c != '<' && c != '>' && c != '"';
    };
    const std::string_view rest = text.substr(colon + 3);
    return !rest.empty() && rest[0] != '/' && rest[0] != '?' && rest[0] != '#' &&
           std::ranges::all_of(rest, printable);
}

bool is_email(std::string_view text) {
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos || at == 0 || text.find('@', at + 1) != std::string_view::npos)
        return false;
    const std::string_view domain = text.substr(at + 1);
    const auto visible = [](unsigned char c) { return c > 0x20 && c != 0x7F && c != ','; };
    return domain.find('.') != std::string_view::npos && domain[0] != '.' &&
           !domain.ends_with('.') && std::ranges::all_of(text, visible);
}

// RFC 8259, by recursive descent with a bound on the depth.
class Json {
  public:
    explicit Json(std::string_view text) : text_(text) {}
    bool whole() {
        space();
        return value(0) && (space(), at_ == text_.size());
    }

  private:
    static constexpr int deepest = 512;

    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void space() {
        while (at_ < text_.size() &&
               std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
            ++at_;
    }
    bool take(std::string_view word) {
        if (!text_.substr(at_).starts_with(word)) return false;
        at_ += word.size();
        return true;
    }
    bool value(int depth) {
        if (depth > deepest) return false;
        switch (peek()) {
        case '{':
            return list('}', depth, true);
        case '[':
            return list(']', depth, false);
        case '"':
            return string();
        case 't':
            return take("true");
        case 'f':
            return take("false");
        case 'n':
            return take("null");
        default:
            return number();
        }
    }
    bool list(char close, int depth, bool named) {
        ++at_;
        space();
        if (peek() == close) return ++at_, true;
        for (;;) {
            space();
            if (named && (!string() || (space(), !take(":")))) return false;
            space();
            if (!value(depth + 1)) return false;
            space();
            if (peek() == close) return ++at_, true;
            if (!take(",")) return false;
        }
    }
    bool string() {
        if (!take("\"")) return false;
        while (at_ < text_.size() && text_[at_] != '"') {
            if (static_cast<unsigned char>(text_[at_]) < 0x20) return false;
            if (text_[at_++] == '\\' && !escape()) return false;
        }
        return take("\"");
    }
    bool escape() {
        const char c = peek();
        ++at_;
        if (c != 'u')
            return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos && c != '\0';
        for (int i = 0; i < 4; ++i, ++at_)
            if (std::isxdigit(static_cast<unsigned char>(peek())) == 0) return false;
        return true;
    }
    bool digits() {
        const std::size_t begin = at_;
        while (std::isdigit(static_cast<unsigned char>(peek())) != 0)
            ++at_;
        return at_ > begin;
    }
    bool number() {
        take("-");
        if (!take("0") && !digits()) return false;
        if (take(".") && !digits()) return false;
        if (peek() == 'e' || peek() == 'E') {
            ++at_;
            if (!take("+")) take("-");
            return digits();
        }
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

std::string not_one_of(const std::vector<std::string>& choices) {
    std::string list;
    for (const std::string& choice : choices)
        list += (list.empty() ? "" : ", ") + choice;
    return "not one of: " + list;
}

Result<std::string> pattern_problem(const Credential& credential, std::string_view value) {
    RE2::Options options;
    options.set_log_errors(false);
    const RE2 pattern(credential.pattern, options);
    if (!pattern.ok())
        return fail(ErrorKind::invalid,
                    credential.name +
                        ": the pattern is not a regular expression: " + pattern.error(),
                    credential.where);
    return RE2::FullMatch(re2::StringPiece(value.data(), value.size()), pattern)
               ? ""
               : "does not match its pattern";
}

} // namespace

bool is_json(std::string_view text) {
    return Json(text).whole();
}

Result<std::string> type_problem(const Credential& credential, std::string_view value) {
    const auto must = [](bool is, std::string problem) {
        return is ? std::string() : std::move(problem);
    };
    switch (credential.type) {
    case ValueType::string:
        return std::string();
    case ValueType::url:
        return must(is_url(value), "not an absolute URL");
    case ValueType::integer:
        return must(is_integer(value), "not a whole number");
    case ValueType::boolean:
        return must(is_boolean(value), "not a boolean (true, false, yes, no, on, off, 1, 0)");
    case ValueType::enumeration:
        return must(std::ranges::find(credential.choices, value) != credential.choices.end(),
                    not_one_of(credential.choices));
    case ValueType::email:
        return must(is_email(value), "not an e-mail address");
    case ValueType::path:
        return must(!value.empty(), "not a path");
    case ValueType::port:
        return must(is_port(value), "not a port (1 to 65535)");
    case ValueType::json:
        return must(is_json(value), "not JSON");
    case ValueType::pattern:
        return pattern_problem(credential, value);
    }
    return std::string();
}

} // namespace stanch::env
