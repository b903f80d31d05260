// A plan: the parts that one change becomes, in the order in which they are committed.
#pragma once

#include "commits/change.h"
#include "commits/facts.h"
#include "commits/untangle.h"

#include "core/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stanch::commits {

struct Part {
    std::string subject;
    std::vector<std::uint32_t> hunks;      // indices into Change::hunks, ascending
    std::vector<std::uint32_t> depends_on; // earlier parts whose names this one uses, ascending
};

struct Plan {
    std::vector<Part> parts;
    bool ambiguous = false; // another cut was judged about as good
};

// What the history says about how people here write subjects.
struct SubjectStyle {
    bool conventional = false; // "fix(scope): …"
    bool lower_case = false;
    bool full_stop = false;
    bool past = false; // "Added", "Fixed"
    std::size_t longest = 72;
};
SubjectStyle learn_style(const std::vector<std::string>& subjects);

// Orders the groups (what is used comes before its user), moves single hunks where a part would not
// parse or an import would not resolve, joins parts where no move helps, and proposes subjects.
Plan make_plan(const Change& change, const Facts& facts, const Partition& partition,
               const SubjectStyle& style);

// The order and subjects again after a person moved hunks: no hunk changes its part.
void refresh(Plan& plan, const Change& change, const Facts& facts);
std::string propose_subject(const Change& change, const Facts& facts,
                            const std::vector<std::uint32_t>& hunks, const SubjectStyle& style);

// Every hunk in exactly one part, no part empty, dependencies earlier than their users.
Result<void> check_plan(const Plan& plan, const Change& change);

// The content of a file when these of its hunks (ascending, of that file) are applied to its old
// side. Line ends and a missing last newline come out as they are on the side that each line is
// from.
std::string content_with(const Change& change, const FileChange& file,
                         const std::vector<std::uint32_t>& hunks);

} // namespace stanch::commits
