#include "cli/verb.h"
#include "os/harden.h"

#include <string>
#include <vector>

int main(int argc, char** argv) {
    stanch::os::harden_process();
    const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
    return stanch::cli::run_program(words);
}
