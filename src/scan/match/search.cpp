#include "scan/match/search.h"

#include <algorithm>

namespace stanch::scan {
namespace {

// gitleaks cuts newlines off a match.
Range trimmed(std::string_view text, Range range) {
    while (range.size() > 0 && text[range.begin] == '\n')
        ++range.begin;
    while (range.size() > 0 && text[range.end - 1] == '\n')
        --range.end;
    return range;
}

class RuleSearch {
  public:
    RuleSearch(const CompiledRule& rule, std::string_view text,
               const std::function<void(const Match&)>& found)
        : rule_(rule), text_(text), found_(found), groups_(rule.groups) {}

    void around(std::size_t hit) {
        std::size_t from = std::max(resume_, hit > rule_.back ? hit - rule_.back : 0);
        while (from <= hit && from <= text_.size() && good_) {
            // One byte more than a match can take: an edge at its end must see what follows.
            if (!search(from, std::min(text_.size(), hit + rule_.reach + 1), false)) return;
            const std::size_t start = groups_[0].begin;
            if (start > hit) return;
            // Where the expression is longer than its reach, the window has shown too much of the
            // text.
            if (rule_.cut_off &&
                !search(start, std::min(text_.size(), start + rule_.reach), true)) {
                from = start + 1;
                continue;
            }
            resume_ = std::max(groups_[0].end, start + 1);
            from = resume_;
            found_(match_of(rule_, text_, groups_));
        }
    }
    [[nodiscard]] bool good() const { return good_; }

  private:
    bool search(std::size_t from, std::size_t to, bool anchored) {
        const Regex::Found result = rule_.regex->search(text_, from, to, anchored, groups_);
        if (result == Regex::Found::limit) good_ = false;
        return result == Regex::Found::yes;
    }

    const CompiledRule& rule_;
    std::string_view text_;
    const std::function<void(const Match&)>& found_;
    std::vector<Range> groups_;
    std::size_t resume_ = 0;
    bool good_ = true;
};

} // namespace

Match match_of(const CompiledRule& rule, std::string_view text, const std::vector<Range>& groups) {
    Match match{trimmed(text, groups[0]), {}};
    match.secret = match.whole;
    if (const unsigned group = rule.rule->secret_group; group != 0) {
        match.secret =
            groups[group].taken() ? groups[group] : Range{groups[0].begin, groups[0].begin};
        return match;
    }
    const auto first = std::find_if(groups.begin() + 1, groups.end(),
                                    [](const Range& range) { return range.size() > 0; });
    if (first != groups.end()) match.secret = *first;
    return match;
}

bool search_rule(const CompiledRule& rule, std::string_view text,
                 std::span<const std::uint64_t> ends,
                 const std::function<void(const Match&)>& found) {
    RuleSearch search(rule, text, found);
    for (const std::uint64_t end : ends)
        search.around(end);
    return search.good();
}

} // namespace stanch::scan
