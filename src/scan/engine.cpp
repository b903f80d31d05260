#include "scan/engine.h"

#include "catalog/embedded.h"
#include "core/fingerprint.h"
#include "core/secret.h"
#include "os/file.h"
#include "scan/match/rules.h"
#include "text/encoding.h"

#include <algorithm>

namespace stanch::scan {
namespace {

// Changes with the code of the engine: the build hashes its sources into this.
std::string digest_of(std::string_view packed) {
    return Fingerprint::of("engine", Secret(packed), catalog::embedded().engine).hex();
}

std::string_view as_text(std::span<const char> bytes) {
    return {bytes.data(), bytes.size()};
}

Result<Database> embedded_database() {
    const catalog::Embedded& embedded = catalog::embedded();
    return Database::load(__builtin_cpu_supports("avx2") != 0 ? embedded.database_avx2
                                                              : embedded.database_any);
}

// The key of a cached database: patterns, and the processor that it is for. Probes need no cache.
std::string cache_name(std::span<const Pattern> patterns) {
    std::string all;
    for (const Pattern& pattern : patterns)
        all += (pattern.expression ? "e" : pattern.any_case ? "i" : "l") + pattern.text + '\n';
    const bool avx2 = __builtin_cpu_supports("avx2") != 0;
    return "rules-" + Fingerprint::of("patterns", Secret(all), avx2 ? "avx2" : "any").hex() +
           ".hsdb";
}

// A cache that cannot be read or written is no failure: the rules are compiled anew.
Result<Database> compile_cached(std::span<const Pattern> patterns) {
    const auto directory = os::cache_directory();
    const std::string path = directory ? *directory + "/" + cache_name(patterns) : "";
    if (directory && os::exists(path))
        if (const auto bytes = os::read_file(path); bytes)
            if (auto database = Database::load(*bytes); database) return database;
    STANCH_TRY(Database database, Database::compile(patterns, Processor::this_one));
    if (directory && os::make_directories(*directory))
        if (const auto bytes = database.serialise(); bytes) (void)os::write_file(path, *bytes);
    return database;
}

Result<void> check_all(const catalog::RuleSet& set) {
    for (const catalog::Allowlist& list : set.allowlists)
        STANCH_CHECK(Allowlist::compile(list));
    for (const catalog::Rule& rule : set.rules)
        if (!rule.built_in || !rule.allowlists.empty())
            STANCH_CHECK(CompiledRule::compile(rule, {}));
    return {};
}

} // namespace

Engine::Engine(std::unique_ptr<const Rules> rules) : rules_(std::move(rules)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

Result<Engine> Engine::built_in() {
    auto rules = std::make_unique<Rules>(&catalog::built_in_rules(), catalog::RuleSet{});
    Database database;
    if (!catalog::embedded().database_any.empty()) {
        STANCH_TRY(database, embedded_database());
    }
    STANCH_TRY(Probes probes, Probes::load(catalog::embedded().probes));
    rules->finder = std::make_unique<const Finder>(std::move(database), std::move(probes));
    return Engine(std::move(rules));
}

Result<Engine> Engine::with(const catalog::RuleSet& set) {
    STANCH_CHECK(check_all(set));
    auto rules = std::make_unique<Rules>(nullptr, set);
    STANCH_TRY(Plan plan, plan_of(set));
    Database database;
    if (!plan.patterns.empty()) {
        STANCH_TRY(database, compile_cached(plan.patterns));
    }
    rules->finder =
        std::make_unique<const Finder>(std::move(database), Probes::of(std::move(plan.probes)));
    return Engine(std::move(rules));
}

std::string_view Engine::digest() const {
    std::call_once(rules_->digest_once, [&] {
        rules_->digest = rules_->set == &rules_->own
                             ? digest_of(catalog::pack(rules_->own))
                             : digest_of(as_text(catalog::embedded().rules));
    });
    return rules_->digest;
}

bool Engine::allowed(const Finding& finding) const {
    const auto at =
        std::ranges::lower_bound(rules_->set->rules, finding.rule, {}, &catalog::Rule::id);
    if (at == rules_->set->rules.end() || at->id != finding.rule || !finding.provenance)
        return false;
    const CompiledRule& rule =
        rules_->compiled(static_cast<std::uint32_t>(at - rules_->set->rules.begin()));
    const Circumstances circumstances{finding.path, finding.provenance->commit,
                                      finding.secret.reveal(), finding.match.reveal(),
                                      finding.line.reveal()};
    return std::ranges::any_of(rule.allowlists,
                               [&](const Allowlist& list) { return list.allows(circumstances); });
}

} // namespace stanch::scan
