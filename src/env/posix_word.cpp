#include "env/posix_word.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace stanch::env {
namespace {

constexpr std::size_t none = std::string_view::npos;
constexpr std::string_view substitutes =
    "the value comes from a command or an arithmetic expression";
constexpr std::string_view open_quote =
    "a quote or a '${' is not closed: the rest of the file is lost";
constexpr std::string_view of_shell = "the value depends on the shell itself ($$, $?, $1, …)";
constexpr std::string_view required =
    "a variable that ${…?} requires is not set: the shell ends here";

bool is_name_start(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

} // namespace

bool is_posix_operator(char c) {
    return std::string_view("&|<>()").find(c) != none;
}

bool ends_posix_word(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == ';' || is_posix_operator(c);
}

std::size_t posix_name_end(std::string_view text, std::size_t at) {
    if (at >= text.size() || !is_name_start(text[at])) return at;
    while (at < text.size() && is_name(text[at]))
        ++at;
    return at;
}

void PosixWord::read(bool assignment) {
    tilde_ = assignment;
    while (at_ < text_.size() && !ends_posix_word(text_[at_]) && !fatal)
        piece(output);
}

void PosixWord::trouble(std::string_view why, bool is_fatal) {
    if (message.empty() || is_fatal) message = why;
    fatal = fatal || is_fatal;
    if (is_fatal) at_ = text_.size();
}

void PosixWord::piece(std::string& out) {
    if (joined(at_) != at_) { // to the shell a continued line is not there: '~' may still follow
        at_ = std::min(joined(at_), text_.size());
        return;
    }
    const char c = text_[at_];
    const bool tilde = std::exchange(tilde_, c == ':' && (tilde_ || assigned_));
    if (tilde) assigned_ = true;
    if (c == '\'')
        single_quoted(out);
    else if (c == '"')
        double_quoted(out);
    else if (c == '\\')
        escape(out);
    else if (c == '$')
        dollar(out, false);
    else if (c == '`')
        backtick();
    else if (c == '~' && tilde)
        home(out);
    else
        out += text_[at_++];
}

void PosixWord::single_quoted(std::string& out) {
    const std::size_t close = text_.find('\'', at_ + 1);
    if (close == none) return trouble(open_quote, true);
    out += text_.substr(at_ + 1, close - at_ - 1);
    at_ = close + 1;
}

void PosixWord::double_quoted(std::string& out) {
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"')
        quoted_piece(out, "$`\"\\\n");
    if (at_ >= text_.size()) return trouble(open_quote, true);
    ++at_;
}

// One piece within "…"; `escapable`: what a backslash takes the meaning from there.
void PosixWord::quoted_piece(std::string& out, std::string_view escapable) {
    const char c = text_[at_];
    if (c == '$') return dollar(out, true);
    if (c == '`') return backtick();
    if (c != '\\' || at_ + 1 >= text_.size() || escapable.find(text_[at_ + 1]) == none) {
        out += text_[at_++];
        return;
    }
    if (text_[at_ + 1] != '\n') out += text_[at_ + 1];
    at_ += 2;
}

void PosixWord::escape(std::string& out) {
    if (at_ + 1 >= text_.size())
        out += '\\';
    else if (text_[at_ + 1] != '\n')
        out += text_[at_ + 1];
    at_ = std::min(at_ + 2, text_.size());
}

void PosixWord::backtick() {
    trouble(substitutes);
    for (++at_; at_ < text_.size() && text_[at_] != '`'; ++at_)
        if (text_[at_] == '\\') ++at_;
    if (at_ >= text_.size()) return trouble(open_quote, true);
    ++at_;
}

// '~' and a login name up to '/', ':' or the word's end, nothing of it quoted or expanded.
void PosixWord::home(std::string& out) {
    const std::size_t start = joined(at_ + 1);
    std::size_t end = start;
    while (end < text_.size() && !ends_posix_word(text_[end]) && text_[end] != '/' &&
           text_[end] != ':' && std::string_view("'\"\\$`").find(text_[end]) == none)
        end = joined(end + 1);
    const bool plain = end >= text_.size() || std::string_view("'\"\\$`").find(text_[end]) == none;
    if (!plain) {
        out += text_[at_++];
        return;
    }
    if (end != start) trouble("'~' stands for somebody's home directory here");
    const auto value = lookup_("HOME");
    if (!value) trouble(of_shell);
    out += value.value_or("");
    ++at_;
}

// Behind the line continuations at `at`: to the shell they are not there, not even within a
// name.
std::size_t PosixWord::joined(std::size_t at) const {
    while (text_.substr(std::min(at, text_.size())).starts_with("\\\n"))
        at += 2;
    return at;
}

void PosixWord::dollar(std::string& out, bool quoted) {
    at_ = joined(at_ + 1) - 1;
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (next == '{') return braced(out, quoted);
    if (next == '(') return command();
    if (next == '[' || (!quoted && (next == '\'' || next == '"'))) return differs(next);
    if (std::string_view("$?!#@*-0123456789").find(next) != none && next != '\0') {
        trouble(of_shell);
        at_ += 2;
        return;
    }
    std::string name;
    std::size_t end = at_ + 1;
    while (end < text_.size() && (name.empty() ? is_name_start(text_[end]) : is_name(text_[end]))) {
        name += text_[end];
        end = joined(end + 1);
    }
    out += name.empty() ? "$" : variable(name).value_or("");
    at_ = end;
}

void PosixWord::differs(char next) {
    trouble(not_posix);
    std::string ignored;
    ++at_;
    if (next == '[') {
        at_ = std::min(text_.find(']', at_), text_.size());
    } else if (next == '"') {
        double_quoted(ignored);
    } else {
        for (++at_; at_ < text_.size() && text_[at_] != '\''; ++at_)
            if (text_[at_] == '\\') ++at_;
        if (at_ >= text_.size()) return trouble(open_quote, true);
        ++at_;
    }
}

// Skips a $(…) with the parentheses and quotes within.
void PosixWord::command() {
    trouble(substitutes);
    int open = 0;
    for (++at_; at_ < text_.size(); ++at_) {
        const char c = text_[at_];
        if (c == '\\')
            ++at_;
        else if (c == '\'')
            at_ = std::min(text_.find('\'', at_ + 1), text_.size());
        else if (c == '(')
            ++open;
        else if (c == ')' && --open == 0)
            break;
    }
    if (at_ >= text_.size()) return trouble(open_quote, true);
    ++at_;
}

std::optional<std::string> PosixWord::variable(std::string_view name) {
    constexpr std::string_view own[] = {
        "RANDOM",   "SECONDS",  "LINENO",     "BASHPID",      "PPID",          "UID",
        "EUID",     "_",        "OPTIND",     "EPOCHSECONDS", "EPOCHREALTIME", "SRANDOM",
        "PWD",      "OLDPWD",   "SHLVL",      "IFS",          "PS4",           "HOSTNAME",
        "HOSTTYPE", "MACHTYPE", "OSTYPE",     "SHELLOPTS",    "BASHOPTS",      "BASH",
        "PATH",     "TERM",     "PIPESTATUS", "GROUPS",       "DIRSTACK",      "FUNCNAME",
        "OPTERR",   "HISTCMD",  "COLUMNS",    "LINES"};
    if (untold_.contains(name)) trouble("the value depends on a variable that is not told here");
    auto value = lookup_(name);
    if (!value && std::ranges::find(own, name) != std::end(own)) trouble(of_shell);
    return value;
}

void PosixWord::braced(std::string& out, bool quoted) {
    const std::size_t end = posix_name_end(text_, at_ + 2);
    if (end == at_ + 2 || end >= text_.size()) return strange_brace();
    const std::string name(text_.substr(at_ + 2, end - at_ - 2));
    at_ = end;
    if (text_[at_] == '}') {
        ++at_;
        out += variable(name).value_or("");
        return;
    }
    const bool or_empty = text_[at_] == ':';
    if (or_empty) ++at_;
    if (at_ >= text_.size()) return trouble(open_quote, true);
    const char operation = text_[at_++];
    if (std::string_view("-+?=").find(operation) == none) return strange_brace();
    operate(out, name, operation, or_empty, quoted);
}

void PosixWord::operate(std::string& out, const std::string& name, char operation, bool or_empty,
                        bool quoted) {
    const auto value = variable(name);
    const bool present = value && !(or_empty && value->empty());
    // The word behind the operator is only expanded where it is used.
    const bool used = operation == '+' ? present : !present;
    const std::string_view before = message;
    const std::string word = brace_word(quoted);
    if (fatal) return;
    if (!used) message = before;
    if (operation != '+' && present)
        out += *value;
    else if (used && operation == '?')
        trouble(required, true);
    else if (used && operation == '=')
        sets_another(name);
    else if (used)
        out += word;
}

void PosixWord::sets_another(const std::string& name) {
    trouble("this sets another variable on the way");
    sets.push_back(name);
}

// Up to the '}' of a ${NAME…; behind it afterwards.
std::string PosixWord::brace_word(bool quoted) {
    std::string word;
    const bool outer = std::exchange(tilde_, false);
    const bool was_assigned = std::exchange(assigned_, false);
    while (at_ < text_.size() && text_[at_] != '}' && !fatal) {
        if (quoted && text_[at_] == '"') {
            // Quotes within quotes: shells differ on what they end.
            trouble(not_posix);
            ++at_;
        } else if (quoted) {
            quoted_piece(word, "$`\"\\\n}");
        } else {
            if (text_[at_] == '~') trouble(not_posix);
            piece(word);
        }
    }
    tilde_ = outer;
    assigned_ = was_assigned;
    if (at_ >= text_.size())
        trouble(open_quote, true);
    else
        ++at_;
    return word;
}

// ${#NAME}, ${NAME%word} and the like: allowed, but not told here. ${} and ${1x} are errors of
// the shell.
void PosixWord::strange_brace() {
    trouble("an expansion that is more than a value or a default: the shell decides", true);
}

} // namespace stanch::env
