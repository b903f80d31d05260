#include "catalog/catalog.h"
#include "catalog/embedded.h"

#include <stdexcept>

namespace stanch::catalog {

const RuleSet& built_in_rules() {
    // Never destroyed: the process ends sooner without it.
    static const RuleSet* const rules = [] {
        const std::span<const char> bytes = embedded().rules;
        auto unpacked = unpack({bytes.data(), bytes.size()});
        // Written and read by the same build: a failure is a bug.
        if (!unpacked) throw std::logic_error(unpacked.error().what);
        return new RuleSet(*std::move(unpacked));
    }();
    return *rules;
}

} // namespace stanch::catalog
