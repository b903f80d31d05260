#include "rulec/check.h"

#include "rulec/template.h"
#include "scan/engine.h"
#include "scan/pattern/first_stage.h"

#include <algorithm>
#include <cstdint>

namespace stanch::rulec {
namespace {

constexpr std::uint64_t seeds = 8;

// Of a template's text and the rule: examples of one rule do not all get the same random
// characters.
std::uint64_t seed_of(std::string_view id, std::string_view text, std::uint64_t round) {
    std::uint64_t hash = 0xcbf29ce484222325U; // FNV-1a
    for (const std::string_view part : {id, text})
        for (const char c : part)
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return hash + round;
}

class Checker {
  public:
    explicit Checker(const scan::Engine& engine) : matcher_(engine) {}

    void rule(const catalog::Rule& rule) {
        rule_ = &rule;
        fields();
        first_stage();
        for (const std::string& example : rule.examples)
            all_seeds(example, true);
        for (const std::string& example : rule.counter_examples)
            all_seeds(example, false);
    }
    std::vector<std::string> take() { return std::move(complaints_); }

  private:
    void complain(const std::string& what) {
        complaints_.push_back(rule_->where + ": " + rule_->id + ": " + what);
    }

    void fields() {
        if (rule_->description.empty()) complain("no description");
        if (rule_->regex.empty() && rule_->path.empty()) complain("neither regex nor path");
        if (rule_->examples.empty()) complain("no examples");
        if (!rule_->path.empty() && !rule_->regex.empty() && rule_->example_path.empty())
            complain("no example_path");
        if (rule_->counter_examples.empty() && !rule_->regex.empty())
            complain("no counter_examples");
    }

    void first_stage() {
        if (rule_->regex.empty()) return;
        const auto expression = scan::parse_expression(rule_->regex);
        if (!expression)
            return complain("regex: " + expression.error().what + " (" + expression.error().where +
                            ")");
        if (expression->only_pcre)
            complain("the regex needs PCRE2; a built-in rule must do with RE2's syntax");
        const scan::FirstStage stage = scan::derive_first_stage(expression->tree);
        if (stage.literal < scan::shortest_literal)
            complain("its first stage has no literal of " + std::to_string(scan::shortest_literal) +
                     " characters: " + stage.anchors.front().text);
        if (stage.back >= scan::longest_match)
            complain("what stands before its literal is unbounded");
    }

    void all_seeds(const std::string& text, bool must_be_found) {
        for (std::uint64_t round = 0; round < seeds; ++round) {
            const auto made = expand(text, seed_of(rule_->id, text, round));
            if (!made) return complain("template \"" + text + "\": " + made.error().what);
            if (!example(text, *made, must_be_found)) return;
        }
    }

    // False: complained, and once is enough.
    bool example(const std::string& text, const std::string& made, bool must_be_found) {
        findings_.clear();
        // The examples of a rule without a regex are paths.
        const std::string path = rule_->regex.empty()  ? made
                                 : rule_->path.empty() ? "app/settings.py"
                                                       : rule_->example_path;
        matcher_.scan({.bytes = rule_->regex.empty() ? "" : made, .path = path, .commit = {}},
                      findings_);
        if (must_be_found) {
            if (found(rule_->id)) return true;
            complain("does not find its example \"" + text + "\", that is \"" + made + "\"" +
                     others());
            return false;
        }
        if (findings_.empty()) return true;
        complain("counter-example \"" + text + "\" is found" + others());
        return false;
    }

    bool found(const std::string& id) const {
        return std::ranges::any_of(findings_,
                                   [&](const Finding& finding) { return finding.rule == id; });
    }

    std::string others() const {
        std::string text;
        for (const Finding& finding : findings_)
            text += (text.empty() ? " (by " : ", ") + finding.rule;
        return text.empty() ? text : text + ")";
    }

    scan::Matcher matcher_;
    const catalog::Rule* rule_ = nullptr;
    std::vector<Finding> findings_;
    std::vector<std::string> complaints_;
};

} // namespace

Result<std::vector<std::string>> check(const catalog::RuleSet& rules) {
    STANCH_TRY(const scan::Engine engine, scan::Engine::with(rules));
    Checker checker(engine);
    for (const catalog::Rule& rule : rules.rules)
        checker.rule(rule);
    return checker.take();
}

} // namespace stanch::rulec
