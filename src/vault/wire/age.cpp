#include "vault/wire/age.h"

#include <algorithm>
#include <ctime>
#include <string>

namespace stanch::vault {
namespace {

using std::chrono::milliseconds;

std::optional<milliseconds> parse(std::string_view text, const char* format) {
    std::tm date{};
    const std::string whole(text);
    const char* rest = strptime(whole.c_str(), format, &date);
    if (rest == nullptr) return std::nullopt;
    milliseconds out = std::chrono::seconds(timegm(&date));
    if (*rest != '.') return out;
    ++rest;
    for (int place = 100; place > 0 && *rest >= '0' && *rest <= '9'; place /= 10)
        out += milliseconds(place * (*rest++ - '0'));
    return out + milliseconds(1); // the digits behind the third
}

} // namespace

std::optional<milliseconds> age(std::string_view revision, std::string_view date) {
    const auto made = parse(revision, "%Y-%m-%dT%H:%M:%S");
    const auto now = parse(date, "%a, %d %b %Y %H:%M:%S GMT");
    if (!made || !now) return std::nullopt;
    return std::max(milliseconds(0), *now - *made);
}

} // namespace stanch::vault
