#include "cli/review_text.h"

#include "commits/plan_text.h"
#include "report/report.h"
#include "text/encoding.h"

#include <algorithm>
#include <array>
#include <map>

namespace stanch::cli {
namespace {

std::string reasons_text(const commits::Risk& risk) {
    std::string text;
    for (const commits::Reason& reason : risk.reasons)
        text += (text.empty() ? "" : "; ") + reason.what + " (line " + std::to_string(reason.line) +
                ")";
    return text.empty() ? "nothing that rules know" : text;
}

std::string human(const Reviewed& reviewed) {
    std::string out;
    for (const commits::Risk& risk : reviewed.risks)
        out += std::string(to_string(commits::level_of(risk))) + "  " +
               report::printable(commits::hunk_name(reviewed.change, risk.hunk)) + "\n    " +
               reasons_text(risk) + "\n";
    return out;
}

// Paths and reasons stand in a table: pipes and backticks in a path must not end a cell.
std::string cell(std::string_view text) {
    std::string out;
    for (const char c : report::printable(text)) {
        if (c == '|' || c == '`' || c == '\\' || c == '<' || c == '[' || c == '*' || c == '_')
            out += '\\';
        out += c;
    }
    return out;
}

std::string markdown(const Reviewed& reviewed) {
    std::string out = "### Where to look first\n\n| risk | where | why |\n|---|---|---|\n";
    std::size_t low = 0;
    for (const commits::Risk& risk : reviewed.risks) {
        if (commits::level_of(risk) == commits::RiskLevel::low) {
            ++low;
            continue;
        }
        out += "| " + std::string(to_string(commits::level_of(risk))) + " | " +
               cell(reviewed.change.file_of(risk.hunk).path) + ":" +
               std::to_string(risk.reasons.front().line) + " | " + cell(reasons_text(risk)) +
               " |\n";
    }
    if (low > 0) out += "\n" + report::counted(low, "hunk") + " of low risk not listed.\n";
    return out;
}

// The line to show: SARIF and editors count from 1, a removal at the top of a file stands at 0.
std::uint32_t line_of(const commits::Risk& risk) {
    return std::max(1U, risk.reasons.front().line);
}

std::string rule_of(const commits::Risk& risk) {
    std::string rule = "review-" + risk.reasons.front().rule;
    std::ranges::replace(rule, ' ', '-');
    return rule;
}

// The same for the same edit of the same file, wherever its lines have moved to.
std::string fingerprint(const Reviewed& reviewed, const commits::Risk& risk,
                        std::map<std::uint64_t, int>& seen) {
    std::uint64_t hash = 1469598103934665603ULL;
    const auto mix = [&](std::string_view text) {
        for (const char c : text)
            hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
        hash *= 1099511628211ULL;
    };
    const commits::Hunk& hunk = reviewed.change.hunks[risk.hunk];
    mix(rule_of(risk));
    mix(reviewed.change.file_of(risk.hunk).path);
    mix(reviewed.change.removed(hunk));
    mix(reviewed.change.added(hunk));
    hash += static_cast<std::uint64_t>(seen[hash]++);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (int shift = 60; shift >= 0; shift -= 4)
        out += digits[(hash >> shift) & 0xFU];
    return out;
}

std::string quoted(std::string_view text) {
    return "\"" + text::json_escape(text) + "\"";
}

std::string uri(std::string_view path) {
    std::string out;
    while (true) {
        const std::size_t slash = path.find('/');
        out += text::percent_encode(path.substr(0, slash));
        if (slash == std::string_view::npos) return out;
        out += '/';
        path.remove_prefix(slash + 1);
    }
}

std::string_view sarif_level(const commits::Risk& risk) {
    switch (commits::level_of(risk)) {
    case commits::RiskLevel::high:
        return "error";
    case commits::RiskLevel::medium:
        return "warning";
    case commits::RiskLevel::low:
        break;
    }
    return "note";
}

std::string sarif_result(const Reviewed& reviewed, const commits::Risk& risk,
                         std::map<std::uint64_t, int>& seen) {
    return R"({"ruleId":)" + quoted(rule_of(risk)) + R"(,"level":")" +
           std::string(sarif_level(risk)) + R"(","message":{"text":)" + quoted(reasons_text(risk)) +
           R"(},"locations":[{"physicalLocation":{"artifactLocation":{"uri":)" +
           quoted(uri(reviewed.change.file_of(risk.hunk).path)) + R"(},"region":{"startLine":)" +
           std::to_string(line_of(risk)) + R"(}}}],"partialFingerprints":{"stanchReview/v1":")" +
           fingerprint(reviewed, risk, seen) + R"("},"rank":)" +
           std::to_string(std::min(100, 10 * risk.score)) + "}";
}

std::string sarif(const Reviewed& reviewed) {
    std::string results;
    std::map<std::string, std::string> rules;
    std::map<std::uint64_t, int> seen;
    for (const commits::Risk& risk : reviewed.risks) {
        if (risk.reasons.empty()) continue;
        results += (results.empty() ? "\n" : ",\n") + sarif_result(reviewed, risk, seen);
        rules.emplace(rule_of(risk), risk.reasons.front().what);
    }
    std::string descriptors;
    for (const auto& [id, what] : rules)
        descriptors += (descriptors.empty() ? "\n" : ",\n") + (R"({"id":)" + quoted(id)) +
                       R"(,"shortDescription":{"text":)" + quoted(what) +
                       R"(},"help":{"text":"A reviewer should look at this first."}})";
    return R"({"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0",)"
           R"("runs":[{"tool":{"driver":{"name":"stanch review","version":")" STANCH_VERSION
           R"(","rules":[)" +
           descriptors + R"(]}},"columnKind":"unicodeCodePoints","results":[)" + results + "]}]}\n";
}

std::string json(const Reviewed& reviewed) {
    std::string out;
    for (const commits::Risk& risk : reviewed.risks) {
        if (risk.reasons.empty()) continue;
        std::string reasons;
        for (const commits::Reason& reason : risk.reasons)
            reasons += (reasons.empty() ? "" : ", ") + (R"({"rule": )" + quoted(reason.rule)) +
                       R"(, "what": )" + quoted(reason.what) + R"(, "line": )" +
                       std::to_string(reason.line) + "}";
        out += (out.empty() ? "\n  " : ",\n  ") +
               (R"({"risk": )" + quoted(to_string(commits::level_of(risk)))) + R"(, "score": )" +
               std::to_string(risk.score) + R"(, "path": )" +
               quoted(reviewed.change.file_of(risk.hunk).path) + R"(, "line": )" +
               std::to_string(line_of(risk)) + R"(, "reasons": [)" + reasons + "]}";
    }
    return "[" + out + "\n]\n";
}

constexpr std::array<std::pair<std::string_view, ReviewWriter>, 4> writers{
    {{"human", human}, {"markdown", markdown}, {"sarif", sarif}, {"json", json}}};

} // namespace

ReviewWriter review_writer(std::string_view format) {
    const auto found =
        std::ranges::find(writers, format, [](const auto& entry) { return entry.first; });
    return found == writers.end() ? nullptr : found->second;
}

} // namespace stanch::cli
