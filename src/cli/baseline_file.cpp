#include "cli/baseline_file.h"

#include "core/manifest.h"
#include "git/repository.h"
#include "os/file.h"

#include <chrono>

namespace stanch::cli {
namespace {

std::string padded(unsigned number, std::size_t width) {
    std::string text = std::to_string(number);
    return std::string(width - std::min(width, text.size()), '0') + text;
}

std::string date_text(std::chrono::sys_days day) {
    const std::chrono::year_month_day date(day);
    return padded(static_cast<unsigned>(static_cast<int>(date.year())), 4) + "-" +
           padded(static_cast<unsigned>(date.month()), 2) + "-" +
           padded(static_cast<unsigned>(date.day()), 2);
}

std::chrono::sys_days this_day() {
    return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
}

} // namespace

std::string baseline_path(const std::string& from) {
    const auto repository = git::Repository::discover(from, git::Environment::of_process());
    const bool in_work_tree = repository && !repository->work_tree.empty();
    return (in_work_tree ? repository->work_tree : from) + "/" + std::string(baseline_name);
}

Result<scan::Baseline> read_baseline(const std::string& path) {
    if (!os::exists(path)) return scan::Baseline();
    STANCH_TRY(const std::string text, os::read_file(path));
    return scan::Baseline::parse(text, path);
}

Result<void> write_baseline(const std::string& path, const scan::Baseline& baseline) {
    // It is committed, and holds no secret.
    return os::write_file(path, baseline.to_text(), 0644);
}

std::string today() {
    return date_text(this_day());
}

Result<std::string> parse_expiry(const std::string& text) {
    if (scan::is_date(text)) return text;
    const auto days = parse_days(text);
    if (!days)
        return fail(ErrorKind::usage, "--expires takes a day or a duration", {},
                    "2027-01-31, or 90d");
    return date_text(this_day() + *days);
}

} // namespace stanch::cli
