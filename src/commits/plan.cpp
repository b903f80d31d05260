#include "commits/plan.h"

#include "commits/depends.h"

#include <algorithm>
#include <set>

namespace stanch::commits {
namespace {

void fill_dependencies(Plan& plan, const std::vector<std::vector<std::uint32_t>>& needs,
                       std::size_t hunks) {
    std::vector<std::uint32_t> part_of(hunks);
    for (std::uint32_t part = 0; part < plan.parts.size(); ++part)
        for (const std::uint32_t hunk : plan.parts[part].hunks)
            part_of[hunk] = part;
    for (std::uint32_t part = 0; part < plan.parts.size(); ++part) {
        std::set<std::uint32_t> before;
        for (const std::uint32_t hunk : plan.parts[part].hunks)
            for (const std::uint32_t need : needs[hunk])
                if (part_of[need] < part) before.insert(part_of[need]);
        plan.parts[part].depends_on.assign(before.begin(), before.end());
    }
}

} // namespace

Plan make_plan(const Change& change, const Facts& facts, const Partition& partition,
               const SubjectStyle& style) {
    const auto needs = hunk_needs(change, facts);
    const std::vector<std::uint32_t> order = order_groups(needs, partition.group, partition.groups);
    std::vector<std::uint32_t> position(order.size());
    for (std::uint32_t at = 0; at < order.size(); ++at)
        position[order[at]] = at;
    std::vector<std::uint32_t> group;
    for (const std::uint32_t g : partition.group)
        group.push_back(position[g]);
    std::size_t groups = partition.groups;
    keep_whole(change, facts, group, groups);
    Plan plan;
    plan.ambiguous = partition.ambiguous;
    plan.parts.resize(groups);
    for (std::uint32_t hunk = 0; hunk < group.size(); ++hunk)
        plan.parts[group[hunk]].hunks.push_back(hunk);
    for (Part& part : plan.parts)
        part.subject = propose_subject(change, facts, part.hunks, style);
    fill_dependencies(plan, needs, change.hunks.size());
    return plan;
}

void refresh(Plan& plan, const Change& change, const Facts& facts) {
    std::erase_if(plan.parts, [](const Part& part) { return part.hunks.empty(); });
    for (Part& part : plan.parts)
        std::ranges::sort(part.hunks);
    fill_dependencies(plan, hunk_needs(change, facts), change.hunks.size());
}

Result<void> check_plan(const Plan& plan, const Change& change) {
    std::vector<std::size_t> times(change.hunks.size());
    for (const Part& part : plan.parts) {
        if (part.hunks.empty())
            return fail(ErrorKind::invalid, "a part has no hunks", part.subject);
        for (const std::uint32_t hunk : part.hunks) {
            if (hunk >= times.size())
                return fail(ErrorKind::invalid, "there is no such hunk in the change",
                            part.subject);
            ++times[hunk];
        }
    }
    for (std::size_t hunk = 0; hunk < times.size(); ++hunk)
        if (times[hunk] != 1)
            return fail(ErrorKind::invalid,
                        times[hunk] == 0 ? "a hunk is in no part" : "a hunk is in two parts",
                        change.file_of(hunk).path);
    return {};
}

} // namespace stanch::commits
