#include "scan/match/outcome.h"
#include "text/lines.h"

#include <algorithm>
#include <tuple>

namespace stanch::scan {
namespace {

std::size_t distance(std::size_t a, std::size_t b) {
    return a < b ? b - a : a - b;
}

bool near_enough(const catalog::Requirement& requirement, const Span& primary, const Span& other) {
    if (requirement.within_lines && distance(primary.line, other.line) > *requirement.within_lines)
        return false;
    return !requirement.within_columns ||
           distance(primary.column, other.column) <= *requirement.within_columns;
}

bool met(const catalog::Requirement& requirement, const Accepted& primary, std::string_view content,
         const std::vector<Accepted>& all) {
    const Span span = text::span_of(content, primary.whole.begin, primary.whole.end);
    return std::ranges::any_of(all, [&](const Accepted& other) {
        return other.rule->rule->id == requirement.rule &&
               near_enough(requirement, span,
                           text::span_of(content, other.whole.begin, other.whole.end));
    });
}

void drop_incomplete(std::string_view content, std::vector<Accepted>& accepted) {
    std::vector<bool> complete;
    for (const Accepted& each : accepted)
        complete.push_back(
            std::ranges::all_of(each.rule->rule->required, [&](const auto& requirement) {
                return met(requirement, each, content, accepted);
            }));
    std::size_t i = 0;
    std::erase_if(accepted, [&](const Accepted& each) {
        return !complete[i++] || each.rule->rule->skip_report;
    });
}

bool overlap(const Range& a, const Range& b) {
    return a.begin < b.end && b.begin < a.end;
}

// Whether `other` says what `one` says, and better: anything is better than a generic rule; of two
// built-in rules for the same bytes, the surer one, then the first by its id. A team's own rules
// are all reported.
bool outdone(const Accepted& one, const Accepted& other) {
    const bool one_generic = generic(*one.rule->rule);
    const bool other_generic = generic(*other.rule->rule);
    if (!overlap(one.secret, other.secret)) return false;
    if (one_generic != other_generic) return one_generic;
    if (!one.rule->rule->built_in || !other.rule->rule->built_in) return false;
    if (!one_generic && one.secret != other.secret) return false;
    // More of the text around the secret was asked for: a name beside it says whose it is.
    const auto rank = [](const Accepted& each) {
        return std::tuple(-each.judgement.probability,
                          -static_cast<std::ptrdiff_t>(each.whole.size()), each.layer->depth,
                          std::string_view(each.rule->rule->id), each.whole);
    };
    return rank(one) > rank(other);
}

void drop_outdone(std::vector<Accepted>& accepted) {
    std::vector<bool> worse(accepted.size(), false);
    // Sorted by the secret's begin: what overlaps is near, unless a long secret spans many.
    for (std::size_t i = 0; i < accepted.size(); ++i)
        for (std::size_t j = i + 1;
             j < accepted.size() && accepted[j].secret.begin < accepted[i].secret.end; ++j) {
            if (outdone(accepted[i], accepted[j])) worse[i] = true;
            if (outdone(accepted[j], accepted[i])) worse[j] = true;
        }
    std::size_t i = 0;
    std::erase_if(accepted, [&](const Accepted&) { return worse[i++]; });
}

auto place(const Accepted& each) {
    return std::tuple(each.secret, each.whole, std::string_view(each.rule->rule->id),
                      each.layer->depth, each.match.secret);
}

bool same(const Accepted& a, const Accepted& b) {
    return a.rule == b.rule && a.secret == b.secret &&
           a.layer->text.substr(a.match.secret.begin, a.match.secret.size()) ==
               b.layer->text.substr(b.match.secret.begin, b.match.secret.size());
}

} // namespace

void settle(std::string_view content, std::vector<Accepted>& accepted) {
    std::ranges::sort(accepted, {}, place);
    drop_incomplete(content, accepted);
    const auto repeated = std::ranges::unique(accepted, same);
    accepted.erase(repeated.begin(), repeated.end());
    drop_outdone(accepted);
}

} // namespace stanch::scan
