#include "scan/sealed_report.h"

#include "core/secret.h"
#include "git/bytes.h"
#include "scan/cache_bytes.h"

#include <bit>
#include <sodium.h>
#include <vector>

namespace stanch::scan {
namespace {

constexpr std::size_t overhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
constexpr std::size_t least_finding = 200; // bytes of a kept one without any text

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

void put(CacheWriter& out, const Span& span) {
    for (const std::size_t value : {span.line, span.column, span.end_line, span.end_column})
        out.large(value);
}

void put(CacheWriter& out, const std::vector<std::string>& texts) {
    out.number(static_cast<std::uint32_t>(texts.size()));
    for (const std::string& text : texts)
        out.text(text);
}

// Many findings in a row have the same branches and tags: said once.
void put_refs(CacheWriter& out, const std::vector<std::string>& refs,
              std::vector<std::string>& last) {
    out.number(refs == last ? 1 : 0);
    if (refs == last) return;
    put(out, refs);
    last = refs;
}

void put(CacheWriter& out, const Provenance& from, std::vector<std::string>& last_refs) {
    for (const std::string* text : {&from.commit, &from.author, &from.email, &from.date,
                                    &from.message, &from.object, &from.note})
        out.text(*text);
    put_refs(out, from.refs, last_refs);
    out.number(static_cast<std::uint32_t>(from.more_refs));
    out.number(from.in_head ? 1 : 0);
}

void put(CacheWriter& out, const Finding& finding, std::vector<std::string>& last_refs) {
    for (const std::string* text : {&finding.path, &finding.rule, &finding.description,
                                    &finding.provider, &finding.why, &finding.next})
        out.text(*text);
    put(out, finding.span);
    put(out, finding.match_span);
    out.large(finding.offset);
    put(out, finding.tags);
    out.number(static_cast<std::uint32_t>(finding.confidence));
    out.large(std::bit_cast<std::uint64_t>(finding.probability));
    out.large(std::bit_cast<std::uint64_t>(finding.entropy));
    for (const Secret* secret : {&finding.secret, &finding.match, &finding.line})
        out.text(secret->reveal());
    out.large(finding.secret_in_line);
    put(out, finding.decoded_by);
    out.text(finding.fingerprint.hex());
    out.number(finding.provenance ? 1 : 0);
    if (finding.provenance) put(out, *finding.provenance, last_refs);
}

void get(CacheReader& in, Span& span) {
    for (std::size_t* value : {&span.line, &span.column, &span.end_line, &span.end_column})
        *value = in.in.u64();
}

void get(CacheReader& in, std::vector<std::string>& texts) {
    for (std::uint32_t left = in.count(4); left > 0; --left)
        texts.push_back(in.text());
}

void get(CacheReader& in, Provenance& from, std::vector<std::string>& last_refs) {
    for (std::string* text : {&from.commit, &from.author, &from.email, &from.date, &from.message,
                              &from.object, &from.note})
        *text = in.text();
    if (in.in.u32() == 0) {
        last_refs.clear();
        get(in, last_refs);
    }
    from.refs = last_refs;
    from.more_refs = in.in.u32();
    from.in_head = in.in.u32() != 0;
}

Finding finding(CacheReader& in, std::vector<std::string>& last_refs) {
    Finding finding;
    for (std::string* text : {&finding.path, &finding.rule, &finding.description, &finding.provider,
                              &finding.why, &finding.next})
        *text = in.text();
    get(in, finding.span);
    get(in, finding.match_span);
    finding.offset = in.in.u64();
    get(in, finding.tags);
    finding.confidence = static_cast<Confidence>(std::min(in.in.u32(), 2U));
    finding.probability = std::bit_cast<double>(in.in.u64());
    finding.entropy = std::bit_cast<double>(in.in.u64());
    for (Secret* secret : {&finding.secret, &finding.match, &finding.line})
        *secret = Secret(in.in.take(in.in.u32()));
    finding.secret_in_line = in.in.u64();
    get(in, finding.decoded_by);
    finding.fingerprint = Fingerprint::parse(in.text()).value_or(Fingerprint());
    if (in.in.u32() != 0) get(in, finding.provenance.emplace(), last_refs);
    return finding;
}

// All outcomes, or nothing: what is not whole is not reported.
bool read_all(std::string_view plain, std::vector<Outcome>& outcomes) {
    CacheReader in(plain);
    std::vector<std::string> last_refs;
    while (in.in.ok() && !in.in.done()) {
        Outcome& outcome = outcomes.emplace_back();
        for (std::uint32_t left = in.count(least_finding); left > 0 && in.in.ok(); --left)
            outcome.findings.push_back(finding(in, last_refs));
    }
    return in.in.ok();
}

} // namespace

ReportRecorder::~ReportRecorder() {
    wipe(kept_);
}

Result<void> ReportRecorder::take(Outcome outcome) {
    only_findings_ = only_findings_ && outcome.notes.empty() && outcome.counts.contents == 0;
    if (!outcome.findings.empty()) {
        CacheWriter out;
        out.number(static_cast<std::uint32_t>(outcome.findings.size()));
        for (const Finding& finding : outcome.findings)
            put(out, finding, last_refs_);
        append_wiping(kept_, out.out);
        wipe(out.out);
    }
    return to_.take(std::move(outcome));
}

std::string ReportRecorder::sealed(std::string_view key) const {
    if (!only_findings_ || key.size() != crypto_secretbox_KEYBYTES || sodium_init() < 0) return {};
    std::string out(overhead + kept_.size(), '\0');
    randombytes_buf(out.data(), crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(bytes_of(out) + crypto_secretbox_NONCEBYTES, bytes_of(kept_),
                          kept_.size(), bytes_of(out), bytes_of(key));
    return out;
}

Result<bool> replay(std::string_view sealed, std::string_view key, Sink& sink) {
    if (sealed.size() < overhead || key.size() != crypto_secretbox_KEYBYTES || sodium_init() < 0)
        return false;
    std::string plain(sealed.size() - overhead, '\0');
    const std::string_view box = sealed.substr(crypto_secretbox_NONCEBYTES);
    if (crypto_secretbox_open_easy(bytes_of(plain), bytes_of(box), box.size(), bytes_of(sealed),
                                   bytes_of(key)) != 0)
        return false;
    std::vector<Outcome> outcomes;
    const bool whole = read_all(plain, outcomes);
    wipe(plain);
    if (!whole) return false;
    for (Outcome& outcome : outcomes)
        STANCH_CHECK(sink.take(std::move(outcome)));
    return true;
}

} // namespace stanch::scan
