#include "net/retry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace stanch::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

bool may_repeat(const Request& request) {
    constexpr std::array<std::string_view, 4> safe{"GET", "HEAD", "PUT", "DELETE"};
    return std::ranges::find(safe, request.method) != safe.end();
}

bool worth_another(const Request& request, const Attempt& last) {
    if (last.status == 429 || last.status == 503) return true;
    if (last.broken) return !last.sent || may_repeat(request);
    return (last.status == 502 || last.status == 504) && may_repeat(request);
}

} // namespace

std::optional<seconds> retry_after(std::string_view value,
                                   std::chrono::system_clock::time_point now) {
    long number = 0;
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (failed == std::errc() && end == value.data() + value.size() && number >= 0)
        return seconds(number);
    std::tm date{};
    const std::string text(value);
    if (strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date) == nullptr) return std::nullopt;
    const auto then = std::chrono::system_clock::from_time_t(timegm(&date));
    return std::max(seconds(0), std::chrono::ceil<seconds>(then - now));
}

std::optional<milliseconds> pause_before(int next, const Request& request, const Attempt& last,
                                         const Options& options) {
    if (next > options.tries || !worth_another(request, last)) return std::nullopt;
    milliseconds wait(250 << std::min(next - 2, 6));
    if (last.retry_after)
        if (const auto asked = retry_after(*last.retry_after, std::chrono::system_clock::now()))
            wait = *asked;
    if (wait > options.longest_wait) return std::nullopt;
    return wait;
}

} // namespace stanch::net
