#include "commits/edit.h"

#include <algorithm>
#include <span>

namespace stanch::commits {
namespace {

constexpr std::size_t most_tokens = 400;

using Tokens = std::vector<std::string_view>;

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

// Names, numbers, and every other sign by itself.
Tokens tokens_of(std::string_view text) {
    Tokens out;
    for (std::size_t at = 0; at < text.size() && out.size() < most_tokens;) {
        if (is_blank(text[at])) {
            ++at;
            continue;
        }
        std::size_t end = at + 1;
        if (is_name(text[at]))
            while (end < text.size() && is_name(text[end]))
                ++end;
        out.push_back(text.substr(at, end - at));
        at = end;
    }
    return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const std::size_t newline = text.find('\n');
        out.push_back(text.substr(0, newline));
        text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    }
    return out;
}

bool is_cosmetic(std::string_view token) {
    return token.size() == 1 && std::string_view("(),\"'\\").contains(token[0]);
}

std::uint32_t mix(std::uint32_t hash, std::string_view text) {
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return (hash ^ 0xFFU) * 16777619U;
}

// A name, a number or itself.
std::string_view alike(std::string_view token) {
    if (is_digit(token[0])) return "0";
    return is_name(token[0]) && !is_everyday(token) ? "x" : token;
}

class Comparer {
  public:
    void compare(std::string_view removed, std::string_view added) {
        Tokens before = tokens_of(removed);
        Tokens after = tokens_of(added);
        std::span<const std::string_view> a(before);
        std::span<const std::string_view> b(after);
        while (!a.empty() && !b.empty() && a.front() == b.front()) {
            a = a.subspan(1);
            b = b.subspan(1);
        }
        while (!a.empty() && !b.empty() && a.back() == b.back()) {
            a = a.first(a.size() - 1);
            b = b.first(b.size() - 1);
        }
        add(a, "-");
        add(b, "+");
        cosmetic_ = cosmetic_ && same_but_cosmetics(before, after);
    }

    Edit take() { return {make_bag(exact_), make_bag(shape_), cosmetic_}; }

  private:
    void add(std::span<const std::string_view> tokens, std::string_view sign) {
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const std::string_view next = i + 1 < tokens.size() ? tokens[i + 1] : "";
            const std::string_view third = i + 2 < tokens.size() ? tokens[i + 2] : "";
            exact_.push_back(mix(mix(mix(2166136261U, sign), tokens[i]), next));
            shape_.push_back(mix(mix(mix(mix(2166136261U, sign), alike(tokens[i])),
                                     next.empty() ? next : alike(next)),
                                 third.empty() ? third : alike(third)));
        }
    }

    static bool same_but_cosmetics(Tokens a, Tokens b) {
        std::erase_if(a, is_cosmetic);
        std::erase_if(b, is_cosmetic);
        return a == b;
    }

    std::vector<Word> exact_;
    std::vector<Word> shape_;
    bool cosmetic_ = true;
};

// Where a string in three quotes ends, or begins.
class Quotes {
  public:
    // Whether the line holds nothing but a comment, blanks or a part of such a string.
    bool step(std::string_view line) {
        const bool began_inside = open_ != 0;
        bool only = true;
        for (std::size_t at = 0; at < line.size();) {
            if (open_ != 0)
                at = close(line, at);
            else if (line[at] == '#')
                break;
            else if (opens(line, at)) {
                open_ = line[at];
                at += 3;
            } else if (line[at] == '"' || line[at] == '\'') {
                at = past_string(line, at);
                only = false;
            } else {
                if (!is_blank(line[at])) only = false;
                ++at;
            }
        }
        return only || (began_inside && open_ != 0);
    }

  private:
    std::size_t close(std::string_view line, std::size_t at) {
        const std::size_t end = line.find(std::string(3, open_), at);
        if (end == std::string_view::npos) return line.size();
        open_ = 0;
        return end + 3;
    }
    static bool opens(std::string_view line, std::size_t at) {
        return line.substr(at).starts_with("\"\"\"") || line.substr(at).starts_with("'''");
    }
    static std::size_t past_string(std::string_view line, std::size_t at) {
        const char quote = line[at];
        for (++at; at < line.size() && line[at] != quote; ++at)
            if (line[at] == '\\') ++at;
        return at + 1;
    }

