// The readers behind read_facts(), one a kind of file.
#pragma once

#include "privilege/inventory.h"

namespace stanch::privilege {

struct Yaml;

void python_reads(const Source& source, Facts& out);
void compose_reads(const Source& source, Facts& out);
void dockerfile_reads(const Source& source, Facts& out);
void workflow_reads(const Source& source, Facts& out);
// The permissions of one workflow: too wide, or not named at all.
void workflow_permissions(const Source& source, const Yaml& workflow, Facts& out);
void kubernetes_reads(const Source& source, Facts& out);

// Whether `text` is a reference to somewhere else, not a value: "$X", "${X}", "${{ secrets.X }}",
// "<…>".
bool is_reference(std::string_view text);
// Every ${NAME}, ${NAME:-…} and $NAME.
std::vector<std::string> interpolated(std::string_view text);

} // namespace stanch::privilege
