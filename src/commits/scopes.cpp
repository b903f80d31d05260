#include "commits/scopes.h"

#include <algorithm>
#include <array>

namespace stanch::commits {
namespace {

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view trim_left(std::string_view text) {
    const std::size_t at = text.find_first_not_of(" \t\f\r\n");
    return at == std::string_view::npos ? std::string_view() : text.substr(at);
}

std::size_t indentation(std::string_view line) {
    std::size_t width = 0;
    for (const char c : line) {
        if (c == ' ')
            ++width;
        else if (c == '\t')
            width += 8 - width % 8;
        else
            break;
    }
    return width;
}

std::string_view word_at(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && is_word(text[end]))
        ++end;
    return text.substr(0, end);
}

// The name behind a keyword at the start of `text`: "def parse(…" gives "parse" for "def".
std::string_view name_behind(std::string_view text, std::string_view keyword) {
    if (!text.starts_with(keyword) || text.size() == keyword.size() ||
        is_word(text[keyword.size()]))
        return {};
    return word_at(trim_left(text.substr(keyword.size())));
}

std::string_view without_async(std::string_view text) {
    return text.starts_with("async ") ? trim_left(text.substr(6)) : text;
}

// Follows strings in three quotes and brackets across the lines of a Python file.
class PythonLines {
  public:
    // Whether a statement may begin on the next line.
    [[nodiscard]] bool at_statement() const { return quote_ == 0 && depth_ == 0; }

    void pass(std::string_view line) {
        for (std::size_t i = 0; i < line.size();)
            i = step(line, i);
    }

  private:
    static bool tripled(std::string_view line, std::size_t at) {
        return at + 2 < line.size() && line[at + 1] == line[at] && line[at + 2] == line[at];
    }

    std::size_t step(std::string_view line, std::size_t at) {
        const char c = line[at];
        if (quote_ != 0) {
            if (c == '\\') return at + 2;
            if (c == quote_ && tripled(line, at)) {
                quote_ = 0;
                return at + 3;
            }
            return at + 1;
        }
        if (c == '#') return line.size();
        if (c == '"' || c == '\'') return open_string(line, at);
        if (c == '(' || c == '[' || c == '{') ++depth_;
        if ((c == ')' || c == ']' || c == '}') && depth_ > 0) --depth_;
        return at + 1;
    }

    std::size_t open_string(std::string_view line, std::size_t at) {
        const char c = line[at];
        if (tripled(line, at)) {
            quote_ = c;
            return at + 3;
        }
        for (std::size_t i = at + 1; i < line.size(); ++i) {
            if (line[i] == '\\')
                ++i;
            else if (line[i] == c)
                return i + 1;
        }
        return line.size();
    }

