// A review as text: for a person, for a pull request's comment, for code scanning, for a program.
#pragma once

#include "commits/review.h"

#include <string>
#include <string_view>
#include <vector>

namespace stanch::cli {

struct Reviewed {
    commits::Change change;
    std::vector<commits::Risk> risks;
};

using ReviewWriter = std::string (*)(const Reviewed&);

// "human", "markdown", "sarif" or "json"; nullptr: there is no such format. All but `human` leave
// out what no rule knows.
ReviewWriter review_writer(std::string_view format);

} // namespace stanch::cli
