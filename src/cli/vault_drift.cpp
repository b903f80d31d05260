#include "cli/vault_drift.h"

#include "cli/say.h"
#include "cli/vault_plan.h"

#include "core/fingerprint.h"

namespace stanch::cli {
namespace {

std::string mark(const std::string& name, const std::optional<Secret>& value) {
    return value ? Fingerprint::of("vault", *value, name).short_hex() : "-";
}

std::string verdict(const Planned& planned) {
    if (planned.same()) return "same";
    if (planned.here && planned.there) return "differs";
    if (planned.there) return "only in the vault";
    if (planned.here) return "not in the vault";
    return "nowhere";
}

} // namespace

Result<int> check_drift(vault::Vault& vault, const Arguments& arguments) {
    STANCH_TRY(const auto all, plan(vault, arguments, {}, ""));
    bool drift = false;
    for (const Planned& planned : all) {
        // A value that is in the vault alone is as it should be: runs read it there.
        drift = drift || (!planned.same() && !(planned.there && !planned.here));
        answer(planned.name + "\t" + verdict(planned) + "\t.env " +
               mark(planned.name, planned.here) + "\tvault " + mark(planned.name, planned.there) +
               "\t" + planned.reference() + "\n");
    }
    if (all.empty())
        tell("Nothing is declared with a place in the vault (vault = \"bw://…\" in stanch.toml).");
    return drift ? exit_found : exit_clean;
}

} // namespace stanch::cli
