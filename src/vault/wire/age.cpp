#include "vault/wire/age.h"

#include <algorithm>
#include <ctime>
#include <string>

namespace stanch::vault {
namespace {

using std::chrono::milliseconds;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// "+05:30" and the like; "Z", "GMT" and nothing are UTC.
std::chrono::minutes ahead_of_utc(const std::string& zone) {
    std::tm offset{};
    if (zone.size() < 2 || (zone[0] != '+' && zone[0] != '-') ||
        strptime(zone.c_str() + 1, "%H:%M", &offset) == nullptr)
        return {};
    const std::chrono::minutes whole(60 * offset.tm_hour + offset.tm_min);
    return zone[0] == '-' ? -whole : whole;
}

std::optional<milliseconds> parse(std::string_view text, const char* format) {
    std::tm date{};
    const std::string whole(text);
    const char* rest = strptime(whole.c_str(), format, &date);
    if (rest == nullptr) return std::nullopt;
    milliseconds out = std::chrono::seconds(timegm(&date));
    if (*rest == '.') {
        ++rest;
        for (int place = 100; place > 0 && is_digit(*rest); place /= 10)
            out += milliseconds(place * (*rest++ - '0'));
        out += milliseconds(1); // the digits behind the third
        while (is_digit(*rest))
            ++rest;
    }
    return out - ahead_of_utc(rest);
}

} // namespace

std::optional<milliseconds> age(std::string_view revision, std::string_view date) {
    const auto made = parse(revision, "%Y-%m-%dT%H:%M:%S");
    const auto now = parse(date, "%a, %d %b %Y %H:%M:%S GMT");
    if (!made || !now) return std::nullopt;
    return std::max(milliseconds(0), *now - *made);
}

} // namespace stanch::vault
