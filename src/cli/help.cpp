#include "cli/verb.h"

#include <algorithm>

namespace stanch::cli {
namespace {

std::string flag_head(const Flag& flag) {
    std::string head = flag.letter == 0 ? "    " : std::string("-") + flag.letter + ", ";
    head += flag.name;
    if (!flag.argument.empty()) head += " " + std::string(flag.argument);
    return head;
}

} // namespace

std::string help_text(const Verb& verb) {
    std::string text =
        "stanch " + std::string(verb.name) + ": " + std::string(verb.summary) + "\n\n";
    text += "usage: stanch " + std::string(verb.name) + (verb.flags.empty() ? "" : " [FLAG…]");
    if (!verb.usage.empty()) text += " " + std::string(verb.usage);
    text += '\n';
    if (!verb.text.empty()) text += "\n" + std::string(verb.text) + "\n";
    if (verb.flags.empty()) return text;
    text += "\nflags:\n";
    for (const Flag& flag : verb.flags) {
        const std::string head = flag_head(flag);
        text += "  " + head;
        // Long heads get a line of their own.
        if (head.size() < 28)
            text += std::string(28 - head.size(), ' ');
        else
            text += "\n" + std::string(30, ' ');
        text += std::string(flag.help) + "\n";
    }
    return text;
}

std::string first_screen() {
    std::string text = "stanch finds, moves, guards and rotates credentials.\n\n";
    std::size_t width = 0;
    for (const Verb* verb : all_verbs())
        width = std::max(width, verb->name.size());
    for (const Verb* verb : all_verbs())
        text += "  stanch " + std::string(verb->name) +
                std::string(width + 2 - verb->name.size(), ' ') + std::string(verb->summary) + "\n";
    text += "\n'stanch VERB --help' tells more. Exit codes: 0 nothing wrong, 1 found or refused,\n"
            "2 called wrongly, 3 incomplete.\n";
    return text;
}

} // namespace stanch::cli
