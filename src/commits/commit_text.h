// Commits as Git writes them: who, when, and the message around a part's subject.
#pragma once

#include "commits/git.h"
#include "commits/plan.h"

#include "core/result.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::commits {

// An original commit's header and message, byte for byte.
struct Original {
    std::string id;
    std::string author; // "Name <mail> 1700000000 +0100"
    std::string committer;
    std::string encoding;
    std::string message;
    std::vector<std::string> parents;
    std::string tree;
    bool is_signed = false;
};
Result<Original> read_original(const Git& git, const std::string& id);

// GIT_AUTHOR_NAME, …_EMAIL, …_DATE and the committer's, as in the original.
std::map<std::string, std::string> identity(const Original& original);

// The message of a part: its subject; where it replaces commits, which; their trailers; and, for
// `carries_body`, the rest of their messages.
std::string part_message(const Part& part, const std::vector<Original>& originals,
                         bool carries_body);

} // namespace stanch::commits
