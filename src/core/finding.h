// One leak: what was found, where, why it was judged a secret, and how sure that is.
//
// A value without behaviour: the scan fills it, the writers in report/ read it. It can only be
// moved, since it holds the secret itself.
#pragma once

#include "core/fingerprint.h"
#include "core/secret.h"
#include "core/span.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stanch {

enum class Confidence { low, medium, high };

// "low", "medium", "high": as they stand in every report.
std::string_view to_string(Confidence confidence);

// Where in a history a finding was brought in. Dates are ISO 8601 UTC, names and ids are text as
// Git shows them.
struct Provenance {
    std::string commit; // full object id; empty: no commit reaches it (say so in `note`)
    std::string author;
    std::string email;
    std::string date;
    std::string message;
    std::string object;            // id of the blob, tree, commit or tag that holds it
    std::vector<std::string> refs; // branches and tags that hold it now, sorted
    std::size_t more_refs = 0;     // how many of them are left out
    bool in_head = false;
    std::string note; // "unreachable object", "stash", "merge result"; empty for the ordinary case
};

struct Finding {
    std::string
        path;  // as the user would type it, '/' separated; inside an archive "a.zip!inner/file"
    Span span; // of the secret itself
    Span match_span;          // of the whole match, which gitleaks' format reports
    std::uint64_t offset = 0; // of the secret in the file's bytes

    std::string rule;
    std::string description;
    std::string provider;
    std::vector<std::string> tags;
    Confidence confidence = Confidence::low;
    double probability = 0; // 0 to 1
    double entropy = 0;     // Shannon, bits a byte of the secret
    std::string why;        // "checksum valid", "entropy 4.7, assigned to db_password"
    std::string next;       // what to do about it, one sentence; may be empty

    Secret secret;
    Secret match; // the whole match; holds the secret
    Secret line;  // the line(s) it stands in, cut to a screen's width; holds the secret
    std::size_t secret_in_line = 0; // byte offset of the secret in `line`
    std::vector<std::string>
        decoded_by; // outermost first: {"base64", "percent"}; empty: plain text
    Fingerprint fingerprint;

    std::optional<Provenance> provenance;
};

} // namespace stanch
