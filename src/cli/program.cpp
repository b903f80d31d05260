#include "cli/say.h"
#include "cli/verb.h"

#include "core/nearest.h"

#include <algorithm>
#include <cstdio>

namespace stanch::cli {
namespace {

int exit_code(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::usage:
    case ErrorKind::invalid:
    case ErrorKind::not_found:
        return exit_usage;
    case ErrorKind::refused:
        return exit_found;
    case ErrorKind::incomplete:
    case ErrorKind::unavailable:
    case ErrorKind::internal:
        return exit_incomplete;
    }
    return exit_incomplete;
}

// The verb with the longest name that the words begin with: "env check" before "env".
const Verb* find_verb(std::span<const std::string> words, std::size_t& length) {
    const std::string two = words.size() > 1 ? words[0] + " " + words[1] : std::string();
    const Verb* found = nullptr;
    for (const Verb* verb : all_verbs()) {
        if (verb->name == two) {
            length = 2;
            return verb;
        }
        if (verb->name == words[0]) {
            length = 1;
            found = verb;
        }
    }
    return found;
}

Error unknown_verb(const std::string& word) {
    std::vector<std::string_view> names;
    std::string family;
    for (const Verb* verb : all_verbs()) {
        names.push_back(verb->name);
        if (verb->name.starts_with(word + " "))
            family +=
                (family.empty() ? "" : ", ") + std::string(verb->name.substr(word.size() + 1));
    }
    const std::string_view near = nearest(word, names);
    if (!family.empty())
        return {ErrorKind::usage, "'stanch " + word + "' needs one of: " + family, {}, {}};
    return {ErrorKind::usage,
            "there is no verb '" + word + "'",
            {},
            near.empty() ? "'stanch --help' lists them"
                         : "did you mean '" + std::string(near) + "'?"};
}

int run_verb(const Verb& verb, std::span<const std::string> words) {
    const auto end =
        verb.takes_command
            ? std::ranges::find_if(words,
                                   [](const std::string& word) {
                                       return word == "--" || word.empty() || word[0] != '-';
                                   })
            : std::ranges::find(words, "--");
    const auto asks_help = [](const std::string& word) { return word == "--help" || word == "-h"; };
    if (std::any_of(words.begin(), end, asks_help)) {
        answer(help_text(verb));
        return exit_clean;
    }
    const auto arguments = parse_arguments(verb, words);
    if (!arguments) {
        say_error(arguments.error());
        return exit_code(arguments.error().kind);
    }
    const auto code = verb.run(*arguments);
    if (!code) {
        say_error(code.error());
        return exit_code(code.error().kind);
    }
    return *code;
}

int dispatch(std::span<const std::string> words) {
    if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
        answer(first_screen());
        return words.empty() ? exit_usage : exit_clean;
    }
    if (words[0] == "--version") {
        const std::vector<std::string> version{"version"};
        return dispatch(version);
    }
    std::size_t length = 0;
    const Verb* verb = find_verb(words, length);
    if (verb == nullptr) {
        const Error error = unknown_verb(words[0]);
        say_error(error);
        return exit_code(error.kind);
    }
    return run_verb(*verb, words.subspan(length));
}

} // namespace

int run_program(std::span<const std::string> words) {
    const int code = dispatch(words);
    // A report that did not reach its reader whole is not a clean answer.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
        return code == exit_clean ? exit_incomplete : code;
    return code;
}

} // namespace stanch::cli
