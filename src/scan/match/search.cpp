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

// Where the matches of a hit start: `begin` and `end` are the first and the last place.
Range starts_of(const CompiledRule& rule, const Hit& hit) {
    const std::size_t last = hit.end - hit.literal;
    const std::size_t before = hit.literal == 0 ? rule.stage.back : rule.stage.lead;
    return {last > before ? last - before : 0, last};
}

class RuleSearch {
  public:
    RuleSearch(const CompiledRule& rule, std::string_view text,
               const std::function<void(const Match&)>& found)
        : rule_(rule), text_(text), found_(found), groups_(rule.groups) {}

    // Matches that start in [first, last].
    void among(const Range& starts) {
        std::size_t from = std::max(resume_, starts.begin);
        const std::size_t last = std::min(starts.end, text_.size());
        while (from <= last && good_) {
            // One byte more than a match can take: an edge at its end must see what follows.
            if (!search(from, last, last + rule_.stage.reach + 1)) break;
            const std::size_t start = groups_[0].begin;
            // Where the expression is longer than its reach, the window has shown too much of the
            // text.
            if ((rule_.stage.flags & StageRow::flag_cut_off) != 0 &&
                !search(start, start, start + rule_.stage.reach)) {
                from = start + 1;
                continue;
            }
            resume_ = std::max(groups_[0].end, start + 1);
            from = resume_;
            found_(match_of(rule_, text_, groups_));
        }
        resume_ = std::max(resume_, last + 1);
    }
    [[nodiscard]] bool good() const { return good_; }

  private:
    bool search(std::size_t from, std::size_t last, std::size_t to) {
        const Regex::Found result =
            rule_.regex->search(text_, from, last, std::min(text_.size(), to), groups_);
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

bool search_rule(const CompiledRule& rule, std::string_view text, std::span<const Hit> hits,
                 const std::function<void(const Match&)>& found) {
    std::vector<Range> starts;
    for (const Hit& hit : hits)
        starts.push_back(starts_of(rule, hit));
    std::ranges::sort(starts);
    RuleSearch search(rule, text, found);
    for (const Range& each : starts)
        search.among(each);
    return search.good();
}

} // namespace stanch::scan
