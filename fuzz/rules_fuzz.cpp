// rooms: scan catalog os text core rules
// Rule files: the loader, the packed form, and the first stage of each regex.
#include "catalog/catalog.h"
#include "scan/pattern/first_stage.h"
#include "scan/pattern/probe.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stanch;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)catalog::unpack(text);
    (void)scan::Probes::load({text.data(), text.size()});
    if (const auto expression = scan::parse_expression(text))
        (void)scan::derive_first_stage(expression->tree);
    const auto rules = catalog::parse_rules(text, "fuzz.toml", {});
    if (!rules) return 0;
    const auto again = catalog::unpack(catalog::pack(*rules));
    if (!again || again->rules.size() != rules->rules.size()) std::abort();
    return 0;
}
