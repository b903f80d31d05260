#include "scan/provenance.h"

#include "git/object.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace stanch::scan {
namespace {

std::string first_lines(std::string_view message) {
    while (message.ends_with('\n'))
        message.remove_suffix(1);
    return std::string(message);
}

// What is found in a text.
std::vector<Finding> found_in(Worker& worker, std::string_view text) {
    const std::string place(message_path);
    Outcome found;
    worker.look_at(Place{place, place}, text, found);
    return std::move(found.findings);
}

// Of what stands in the text encoded, nothing is kept.
void redact(const Finding& finding, std::string& text) {
    const std::string_view secret = finding.secret.reveal();
    const std::string shown = finding.secret.redacted();
    if (!finding.decoded_by.empty() || secret.empty()) text = "(left out: it holds a secret)";
    for (std::size_t at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + shown.size()))
        text.replace(at, secret.size(), shown);
}

} // namespace

std::string iso_date(std::int64_t seconds) {
    const std::chrono::sys_seconds at{std::chrono::seconds(seconds)};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(at - day);
    std::array<char, 64> text{};
    const int size = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()));
    return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

Provenance provenance_of(const git::ObjectId& id, std::string_view commit) {
    Provenance provenance;
    provenance.commit = id.hex();
    const auto format = id.raw().size() == 32 ? git::ObjectFormat::sha256 : git::ObjectFormat::sha1;
    const auto parsed = git::parse_commit(commit, format);
    if (!parsed) return provenance;
    const git::Signature author = git::parse_signature(parsed->author);
    provenance.author = author.name;
    provenance.email = author.email;
    provenance.date = iso_date(author.seconds);
    provenance.message = first_lines(parsed->message);
    return provenance;
}

Provenance provenance_of_tag(const git::ObjectId& id, std::string_view content,
                             const git::Refs& refs) {
    Provenance provenance;
    const auto format = id.raw().size() == 32 ? git::ObjectFormat::sha256 : git::ObjectFormat::sha1;
    const auto tag = git::parse_tag(content, format);
    if (!tag) return provenance;
    const git::Signature tagger = git::parse_signature(tag->tagger);
    if (tag->target_type == git::ObjectType::commit) provenance.commit = tag->target.hex();
    provenance.author = tagger.name;
    provenance.email = tagger.email;
    provenance.date = iso_date(tagger.seconds);
    provenance.message = first_lines(tag->message);
    for (const git::Ref& ref : refs.refs)
        if (ref.id == id && ref.name.starts_with("refs/"))
            provenance.refs.push_back(git::short_name(ref.name));
    provenance.note = provenance.refs.empty() ? "unreachable object" : "tag";
    return provenance;
}

void hide_secrets(Worker& worker, Provenance& provenance) {
    const std::string all =
        provenance.message + "\n" + provenance.author + "\n" + provenance.email + "\n";
    for (const Finding& finding : found_in(worker, all))
        for (std::string* text : {&provenance.message, &provenance.author, &provenance.email})
            redact(finding, *text);
    hide_secrets(worker, provenance.refs);
}

void hide_secrets(Worker& worker, std::vector<std::string>& refs) {
    if (refs.empty()) return;
    std::string all;
    for (const std::string& ref : refs)
        all += ref + "\n";
    for (const Finding& finding : found_in(worker, all))
        for (std::string& ref : refs)
            redact(finding, ref);
}

} // namespace stanch::scan
