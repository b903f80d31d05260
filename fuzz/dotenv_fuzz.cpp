// rooms: env core
// Every dialect over any bytes: no crash, the originals are the text, and what `env set` writes is
// read back.
#include "env/views.h"
#include "env/write.h"

#include <cstdlib>

namespace env = stanch::env;

namespace {

std::optional<std::string> lookup(std::string_view name) {
    return name == "X" ? std::optional<std::string>("envx") : std::nullopt;
}

void check(bool holds) {
    if (!holds) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const env::Dialect dialect : env::all_dialects) {
        std::string joined;
        const env::Document document = env::parse(text, dialect, {.environment = lookup});
        for (const env::Entry& entry : document.entries) {
            joined += entry.original;
            check(entry.error == !entry.message.empty());
        }
        check(joined == text);
    }
    if (size > 2000) return 0;
    env::compare_views(text, env::all_dialects, lookup);
    const std::size_t half = size / 2;
    const stanch::Secret value(text.substr(half));
    constexpr std::array targets{env::Dialect::python, env::Dialect::uv};
    if (const auto written = env::set_variable(text.substr(0, half), "NAME", value, targets)) {
        bool found = false;
        for (const env::Variable& variable : env::variables(
                 env::parse(written->text.reveal(), env::Dialect::python), env::Dialect::python))
            found = found || (variable.name == "NAME" && variable.value.equals(value));
        check(found);
    }
    return 0;
}
