#include "cli/split_view.h"

#include "commits/plan_text.h"

#include <algorithm>

namespace stanch::cli {
namespace {

constexpr std::string_view list_keys =
    "↑↓ move  m/M hunk to next/previous part  p part here  s cut into line groups  J join with "
    "part above  "
    "[ ] part up/down  r rename  enter diff  u undo  a apply  q leave";
constexpr std::string_view diff_keys = "↑↓ scroll  enter or escape back to the plan";
constexpr std::string_view name_keys = "type the subject  enter keep  escape drop";

// At most `width` columns (UTF-8 code points); control characters become '?', tabs two blanks.
std::string fit(std::string_view text, std::size_t width) {
    std::string out;
    std::size_t columns = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool continues = (byte & 0xC0U) == 0x80U;
        if (!continues && columns >= width) break;
        if (c == '\t')
            out += "  ";
        else if (byte < 0x20 || byte == 0x7F)
            out += '?';
        else
            out += c;
        if (!continues) columns += c == '\t' ? 2 : 1;
    }
    return out;
}

std::string paint(std::string_view text, std::string_view code, bool colour) {
    if (!colour) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

void add_lines(std::vector<std::string>& out, char sign, std::string_view text, std::size_t width,
               bool colour) {
    while (!text.empty()) {
        const std::size_t newline = text.find('\n');
        const std::string line = sign + fit(text.substr(0, newline), width - 1);
        out.push_back(paint(line, sign == '+' ? "32" : "31", colour));
        text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    }
}

} // namespace

SplitView::SplitView(const commits::Change& change, const commits::Facts& facts, commits::Plan plan)
    : change_(change), facts_(facts), plan_(std::move(plan)) {}

std::vector<SplitView::Row> SplitView::rows() const {
    std::vector<Row> out;
    for (std::size_t part = 0; part < plan_.parts.size(); ++part) {
        out.push_back({part, SIZE_MAX});
        for (std::size_t hunk = 0; hunk < plan_.parts[part].hunks.size(); ++hunk)
            out.push_back({part, hunk});
    }
    return out;
}

SplitView::Row SplitView::current() const {
    const std::vector<Row> all = rows();
    return all[std::min(cursor_, all.size() - 1)];
}

std::uint32_t SplitView::hunk() const {
    const Row row = current();
    return row.hunk == SIZE_MAX ? UINT32_MAX : plan_.parts[row.part].hunks[row.hunk];
}

void SplitView::go_to(std::uint32_t hunk) {
    const std::vector<Row> all = rows();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].hunk != SIZE_MAX && plan_.parts[all[i].part].hunks[all[i].hunk] == hunk)
            cursor_ = i;
}

void SplitView::move_cursor(int by) {
    const auto last = static_cast<std::ptrdiff_t>(rows().size()) - 1;
    cursor_ = static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(cursor_) + by, 0, last));
}

void SplitView::remember() {
    past_.push_back(plan_);
}

void SplitView::take_back() {
    if (past_.empty()) return;
    plan_ = std::move(past_.back());
    past_.pop_back();
    move_cursor(0);
}

void SplitView::tidy() {
    commits::refresh(plan_, change_, facts_);
}

// Below the last part, and above the first, a new part begins.
void SplitView::move_hunk(int by) {
    const Row row = current();
    if (row.hunk == SIZE_MAX) return;
    remember();
    const std::uint32_t hunk = plan_.parts[row.part].hunks[row.hunk];
    std::erase(plan_.parts[row.part].hunks, hunk);
    auto to = static_cast<std::ptrdiff_t>(row.part) + by;
    if (to < 0 || to >= static_cast<std::ptrdiff_t>(plan_.parts.size())) {
        to = std::clamp<std::ptrdiff_t>(to, 0, static_cast<std::ptrdiff_t>(plan_.parts.size()));
        plan_.parts.insert(plan_.parts.begin() + to,
                           {commits::propose_subject(change_, facts_, {hunk}, {}), {}, {}});
    }
    plan_.parts[static_cast<std::size_t>(to)].hunks.push_back(hunk);
    tidy();
    go_to(hunk);
}

void SplitView::move_part(int by) {
    const Row row = current();
    const auto to = static_cast<std::ptrdiff_t>(row.part) + by;
    if (to < 0 || to >= static_cast<std::ptrdiff_t>(plan_.parts.size())) return;
    remember();
    const std::uint32_t first = plan_.parts[row.part].hunks.front();
    std::swap(plan_.parts[row.part], plan_.parts[static_cast<std::size_t>(to)]);
    tidy();
    go_to(first);
}

void SplitView::join_up() {
    const Row row = current();
    if (row.part == 0) return;
    remember();
    std::vector<std::uint32_t>& into = plan_.parts[row.part - 1].hunks;
    const std::vector<std::uint32_t>& from = plan_.parts[row.part].hunks;
    const std::uint32_t first = from.front();
    into.insert(into.end(), from.begin(), from.end());
    plan_.parts.erase(plan_.parts.begin() + static_cast<std::ptrdiff_t>(row.part));
    tidy();
    go_to(first);
}

// The hunk under the cursor and those below it in its part become a part of their own.
void SplitView::divide() {
    const Row row = current();
    if (row.hunk == SIZE_MAX || row.hunk == 0) return;
    remember();
    std::vector<std::uint32_t>& from = plan_.parts[row.part].hunks;
    const std::vector<std::uint32_t> rest(from.begin() + static_cast<std::ptrdiff_t>(row.hunk),
                                          from.end());
    from.resize(row.hunk);
    plan_.parts.insert(plan_.parts.begin() + static_cast<std::ptrdiff_t>(row.part) + 1,
                       {commits::propose_subject(change_, facts_, rest, {}), rest, {}});
    tidy();
    go_to(rest.front());
}

