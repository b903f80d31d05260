#include "commits/gate.h"

namespace stanch::commits {
namespace {

std::string over(const Excess& excess) {
    return "  " + excess.what + ": " + std::to_string(excess.value - excess.allowed) +
           " over the limit of " + std::to_string(excess.allowed) + " (" + excess.limit + ")";
}

void add_lists(const Measure& measure, std::vector<std::string>& lines) {
    for (const std::string& path : measure.binary)
        lines.push_back("  binary: " + path);
    if (!measure.generated.empty())
        lines.push_back("  not counted: " + std::to_string(measure.generated.size()) +
                        " lock, generated or excluded file(s)");
    if (measure.moved > 0)
        lines.push_back("  not counted: " + std::to_string(measure.moved) +
                        " line(s) that only moved");
    if (measure.concerns && *measure.concerns > 1)
        lines.push_back("  it holds " + std::to_string(*measure.concerns) + " concerns");
}

} // namespace

std::vector<std::string> explain(const Verdict& verdict, const std::string& name,
                                 const std::string& command) {
    std::vector<std::string> lines;
    if (verdict.excess.empty()) return lines;
    lines.push_back(name + (verdict.refused() ? " is too large" : " is large"));
    for (const Excess& excess : verdict.excess)
        lines.push_back(over(excess));
    add_lists(verdict.measure, lines);
    if (verdict.reason) {
        lines.push_back("  let through: " + *verdict.reason);
        return lines;
    }
    lines.push_back("  split it: " + command);
    lines.push_back("  or say why in its message: Stanch-Large: REASON");
    return lines;
}

} // namespace stanch::commits
