#include "commits/gate.h"

#include "commits/facts.h"

#include <algorithm>
#include <fnmatch.h>
#include <set>
#include <unordered_map>

namespace stanch::commits {
namespace {

std::string_view trim(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

template <class Each>
void each_line(std::string_view text, Each each) {
    while (!text.empty()) {
        const std::size_t newline = text.find('\n');
        each(text.substr(0, newline));
        text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    }
}

// Both texts begin at a line; what they end with alike, in whole lines, is cut off.
void drop_same_end(std::string_view& a, std::string_view& b) {
    const auto [x, y] = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend());
    std::size_t same = static_cast<std::size_t>(x - a.rbegin());
    // The first line of the same end may be the rest of a line that differs.
    const std::string_view end = a.substr(a.size() - same);
    const bool whole = same == 0 || ((same == a.size() || a[a.size() - same - 1] == '\n') &&
                                     (same == b.size() || b[b.size() - same - 1] == '\n'));
    if (!whole) {
        const std::size_t newline = end.find('\n');
        same -= newline == std::string_view::npos ? same : newline + 1;
    }
    a.remove_suffix(same);
    b.remove_suffix(same);
}

// How often each line stands on the new side more than on the old one (below 0: less).
using Balance = std::unordered_map<std::string_view, std::int64_t>;

Balance balance_of(const FilePair& file) {
    Balance balance;
    // Most of a changed file is the same at both ends: that part need not be counted.
    std::string_view a = file.old_text;
    std::string_view b = file.new_text;
    const std::size_t same = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
    const std::size_t line = same == 0 ? 0 : a.rfind('\n', same - 1) + 1;
    a.remove_prefix(line);
    b.remove_prefix(line);
    drop_same_end(a, b);
    each_line(b, [&](std::string_view text) { ++balance[text]; });
    each_line(a, [&](std::string_view text) { --balance[text]; });
    return balance;
}

struct Size {
    std::size_t added = 0;
    std::size_t removed = 0;
};

Size size_of(const Balance& balance) {
    Size size;
    for (const auto& [line, count] : balance)
        if (count > 0)
            size.added += static_cast<std::size_t>(count);
        else
            size.removed += static_cast<std::size_t>(-count);
    return size;
}

bool excluded(const FilePair& file, const Limits& limits) {
    const std::string path(file.path);
    return std::ranges::any_of(limits.exclude, [&](const std::string& glob) {
        return fnmatch(glob.c_str(), path.c_str(), 0) == 0;
    });
}

std::string_view directory(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

// Lines that say something: a brace or a blank line is nobody's code.
std::size_t moved_lines(const std::vector<Balance>& balances) {
    std::unordered_map<std::string_view, Size> all;
    for (const Balance& balance : balances)
        for (const auto& [line, count] : balance) {
            if (trim(line).size() < 4) continue;
            Size& size = all[line];
            if (count > 0)
                size.added += static_cast<std::size_t>(count);
            else
                size.removed += static_cast<std::size_t>(-count);
        }
    std::size_t moved = 0;
    for (const auto& [line, size] : all)
        moved += std::min(size.added, size.removed);
    return moved;
}

Result<void> take_limit(ConfigTable& table, std::string_view key, std::size_t& limit) {
    const auto value = table.integer(key);
    if (!value) return {};
    if (*value < 0)
        return fail(ErrorKind::invalid, std::string(key) + " is below 0", table.where(key),
                    "0 switches it off");
    limit = static_cast<std::size_t>(*value);
    return {};
}

} // namespace

Result<Limits> read_limits(ConfigTable& root) {
    Limits limits;
    ConfigTable table = root.table("commits");
    STANCH_CHECK(take_limit(table, "max_lines", limits.lines));
    STANCH_CHECK(take_limit(table, "max_files", limits.files));
    STANCH_CHECK(take_limit(table, "max_directories", limits.directories));
    STANCH_CHECK(take_limit(table, "max_concerns", limits.concerns));
    limits.warn = table.boolean("warn").value_or(false);
    limits.exclude = table.strings("exclude");
    STANCH_CHECK(table.finish());
    return limits;
}

Measure measure(std::span<const FilePair> files, const Limits& limits) {
    Measure out;
    out.all_files = files.size();
    std::set<std::string_view> directories;
    std::vector<Balance> code;
    for (const FilePair& file : files) {
        if (file.binary) {
            out.binary.emplace_back(file.path);
            continue;
        }
        if (excluded(file, limits) ||
            is_generated(file.path, file.new_text.empty() ? file.old_text : file.new_text)) {
            out.generated.emplace_back(file.path);
            continue;
        }
        Balance balance = balance_of(file);
        const Size size = size_of(balance);
        const FileKind kind = kind_of(file.path);
        if (kind == FileKind::test) {
            out.test_lines += size.added + size.removed;
        } else if (kind != FileKind::code) {
            out.other_lines += size.added + size.removed;
        } else {
            ++out.files;
            out.lines += size.added + size.removed;
            directories.insert(directory(file.path));
            code.push_back(std::move(balance));
        }
    }
    out.directories = directories.size();
    out.moved = moved_lines(code);
    out.lines -= 2 * out.moved;
    return out;
}

std::vector<Excess> judge(const Measure& measure, const Limits& limits) {
    std::vector<Excess> out;
    const auto check = [&](const char* name, std::size_t value, std::size_t allowed,
                           const std::string& what) {
        if (allowed > 0 && value > allowed)
            out.push_back({name, std::to_string(value) + " " + what, value, allowed});
    };
    check("max_lines", measure.lines, limits.lines, "changed lines of code");
    check("max_files", measure.files, limits.files, "files of code");
    check("max_directories", measure.directories, limits.directories, "directories");
    if (measure.concerns) check("max_concerns", *measure.concerns, limits.concerns, "concerns");
    return out;
}

Verdict check_change(std::span<const FilePair> files, const Limits& limits,
                     std::string_view message) {
    Verdict verdict;
    verdict.measure = measure(files, limits);
    verdict.excess = judge(verdict.measure, limits);
    verdict.reason = override_reason(message);
    verdict.warn = limits.warn;
    return verdict;
}

std::optional<std::string> override_reason(std::string_view message) {
    std::optional<std::string> reason;
    each_line(message, [&](std::string_view line) {
        constexpr std::string_view name = "stanch-large:";
        if (line.size() <= name.size()) return;
        const bool named =
            std::ranges::equal(line.substr(0, name.size()), name, [](char a, char b) {
                return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
            });
        const std::string_view text = trim(line.substr(std::min(name.size(), line.size())));
        if (named && !text.empty()) reason = std::string(text);
    });
    return reason;
}

} // namespace stanch::commits