    char quote_ = 0;
    int depth_ = 0;
};

struct Open {
    std::int32_t scope = -1;
    std::size_t indent = 0;
};

std::int32_t innermost(const std::vector<Open>& open) {
    return open.empty() ? -1 : open.back().scope;
}

Scopes python_scopes(const Lines& lines) {
    Scopes scopes;
    scopes.of_line.resize(lines.count(), -1);
    PythonLines state;
    std::vector<Open> open;
    std::size_t decorated_from = 0;
    for (std::size_t number = 1; number <= lines.count(); ++number) {
        const std::string_view line = lines.line(number);
        const std::string_view text = trim_left(line);
        const bool statement = state.at_statement() && !text.empty() && text[0] != '#';
        if (statement) {
            const std::size_t indent = indentation(line);
            while (!open.empty() && open.back().indent >= indent)
                open.pop_back();
            const std::string_view class_name = name_behind(text, "class");
            const std::string_view name =
                class_name.empty() ? name_behind(without_async(text), "def") : class_name;
            if (text[0] == '@') {
                if (decorated_from == 0) decorated_from = number;
            } else if (!name.empty()) {
                const std::size_t first = decorated_from == 0 ? number : decorated_from;
                scopes.all.push_back({name, innermost(open), !class_name.empty(),
                                      static_cast<std::uint32_t>(first)});
                open.push_back({static_cast<std::int32_t>(scopes.all.size() - 1), indent});
                for (std::size_t i = first; i < number; ++i)
                    scopes.of_line[i - 1] = innermost(open);
                decorated_from = 0;
            } else {
                decorated_from = 0;
            }
        }
        scopes.of_line[number - 1] = innermost(open);
        state.pass(line);
    }
    return scopes;
}

std::string_view definition_in_braces(std::string_view text, bool& is_class) {
    static constexpr std::array<std::string_view, 9> leading{"export ", "default ",  "async ",
                                                             "public ", "private ",  "static ",
                                                             "pub ",    "abstract ", "protected "};
    for (bool again = true; again;) {
        again = false;
        for (const std::string_view word : leading)
            if (text.starts_with(word)) {
                text = trim_left(text.substr(word.size()));
                again = true;
            }
    }
    for (const std::string_view keyword :
         {"class", "interface", "struct", "enum", "namespace", "trait", "impl"})
        if (const auto name = name_behind(text, keyword); !name.empty()) {
            is_class = true;
            return name;
        }
    if (text.starts_with("func (")) {
        const std::size_t close = text.find(") ");
        if (close != std::string_view::npos) return word_at(text.substr(close + 2));
    }
    for (const std::string_view keyword : {"function", "func", "fn"})
        if (const auto name = name_behind(text, keyword); !name.empty()) return name;
    return {};
}

// A C function's head at the left edge: "static int parse(const char *text) {"
std::string_view c_function(std::string_view line) {
    if (line.empty() || !is_word(line[0])) return {};
    const std::size_t bracket = line.find('(');
    if (bracket == std::string_view::npos || line.find(';') != std::string_view::npos) return {};
    std::size_t begin = bracket;
    while (begin > 0 && is_word(line[begin - 1]))
        --begin;
    return begin == 0 ? std::string_view() : line.substr(begin, bracket - begin);
}

Scopes brace_scopes(const Lines& lines) {
    Scopes scopes;
    scopes.of_line.resize(lines.count(), -1);
    std::vector<Open> open;
    for (std::size_t number = 1; number <= lines.count(); ++number) {
        const std::string_view line = lines.line(number);
        const std::string_view text = trim_left(line);
        if (!text.empty() && text[0] != '}' && text[0] != ')' && text[0] != '#' && text[0] != '/') {
            const std::size_t indent = indentation(line);
            while (!open.empty() && open.back().indent >= indent && text[0] != '{')
                open.pop_back();
            bool is_class = false;
            std::string_view name = definition_in_braces(text, is_class);
            if (name.empty()) name = c_function(line);
            if (!name.empty()) {
                scopes.all.push_back(
                    {name, innermost(open), is_class, static_cast<std::uint32_t>(number)});
                open.push_back({static_cast<std::int32_t>(scopes.all.size() - 1), indent});
            }
        }
        scopes.of_line[number - 1] = innermost(open);
    }
    return scopes;
}

bool is_underline(std::string_view line) {
    const std::size_t end = line.find_last_not_of(" \r\n");
    if (end == std::string_view::npos || end < 2) return false;
    const char c = line[0];
    return std::string_view("=-~^\"'`#*+").find(c) != std::string_view::npos &&
           line.substr(0, end + 1).find_first_not_of(c) == std::string_view::npos;
}

// "# Title", a title above a line of === or ---, or "[section]".
Scopes prose_scopes(const Lines& lines) {
    Scopes scopes;
    scopes.of_line.resize(lines.count(), -1);
    std::int32_t current = -1;
    for (std::size_t number = 1; number <= lines.count(); ++number) {
        const std::string_view line = lines.line(number);
        const bool underlined = number < lines.count() && is_underline(lines.line(number + 1)) &&
                                !trim_left(line).empty() && !is_underline(line);
        const bool headed = line.starts_with('#') ||
                            (line.starts_with('[') && line.find(']') != std::string_view::npos);
        if (underlined || headed) {
            const std::size_t end = line.find_last_not_of(" \r\n");
            scopes.all.push_back(
                {line.substr(0, end + 1), -1, false, static_cast<std::uint32_t>(number)});
            current = static_cast<std::int32_t>(scopes.all.size() - 1);
        }
        scopes.of_line[number - 1] = current;
    }
    return scopes;
}

void add_words(std::string_view text, std::vector<std::string_view>& names) {
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view word = word_at(text.substr(at));
        if (word.size() > 1 && word != "as" && word != "import" && word != "from")
            names.push_back(word);
        at += word.empty() ? 1 : word.size();
    }
}

