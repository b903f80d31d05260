#include "catalog/schema.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace stanch::catalog {
namespace {

std::string lowered(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

std::vector<std::string> lowered(std::vector<std::string> words) {
    for (std::string& word : words)
        word = lowered(std::move(word));
    return words;
}

// Takes over what finish() would refuse: a wrong type is an error, an unknown key a warning, as
// gitleaks reads files with keys of other tools in them.
Result<void> close(const ConfigTable& table, RuleSet& set) {
    STANCH_CHECK(table.well_typed());
    for (Error& unknown : table.unknown_keys())
        set.warnings.push_back(std::move(unknown));
    return {};
}

Result<Condition> condition_of(ConfigTable& table) {
    const std::string word = lowered(table.string("condition").value_or("OR"));
    if (word.empty() || word == "or" || word == "||") return Condition::any;
    if (word == "and" || word == "&&") return Condition::all;
    return fail(ErrorKind::invalid, "'condition' is neither AND nor OR", table.where("condition"));
}

Result<RegexTarget> target_of(ConfigTable& table) {
    const std::string word = lowered(table.string("regexTarget").value_or(""));
    if (word.empty() || word == "secret") return RegexTarget::secret;
    if (word == "match") return RegexTarget::match;
    if (word == "line") return RegexTarget::line;
    return fail(ErrorKind::invalid, "'regexTarget' is none of secret, match, line",
                table.where("regexTarget"));
}

Result<Allowlist> read_allowlist(ConfigTable& table, RuleSet& set, bool global) {
    Allowlist list;
    list.where = table.where();
    list.description = table.string("description").value_or("");
    STANCH_TRY(list.condition, condition_of(table));
    STANCH_TRY(list.target, target_of(table));
    list.commits = lowered(table.strings("commits"));
    list.paths = table.strings("paths");
    list.regexes = table.strings("regexes");
    list.stopwords = lowered(table.strings("stopwords"));
    if (global) list.target_rules = table.strings("targetRules");
    STANCH_CHECK(close(table, set));
    if (list.commits.empty() && list.paths.empty() && list.regexes.empty() &&
        list.stopwords.empty())
        return fail(ErrorKind::invalid,
                    "an allowlist without commits, paths, regexes or stopwords allows nothing",
                    list.where);
    return list;
}

// [[allowlists]], or the one [allowlist] of older files.
Result<std::vector<Allowlist>> read_allowlists(ConfigTable& table, RuleSet& set, bool global) {
    std::vector<Allowlist> lists;
    for (ConfigTable& each : table.tables("allowlists")) {
        STANCH_TRY(Allowlist list, read_allowlist(each, set, global));
        lists.push_back(std::move(list));
    }
    ConfigTable legacy = table.table("allowlist");
    if (!legacy.exists()) return lists;
    if (!lists.empty())
        return fail(ErrorKind::invalid, "both [allowlist] and [[allowlists]] are given",
                    legacy.where(), "move the first into the second");
    STANCH_TRY(Allowlist list, read_allowlist(legacy, set, global));
    lists.push_back(std::move(list));
    return lists;
}

Result<std::optional<std::size_t>> distance(ConfigTable& table, std::string_view key) {
    const auto value = table.integer(key);
    if (!value) return std::optional<std::size_t>{};
    if (*value < 0)
        return fail(ErrorKind::invalid, "'" + std::string(key) + "' is negative", table.where(key));
    return std::optional(static_cast<std::size_t>(*value));
}

Result<std::vector<Requirement>> read_requirements(ConfigTable& table, RuleSet& set) {
    std::vector<Requirement> list;
    for (ConfigTable& each : table.tables("required")) {
        Requirement requirement;
        requirement.rule = each.string("id").value_or("");
        STANCH_TRY(requirement.within_lines, distance(each, "withinLines"));
        STANCH_TRY(requirement.within_columns, distance(each, "withinColumns"));
        STANCH_CHECK(close(each, set));
        if (requirement.rule.empty())
            return fail(ErrorKind::invalid, "[[rules.required]] without an id", each.where());
        list.push_back(std::move(requirement));
    }
    return list;
}

Result<Confidence> confidence_of(ConfigTable& table) {
    const std::string word = table.string("confidence").value_or("medium");
    for (const Confidence each : {Confidence::low, Confidence::medium, Confidence::high})
        if (word == to_string(each)) return each;
    return fail(ErrorKind::invalid, "'confidence' is none of high, medium, low",
                table.where("confidence"));
}

Result<void> read_own_fields(ConfigTable& table, Rule& rule) {
    rule.provider = table.string("provider").value_or("");
    STANCH_TRY(rule.confidence, confidence_of(table));
    rule.checksum = table.string("checksum").value_or("");
    rule.structure = table.string("structure").value_or("");
    rule.manage = table.string("manage").value_or("");
    rule.rotate = table.string("rotate").value_or("");
    rule.examples = table.strings("examples");
    rule.example_path = table.string("example_path").value_or("");
    rule.counter_examples = table.strings("counter_examples");
    return {};
}

Result<Rule> read_rule_body(ConfigTable& table, RuleSet& set) {
    Rule rule;
    rule.where = table.where();
    rule.id = table.string("id").value_or("");
    if (rule.id.empty()) return fail(ErrorKind::invalid, "a rule without an id", rule.where);
    rule.description = table.string("description").value_or("");
    rule.regex = table.string("regex").value_or("");
    if (!rule.regex.empty()) rule.where = table.where("regex");
    rule.path = table.string("path").value_or("");
    STANCH_TRY(const auto group, distance(table, "secretGroup"));
    rule.secret_group = static_cast<unsigned>(group.value_or(0));
    rule.entropy = table.number("entropy").value_or(0);
    rule.keywords = lowered(table.strings("keywords"));
    rule.tags = table.strings("tags");
    rule.skip_report = table.boolean("skipReport").value_or(false);
    STANCH_TRY(rule.allowlists, read_allowlists(table, set, false));
    STANCH_TRY(rule.required, read_requirements(table, set));
    STANCH_CHECK(read_own_fields(table, rule));
    STANCH_CHECK(close(table, set));
    return rule;
}

Result<Rule> read_rule(ConfigTable& table, RuleSet& set) {
    auto rule = read_rule_body(table, set);
    if (rule) return rule;
    const std::string id = table.string("id").value_or("");
    Error error = std::move(rule).error();
    if (!id.empty()) error.what = "rule '" + id + "': " + error.what;
    return std::unexpected(std::move(error));
}

Extend read_extend(ConfigTable table) {
    Extend extend;
    extend.where = table.where();
    extend.use_default = table.boolean("useDefault").value_or(false);
    extend.path = table.string("path").value_or("");
    extend.disabled_rules = table.strings("disabledRules");
    table.accept("url"); // gitleaks reads and ignores it
    return extend;
}

Result<void> unique_ids(const RuleSet& set) {
    for (std::size_t i = 1; i < set.rules.size(); ++i)
        if (set.rules[i].id == set.rules[i - 1].id)
            return fail(ErrorKind::invalid, "rule '" + set.rules[i].id + "' is given twice",
                        set.rules[i].where);
    return {};
}

Result<void> known_requirements(const RuleSet& set) {
    for (const Rule& rule : set.rules)
        for (const Requirement& requirement : rule.required)
            if (set.find(requirement.rule) == nullptr)
                return fail(ErrorKind::invalid,
                            "rule '" + rule.id + "' requires '" + requirement.rule +
                                "', which is not in this file",
                            rule.where);
    return {};
}

} // namespace

Result<RuleFile> read_rule_file(std::string_view text, const std::string& name) {
    STANCH_TRY(Config config, Config::parse(text, name));
    ConfigTable root = config.root();
    root.ignore_case();
    RuleFile file;
    for (const std::string_view key : {"title", "description", "minVersion"})
        root.string(key);
    file.extend = read_extend(root.table("extend"));
    for (ConfigTable& table : root.tables("rules")) {
        STANCH_TRY(Rule rule, read_rule(table, file.set));
        file.set.rules.push_back(std::move(rule));
    }
    STANCH_TRY(file.set.allowlists, read_allowlists(root, file.set, true));
    STANCH_CHECK(close(root, file.set));
    std::ranges::stable_sort(file.set.rules, {}, &Rule::id);
    STANCH_CHECK(unique_ids(file.set));
    STANCH_CHECK(known_requirements(file.set));
    return file;
}

} // namespace stanch::catalog
