// The rules of an engine, as they are matched: the first stage's database, and each rule's second
// stage, compiled when its first hit comes. Shared by all threads.
#pragma once

#include "catalog/catalog.h"
#include "scan/engine.h"
#include "scan/judge/allowlist.h"
#include "scan/match/finder.h"
#include "scan/pattern/first_stage.h"
#include "scan/pattern/regex.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

namespace stanch::scan {

// One rule's second stage.
struct CompiledRule {
    const catalog::Rule* rule = nullptr;
    std::optional<Regex> regex;
    std::optional<Regex> path;
    std::vector<Allowlist> allowlists; // its own, then the global ones that concern it
    StageRow stage;
    std::size_t groups = 1; // captures to ask for, the whole match included

    // `stage`: of a rule that was planned; without it, it is derived here.
    static Result<CompiledRule> compile(const catalog::Rule& rule,
                                        const std::vector<catalog::Allowlist>& global,
                                        const StageRow* stage = nullptr);
    [[nodiscard]] bool wants_path(std::string_view path_to_try) const {
        return !path || path_to_try == Content::any_path || path->found_in(path_to_try);
    }
};

// The first stage of a set: literals with what is probed for around each, and an expression for
// every rule that has none. Errors name the rule.
struct Plan {
    std::vector<Pattern> patterns; // the expressions
    std::string probes;            // Probes::load
};
Result<Plan> plan_of(const catalog::RuleSet& set);

struct Engine::Rules {
    catalog::RuleSet own; // a user's
    const catalog::RuleSet* set = nullptr;
    std::unique_ptr<const Finder> finder;
    mutable std::once_flag digest_once;
    mutable std::string digest;
    std::vector<std::uint32_t> path_only; // rules without a regex

    // Compiled on the first call for each rule. Rules of an Engine have been checked: it cannot
    // fail.
    const CompiledRule& compiled(std::uint32_t index) const;

    explicit Rules(const catalog::RuleSet* shared, catalog::RuleSet mine);

  private:
    struct Lazy {
        std::once_flag once;
        std::unique_ptr<const CompiledRule> rule;
    };
    std::unique_ptr<Lazy[]> lazy_;
};

} // namespace stanch::scan
