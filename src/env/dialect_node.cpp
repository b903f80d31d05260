// Node dotenv: one regular expression finds the statements wherever they match, and what lies
// between is passed over.
//
//     ^ \s* (export\s+)? NAME ( \s*=\s*? | :\s+? ) ( \s*'…' | \s*"…" | \s*`…` | [^#\r\n]+ )? \s*
//     (#.*)? $
//
// NAME is of letters, digits, '_', '.' and '-'. \s runs over newlines, so a quoted value may begin
// lines below its name. The reader below takes the same choices in the same order as a backtracking
// matcher would.
#include "env/draft.h"
#include "env/unicode.h"

#include <algorithm>

namespace stanch::env {
namespace {

constexpr std::size_t none = std::string_view::npos;

bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
}

// CR LF and CR become LF before anything is read. `places` leads back into the text.
struct Normalized {
    std::string text;
    std::vector<std::size_t> places;
};

Normalized normalize(std::string_view text) {
    Normalized out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        out.places.push_back(i);
        out.text += text[i] == '\r' ? '\n' : text[i];
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
    }
    out.places.push_back(text.size());
    return out;
}

// The length of the line terminator at `at`, 0 where there is none: LF, U+2028, U+2029 (CR is gone
// already).
std::size_t terminator(std::string_view text, std::size_t at) {
    if (at >= text.size()) return 0;
    if (text[at] == '\n') return 1;
    const std::string_view three = text.substr(at, 3);
    return three == "\xe2\x80\xa8" || three == "\xe2\x80\xa9" ? 3 : 0;
}

bool at_line_end(std::string_view text, std::size_t at) {
    return at == text.size() || terminator(text, at) > 0;
}

bool at_line_start(std::string_view text, std::size_t at) {
    if (at == 0 || text[at - 1] == '\n') return true;
    return at >= 3 && terminator(text, at - 3) == 3;
}

std::size_t line_end(std::string_view text, std::size_t at) {
    while (!at_line_end(text, at))
        at += decode(text, at).length;
    return at;
}

struct Match {
    std::size_t start = 0;
    std::size_t end = 0;
    std::size_t key_begin = 0;
    std::size_t key_end = 0;
    std::size_t value_begin = 0;
    std::size_t value_end = 0;
};

// \s*(#.*)?$ with its backtracking: the longest white space behind which a comment or the end of a
// line comes.
std::size_t match_tail(std::string_view text, std::size_t at) {
    std::vector<std::size_t> stops{at};
    for (std::size_t i = at; i < text.size();) {
        const CodePoint c = decode(text, i);
        if (!is_node_space(c.value) || (c.length == 1 && c.value >= 0x80)) break;
        stops.push_back(i += c.length);
    }
    for (const std::size_t stop : std::vector(stops.rbegin(), stops.rend())) {
        if (stop < text.size() && text[stop] == '#') return line_end(text, stop);
        if (at_line_end(text, stop)) return stop;
    }
    return none;
}

// A quoted value from `at` (its quote): the first bare closing quote that leads to a match, then
// the escaped ones before it from the last to the first. Returns the end of the whole match.
std::size_t match_quoted(std::string_view text, std::size_t at, Match& match) {
    const char quote = text[at];
    std::vector<std::size_t> candidates;
    std::size_t i = at + 1;
    for (; i < text.size() && text[i] != quote; ++i)
        if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == quote)
            candidates.push_back(++i);
    if (i < text.size()) candidates.push_back(i);
    for (const std::size_t close : std::vector(candidates.rbegin(), candidates.rend())) {
        const std::size_t end = match_tail(text, close + 1);
        if (end == none) continue;
        match.value_end = close + 1;
        return end;
    }
    return none;
}

// Everything behind the '=' or ': '. Always matches: an absent value and the end of the line are
// the last choice.
bool match_value(std::string_view text, std::size_t at, Match& match) {
    match.value_begin = at;
    const std::size_t quote = skip(text, at, is_node_space);
    if (quote < text.size() && (text[quote] == '\'' || text[quote] == '"' || text[quote] == '`'))
        if (const std::size_t end = match_quoted(text, quote, match); end != none) {
            match.end = end;
            return true;
        }
    match.value_end = std::min(text.find_first_of("#\n", at), text.size());
    match.end = match_tail(text, match.value_end);
    return match.end != none;
}

