// The readers behind read_facts(), one a kind of file.
#pragma once

#include "privilege/inventory.h"

namespace stanch::privilege {

void python_reads(const Source& source, Facts& out);
void compose_reads(const Source& source, Facts& out);
void dockerfile_reads(const Source& source, Facts& out);
void workflow_reads(const Source& source, Facts& out);
void kubernetes_reads(const Source& source, Facts& out);

// Whether `text` is a reference to somewhere else, not a value: "$X", "${X}", "${{ secrets.X }}",
// "<…>".
bool is_reference(std::string_view text);
// Every ${NAME}, ${NAME:-…} and $NAME.
std::vector<std::string> interpolated(std::string_view text);

} // namespace stanch::privilege
