#include "scan/judge/allowlist.h"

#include <algorithm>

namespace stanch::scan {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

Result<std::vector<Regex>> compile_all(const std::vector<std::string>& expressions,
                                       const std::string& where) {
    std::vector<Regex> compiled;
    for (const std::string& expression : expressions) {
        auto regex = Regex::compile(expression);
        if (!regex)
            return fail(ErrorKind::invalid,
                        "allowlist: invalid regular expression (" + regex.error().what + ", " +
                            regex.error().where + ")",
                        where);
        compiled.push_back(*std::move(regex));
    }
    return compiled;
}

bool any_found(const std::vector<Regex>& regexes, std::string_view text) {
    return std::ranges::any_of(regexes, [&](const Regex& regex) { return regex.found_in(text); });
}

} // namespace

bool holds_any_case(std::string_view haystack, std::string_view needle) {
    return std::ranges::search(haystack, needle, {}, lower).begin() != haystack.end() ||
           needle.empty();
}

Result<Allowlist> Allowlist::compile(const catalog::Allowlist& list) {
    Allowlist compiled;
    compiled.list_ = &list;
    STANCH_TRY(compiled.paths_, compile_all(list.paths, list.where));
    STANCH_TRY(compiled.regexes_, compile_all(list.regexes, list.where));
    return compiled;
}

bool Allowlist::concerns(std::string_view rule) const {
    return list_->target_rules.empty() ||
           std::ranges::find(list_->target_rules, rule) != list_->target_rules.end();
}

bool Allowlist::regex_allows(const Circumstances& at) const {
    switch (list_->target) {
    case catalog::RegexTarget::secret:
        return any_found(regexes_, at.secret);
    case catalog::RegexTarget::match:
        return any_found(regexes_, at.match);
    case catalog::RegexTarget::line:
        return any_found(regexes_, at.line);
    }
    return false;
}

bool Allowlist::stopword_allows(std::string_view secret) const {
    return std::ranges::any_of(
        list_->stopwords, [&](const std::string& word) { return holds_any_case(secret, word); });
}

bool Allowlist::allows(const Circumstances& at) const {
    const bool all = list_->condition == catalog::Condition::all;
    // A criterion that isn't given decides nothing.
    auto decided = [&](bool given, auto holds) { return given && holds() != all; };
    const bool early =
        decided(
            !list_->commits.empty(),
            [&] { return std::ranges::find(list_->commits, at.commit) != list_->commits.end(); }) ||
        decided(!list_->paths.empty(), [&] { return any_found(paths_, at.path); }) ||
        decided(!list_->regexes.empty(), [&] { return regex_allows(at); }) ||
        decided(!list_->stopwords.empty(), [&] { return stopword_allows(at.secret); });
    return early != all;
}

} // namespace stanch::scan
