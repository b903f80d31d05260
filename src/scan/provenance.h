// Who brought something in, when and why, out of commits and tags.
#pragma once

#include "core/finding.h"
#include "git/refs.h"
#include "scan/worker.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::scan {

// Where messages stand, as findings have it.
inline constexpr std::string_view message_path = "commit message";
inline constexpr std::string_view tag_path = "tag message";

// Seconds since 1970 as "2026-11-24T22:36:01Z".
std::string iso_date(std::int64_t seconds);

// Who made a commit and when, as far as its object tells.
Provenance provenance_of(const git::ObjectId& id, std::string_view commit);
// The same for a tag; the refs that name it come with it.
Provenance provenance_of_tag(const git::ObjectId& id, std::string_view tag, const git::Refs& refs);

// Reports show these texts beside the finding, redacted or not: what is found in them themselves is
// redacted here.
void hide_secrets(Worker& worker, Provenance& provenance);
void hide_secrets(Worker& worker, std::vector<std::string>& refs);

} // namespace stanch::scan
