#include "report/json.h"

#include "report/report.h"
#include "text/encoding.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace stanch::report {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// The length of the well-formed sequence at the beginning (Unicode 15, table 3-7), or 0.
std::size_t sequence_length(std::string_view text) {
    const auto at = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const unsigned first = at(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4) return 0;
    const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (at(1) < low || at(1) > high) return 0;
    for (std::size_t i = 2; i < length; ++i)
        if (at(i) < 0x80 || at(i) > 0xBF) return 0;
    return length;
}

void add_provenance(JsonObject& object, const Provenance& where) {
    object.text("commit", where.commit).text("author", where.author).text("date", where.date);
    object.truth("in_head", where.in_head).text("object", where.object);
    object.text("message", where.message).raw("refs", json_list(where.refs, json_string));
    if (where.more_refs > 0) object.number("more_refs", where.more_refs);
    if (!where.note.empty()) object.text("note", where.note);
}

} // namespace

std::string valid_utf8(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    std::size_t done = 0;
    for (std::size_t i = 0; i < bytes.size();) {
        const std::size_t length = sequence_length(bytes.substr(i));
        i += length == 0 ? 1 : length;
        if (length != 0) continue;
        out.append(bytes, done, i - 1 - done).append(replacement);
        done = i;
    }
    return out.append(bytes, done);
}

std::string json_string(std::string_view bytes) {
    const bool ascii =
        std::ranges::all_of(bytes, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    return "\"" + (ascii ? text::json_escape(bytes) : text::json_escape(valid_utf8(bytes))) + "\"";
}

JsonObject& JsonObject::raw(std::string_view key, std::string_view value) {
    if (!members_.empty()) members_ += ',';
    members_ += json_string(key);
    members_ += ':';
    members_ += value;
    return *this;
}

std::string json_decimal(double value) {
    std::array<char, 32> text{};
    (void)std::snprintf(text.data(), text.size(), "%.4f", value);
    std::string out = text.data();
    while (out.ends_with('0'))
        out.pop_back();
    if (out.ends_with('.')) out.pop_back();
    return out;
}

std::string json_finding(const Finding& finding, bool reveal) {
    JsonObject object;
    object.text("path", finding.path);
    object.number("line", finding.span.line).number("column", finding.span.column);
    object.number("end_line", finding.span.end_line).number("end_column", finding.span.end_column);
    object.text("rule", finding.rule).text("provider", finding.provider);
    object.text("confidence", to_string(finding.confidence));
    object.raw("probability", json_decimal(finding.probability));
    object.text("why", finding.why).text("fingerprint", finding.fingerprint.hex());
    object.text("secret", shown_secret(finding, reveal));
    object.raw("decoded_by", json_list(finding.decoded_by, json_string));
    if (finding.provenance) add_provenance(object, *finding.provenance);
    return object.done();
}

} // namespace stanch::report
