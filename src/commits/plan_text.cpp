#include "commits/plan_text.h"

#include "text/encoding.h"

#include <algorithm>
#include <charconv>

namespace stanch::commits {
namespace {

std::string range(char sign, std::uint32_t start, std::uint32_t lines) {
    std::string text = std::string(1, sign) + std::to_string(start);
    if (lines != 1) text += "," + std::to_string(lines);
    return text;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

std::string hunk_json(const Change& change, std::uint32_t index) {
    const Hunk& hunk = change.hunks[index];
    return "{\"path\": \"" + text::json_escape(change.files[hunk.file].path) +
           "\", \"old_start\": " + std::to_string(hunk.old_start) +
           ", \"old_lines\": " + std::to_string(hunk.old_lines) +
           ", \"new_start\": " + std::to_string(hunk.new_start) +
           ", \"new_lines\": " + std::to_string(hunk.new_lines) + "}";
}

template <class List, class Write>
std::string joined(const List& list, std::string_view between, Write write) {
    std::string text;
    for (const auto& entry : list) {
        if (!text.empty()) text += between;
        text += write(entry);
    }
    return text;
}

struct Size {
    std::size_t added = 0;
    std::size_t removed = 0;
};

Size size_of(const Part& part, const Change& change) {
    Size size;
    for (const std::uint32_t hunk : part.hunks) {
        size.added += change.hunks[hunk].new_lines;
        size.removed += change.hunks[hunk].old_lines;
    }
    return size;
}

class Sheet {
  public:
    explicit Sheet(const Change& change) : change_(change), seen_(change.hunks.size()) {}

    Result<Plan> read(std::string_view sheet) {
        for (line_ = 1; !sheet.empty(); ++line_) {
            const std::size_t newline = sheet.find('\n');
            STANCH_CHECK(take(trim(sheet.substr(0, newline))));
            sheet.remove_prefix(newline == std::string_view::npos ? sheet.size() : newline + 1);
        }
        // Whoever empties the sheet wants nothing done.
        if (plan_.parts.empty()) return std::move(plan_);
        for (std::size_t hunk = 0; hunk < seen_.size(); ++hunk)
            if (!seen_[hunk])
                return fail(ErrorKind::invalid,
                            "hunk " + std::to_string(hunk + 1) + " is in no part: " +
                                hunk_name(change_, static_cast<std::uint32_t>(hunk)),
                            {}, "every hunk must stand in one part");
        std::erase_if(plan_.parts, [](const Part& part) { return part.hunks.empty(); });
        return std::move(plan_);
    }

  private:
    [[nodiscard]] std::string where() const { return "line " + std::to_string(line_); }

    Result<void> take(std::string_view line) {
        if (line.empty() || line[0] == '#') return {};
        if (line == "part" || line.starts_with("part ")) return take_part(trim(line.substr(4)));
        return take_hunk(line);
    }

    Result<void> take_part(std::string_view subject) {
        if (subject.empty()) return fail(ErrorKind::invalid, "a part needs a subject", where());
        plan_.parts.push_back({std::string(subject), {}, {}});
        return {};
    }

    Result<void> take_hunk(std::string_view line) {
        std::uint32_t number = 0;
        const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
        if (error != std::errc() || number == 0 || number > seen_.size())
            return fail(ErrorKind::invalid, "this is neither a part nor a hunk of the change",
                        where());
        if (seen_[number - 1])
            return fail(ErrorKind::invalid, "this hunk is in two parts", where());
        if (plan_.parts.empty())
            return fail(ErrorKind::invalid, "a 'part' line must come first", where());
        seen_[number - 1] = true;
        plan_.parts.back().hunks.push_back(number - 1);
        return {};
    }

    const Change& change_;
    std::vector<bool> seen_;
    Plan plan_;
    std::size_t line_ = 1;
};

} // namespace

std::string hunk_name(const Change& change, std::uint32_t index) {
    const Hunk& hunk = change.hunks[index];
    const FileChange& file = change.files[hunk.file];
    if (!hunk.whole_file())
        return file.path + " @@ " + range('-', hunk.old_start, hunk.old_lines) + " " +
               range('+', hunk.new_start, hunk.new_lines) + " @@";
    if (!file.old_side.exists())
        return file.path + " (new" + (file.binary ? ", binary)" : ", empty)");
    if (!file.new_side.exists()) return file.path + " (deleted)";
    if (file.old_side.id == file.new_side.id) return file.path + " (mode)";
    return file.path + (file.binary ? " (binary)" : " (type)");
}

std::string plan_json(const Plan& plan, const Change& change) {
    const auto part_json = [&](const Part& part) {
        return "    {\n      \"subject\": \"" + text::json_escape(part.subject) +
               "\",\n      \"depends_on\": [" +
               joined(part.depends_on, ", ",
                      [](std::uint32_t other) { return std::to_string(other); }) +
               "],\n      \"hunks\": [\n        " +
               joined(part.hunks, ",\n        ",
                      [&](std::uint32_t hunk) { return hunk_json(change, hunk); }) +
               "\n      ]\n    }";
    };
    return "{\n  \"parts\": [\n" + joined(plan.parts, ",\n", part_json) +
           "\n  ],\n  \"ambiguous\": " + (plan.ambiguous ? "true" : "false") + "\n}\n";
}

std::string plan_human(const Plan& plan, const Change& change) {
    std::string text;
    for (std::size_t i = 0; i < plan.parts.size(); ++i) {
        const Part& part = plan.parts[i];
        const Size size = size_of(part, change);
        text += std::to_string(i + 1) + ". " + part.subject + "  (+" + std::to_string(size.added) +
                " -" + std::to_string(size.removed) + ")\n";
        if (!part.depends_on.empty())
            text += "   after " +
                    joined(part.depends_on, ", ",
                           [](std::uint32_t other) { return std::to_string(other + 1); }) +
                    "\n";
        for (const std::uint32_t hunk : part.hunks)
            text += "   " + hunk_name(change, hunk) + "\n";
        text += '\n';
    }
    return text;
}

std::string plan_sheet(const Plan& plan, const Change& change) {
    std::string text =
        "# Each part becomes one commit, the first one first. Move hunks between parts, move "
        "whole\n"
        "# parts, change subjects; delete a 'part' line to join it with the one above, add one to\n"
        "# part it. Every hunk must stay in one part. An empty sheet stops everything.\n";
    for (const Part& part : plan.parts) {
        text += "\npart " + part.subject + "\n";
        for (const std::uint32_t hunk : part.hunks)
            text += "  " + std::to_string(hunk + 1) + "  " + hunk_name(change, hunk) + "\n";
    }
    return text;
}

Result<Plan> read_sheet(std::string_view sheet, const Change& change) {
    STANCH_TRY(Plan plan, Sheet(change).read(sheet));
    for (Part& part : plan.parts)
        std::ranges::sort(part.hunks);
    return plan;
}

} // namespace stanch::commits
