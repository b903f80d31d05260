#include "scan/judge/judge.h"

#include "scan/judge/context.h"
#include "scan/judge/model.h"
#include "scan/judge/placeholder.h"
#include "text/entropy.h"
#include "text/lines.h"

#include <algorithm>
#include <cmath>

namespace stanch::scan {
namespace {

using catalog::Check;

constexpr std::size_t shortest_sure = 6;   // a shorter value says little of itself
constexpr std::size_t longest_line = 4096; // that an allowlist looks at

std::string_view of(std::string_view text, const Range& range) {
    return text.substr(range.begin, range.size());
}

// gitleaks divides by the bytes and counts characters; for ASCII, which secrets are, it is the
// same.
bool too_even(const catalog::Rule& rule, double entropy) {
    return rule.entropy > 0 && entropy <= rule.entropy;
}

bool keyword_missing(const Case& it) {
    const auto& words = it.rule.rule->keywords;
    if (words.empty()) return false;
    auto held_by = [&](std::string_view text) {
        return std::ranges::any_of(
            words, [&](const std::string& word) { return holds_any_case(text, word); });
    };
    return !held_by(of(it.text, it.match.whole)) && !held_by(it.text);
}

Check verify(const std::string& name, std::string_view secret) {
    return name.empty() ? Check::passed : catalog::find_verifier(name)->check(secret);
}

// The checks that only our own rules ask for: their authors know what a placeholder looks like.
bool no_secret(const Case& it, std::string_view secret) {
    const catalog::Rule& rule = *it.rule.rule;
    if (!rule.built_in) return false;
    if (generic(rule) && goes_on_as_template(it.text.substr(it.match.secret.end))) return true;
    return !placeholder(secret).empty() || (generic(rule) && reference(secret));
}

std::string with_article(std::string_view noun) {
    if (noun.empty()) return "a secret";
    const bool vowel = std::string_view("AEIOaeio").find(noun.front()) != std::string_view::npos;
    return (vowel ? "an " : "a ") + std::string(noun);
}

std::string number(double value) {
    const auto tenths = static_cast<long>(std::lround(value * 10));
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string reasons(const Case& it, const Judgement& judgement, bool proved,
                    std::string_view file_kind) {
    const catalog::Rule& rule = *it.rule.rule;
    std::string why =
        "has the form of " + with_article(rule.description.empty() ? rule.id : rule.description);
    if (proved) why += "; " + std::string(catalog::find_verifier(rule.checksum)->what);
    if (!rule.structure.empty())
        why += "; " + std::string(catalog::find_verifier(rule.structure)->what);
    if (!judgement.name.empty()) why += "; assigned to " + judgement.name;
    why += "; entropy " + number(judgement.entropy);
    if (!file_kind.empty()) why += "; in " + std::string(file_kind);
    return why;
}

double probability_of(Confidence confidence, bool proved) {
    if (proved) return 0.99;
    switch (confidence) {
    case Confidence::high:
        return 0.95;
    case Confidence::medium:
        return 0.65;
    case Confidence::low:
        return 0.25;
    }
    return 0;
}

// Where only the context can tell.
Confidence confidence_of(double probability, std::size_t size) {
    if (size < shortest_sure) return Confidence::low;
    if (probability >= 0.9) return Confidence::high;
    return probability >= 0.7 ? Confidence::medium : Confidence::low;
}

bool tagged(const catalog::Rule& rule, std::string_view tag) {
    return std::ranges::find(rule.tags, tag) != rule.tags.end();
}

// What the model of context says, where our rules ask for it: of a value that is given a secret's
// name (generic), or of one that stands where a password stands (password).
std::optional<double> guess_of(const Case& it) {
    if (!it.rule.rule->built_in) return std::nullopt;
    Evidence evidence = evidence_of(it.text, it.match.whole, it.match.secret, it.path);
    if (tagged(*it.rule.rule, "password")) {
        evidence.name = "password";
        evidence.glue = "=\"";
        evidence.after = "\"";
    } else if (!generic(*it.rule.rule)) {
        return std::nullopt;
    }
    return probability_of_secret(evidence);
}

Confidence lowered(Confidence confidence) {
    return confidence == Confidence::high ? Confidence::medium : Confidence::low;
}

} // namespace

bool generic(const catalog::Rule& rule) {
    return rule.id.find("generic") != std::string::npos || tagged(rule, "generic");
}

bool allowlisted(const Case& it) {
    if (it.rule.allowlists.empty()) return false;
    std::size_t start = 0;
    const std::string_view lines =
        text::lines_around(it.text, it.match.whole.begin, it.match.whole.end, &start);
    const std::size_t lead = it.match.whole.begin - start;
    const std::string_view line =
        lines.substr(lead > longest_line ? lead - longest_line : 0, 2 * longest_line);
    const Circumstances at{it.path, it.commit, of(it.text, it.match.secret),
                           of(it.text, it.match.whole), line};
    return std::ranges::any_of(it.rule.allowlists,
                               [&](const Allowlist& list) { return list.allows(at); });
}

// The cheap questions first: most matches are none.
std::optional<Judgement> judge(const Case& it) {
    const catalog::Rule& rule = *it.rule.rule;
    const std::string_view secret = of(it.text, it.match.secret);
    if (secret.empty() || no_secret(it, secret)) return std::nullopt;
    const auto guess = guess_of(it);
    if (guess && *guess < least_probability) return std::nullopt;
    Judgement judgement;
    judgement.entropy = text::shannon_entropy(secret);
    if (too_even(rule, judgement.entropy) || keyword_missing(it)) return std::nullopt;
    const Check checksum = verify(rule.checksum, secret);
    if (checksum == Check::failed || verify(rule.structure, secret) == Check::failed ||
        allowlisted(it))
        return std::nullopt;
    const bool proved = checksum == Check::proved;
    const std::string_view file_kind = kind_of_file(it.path);
    judgement.confidence = rule.confidence;
    if (proved)
        judgement.confidence = Confidence::high;
    else if (!file_kind.empty())
        judgement.confidence = lowered(rule.confidence);
    judgement.probability = probability_of(judgement.confidence, proved);
    if (guess) {
        judgement.probability = *guess;
        judgement.confidence = std::min(judgement.confidence, confidence_of(*guess, secret.size()));
    }
    judgement.name = assigned_name(it.text, it.match.secret);
    judgement.why = reasons(it, judgement, proved, file_kind);
    return judgement;
}

std::string next_step(const catalog::Rule& rule) {
    std::string step =
        rule.rotate.empty() ? "Revoke it where it was issued" : "Rotate it: " + rule.rotate;
    if (!rule.manage.empty()) step += " (" + rule.manage + ")";
    return step + "; then read the new one from the environment.";
}

} // namespace stanch::scan
