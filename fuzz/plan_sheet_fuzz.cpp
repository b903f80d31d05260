// rooms: commits core text

// Text from Git and from a person's editor: a diff's hunks, and a plan's sheet.
#include "commits/plan_text.h"
#include "commits/read.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace commits = stanch::commits;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)commits::parse_diff(text);
    commits::Change change;
    change.files.emplace_back();
    change.files[0].path = "a";
    change.hunks.resize(5);
    if (const auto plan = commits::read_sheet(text, change); plan && !plan->parts.empty())
        if (!commits::check_plan(*plan, change)) __builtin_trap();
    return 0;
}
