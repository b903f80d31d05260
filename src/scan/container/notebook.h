// Jupyter notebooks (nbformat 3 and 4): every cell's source and outputs as text, with the lines
// that a person sees.
//
// A finding's path says where: "a.ipynb!cell 3", "a.ipynb!cell 3 output 1", "a.ipynb!metadata";
// cells and outputs count from 1, lines within them. What is no valid notebook is matched as plain
// text.
#pragma once

#include "scan/look.h"

#include <string>
#include <vector>

namespace stanch::scan {

struct NotebookPart {
    std::string name; // "cell 3 output 1"
    std::string text;
};

// In the order of the file. Error: not JSON, or no notebook.
Result<std::vector<NotebookPart>> notebook_parts(std::string_view json);

void look_at_notebook(Worker::State& worker, const Place& place, std::string_view content,
                      Outcome& outcome);

} // namespace stanch::scan
