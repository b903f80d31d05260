#include "catalog/catalog.h"
#include "catalog/checksum.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <re2/re2.h>

namespace stanch::catalog {
namespace {

constexpr std::size_t longest_value = 16384;

// Expressions that have been needed, for the life of the process.
const RE2& compiled(const Rule& rule) {
    static std::mutex mutex;
    static std::map<const Rule*, std::unique_ptr<const RE2>> cache;
    const std::lock_guard lock(mutex);
    auto& entry = cache[&rule];
    if (entry == nullptr) {
        RE2::Options options;
        options.set_encoding(RE2::Options::EncodingLatin1); // bytes, as the engine reads them
        options.set_log_errors(false);
        entry = std::make_unique<const RE2>(rule.regex, options);
    }
    return *entry;
}

bool takes_part(const Rule& rule) {
    return !rule.regex.empty() && rule.confidence != Confidence::low && !rule.skip_report &&
           std::ranges::find(rule.tags, "generic") == rule.tags.end();
}

bool has_keyword(const Rule& rule, std::string_view lower) {
    return rule.keywords.empty() ||
           std::ranges::any_of(rule.keywords, [&](const std::string& word) {
               return lower.find(word) != std::string_view::npos;
           });
}

// Whether the rule's secret is the whole value.
bool is_all(const Rule& rule, std::string_view value) {
    const RE2& regex = compiled(rule);
    if (!regex.ok()) return false;
    std::vector<re2::StringPiece> groups(static_cast<std::size_t>(regex.NumberOfCapturingGroups()) +
                                         1);
    if (!regex.Match({value.data(), value.size()}, 0, value.size(), RE2::UNANCHORED, groups.data(),
                     static_cast<int>(groups.size())))
        return false;
    re2::StringPiece secret = groups[0];
    if (rule.secret_group != 0)
        secret = groups[rule.secret_group];
    else if (const auto first = std::find_if(groups.begin() + 1, groups.end(),
                                             [](const auto& group) { return !group.empty(); });
             first != groups.end())
        secret = *first;
    return secret.size() == value.size();
}

bool holds(const std::string& name, std::string_view value) {
    const Verifier* verifier = find_verifier(name);
    return verifier == nullptr || verifier->check(value) != Check::failed;
}

} // namespace

const Rule* recognise(std::string_view value) {
    if (value.empty() || value.size() > longest_value) return nullptr;
    std::string lower(value);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    });
    const Rule* best = nullptr;
    for (const Rule& rule : built_in_rules().rules) {
        if (!takes_part(rule) || (best != nullptr && best->confidence >= rule.confidence) ||
            !has_keyword(rule, lower))
            continue;
        if (is_all(rule, value) && holds(rule.checksum, value) && holds(rule.structure, value))
            best = &rule;
    }
    return best;
}

} // namespace stanch::catalog
