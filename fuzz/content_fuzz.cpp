// rooms: scan core rules
#include "scan/engine.h"
#include "scan/worker.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace stanch;

// Any bytes as a file: archives, databases, notebooks, UTF-16 and all. Every finding is somewhere,
// and has its path.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto engine = scan::Engine::built_in();
    static scan::ScanOptions options = [] {
        scan::ScanOptions small;
        small.limits = {std::uint64_t{4} << 20, 64, 3};
        return small;
    }();
    static scan::Worker worker(*engine, options);
    if (size == 0) return 0;
    const std::string name = (data[0] & 1) != 0 ? "f.ipynb" : "f";
    scan::Outcome outcome;
    worker.look_at({name, name},
                   std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1), outcome);
    for (const Finding& finding : outcome.findings)
        if (!finding.path.starts_with("f") || finding.span.end_line < finding.span.line)
            std::abort();
    return 0;
}
