// A plan as text: for a program (JSON), for a person's eyes, and for a person's editor.
#pragma once

#include "commits/plan.h"

#include "core/result.h"

#include <string>
#include <string_view>

namespace stanch::commits {

// "src/x.py @@ -3,2 +3,4 @@", or the path and what else happens to the file.
std::string hunk_name(const Change& change, std::uint32_t hunk);

// {"parts": [{"subject": …, "depends_on": [0], "hunks": [{"path": …, "old_start": …, …}]}],
// "ambiguous": false} depends_on counts parts from 0. Numbers are those of `git diff -U0
// --no-renames`.
std::string plan_json(const Plan& plan, const Change& change);

// One paragraph a part.
std::string plan_human(const Plan& plan, const Change& change);

// What --edit opens: "part SUBJECT" lines, each followed by its hunks, and how to change it.
std::string plan_sheet(const Plan& plan, const Change& change);

// Reads such a sheet back. Errors (`invalid`) name the line: a hunk that is missing, doubled or
// unknown, a part without a subject. A part without hunks is left out; an empty sheet is a plan
// without parts.
Result<Plan> read_sheet(std::string_view sheet, const Change& change);

} // namespace stanch::commits
