#include "scan/baseline.h"

#include "core/nearest.h"
#include "scan/baseline_foreign.h"
#include "text/encoding.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>

namespace stanch::scan {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 6> keys{"fingerprint", "rule",  "path",
                                               "reason",      "owner", "expires"};

Result<BaselineEntry> read_entry(std::string_view line, const std::string& where) {
    const Json object = Json::parse(line, nullptr, false);
    if (!object.is_object())
        return fail(ErrorKind::invalid, "a baseline has one JSON object a line", where);
    for (const auto& [key, value] : object.items()) {
        if (std::ranges::find(keys, key) == keys.end()) {
            const std::string_view near = nearest(key, keys);
            return fail(ErrorKind::invalid, "unknown key '" + key + "' in a baseline entry", where,
                        near.empty() ? "" : "did you mean '" + std::string(near) + "'?");
        }
        if (!value.is_string())
            return fail(ErrorKind::invalid, "'" + key + "' must be a string", where);
    }
    BaselineEntry entry;
    auto fingerprint = Fingerprint::parse(object.value("fingerprint", ""));
    if (!fingerprint) {
        fingerprint.error().where = where;
        return std::unexpected(fingerprint.error());
    }
    entry.fingerprint = *fingerprint;
    entry.rule = object.value("rule", "");
    entry.path = object.value("path", "");
    entry.reason = object.value("reason", "");
    entry.owner = object.value("owner", "");
    entry.expires = object.value("expires", "");
    if (!entry.expires.empty() && !is_date(entry.expires))
        return fail(ErrorKind::invalid, "'expires' must be a day", where, "write \"2027-01-31\"");
    return entry;
}

bool is_ours(std::string_view text) {
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) return true;
    const std::string_view line = text.substr(start, text.substr(start).find('\n'));
    return line.starts_with('{') && line.find("\"fingerprint\"") != std::string_view::npos &&
           line.find("\"RuleID\"") == std::string_view::npos &&
           line.find("\"finding\"") == std::string_view::npos;
}

bool expired_on(const BaselineEntry& entry, std::string_view today) {
    return !entry.expires.empty() && std::string_view(entry.expires) < today;
}

bool same_place(const ForeignEntry& entry, const Finding& finding) {
    return entry.path == finding.path && entry.line == finding.span.line;
}

std::string line_of(const BaselineEntry& entry) {
    std::string line = "{\"fingerprint\":\"" + entry.fingerprint.hex() + "\"";
    for (const auto& [key, value] :
         {std::pair<std::string_view, std::string_view>{"rule", entry.rule},
          {"path", entry.path},
          {"reason", entry.reason},
          {"owner", entry.owner},
          {"expires", entry.expires}})
        if (!value.empty())
            line += ",\"" + std::string(key) + "\":\"" + text::json_escape(value) + "\"";
    return line + "}\n";
}

} // namespace

bool is_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    std::array<int, 3> numbers{};
    constexpr std::array<std::pair<std::size_t, std::size_t>, 3> parts{{{0, 4}, {5, 2}, {8, 2}}};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::string_view part = text.substr(parts[i].first, parts[i].second);
        const auto [end, error] =
            std::from_chars(part.data(), part.data() + part.size(), numbers[i]);
        if (error != std::errc{} || end != part.data() + part.size()) return false;
    }
    return std::chrono::year_month_day(std::chrono::year(numbers[0]),
                                       std::chrono::month(static_cast<unsigned>(numbers[1])),
                                       std::chrono::day(static_cast<unsigned>(numbers[2])))
        .ok();
}

Result<Baseline> Baseline::parse(std::string_view text, const std::string& name) {
    Baseline baseline;
    if (!is_ours(text)) {
        STANCH_TRY(baseline.foreign_, parse_foreign(text, name));
        baseline.foreign_used_.assign(baseline.foreign_.size(), false);
        return baseline;
    }
    std::size_t number = 0;
    while (!text.empty()) {
        ++number;
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        STANCH_TRY(BaselineEntry entry, read_entry(line, name + ":" + std::to_string(number)));
        baseline.put(std::move(entry));
    }
    return baseline;
}

bool Baseline::covers(const Finding& finding, std::string_view today) {
    const auto at =
        std::ranges::lower_bound(entries_, finding.fingerprint, {}, &BaselineEntry::fingerprint);
    if (at != entries_.end() && at->fingerprint == finding.fingerprint) {
        used_[static_cast<std::size_t>(at - entries_.begin())] = true;
        return !expired_on(*at, today);
    }
    if (foreign_.empty()) return false;
    const std::string sha256 = sha256_hex(finding.secret.reveal());
    const std::string sha1 = sha1_hex(finding.secret.reveal());
    bool covered = false;
    for (std::size_t i = 0; i < foreign_.size(); ++i) {
        const ForeignEntry& entry = foreign_[i];
        const bool knows_value = !entry.sha256.empty() || !entry.sha1.empty();
        const bool same =
            knows_value ? entry.sha256 == sha256 || entry.sha1 == sha1 : same_place(entry, finding);
        if (!same) continue;
        foreign_used_[i] = true;
        covered = true;
    }
    return covered;
}

void Baseline::put(BaselineEntry entry) {
    const auto at =
        std::ranges::lower_bound(entries_, entry.fingerprint, {}, &BaselineEntry::fingerprint);
    if (at != entries_.end() && at->fingerprint == entry.fingerprint) {
        *at = std::move(entry);
        return;
    }
    used_.insert(used_.begin() + (at - entries_.begin()), false);
    entries_.insert(at, std::move(entry));
}

bool Baseline::remove(const Fingerprint& fingerprint) {
    const auto at =
        std::ranges::lower_bound(entries_, fingerprint, {}, &BaselineEntry::fingerprint);
    if (at == entries_.end() || at->fingerprint != fingerprint) return false;
    used_.erase(used_.begin() + (at - entries_.begin()));
    entries_.erase(at);
    return true;
}

const BaselineEntry* Baseline::find(const Fingerprint& fingerprint) const {
    const auto at =
        std::ranges::lower_bound(entries_, fingerprint, {}, &BaselineEntry::fingerprint);
    return at != entries_.end() && at->fingerprint == fingerprint ? &*at : nullptr;
}

std::vector<BaselineEntry> Baseline::unused() const {
    std::vector<BaselineEntry> list;
    for (std::size_t i = 0; i < entries_.size(); ++i)
        if (!used_[i]) list.push_back(entries_[i]);
    return list;
}

std::size_t Baseline::unused_foreign() const {
    return static_cast<std::size_t>(std::ranges::count(foreign_used_, false));
}

std::vector<BaselineEntry> Baseline::expired(std::string_view today) const {
    std::vector<BaselineEntry> list;
    for (const BaselineEntry& entry : entries_)
        if (expired_on(entry, today)) list.push_back(entry);
    return list;
}

Baseline Baseline::pruned() const {
    Baseline kept;
    for (std::size_t i = 0; i < entries_.size(); ++i)
        if (used_[i]) kept.put(entries_[i]);
    return kept;
}

std::string Baseline::to_text() const {
    std::string text;
    for (const BaselineEntry& entry : entries_)
        text += line_of(entry);
    return text;
}

} // namespace stanch::scan
