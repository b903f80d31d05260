#include "scan/baseline.h"

#include <algorithm>
#include <set>

namespace stanch::scan {
namespace {

// The same whichever comes first: an end beats none, the earlier the later; then the longer text.
BaselineEntry stricter(const BaselineEntry& a, const BaselineEntry& b) {
    auto longer = [](const std::string& x, const std::string& y) {
        return x.size() != y.size()
                   ? std::max(x, y,
                              [](const auto& l, const auto& r) { return l.size() < r.size(); })
                   : std::max(x, y);
    };
    BaselineEntry entry = a;
    if (a.expires.empty() || (!b.expires.empty() && b.expires < a.expires))
        entry.expires = b.expires;
    entry.reason = longer(a.reason, b.reason);
    entry.owner = longer(a.owner, b.owner);
    entry.rule = longer(a.rule, b.rule);
    entry.path = longer(a.path, b.path);
    return entry;
}

} // namespace

Baseline merge_baselines(const Baseline& base, const Baseline& ours, const Baseline& theirs) {
    std::set<Fingerprint> all;
    for (const Baseline* side : {&ours, &theirs})
        for (const BaselineEntry& entry : side->entries())
            all.insert(entry.fingerprint);
    Baseline merged;
    for (const Fingerprint& fingerprint : all) {
        const BaselineEntry* before = base.find(fingerprint);
        const BaselineEntry* our = ours.find(fingerprint);
        const BaselineEntry* their = theirs.find(fingerprint);
        auto changed = [&](const BaselineEntry& entry) {
            return before == nullptr || !(*before == entry);
        };
        if (our != nullptr && their != nullptr) {
            if (!changed(*our))
                merged.put(*their);
            else if (!changed(*their))
                merged.put(*our);
            else
                merged.put(stricter(*our, *their));
        } else {
            const BaselineEntry& only = our != nullptr ? *our : *their;
            // In the base and untouched: the other side took it out.
            if (changed(only)) merged.put(only);
        }
    }
    return merged;
}

} // namespace stanch::scan
