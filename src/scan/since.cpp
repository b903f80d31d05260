#include "scan/range.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

namespace stanch::scan {
namespace {

std::unexpected<Error> not_a_date(std::string_view text) {
    return fail(ErrorKind::usage, "not a date", std::string(text),
                "write 2026-11-24, 2026-11-24T12:00:00Z, @SECONDS, '2 weeks ago' or 36h");
}

// Digits up to something else; nullopt where there are none.
std::optional<std::int64_t> take_number(std::string_view& text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

bool take(std::string_view& text, std::string_view what) {
    if (!text.starts_with(what)) return false;
    text.remove_prefix(what.size());
    return true;
}

std::optional<std::int64_t> seconds_of(std::string_view unit) {
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 12> units{{
        {"s", 1},
        {"second", 1},
        {"min", 60},
        {"minute", 60},
        {"h", 3600},
        {"hour", 3600},
        {"d", 86400},
        {"day", 86400},
        {"w", 604800},
        {"week", 604800},
        {"month", 2629746},
        {"year", 31556952},
    }};
    if (unit.size() > 1 && unit.ends_with('s')) unit.remove_suffix(1);
    for (const auto& [name, seconds] : units)
        if (name == unit) return seconds;
    return std::nullopt;
}

std::optional<std::int64_t> ago(std::string_view text) {
    const auto count = take_number(text);
    if (!count) return std::nullopt;
    while (take(text, " ") || take(text, ".")) {
    }
    if (text.ends_with("ago")) text.remove_suffix(3);
    while (text.ends_with(' ') || text.ends_with('.'))
        text.remove_suffix(1);
    const auto unit = seconds_of(text);
    if (!unit || *count > 100'000'000) return std::nullopt;
    return *count * *unit;
}

std::optional<std::int64_t> date(std::string_view text) {
    const auto year = take_number(text);
    if (!year || !take(text, "-")) return std::nullopt;
    const auto month = take_number(text);
    if (!month || !take(text, "-")) return std::nullopt;
    const auto day = take_number(text);
    if (!day || *year > 9999) return std::nullopt;
    const std::chrono::year_month_day when(
        std::chrono::year(static_cast<int>(*year)),
        std::chrono::month(static_cast<unsigned>(std::min<std::int64_t>(*month, 99))),
        std::chrono::day(static_cast<unsigned>(std::min<std::int64_t>(*day, 99))));
    if (!when.ok()) return std::nullopt;
    std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(
                               std::chrono::sys_days(when).time_since_epoch())
                               .count();
    if (text.empty()) return seconds;
    if (!take(text, "T") && !take(text, " ")) return std::nullopt;
    for (const std::int64_t unit : {3600, 60, 1}) {
        const auto value = take_number(text);
        if (!value || *value > 60) return std::nullopt;
        seconds += *value * unit;
        if (!take(text, ":")) break;
    }
    take(text, "Z");
    return text.empty() ? std::optional(seconds) : std::nullopt;
}

} // namespace

Result<std::int64_t> parse_since(std::string_view text, std::int64_t now) {
    std::string_view rest = text;
    if (take(rest, "@")) {
        const auto seconds = take_number(rest);
        return seconds && rest.empty() ? Result<std::int64_t>(*seconds) : not_a_date(text);
    }
    if (const auto seconds = date(text)) return *seconds;
    if (const auto seconds = ago(text)) return now - *seconds;
    return not_a_date(text);
}

} // namespace stanch::scan