bool match_key(std::string_view text, std::size_t at, Match& match) {
    match.key_begin = at;
    while (at < text.size() && is_name(text[at]))
        ++at;
    match.key_end = at;
    if (at == match.key_begin) return false;
    const std::size_t equals = skip(text, at, is_node_space);
    if (equals < text.size() && text[equals] == '=') return match_value(text, equals + 1, match);
    if (at >= text.size() || text[at] != ':') return false;
    const std::size_t after = at + 1 < text.size() ? decode(text, at + 1).length : 0;
    const bool spaced = after > 0 && skip(text, at + 1, is_node_space) > at + 1;
    return spaced && match_value(text, at + 1 + after, match);
}

bool match_at(std::string_view text, std::size_t start, Match& match) {
    match.start = start;
    const std::size_t at = skip(text, start, is_node_space);
    if (text.substr(at).starts_with("export")) {
        const std::size_t key = skip(text, at + 6, is_node_space);
        if (key > at + 6 && match_key(text, key, match)) return true;
    }
    return match_key(text, at, match);
}

// value.replace(/^(['"`])([\s\S]*)\1$/mg, '$2')
std::string without_quotes(std::string_view value) {
    std::string out;
    for (std::size_t i = 0; i < value.size();) {
        std::size_t close = none;
        const char quote = value[i];
        if ((quote == '\'' || quote == '"' || quote == '`') && at_line_start(value, i))
            for (close = value.rfind(quote);
                 close != none && close > i && !at_line_end(value, close + 1);)
                close = value.rfind(quote, close - 1);
        if (close == none || close <= i) {
            out += value[i++];
            continue;
        }
        out += value.substr(i + 1, close - i - 1);
        i = close + 1;
    }
    return out;
}

void replace_all(std::string& text, std::string_view from, char to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != none; ++at)
        text.replace(at, from.size(), 1, to);
}

std::string value_of(std::string_view raw) {
    const std::string_view value = trim(raw, is_node_space);
    std::string out = without_quotes(value);
    if (value.starts_with('"')) {
        replace_all(out, "\\n", '\n');
        replace_all(out, "\\r", '\r');
    }
    return out;
}

// What no statement has claimed: blank lines and comments are nothing, anything else was passed
// over.
Draft unclaimed(std::string_view part) {
    Draft draft;
    for (std::size_t at = skip(part, 0, is_node_space); at < part.size();
         at = skip(part, line_end(part, at), is_node_space))
        if (part[at] != '#') {
            draft.error = true;
            draft.message = "this is passed over: it is not NAME=value";
            draft.key_line = static_cast<std::size_t>(std::ranges::count(part.substr(0, at), '\n'));
            break;
        }
    return draft;
}

class Reader {
  public:
    explicit Reader(std::string_view text)
        : normalized_(normalize(text)), text_(normalized_.text) {}

    Drafts read() {
        for (std::size_t at = 0; at <= text_.size();) {
            Match match;
            if (!at_line_start(text_, at) || !match_at(text_, at, match)) {
                at += at < text_.size() ? decode(text_, at).length : 1;
                continue;
            }
            take(match);
            at = match.end;
        }
        gap(text_.size());
        return std::move(drafts_);
    }

  private:
    void add(Draft draft, std::size_t begin, std::size_t end) {
        draft.begin = normalized_.places[begin];
        draft.line = line_;
        draft.key_line += line_;
        line_ +=
            static_cast<std::size_t>(std::ranges::count(text_.substr(begin, end - begin), '\n'));
        drafts_.list.push_back(std::move(draft));
        done_ = end;
    }

    void gap(std::size_t end) {
        if (end <= done_) return;
        Draft draft = unclaimed(text_.substr(done_, end - done_));
        if (!draft.error) draft.key_line = 0;
        add(std::move(draft), done_, end);
    }

    // A statement's original reaches to the end of its last line.
    void take(const Match& match) {
        gap(match.start);
        Draft draft;
        draft.key = std::string(text_.substr(match.key_begin, match.key_end - match.key_begin));
        draft.value =
            value_of(text_.substr(match.value_begin, match.value_end - match.value_begin));
        draft.key_line = static_cast<std::size_t>(
            std::ranges::count(text_.substr(done_, match.key_begin - done_), '\n'));
        const std::size_t end = match.end + terminator(text_, match.end);
        add(std::move(draft), done_, end);
    }

    Normalized normalized_;
    std::string_view text_;
    Drafts drafts_;
    std::size_t done_ = 0;
    std::size_t line_ = 1;
};

} // namespace

Drafts read_node(std::string_view text, const ReadOptions&) {
    return Reader(text).read();
}

} // namespace stanch::env
