#include "env/mask.h"

#include "env/unicode.h"
#include "text/encoding.h"

#include <algorithm>
#include <cstdio>
#include <set>

namespace stanch::env {
namespace {

class Forms {
  public:
    void add(std::string form) {
        if (form.size() < shortest_masked || !seen_.insert(form).second) return;
        list.push_back(std::move(form));
    }
    std::vector<std::string> list;

  private:
    std::set<std::string> seen_;
};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

// A terminal turns LF into CR LF; and whoever prints a key of many lines prints it line by line.
void add_lines(std::string_view secret, Forms& forms) {
    constexpr std::size_t shortest_line = 16;
    if (secret.find('\n') == std::string_view::npos) return;
    forms.add(replaced(replaced(std::string(secret), "\r\n", "\n"), "\n", "\r\n"));
    forms.add(replaced(std::string(secret), "\r\n", "\n"));
    for (std::size_t at = 0; at < secret.size();) {
        const std::size_t end = std::min(secret.find_first_of("\r\n", at), secret.size());
        const std::string_view line = secret.substr(at, end - at);
        if (line.size() >= shortest_line && !line.starts_with("-----"))
            forms.add(std::string(line));
        at = end + 1;
    }
}

// Base64 packs three bytes into four letters: a value behind 0, 1 or 2 others gives three texts.
// Letters that depend on neighbours are left out, except where the value is the end of what was
// encoded.
void add_base64(std::string_view secret, Forms& forms) {
    for (const text::Base64 alphabet : {text::Base64::standard, text::Base64::url})
        for (std::size_t before = 0; before < 3; ++before) {
            const std::string whole =
                text::base64_encode(std::string(before, '\0') + std::string(secret), alphabet);
            const std::size_t begin = (before * 8 + 5) / 6;
            const std::size_t end = (before + secret.size()) * 8 / 6;
            forms.add(whole.substr(begin, end - begin));
            forms.add(whole.substr(begin));
            forms.add(whole.substr(begin, std::min(whole.find('='), whole.size()) - begin));
        }
}

std::string percent(std::string_view secret, std::string_view kept, bool lower, bool plus) {
    std::string out;
    for (const char c : secret) {
        const std::string one = text::percent_encode(std::string_view(&c, 1));
        if (one.size() == 1 || kept.find(c) != std::string_view::npos)
            out += c;
        else if (c == ' ' && plus)
            out += '+';
        else if (lower)
            std::ranges::transform(one, std::back_inserter(out), [](char l) {
                return l >= 'A' && l <= 'F' ? static_cast<char>(l + 32) : l;
            });
        else
            out += one;
    }
    return out;
}

void add_percent(std::string_view secret, Forms& forms) {
    // RFC 3986; urllib.parse.quote; encodeURIComponent; application/x-www-form-urlencoded;
    // encodeURI; a URL's userinfo.
    constexpr std::string_view kept[] = {"", "/", "!'()*", "*", ";,/?:@&=+$!*'()#", "!$&'()*+,;="};
    for (const std::string_view set : kept)
        for (const bool lower : {false, true})
            for (const bool plus : {false, true})
                forms.add(percent(secret, set, lower, plus));
}

struct JsonStyle {
    bool ascii = false;       // \uXXXX above ASCII
    bool upper = false;       // with capital digits
    bool html = false;        // <, > and & as \u003c…
    bool slash = false;       // \/
    bool bare_quotes = false; // Python's repr and shells: only the backslash is doubled
};

void append_unit(std::string& out, unsigned unit, bool upper) {
    char text[8];
    (void)std::snprintf(text, sizeof text, upper ? "\\u%04X" : "\\u%04x", unit);
    out += text;
}

void append_unicode(std::string& out, char32_t c, bool upper) {
    if (c < 0x10000) return append_unit(out, static_cast<unsigned>(c), upper);
    append_unit(out, 0xD800 + static_cast<unsigned>((c - 0x10000) >> 10U), upper);
    append_unit(out, 0xDC00 + static_cast<unsigned>((c - 0x10000) & 0x3FFU), upper);
}

std::string json(std::string_view secret, const JsonStyle& style) {
    constexpr std::string_view short_codes = "\b\f\n\r\t";
    std::string out;
    for (std::size_t at = 0; at < secret.size();) {
        const CodePoint c = decode(secret, at);
        const char byte = secret[at];
        if (byte == '\\' || (byte == '"' && !style.bare_quotes))
            out += std::string("\\") + byte;
        else if (byte == '/' && style.slash)
            out += "\\/";
        else if (const auto known = short_codes.find(byte); known != std::string_view::npos)
            out += std::string("\\") + "bfnrt"[known];
        else if (c.value < 0x20 || c.value == 0x7F)
            append_unicode(out, c.value, style.upper);
        else if (style.html && (byte == '<' || byte == '>' || byte == '&'))
            append_unicode(out, c.value, style.upper);
        else if (style.ascii && c.value >= 0x80)
            append_unicode(out, c.value, style.upper);
        else
            out += secret.substr(at, c.length);
        at += c.length;
    }
    return out;
}

void add_json(std::string_view secret, Forms& forms) {
    forms.add(text::json_escape(secret));
    for (unsigned bits = 0; bits < 32; ++bits)
        forms.add(json(secret, {.ascii = (bits & 1U) != 0,
                                .upper = (bits & 2U) != 0,
                                .html = (bits & 4U) != 0,
                                .slash = (bits & 8U) != 0,
                                .bare_quotes = (bits & 16U) != 0}));
}

} // namespace

std::vector<std::string> forms_of(std::string_view secret) {
    Forms forms;
    if (secret.size() < shortest_masked) return {};
    forms.add(std::string(secret));
    add_lines(secret, forms);
    add_base64(secret, forms);
    add_percent(secret, forms);
    add_json(secret, forms);
    return std::move(forms.list);
}

} // namespace stanch::env
