// One word of a file that a shell sources: its quotes removed and its expansions done, as far as
// that needs no command and nothing but the environment. Not thread-safe; the texts must outlive
// it.
#pragma once

#include "env/draft.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::env {

using PosixNames = std::set<std::string, std::less<>>;

inline constexpr std::string_view not_posix = "shells differ on this";

bool is_posix_operator(char c);
// A blank, an operator, or the end of a command.
bool ends_posix_word(char c);
// Behind the name that begins at `at`; `at` itself where none does.
std::size_t posix_name_end(std::string_view text, std::size_t at);

// How it was read stands in its public members.
class PosixWord {
  public:
    PosixWord(std::string_view text, std::size_t at, const Lookup& lookup, const PosixNames& untold)
        : text_(text), at_(at), lookup_(lookup), untold_(untold) {}

    // An assignment's value, or any other word. Stops at a blank, an operator or the end.
    void read(bool assignment);

    [[nodiscard]] std::size_t end() const { return at_; }

    std::string output;
    std::string_view message;      // this word can't be told
    bool fatal = false;            // and nothing behind it is read
    std::vector<std::string> sets; // variables that its expansions set

  private:
    void trouble(std::string_view why, bool is_fatal = false);
    void piece(std::string& out);
    void single_quoted(std::string& out);
    void double_quoted(std::string& out);
    void quoted_piece(std::string& out, std::string_view escapable);
    void escape(std::string& out);
    void backtick();
    void home(std::string& out);
    [[nodiscard]] std::size_t joined(std::size_t at) const;
    void dollar(std::string& out, bool quoted);
    void differs(char next);
    void command();
    std::optional<std::string> variable(std::string_view name);
    void braced(std::string& out, bool quoted);
    void operate(std::string& out, const std::string& name, char operation, bool or_empty,
                 bool quoted);
    void sets_another(const std::string& name);
    std::string brace_word(bool quoted);
    void strange_brace();

    std::string_view text_;
    std::size_t at_;
    const Lookup& lookup_;
    const PosixNames& untold_;
    bool tilde_ = false;    // a '~' here would be expanded
    bool assigned_ = false; // within an assignment's value: ':' lets another '~' follow
};

} // namespace stanch::env
