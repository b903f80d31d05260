#include "scan/engine.h"

#include "catalog/embedded.h"
#include "core/fingerprint.h"
#include "core/secret.h"
#include "os/file.h"
#include "scan/match/rules.h"
#include "text/encoding.h"

#include <algorithm>
#include <cstring>

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

// What the first stage of a set runs.
struct Compiled {
    Database database;
    std::string probes;
};

Result<Compiled> compile_first_stage(const catalog::RuleSet& set) {
    Compiled compiled;
    STANCH_TRY(Plan plan, plan_of(set));
    compiled.probes = std::move(plan.probes);
    if (!plan.patterns.empty()) {
        STANCH_TRY(compiled.database, Database::compile(plan.patterns, Processor::this_one));
    }
    return compiled;
}

// A cached first stage: the size of the probes, the probes, and the database, if there is one.
Result<Compiled> read_compiled(std::string_view bytes) {
    std::uint64_t size = 0;
    if (bytes.size() < sizeof size) return fail(ErrorKind::invalid, "cut off");
    std::memcpy(&size, bytes.data(), sizeof size);
    bytes.remove_prefix(sizeof size);
    if (size > bytes.size()) return fail(ErrorKind::invalid, "cut off");
    Compiled compiled;
    compiled.probes = bytes.substr(0, size);
    STANCH_CHECK(Probes::load(compiled.probes));
    if (size < bytes.size()) {
        STANCH_TRY(compiled.database, Database::load(bytes.substr(size)));
    }
    return compiled;
}

Result<std::string> written(const Compiled& compiled) {
    const std::uint64_t size = compiled.probes.size();
    std::string bytes(reinterpret_cast<const char*>(&size), sizeof size);
    bytes += compiled.probes;
    if (compiled.database.get() != nullptr) {
        STANCH_TRY(const std::string database, compiled.database.serialise());
        bytes += database;
    }
    return bytes;
}

// The key: the rules, this engine, and the processor that the database is for.
std::string cache_name(const catalog::RuleSet& set) {
    const bool avx2 = __builtin_cpu_supports("avx2") != 0;
    return "rules-" + digest_of(catalog::pack(set)) + (avx2 ? "-avx2" : "-any");
}

// A cache that cannot be read or written is no failure: the rules are compiled anew.
Result<Compiled> compile_cached(const catalog::RuleSet& set) {
    // The rule compiler has no digest of its own sources to tell an older engine's cache by.
    if (catalog::embedded().engine.empty()) return compile_first_stage(set);
    const auto directory = os::cache_directory();
    const std::string path = directory ? *directory + "/" + cache_name(set) : "";
    if (directory && os::exists(path))
        if (const auto bytes = os::read_file(path); bytes)
            if (auto compiled = read_compiled(*bytes); compiled) return compiled;
    STANCH_TRY(Compiled compiled, compile_first_stage(set));
    if (directory && os::make_directories(*directory))
        if (const auto bytes = written(compiled); bytes) (void)os::write_file(path, *bytes);
    return compiled;
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
    STANCH_TRY(Compiled compiled, compile_cached(set));
    rules->finder = std::make_unique<const Finder>(std::move(compiled.database),
                                                   Probes::of(std::move(compiled.probes)));
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
