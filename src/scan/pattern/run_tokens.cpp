#include "scan/pattern/run_tokens.h"

#include <algorithm>

namespace stanch::scan {
namespace {

// How much of the literal is not of the run that it ends in.
std::uint8_t lead_of(std::string_view literal) {
    const auto outside =
        std::find_if(literal.rbegin(), literal.rend(), [](char c) { return base64_value(c) < 0; });
    return static_cast<std::uint8_t>(literal.rend() - outside);
}

} // namespace

RunTokens::RunTokens(const Probes& probes) : probes_(&probes) {
    for (std::uint32_t anchor = 0; anchor < probes.size(); ++anchor)
        if (probes.place(anchor) == Anchor::Place::in_run) add(anchor);
}

void RunTokens::add(std::uint32_t anchor) {
    if (links_.empty()) links_.emplace_back();
    const std::string_view literal = probes_->literal(anchor);
    const std::uint8_t lead = lead_of(literal);
    if (lead != 0 && std::ranges::find(leads_, lead) == leads_.end()) leads_.push_back(lead);
    if (lead != 0) before_run_[static_cast<unsigned char>(literal[lead - 1])] = true;
    Heads& heads = lead != 0 ? outside_ : inside_;
    std::uint16_t& head = heads[slot(&literal.front())];
    links_.push_back({anchor, head, lead == 0 && probes_->edge(anchor)});
    head = static_cast<std::uint16_t>(links_.size() - 1);
}

bool RunTokens::stands(std::uint32_t anchor, std::string_view window, std::size_t at) const {
    return probes_->literal_stands(anchor, window.substr(at, probes_->literal(anchor).size()));
}

} // namespace stanch::scan
