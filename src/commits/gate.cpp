#include "commits/gate.h"

#include "commits/facts.h"

#include <algorithm>
#include <array>
#include <cstring>
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

// How often each line stands on the new side more than on the old one (below 0: less).
using Balance = std::unordered_map<std::string_view, std::int64_t>;

// How many bytes two texts begin with alike, up to the end of a line: whole blocks at a time.
std::size_t same_lines(std::string_view a, std::string_view b) {
    const std::size_t most = std::min(a.size(), b.size());
    std::size_t same = 0;
    for (const std::size_t block : {std::size_t{4096}, std::size_t{256}, std::size_t{16}})
        while (same + block <= most && std::memcmp(a.data() + same, b.data() + same, block) == 0)
            same += block;
    while (same < most && a[same] == b[same])
        ++same;
    if (same == a.size() && same == b.size()) return same;
    // One text may end where the other's line goes on.
    const std::size_t newline = same == 0 ? std::string_view::npos : a.rfind('\n', same - 1);
    return newline == std::string_view::npos ? 0 : newline + 1;
}

constexpr std::size_t furthest = 24;

// The next lines of a text, found as they are asked for: mostly the first two are enough.
class Ahead {
  public:
    explicit Ahead(std::string_view text) : rest_(text) {}

    // Whether there is a line so far ahead, of `furthest` + 1 at most.
    bool has(std::size_t index) {
        while (count_ <= index && count_ < lines_.size() && !rest_.empty()) {
            const std::size_t newline = rest_.find('\n');
            lines_[count_++] = rest_.substr(0, newline);
            rest_.remove_prefix(newline == std::string_view::npos ? rest_.size() : newline + 1);
        }
        return index < count_;
    }
    [[nodiscard]] std::string_view operator[](std::size_t index) const { return lines_[index]; }

  private:
    std::string_view rest_;
    std::array<std::string_view, furthest + 1> lines_;
    std::size_t count_ = 0;
};

// Takes lines from both texts, which differ here, up to where they agree again: the fewest in all,
// or one of each where that is too far away.
void take_gap(std::string_view& a, std::string_view& b, Balance& balance) {
    Ahead old_lines(a);
    Ahead new_lines(b);
    std::size_t old_gap = 1;
    std::size_t new_gap = 1;
    const auto find = [&] {
        for (std::size_t sum = 1; sum <= furthest; ++sum)
            for (std::size_t x = 0; x <= sum; ++x)
                if (old_lines.has(x) && new_lines.has(sum - x) &&
                    old_lines[x] == new_lines[sum - x]) {
                    old_gap = x;
                    new_gap = sum - x;
                    return;
                }
    };
    find();
    const auto take = [&](std::string_view& text, Ahead& lines, std::size_t count, int sign) {
        for (std::size_t i = 0; i < count && lines.has(i); ++i) {
            balance[lines[i]] += sign;
            text.remove_prefix(std::min(text.size(), lines[i].size() + 1));
        }
    };
    take(a, old_lines, old_gap, -1);
    take(b, new_lines, new_gap, 1);
}

// Any two equal lines cancel each other out, whichever they are: so it is exact to pass over those
// that stand in the same order, and only what is left needs to be looked up.
Balance balance_of(const FilePair& file) {
    Balance balance;
    std::string_view a = file.old_text;
    std::string_view b = file.new_text;
    while (!a.empty() && !b.empty()) {
        const std::size_t same = same_lines(a, b);
        a.remove_prefix(same);
        b.remove_prefix(same);
        if (!a.empty() && !b.empty()) take_gap(a, b, balance);
    }
    each_line(a, [&](std::string_view line) { --balance[line]; });
    each_line(b, [&](std::string_view line) { ++balance[line]; });
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
