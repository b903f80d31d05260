#include "cli/verb.h"

#include "core/nearest.h"

#include <algorithm>

namespace stanch::cli {
namespace {

const Flag* find_flag(const Verb& verb, std::string_view word) {
    for (const Flag& flag : verb.flags) {
        if (flag.name == word) return &flag;
        if (flag.letter != 0 && word.size() == 2 && word[0] == '-' && word[1] == flag.letter)
            return &flag;
    }
    return nullptr;
}

// How much of a word is the flag's name, where a value follows in the same word: "--threads=4",
// "-j4"; npos: the word is a name alone.
std::size_t name_length(const Verb& verb, std::string_view word) {
    if (word.starts_with("--")) return word.find('=');
    const Flag* flag = word.size() > 2 ? find_flag(verb, word.substr(0, 2)) : nullptr;
    return flag != nullptr && !flag->argument.empty() ? 2 : std::string_view::npos;
}

std::unexpected<Error> unknown_flag(const Verb& verb, std::string_view word) {
    std::vector<std::string_view> names;
    names.reserve(verb.flags.size());
    for (const Flag& flag : verb.flags)
        names.push_back(flag.name);
    const std::string_view near = nearest(word, names);
    return fail(ErrorKind::usage,
                "'stanch " + std::string(verb.name) + "' has no flag " + std::string(word), {},
                near.empty() ? "see 'stanch " + std::string(verb.name) + " --help'"
                             : "did you mean " + std::string(near) + "?");
}

} // namespace

std::optional<std::string> Arguments::value(std::string_view flag) const {
    const auto at = values_.find(flag);
    if (at == values_.end()) return std::nullopt;
    return at->second.back();
}

std::vector<std::string> Arguments::values(std::string_view flag) const {
    const auto at = values_.find(flag);
    return at == values_.end() ? std::vector<std::string>() : at->second;
}

void Arguments::add(std::string_view flag, std::string value) {
    values_[std::string(flag)].push_back(std::move(value));
}

Result<Arguments> parse_arguments(const Verb& verb, std::span<const std::string> words) {
    Arguments arguments;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        const bool is_flag = word.size() > 1 && word[0] == '-';
        if (word == "--" || (!is_flag && verb.takes_command)) {
            for (std::size_t j = i + (word == "--" ? 1 : 0); j < words.size(); ++j)
                arguments.add_positional(words[j]);
            break;
        }
        if (!is_flag) {
            arguments.add_positional(word);
            continue;
        }
        const std::size_t length = name_length(verb, word);
        const std::string name = word.substr(0, length);
        const Flag* flag = find_flag(verb, name);
        if (flag == nullptr) return unknown_flag(verb, name);
        if (!flag->repeats && arguments.has(flag->name))
            return fail(ErrorKind::usage, std::string(flag->name) + " is given twice");
        if (flag->argument.empty()) {
            if (length != std::string::npos)
                return fail(ErrorKind::usage, std::string(flag->name) + " takes no value");
            arguments.add(flag->name, "");
        } else if (length != std::string::npos) {
            arguments.add(flag->name, word.substr(length + (word[length] == '=' ? 1 : 0)));
        } else if (i + 1 < words.size()) {
            arguments.add(flag->name, words[++i]);
        } else {
            return fail(ErrorKind::usage,
                        std::string(flag->name) + " needs a value: " + std::string(flag->argument));
        }
    }
    return arguments;
}

} // namespace stanch::cli