    char open_ = 0;
};

bool begins_comment(std::string_view line) {
    while (!line.empty() && is_blank(line.front()))
        line.remove_prefix(1);
    return line.empty() || line.starts_with("//") || line.starts_with("/*") ||
           line.starts_with('*') || line.starts_with('#');
}

template <class Test>
bool every_line(std::string_view text, Test test) {
    while (!text.empty()) {
        const std::size_t newline = text.find('\n');
        std::string_view line = text.substr(0, newline);
        text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
        while (!line.empty() && is_blank(line.front()))
            line.remove_prefix(1);
        if (!line.empty() && !test(line)) return false;
    }
    return true;
}

bool is_comment(std::string_view line) {
    return line.starts_with('#') || line.starts_with("//") || line.starts_with("\"\"\"") ||
           line.starts_with("/*") || line.starts_with("* ");
}

bool is_import(std::string_view line) {
    return line.starts_with("import ") || line.starts_with("from ");
}

} // namespace

Edit compare_edit(std::string_view removed, std::string_view added) {
    Comparer comparer;
    const auto before = lines_of(removed);
    const auto after = lines_of(added);
    if (before.size() == after.size())
        for (std::size_t i = 0; i < before.size(); ++i)
            comparer.compare(before[i], after[i]);
    else
        comparer.compare(removed, added);
    return comparer.take();
}

bool only_blanks_differ(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (true) {
        while (i < a.size() && is_blank(a[i]))
            ++i;
        while (j < b.size() && is_blank(b[j]))
            ++j;
        if (i == a.size() || j == b.size()) return i == a.size() && j == b.size();
        if (a[i++] != b[j++]) return false;
    }
}

bool only_comments(std::string_view text) {
    return every_line(text, is_comment);
}

bool only_imports(std::string_view text) {
    return every_line(text, is_import);
}

std::vector<std::string> literals(std::string_view text) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '"' || c == '\'') {
            const std::size_t end = text.find_first_of(std::string{c, '\n'}, at + 1);
            if (end == std::string_view::npos) break;
            if (text[end] == c && end - at > 3)
                out.push_back("'" + std::string(text.substr(at + 1, end - at - 1)));
            at = end;
        } else if (is_name(c)) {
            std::size_t end = at;
            while (end < text.size() && (is_name(text[end]) || text[end] == '.'))
                ++end;
            if (is_digit(c) && end - at > 1)
                out.push_back("'" + std::string(text.substr(at, end - at)));
            at = end - 1;
        }
    }
    return out;
}

std::vector<std::string> issues(std::string_view text) {
    std::vector<std::string> out;
    constexpr std::string_view marks[] = {"#", "GH-", "GH", "issues/", "pull/", "issue:`", "pr:`"};
    for (const std::string_view mark : marks)
        for (std::size_t at = text.find(mark); at != std::string_view::npos;
             at = text.find(mark, at + 1)) {
            std::size_t end = at + mark.size();
            while (end < text.size() && is_digit(text[end]))
                ++end;
            const std::size_t digits = end - at - mark.size();
            if (digits >= 2 && digits <= 6 && (end == text.size() || !is_name(text[end])))
                out.push_back("#" + std::string(text.substr(end - digits, digits)));
        }
    return out;
}

std::vector<bool> prose_lines(const Lines& lines, Language language) {
    std::vector<bool> out(lines.count(), language == Language::prose);
    Quotes quotes;
    for (std::size_t i = 0; i < lines.count(); ++i) {
        if (language == Language::python)
            out[i] = quotes.step(lines.line(i + 1));
        else if (language == Language::braces)
            out[i] = begins_comment(lines.line(i + 1));
    }
    return out;
}

} // namespace stanch::commits
