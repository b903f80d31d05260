// What `stanch run` gives to the program: the layers, the manifest's references and defaults, over
// the environment.
#pragma once

#include "cli/config_file.h"
#include "cli/verb.h"
#include "env/layers.h"
#include "env/reference.h"

#include <string>
#include <vector>

namespace stanch::cli {

struct RunVariable {
    std::string name;
    Secret value;
    bool sensitive = false;
    bool add = true; // false: the process environment has it already
};

struct RunEnvironment {
    std::vector<RunVariable> variables;
    std::vector<std::string> watched; // files whose change changes this, whether they exist or not
    std::vector<env::LayerProblem> problems;
};

// Errors: a file that can't be read, a reference that does not resolve, a required credential
// without a value.
Result<RunEnvironment> run_environment(const Arguments& arguments);

// "NAME=value" for execve: the process environment (only its basics with `clean`) and the variables
// over it.
std::vector<std::string> environment_block(const RunEnvironment& environment, bool clean);

} // namespace stanch::cli
