#include "cli/env_shared.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "privilege/macaroon.h"

#include <charconv>
#include <chrono>

namespace stanch::cli {
namespace {

// "2026-12-31", at the day's end in UTC, or seconds since 1970.
Result<std::int64_t> parse_time(const std::string& text) {
    std::int64_t seconds = 0;
    const char* end = text.data() + text.size();
    if (const auto [at, error] = std::from_chars(text.data(), end, seconds);
        error == std::errc{} && at == end)
        return seconds;
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
        std::from_chars(text.data(), text.data() + 4, year);
        std::from_chars(text.data() + 5, text.data() + 7, month);
        std::from_chars(text.data() + 8, end, day);
        const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                               std::chrono::day{day}};
        if (date.ok())
            return (std::chrono::sys_days{date}.time_since_epoch().count() + 1) *
                       std::int64_t{86400} -
                   1;
    }
    return fail(ErrorKind::usage, "a time is a date (2026-12-31) or seconds since 1970", {},
                "--until 2026-12-31");
}

std::string shown(const privilege::PypiScope& scope) {
    std::string out = scope.limited ? "projects:" : "projects: all of the account\n";
    for (const std::string& project : scope.projects)
        out += " " + project;
    if (scope.limited) out += scope.projects.empty() ? " none\n" : "\n";
    if (scope.not_after) out += "until: " + std::to_string(*scope.not_after) + "\n";
    if (!scope.user.empty()) out += "user: " + scope.user + "\n";
    if (scope.unknown_caveat) out += "and a limit that is not known here\n";
    return out;
}

Result<int> run(const Arguments& arguments) {
    STANCH_TRY(const Secret input, read_text("-"));
    std::string_view text = input.reveal();
    while (text.ends_with('\n') || text.ends_with('\r') || text.ends_with(' '))
        text.remove_suffix(1);
    const Secret token(text);
    privilege::Narrowing narrowing{
        .projects = arguments.values("--project"), .not_before = {}, .not_after = {}};
    if (const auto until = arguments.value("--until")) {
        STANCH_TRY(narrowing.not_after, parse_time(*until));
    }
    if (narrowing.projects.empty() && !narrowing.not_after) {
        STANCH_TRY(const privilege::PypiScope scope, privilege::pypi_scope(token));
        answer(shown(scope));
        return exit_clean;
    }
    STANCH_TRY(const Secret narrowed, privilege::narrow_pypi(token, narrowing));
    answer(narrowed.reveal());
    answer("\n");
    return exit_clean;
}

constexpr Flag flags[]{
    {"--project", 'p', "NAME", "only for this project (may be given several times)", true},
    {"--until", 0, "TIME", "only until then: a date (2026-12-31), or seconds since 1970"},
};

} // namespace

const Verb keys_narrow_verb{
    .name = "keys narrow",
    .summary = "read or narrow the scope of a PyPI token, offline",
    .usage = "< TOKEN",
    .text = "Reads a PyPI API token from standard input. Without a limit it prints the token's "
            "scope; with --project or --until it prints a "
            "new token that is limited further. Nothing is sent: the token is a macaroon, which "
            "its holder can narrow and nobody can "
            "widen. The token that was given keeps its scope; revoke it at PyPI if it should not.",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
