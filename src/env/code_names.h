// The environment variables that Python code reads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace stanch::env {

struct CodeName {
    std::string name;
    std::string file;
    std::size_t line = 0;
    bool has_default = false; // os.getenv("A", "b"): the code goes on without it
};

// os.environ["A"], os.environ.get/pop/setdefault("A"), os.getenv("A"), "A" in os.environ, and the
// same after `from os import environ, getenv` and under other names of the module. Only literal
// names are known.
void collect_code_names(std::string_view python, const std::string& file,
                        std::vector<CodeName>& names);

// All *.py below a folder; what is installed (node_modules, site-packages, virtual environments) is
// left out. Files that can't be read are passed over.
std::vector<CodeName> code_names_below(const std::string& directory);

} // namespace stanch::env
