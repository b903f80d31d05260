#include "scan/match/rules.h"

#include "catalog/checksum.h"
#include "core/nearest.h"

#include <algorithm>
#include <stdexcept>

namespace stanch::scan {
namespace {

Error about(const catalog::Rule& rule, const Error& error, std::string_view field) {
    return {ErrorKind::invalid,
            "rule '" + rule.id + "': invalid " + std::string(field) + ": " + error.what + " (" +
                error.where + ")",
            rule.where,
            {}};
}

Result<std::optional<Regex>> optional_regex(const catalog::Rule& rule,
                                            const std::string& expression, std::string_view field) {
    if (expression.empty()) return std::optional<Regex>{};
    auto compiled = Regex::compile(expression, rule.built_in ? Regex::From::us : Regex::From::user);
    if (!compiled) return std::unexpected(about(rule, compiled.error(), field));
    return std::optional<Regex>(*std::move(compiled));
}

StageRow row_of(const FirstStage& stage, const Expression& expression) {
    const bool cut_off = width_of(expression.tree).most > stage.reach;
    return {static_cast<std::uint32_t>(stage.back), static_cast<std::uint32_t>(stage.reach),
            static_cast<std::uint32_t>(stage.lead),
            (cut_off ? StageRow::flag_cut_off : 0) |
                (expression.characters ? StageRow::flag_characters : 0)};
}

Result<void> check_verifier(const catalog::Rule& rule, const std::string& name) {
    if (name.empty() || catalog::find_verifier(name) != nullptr) return {};
    std::vector<std::string_view> names;
    for (const catalog::Verifier& each : catalog::verifiers())
        names.push_back(each.name);
    const std::string_view near = nearest(name, names);
    return fail(
        ErrorKind::invalid, "rule '" + rule.id + "': no check is called '" + name + "'", rule.where,
        near.empty() ? "docs/rules.md lists them" : "did you mean '" + std::string(near) + "'?");
}

Result<void> add_first_stage(CompiledRule& compiled, const StageRow* stage) {
    const catalog::Rule& rule = *compiled.rule;
    if (rule.regex.empty()) return {};
    if (stage != nullptr && rule.built_in) {
        const bool characters = (stage->flags & StageRow::flag_characters) != 0;
        auto regex = Regex::compile_ours(rule.regex, characters);
        if (!regex) return std::unexpected(about(rule, regex.error(), "regex"));
        compiled.regex = *std::move(regex);
        compiled.stage = *stage;
        return {};
    }
    STANCH_TRY(compiled.regex, optional_regex(rule, rule.regex, "regex"));
    const auto expression = parse_expression(rule.regex);
    if (!expression) return std::unexpected(about(rule, expression.error(), "regex"));
    compiled.stage = row_of(derive_first_stage(expression->tree), *expression);
    return {};
}

Result<void> add_groups(CompiledRule& compiled) {
    const unsigned group = compiled.rule->secret_group;
    const std::size_t there = compiled.regex ? compiled.regex->groups() : 0;
    if (group > there)
        return fail(ErrorKind::invalid,
                    "rule '" + compiled.rule->id + "': secretGroup is " + std::to_string(group) +
                        ", and the regex has " + std::to_string(there) + " groups",
                    compiled.rule->where);
    compiled.groups = 1 + (group != 0 ? group : there);
    return {};
}

Result<void> add_allowlists(CompiledRule& compiled, const std::vector<catalog::Allowlist>& lists,
                            bool global) {
    for (const catalog::Allowlist& list : lists) {
        auto allowlist = Allowlist::compile(list);
        if (!allowlist) return std::unexpected(allowlist.error());
        if (!global || allowlist->concerns(compiled.rule->id))
            compiled.allowlists.push_back(*std::move(allowlist));
    }
    return {};
}

} // namespace

Result<CompiledRule> CompiledRule::compile(const catalog::Rule& rule,
                                           const std::vector<catalog::Allowlist>& global,
                                           const StageRow* stage) {
    CompiledRule compiled;
    compiled.rule = &rule;
    STANCH_CHECK(add_first_stage(compiled, stage));
    STANCH_TRY(compiled.path, optional_regex(rule, rule.path, "path"));
    STANCH_CHECK(check_verifier(rule, rule.checksum));
    STANCH_CHECK(check_verifier(rule, rule.structure));
    STANCH_CHECK(add_groups(compiled));
    STANCH_CHECK(add_allowlists(compiled, rule.allowlists, false));
    STANCH_CHECK(add_allowlists(compiled, global, true));
    return compiled;
}

Result<Plan> plan_of(const catalog::RuleSet& set) {
    Plan plan;
    ProbesWriter probes;
    for (std::uint32_t i = 0; i < set.rules.size(); ++i) {
        const catalog::Rule& rule = set.rules[i];
        if (rule.regex.empty()) {
            probes.add_stage({});
            continue;
        }
        const auto expression = parse_expression(rule.regex);
        if (!expression) return std::unexpected(about(rule, expression.error(), "regex"));
        const FirstStage stage = derive_first_stage(expression->tree);
        probes.add_stage(row_of(stage, *expression));
        for (const Anchor& anchor : stage.anchors) {
            const std::uint32_t number = probes.add(i, anchor);
            if (number != Probes::none) plan.patterns.push_back({anchor.text, number});
        }
    }
    plan.probes = probes.bytes();
    return plan;
}

Engine::Rules::Rules(const catalog::RuleSet* shared, catalog::RuleSet mine)
    : own(std::move(mine)), set(shared != nullptr ? shared : &own),
      lazy_(std::make_unique<Lazy[]>(set->rules.size())) {
    for (std::uint32_t i = 0; i < set->rules.size(); ++i)
        if (set->rules[i].regex.empty()) path_only.push_back(i);
}

const CompiledRule& Engine::Rules::compiled(std::uint32_t index) const {
    Lazy& lazy = lazy_[index];
    std::call_once(lazy.once, [&] {
        auto made = CompiledRule::compile(set->rules[index], set->allowlists,
                                          finder != nullptr ? finder->stage(index) : nullptr);
        if (!made) throw std::logic_error(made.error().what);
        lazy.rule = std::make_unique<const CompiledRule>(*std::move(made));
    });
    return *lazy.rule;
}

} // namespace stanch::scan
