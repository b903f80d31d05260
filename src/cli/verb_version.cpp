#include "cli/say.h"
#include "cli/verbs.h"

namespace stanch::cli {
namespace {

Result<int> run(const Arguments&) {
    answer("stanch " STANCH_VERSION "\n");
    return exit_clean;
}

} // namespace

const Verb version_verb{
    .name = "version",
    .summary = "print the version",
    .usage = "",
    .text = "",
    .flags = {},
    .run = run,
};

} // namespace stanch::cli
