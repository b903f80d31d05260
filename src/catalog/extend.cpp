// [extend]: a rule file on top of another, as gitleaks v8 merges them.
#include "catalog/schema.h"

#include <algorithm>

namespace stanch::catalog {
namespace {

// gitleaks follows two levels of files; the built-in rules end the chain.
constexpr int deepest = 2;

template <class T>
void append(std::vector<T>& to, std::vector<T> from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void override_with(std::string& base, std::string&& child) {
    if (!child.empty()) base = std::move(child);
}

// What the child sets wins; tags, keywords and allowlists add up.
void merge(Rule& base, Rule&& child) {
    if (!child.regex.empty() || !child.path.empty()) {
        base.built_in = false;
        base.where = child.where;
    }
    override_with(base.description, std::move(child.description));
    override_with(base.regex, std::move(child.regex));
    override_with(base.path, std::move(child.path));
    override_with(base.provider, std::move(child.provider));
    override_with(base.manage, std::move(child.manage));
    override_with(base.rotate, std::move(child.rotate));
    if (child.secret_group != 0) base.secret_group = child.secret_group;
    if (child.entropy != 0) base.entropy = child.entropy;
    base.skip_report = base.skip_report || child.skip_report;
    append(base.tags, std::move(child.tags));
    append(base.keywords, std::move(child.keywords));
    append(base.allowlists, std::move(child.allowlists));
    append(base.required, std::move(child.required));
}

void merge(RuleSet& base, RuleSet&& child) {
    for (Rule& rule : child.rules) {
        const auto same = std::ranges::find(base.rules, rule.id, &Rule::id);
        if (same != base.rules.end())
            merge(*same, std::move(rule));
        else
            base.rules.push_back(std::move(rule));
    }
    append(base.allowlists, std::move(child.allowlists));
    append(base.warnings, std::move(child.warnings));
    std::ranges::stable_sort(base.rules, {}, &Rule::id);
}

void disable(RuleSet& base, const Extend& extend, std::vector<Error>& warnings) {
    for (const std::string& id : extend.disabled_rules)
        if (std::erase_if(base.rules, [&](const Rule& rule) { return rule.id == id; }) == 0)
            warnings.push_back({ErrorKind::not_found,
                                "disabledRules names '" + id + "', which is no rule of the base",
                                extend.where,
                                {}});
}

// A rule that only adds to one of the base needs that one. The base may be ours where the file was
// written for gitleaks', so a missing one is no error there: it is told and left out.
Result<void> complete(RuleSet& set, bool on_built_in) {
    for (const Rule& rule : set.rules) {
        if (!rule.regex.empty() || !rule.path.empty()) continue;
        Error error{ErrorKind::invalid,
                    "rule '" + rule.id + "' has neither regex nor path",
                    rule.where,
                    {}};
        if (!on_built_in) return std::unexpected(std::move(error));
        error.what += ", and no built-in rule has this id: left out";
        set.warnings.push_back(std::move(error));
    }
    std::erase_if(set.rules,
                  [](const Rule& rule) { return rule.regex.empty() && rule.path.empty(); });
    return {};
}

Result<RuleSet> load(std::string_view text, const std::string& name, const Extensions& extensions,
                     int depth, bool& on_built_in);

Result<RuleSet> base_of(const Extend& extend, const Extensions& extensions, int depth,
                        bool& on_built_in) {
    if (extend.use_default && !extend.path.empty())
        return fail(ErrorKind::invalid, "[extend] has both useDefault and path", extend.where,
                    "keep one of them");
    if (extend.use_default) {
        on_built_in = true;
        return extensions.built_in == nullptr ? RuleSet{} : *extensions.built_in;
    }
    if (extend.path.empty()) return RuleSet{};
    if (depth >= deepest)
        return fail(ErrorKind::invalid,
                    "[extend] goes deeper than " + std::to_string(deepest) + " files",
                    extend.where);
    if (!extensions.read_file)
        return fail(ErrorKind::invalid, "[extend] path is not possible here", extend.where);
    auto text = extensions.read_file(extend.path);
    if (!text) {
        Error error = std::move(text).error();
        error.hint = extend.where + " names it in [extend]";
        return std::unexpected(std::move(error));
    }
    return load(*text, extend.path, extensions, depth + 1, on_built_in);
}

Result<RuleSet> load(std::string_view text, const std::string& name, const Extensions& extensions,
                     int depth, bool& on_built_in) {
    STANCH_TRY(RuleFile file, read_rule_file(text, name));
    STANCH_TRY(RuleSet base, base_of(file.extend, extensions, depth, on_built_in));
    disable(base, file.extend, file.set.warnings);
    merge(base, std::move(file.set));
    return base;
}

} // namespace

Result<RuleSet> parse_rules(std::string_view text, const std::string& name,
                            const Extensions& extensions) {
    bool on_built_in = false;
    STANCH_TRY(RuleSet set, load(text, name, extensions, 0, on_built_in));
    STANCH_CHECK(complete(set, on_built_in));
    return set;
}

const Rule* RuleSet::find(std::string_view id) const {
    const auto at = std::ranges::lower_bound(
        rules, id, {}, [](const Rule& rule) { return std::string_view(rule.id); });
    return at != rules.end() && at->id == id ? &*at : nullptr;
}

} // namespace stanch::catalog