// "name = …", "name: type = …", "self.name = …", "a, b = …": the names to the left.
void add_assigned(std::string_view text, std::vector<std::string_view>& names) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) return;
    if (equals + 1 < text.size() && text[equals + 1] == '=') return;
    std::string_view left = text.substr(0, equals);
    if (left.find_first_of("(\"'!<>") != std::string_view::npos) return;
    const std::size_t colon = left.find(':');
    if (colon != std::string_view::npos) left = left.substr(0, colon);
    while (!left.empty()) {
        const std::size_t comma = left.find(',');
        std::string_view target = trim_left(left.substr(0, comma));
        const std::size_t dot = target.rfind('.');
        if (dot != std::string_view::npos) target = target.substr(dot + 1);
        const std::string_view name = word_at(target);
        if (name.size() > 1) names.push_back(name);
        left = comma == std::string_view::npos ? std::string_view() : left.substr(comma + 1);
    }
}

void add_parameters(std::string_view text, std::vector<std::string_view>& names) {
    const std::size_t open = text.find('(');
    if (open == std::string_view::npos) return;
    std::string_view rest = text.substr(open + 1);
    while (!rest.empty()) {
        std::string_view parameter = trim_left(rest);
        while (!parameter.empty() && parameter[0] == '*')
            parameter.remove_prefix(1);
        const std::string_view name = word_at(parameter);
        if (name.size() > 1 && name != "self" && name != "cls") names.push_back(name);
        const std::size_t comma = rest.find(',');
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
}

void python_names(std::string_view text, Names& names) {
    if (text.starts_with("import ") || text.starts_with("from "))
        return add_words(text, names.imported);
    if (const auto name = name_behind(text, "class"); !name.empty())
        return names.defined.push_back(name);
    const std::string_view plain = without_async(text);
    if (const auto name = name_behind(plain, "def"); !name.empty()) {
        names.defined.push_back(name);
        return add_parameters(plain, names.defined);
    }
    add_assigned(text, names.defined);
}

void brace_names(std::string_view text, std::string_view line, Names& names) {
    if (text.starts_with("import ") || text.starts_with("#include") ||
        text.find("require(") != std::string_view::npos)
        return add_words(text, names.imported);
    bool is_class = false;
    std::string_view name = definition_in_braces(text, is_class);
    if (name.empty()) name = c_function(line);
    if (!name.empty()) {
        names.defined.push_back(name);
        return;
    }
    for (const std::string_view keyword : {"const", "let", "var", "#define", "type", "auto"})
        if (const auto given = name_behind(text, keyword); !given.empty())
            names.defined.push_back(given);
}

// "key = value", "key: value"
void setting_names(std::string_view text, Names& names) {
    const std::string_view name = word_at(text);
    const std::string_view rest = trim_left(text.substr(name.size()));
    if (name.size() > 1 && !rest.empty() && (rest[0] == '=' || rest[0] == ':'))
        names.defined.push_back(name);
}

} // namespace

Language language_of(std::string_view path) {
    const auto ends = [&](std::initializer_list<std::string_view> endings) {
        return std::ranges::any_of(endings,
                                   [&](std::string_view ending) { return path.ends_with(ending); });
    };
    if (ends({".py", ".pyi", ".pyx", ".pxd"})) return Language::python;
    if (ends({".js", ".jsx", ".ts", ".tsx", ".mjs", ".go", ".c", ".h", ".cc", ".cpp", ".hpp", ".rs",
              ".java"}))
        return Language::braces;
    if (ends({".rst", ".md", ".txt", ".toml", ".cfg", ".ini"})) return Language::prose;
    return Language::other;
}

Scopes find_scopes(const Lines& lines, Language language) {
    switch (language) {
    case Language::python:
        return python_scopes(lines);
    case Language::braces:
        return brace_scopes(lines);
    case Language::prose:
    case Language::other:
        return prose_scopes(lines);
    }
    return {};
}

Names names_in(std::string_view lines, Language language) {
    Names names;
    bool importing = false; // inside the brackets of "from x import ("
    while (!lines.empty()) {
        const std::size_t newline = lines.find('\n');
        const std::string_view line = lines.substr(0, newline);
        lines.remove_prefix(newline == std::string_view::npos ? lines.size() : newline + 1);
        const std::string_view text = trim_left(line);
        if (importing) {
            add_words(text.substr(0, text.find(')')), names.imported);
            importing = text.find(')') == std::string_view::npos;
        } else if (language == Language::python) {
            python_names(text, names);
            importing = text.starts_with("from ") && text.find('(') != std::string_view::npos &&
                        text.find(')') == std::string_view::npos;
        } else if (language == Language::braces) {
            brace_names(text, line, names);
        } else {
            setting_names(text, names);
        }
    }
    return names;
}

} // namespace stanch::commits
