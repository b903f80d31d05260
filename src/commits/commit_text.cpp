#include "commits/commit_text.h"

#include <algorithm>

namespace stanch::commits {
namespace {

std::string_view take_line(std::string_view& rest) {
    const std::size_t newline = rest.find('\n');
    const std::string_view line = rest.substr(0, newline);
    rest.remove_prefix(newline == std::string_view::npos ? rest.size() : newline + 1);
    return line;
}

// "Name <mail> 1700000000 +0100"
void add_person(const std::string& line, const std::string& role,
                std::map<std::string, std::string>& out) {
    const std::size_t open = line.find('<');
    const std::size_t close = line.rfind('>');
    if (open == std::string::npos || close == std::string::npos || close < open) return;
    out["GIT_" + role + "_NAME"] = line.substr(0, open > 0 ? open - 1 : 0);
    out["GIT_" + role + "_EMAIL"] = line.substr(open + 1, close - open - 1);
    if (close + 2 < line.size()) out["GIT_" + role + "_DATE"] = "@" + line.substr(close + 2);
}

bool is_trailer(std::string_view line) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos || colon == 0) return false;
    return std::ranges::all_of(line.substr(0, colon), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-';
    });
}

struct Message {
    std::string subject;
    std::string body;
    std::string trailers;
};

// The last paragraph is trailers where each of its lines is one.
Message take_apart(std::string_view text) {
    Message out;
    out.subject = take_line(text);
    while (text.starts_with('\n'))
        text.remove_prefix(1);
    while (text.ends_with('\n'))
        text.remove_suffix(1);
    const std::size_t gap = text.rfind("\n\n");
    std::string_view last = gap == std::string_view::npos ? text : text.substr(gap + 2);
    bool all = !last.empty();
    for (std::string_view rest = last; !rest.empty();)
        all = is_trailer(take_line(rest)) && all;
    if (all) out.trailers = last;
    out.body = all ? text.substr(0, gap == std::string_view::npos ? 0 : gap) : text;
    return out;
}

} // namespace

Result<Original> read_original(const Git& git, const std::string& id) {
    STANCH_TRY(const std::string text, git.run({"cat-file", "commit", id}));
    Original out;
    out.id = id;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::string_view line = take_line(rest);
        if (line.empty()) break;
        const std::size_t space = line.find(' ');
        const std::string_view key = line.substr(0, space);
        const std::string value(space == std::string_view::npos ? std::string_view()
                                                                : line.substr(space + 1));
        if (key == "tree") out.tree = value;
        if (key == "parent") out.parents.push_back(value);
        if (key == "author") out.author = value;
        if (key == "committer") out.committer = value;
        if (key == "encoding") out.encoding = value;
        if (key.starts_with("gpgsig")) out.is_signed = true;
    }
    out.message = rest;
    return out;
}

std::map<std::string, std::string> identity(const Original& original) {
    std::map<std::string, std::string> out;
    add_person(original.author, "AUTHOR", out);
    add_person(original.committer, "COMMITTER", out);
    return out;
}

std::string part_message(const Part& part, const std::vector<Original>& originals,
                         bool carries_body) {
    std::string message = part.subject + "\n";
    std::string trailers;
    for (const Original& original : originals) {
        const Message old = take_apart(original.message);
        message += "\nSplit from " + original.id.substr(0, 12) + ": " + old.subject + "\n";
        if (carries_body && !old.body.empty()) message += "\n" + old.body + "\n";
        for (std::string_view rest = old.trailers; !rest.empty();) {
            const std::string line(take_line(rest));
            // A review system's own id names one commit only.
            const bool own = line.starts_with("Change-Id:") && !carries_body;
            if (!own && trailers.find(line + "\n") == std::string::npos) trailers += line + "\n";
        }
    }
    if (!trailers.empty()) message += "\n" + trailers;
    return message;
}

} // namespace stanch::commits
