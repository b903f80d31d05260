#include "cli/completion.h"

#include "cli/verb.h"

#include <algorithm>
#include <set>

namespace stanch::cli {
namespace {

std::string first_word(std::string_view name) {
    return std::string(name.substr(0, name.find(' ')));
}

std::string second_word(std::string_view name) {
    const std::size_t space = name.find(' ');
    return space == std::string_view::npos ? std::string() : std::string(name.substr(space + 1));
}

std::set<std::string> first_words() {
    std::set<std::string> words;
    for (const Verb* verb : all_verbs())
        words.insert(first_word(verb->name));
    return words;
}

std::string family(const std::string& word) {
    std::string list;
    for (const Verb* verb : all_verbs())
        if (first_word(verb->name) == word && !second_word(verb->name).empty())
            list += (list.empty() ? "" : " ") + second_word(verb->name);
    return list;
}

std::string flag_words(const Verb& verb) {
    std::string list = "--help";
    for (const Flag& flag : verb.flags)
        list += " " + std::string(flag.name);
    return list;
}

std::string joined(const std::set<std::string>& words) {
    std::string list;
    for (const std::string& word : words)
        list += (list.empty() ? "" : " ") + word;
    return list;
}

// Inside single quotes, for the three shells alike.
std::string quoted(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\'')
            out += "'\\''";
        else
            out += c;
    }
    return out;
}

} // namespace

std::string bash_completion() {
    std::string text =
        "# bash completion of stanch: source it, or put it into bash-completion's folder\n"
        "_stanch() {\n"
        "    local word=${COMP_WORDS[COMP_CWORD]} words=\n"
        "    case \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n";
    for (const Verb* verb : all_verbs())
        if (!second_word(verb->name).empty())
            text += "    '" + std::string(verb->name) + "') words='" + flag_words(*verb) + "' ;;\n";
    text += "    *) case ${COMP_WORDS[1]} in\n";
    for (const Verb* verb : all_verbs())
        if (second_word(verb->name).empty())
            text +=
                "        '" + std::string(verb->name) + "') words='" + flag_words(*verb) + "' ;;\n";
    text += "        esac ;;\n    esac\n";
    for (const std::string& word : first_words())
        if (const std::string list = family(word); !list.empty())
            text += "    [[ $COMP_CWORD == 2 && ${COMP_WORDS[1]} == '" + word + "' ]] && words='" +
                    list + "'\n";
    text += "    [[ $COMP_CWORD == 1 ]] && words='" + joined(first_words()) +
            "'\n"
            "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
            "    [[ ${#COMPREPLY[@]} == 0 ]] && mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
            "}\n"
            "complete -o filenames -F _stanch stanch\n";
    return text;
}

std::string zsh_completion() {
    std::string text = "#compdef stanch\n_stanch() {\n    local -a verbs\n";
    text += "    if (( CURRENT == 2 )); then\n        verbs=(\n";
    for (const std::string& word : first_words())
        text += "            '" + word + "'\n";
    text += "        )\n        _describe verb verbs\n        return\n    fi\n";
    for (const std::string& word : first_words())
        if (const std::string list = family(word); !list.empty())
            text += "    if (( CURRENT == 3 )) && [[ $words[2] == '" + word +
                    "' ]]; then compadd -- " + list + "; fi\n";
    text += "    case \"$words[2] $words[3]\" in\n";
    for (const Verb* verb : all_verbs())
        text += "    '" + std::string(verb->name) + (second_word(verb->name).empty() ? "'*" : "'") +
                ") compadd -- " + flag_words(*verb) + " ;;\n";
    text += "    esac\n    _files\n}\n_stanch \"$@\"\n";
    return text;
}

std::string fish_completion() {
    std::string text;
    for (const Verb* verb : all_verbs()) {
        const std::string first = first_word(verb->name);
        const std::string second = second_word(verb->name);
        std::string seen = "'__fish_seen_subcommand_from " + first;
        if (second.empty()) {
            text += "complete -c stanch -n __fish_use_subcommand -a '" + first + "' -d '" +
                    quoted(verb->summary) + "'\n";
        } else {
            text += "complete -c stanch -n __fish_use_subcommand -a '" + first + "'\n";
            text += "complete -c stanch -n " + seen + "' -a '" + second + "' -d '" +
                    quoted(verb->summary) + "'\n";
            seen += "; and __fish_seen_subcommand_from " + second;
        }
        for (const Flag& flag : verb->flags) {
            text +=
                "complete -c stanch -n " + seen + "' -l '" + std::string(flag.name.substr(2)) + "'";
            if (flag.letter != 0) text += std::string(" -s ") + flag.letter;
            if (!flag.argument.empty()) text += " -r";
            text += " -d '" + quoted(flag.help) + "'\n";
        }
    }
    return text;
}

} // namespace stanch::cli