SplitOutcome SplitView::press_in_name(std::string_view key) {
    if (key == "escape") {
        naming_ = false;
    } else if (key == "enter") {
        naming_ = false;
        if (!name_.empty()) {
            remember();
            plan_.parts[current().part].subject = name_;
        }
    } else if (key == "backspace") {
        while (!name_.empty() && (static_cast<unsigned char>(name_.back()) & 0xC0U) == 0x80U)
            name_.pop_back();
        if (!name_.empty()) name_.pop_back();
    } else if (!key.empty() && static_cast<unsigned char>(key[0]) >= 0x20 &&
               key.find(' ', 1) == std::string_view::npos &&
               (key.size() == 1 || static_cast<unsigned char>(key[0]) >= 0x80)) {
        name_ += key;
    }
    return SplitOutcome::going_on;
}

SplitOutcome SplitView::press(std::string_view key) {
    if (naming_) return press_in_name(key);
    if (diff_) {
        if (key == "down" || key == "j")
            ++scroll_;
        else if (key == "page down" || key == " ")
            scroll_ += 20;
        else if ((key == "up" || key == "k") && scroll_ > 0)
            --scroll_;
        else if (key == "page up")
            scroll_ -= std::min<std::size_t>(scroll_, 20);
        else if (key == "enter" || key == "escape" || key == "q")
            diff_ = false;
        return SplitOutcome::going_on;
    }
    if (key == "a") return SplitOutcome::apply;
    if (key == "q" || key == "escape") return SplitOutcome::leave;
    if (key == "s" && hunk() != UINT32_MAX) return SplitOutcome::cut;
    if (key == "down" || key == "j")
        move_cursor(1);
    else if (key == "up" || key == "k")
        move_cursor(-1);
    else if (key == "page down")
        move_cursor(20);
    else if (key == "page up")
        move_cursor(-20);
    else if (key == "m" || key == "right")
        move_hunk(1);
    else if (key == "M" || key == "left")
        move_hunk(-1);
    else if (key == "p")
        divide();
    else if (key == "J")
        join_up();
    else if (key == "[")
        move_part(-1);
    else if (key == "]")
        move_part(1);
    else if (key == "u")
        take_back();
    else if (key == "r") {
        naming_ = true;
        name_ = plan_.parts[current().part].subject;
    } else if (key == "enter") {
        diff_ = true;
        scroll_ = 0;
    }
    return SplitOutcome::going_on;
}

void SplitView::draw_diff(std::vector<std::string>& out, std::size_t width, std::size_t height,
                          bool colour) const {
    const Row row = current();
    const commits::Part& part = plan_.parts[row.part];
    std::vector<std::uint32_t> shown = part.hunks;
    if (row.hunk != SIZE_MAX) shown = {part.hunks[row.hunk]};
    std::vector<std::string> lines;
    for (const std::uint32_t index : shown) {
        lines.push_back(paint(fit(commits::hunk_name(change_, index), width), "1", colour));
        add_lines(lines, '-', change_.removed(change_.hunks[index]), width, colour);
        add_lines(lines, '+', change_.added(change_.hunks[index]), width, colour);
    }
    const std::size_t first = std::min(scroll_, lines.empty() ? 0 : lines.size() - 1);
    for (std::size_t i = first; i < lines.size() && out.size() < height; ++i)
        out.push_back(lines[i]);
}

void SplitView::draw_list(std::vector<std::string>& out, std::size_t width, std::size_t height,
                          bool colour) const {
    const std::vector<Row> all = rows();
    const std::size_t at = std::min(cursor_, all.size() - 1);
    const std::size_t first = at >= height ? at - height + 1 : 0;
    for (std::size_t i = first; i < all.size() && out.size() < height; ++i) {
        const commits::Part& part = plan_.parts[all[i].part];
        std::string text = i == at ? "> " : "  ";
        if (all[i].hunk == SIZE_MAX)
            text += std::to_string(all[i].part + 1) + ". " + part.subject;
        else
            text += "     " + commits::hunk_name(change_, part.hunks[all[i].hunk]);
        text = fit(text, width);
        if (i == at)
            text = paint(text, "7", colour);
        else if (all[i].hunk == SIZE_MAX)
            text = paint(text, "1", colour);
        out.push_back(std::move(text));
    }
}

std::vector<std::string> SplitView::draw(std::size_t width, std::size_t height, bool colour) const {
    std::vector<std::string> out;
    // The keys may need several rows on a narrow terminal.
    std::string_view keys = naming_ ? name_keys : diff_ ? diff_keys : list_keys;
    std::vector<std::string> bottom;
    while (!keys.empty()) {
        std::size_t end = std::min(keys.size(), width);
        if (end < keys.size()) {
            const std::size_t gap = keys.rfind("  ", end);
            if (gap != std::string_view::npos && gap > 0) end = gap;
        }
        bottom.push_back(fit(keys.substr(0, end), width));
        keys.remove_prefix(end);
        while (keys.starts_with(' '))
            keys.remove_prefix(1);
    }
    if (naming_) bottom.insert(bottom.begin(), fit("subject: " + name_ + "_", width));
    const std::size_t body = height > bottom.size() ? height - bottom.size() : 1;
    if (diff_)
        draw_diff(out, width, body, colour);
    else
        draw_list(out, width, body, colour);
    out.resize(body);
    out.insert(out.end(), bottom.begin(), bottom.end());
    return out;
}

} // namespace stanch::cli
