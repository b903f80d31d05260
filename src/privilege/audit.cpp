#include "privilege/audit.h"

#include "privilege/policy.h"
#include "privilege/reuse.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace stanch::privilege {
namespace {

std::string place_of(const Stored& stored) {
    std::string out = stored.path;
    if (stored.line != 0) out += ":" + std::to_string(stored.line);
    return out + " (" + stored.name + ")";
}

std::string joined(const std::vector<std::string>& words, std::size_t most = 6) {
    std::string out;
    for (std::size_t i = 0; i < words.size() && i < most; ++i)
        out += (i == 0 ? "" : ", ") + words[i];
    if (words.size() > most) out += " and " + std::to_string(words.size() - most) + " more";
    return out;
}

// The same words without regard to case and punctuation: BILLING_STRIPE_KEY and billing-stripe/key.
std::string folded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c >= 'A' && c <= 'Z')
            out += static_cast<char>(c - 'A' + 'a');
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            out += c;
    }
    return out;
}

class Audit {
  public:
    explicit Audit(const AuditInput& input) : in_(input) {}

    std::vector<AuditFinding> run() {
        shared();
        for (const Holding& holding : *in_.holdings) {
            one_service(holding);
            use(holding);
            age(holding);
            places(holding);
            scopes(holding);
        }
        for (const WorkflowPermission& permission : in_.facts->permissions)
            workflow(permission);
        std::ranges::stable_sort(out_, [](const AuditFinding& a, const AuditFinding& b) {
            return std::tie(a.path, a.line, a.fault, a.credential) <
                   std::tie(b.path, b.line, b.fault, b.credential);
        });
        return std::move(out_);
    }

  private:
    AuditFinding& report(Fault fault, std::string credential, std::string path, std::size_t line,
                         std::string message, std::string next) {
        return out_.emplace_back(AuditFinding{fault,
                                              std::move(credential),
                                              std::move(path),
                                              line,
                                              std::move(message),
                                              std::move(next),
                                              {},
                                              {}});
    }

    // Where to point at for a credential: its declaration, else where it is read, else where it
    // lies.
    static std::pair<std::string, std::size_t> spot(const Holding& holding) {
        if (holding.declared != nullptr) {
            const std::string& where = holding.declared->where;
            const auto last = where.rfind(':');
            const auto middle = last == std::string::npos ? last : where.rfind(':', last - 1);
            if (middle != std::string::npos && middle > 0)
                return {where.substr(0, middle), static_cast<std::size_t>(std::strtoul(
                                                     where.c_str() + middle + 1, nullptr, 10))};
            return {where, 1};
        }
        if (!holding.reads.empty()) return {holding.reads[0].path, holding.reads[0].line};
        if (!holding.stored.empty()) return {holding.stored[0]->path, holding.stored[0]->line};
        return {};
    }

    void shared() {
        std::vector<const Stored*> all;
        for (const std::vector<Stored>* list : {in_.stored, &in_.facts->stored})
            for (const Stored& each : *list)
                if (each.environment != "example") all.push_back(&each);
        for (const Shared& group : find_shared(all)) {
            std::set<std::string> owners;
            std::vector<std::string> seen;
            const Stored* vault = nullptr;
            const Stored* first = nullptr;
            bool vault_differs = false;
            for (const std::size_t at : group.places) {
                const Stored& stored = *all[at];
                seen.push_back(place_of(stored));
                if (stored.store == Store::vault) {
                    vault_differs =
                        vault_differs || (vault != nullptr && vault->path != stored.path);
                    vault = &stored;
                    continue;
                }
                if (first == nullptr) first = &stored;
                // A file at the top of a project belongs to the services that are given it.
                owners.insert(stored.service + "\n" +
                              (stored.environment == "development" ? "" : stored.environment) +
                              "\n" + (stored.service.empty() ? folder_of(stored) : ""));
            }
            // The vault is where a value should lie: only an item of another name makes it a second
            // use.
            const bool other_name =
                vault != nullptr && first != nullptr && !same_credential(*vault, *first);
            if (owners.size() < 2 && !vault_differs && !other_name) continue;
            const Stored& head = first != nullptr ? *first : *vault;
            report(Fault::shared, head.name, head.path, head.line,
                   "one value in " + std::to_string(seen.size()) + " places: " + joined(seen),
                   "give each service and environment a credential of its own")
                .places = seen;
        }
    }

    static std::string folder_of(const Stored& stored) {
        const auto slash = stored.path.rfind('/');
        return slash == std::string::npos ? "" : stored.path.substr(0, slash);
    }

    bool same_credential(const Stored& vault, const Stored& file) const {
        for (const Credential& credential : in_.manifest->credentials)
            if (credential.vault == vault.path) return credential.name == file.name;
        const std::string item = folded(vault.name);
        const std::string path = folded(vault.path);
        const std::string name = folded(file.name);
        return item.find(name) != std::string::npos || name.find(item) != std::string::npos ||
               path.find(name) != std::string::npos;
    }

    // By its name, unless the values that are at hand say otherwise (DATABASE_URL=sqlite:///db).
    bool is_secret(const Holding& holding) const {
        const auto real = [](const Stored* stored) { return stored->environment != "example"; };
        return in_.names_secret(holding.name) &&
               (std::ranges::none_of(holding.stored, real) ||
                std::ranges::any_of(holding.stored, [&](const Stored* stored) {
                    return real(stored) && (stored->sensitive || stored->store == Store::vault);
                }));
    }

    // Exactly one service owns a credential.
    void one_service(const Holding& holding) {
        std::vector<std::string> services = holding.services;
        if (holding.declared != nullptr && holding.declared->services.size() <= 1) {
            // Read by another service than the declared one.
            services = holding.declared->services;
            for (const Read& read : holding.reads)
                if (!read.service.empty() && !read.service.starts_with("github-actions:") &&
                    !services.empty() &&
                    std::ranges::find(services, read.service) == services.end())
                    services.push_back(read.service);
        } else if (holding.declared == nullptr) {
            // A service with a value of its own under this name has a credential of its own;
            // whether two are the same is told by their values.
            std::erase_if(services, [&](const std::string& name) {
                return name.starts_with("github-actions:") ||
                       std::ranges::any_of(holding.stored, [&](const Stored* stored) {
                           return stored->service == name && stored->environment != "example";
                       });
            });
        }
        const bool secret =
            holding.declared != nullptr ? holding.declared->sensitive : is_secret(holding);
        if (services.size() < 2 || !secret) return;
        const auto [path, line] = spot(holding);
        report(Fault::shared, holding.name, path, line,
               "one credential for " + std::to_string(services.size()) +
                   " services: " + joined(services),
               "give each service a credential of its own")
            .places = std::move(services);
    }

    void use(const Holding& holding) {
        const auto [path, line] = spot(holding);
        if (holding.declared != nullptr && holding.reads.empty()) {
            report(Fault::unused, holding.name, path, line,
                   "declared, and read nowhere: not in code, compose files, workflows, Dockerfiles "
                   "or manifests",
                   "remove it, and revoke it at its provider");
        }
        if (in_.has_manifest && holding.declared == nullptr && !holding.reads.empty() &&
            is_secret(holding))
            report(Fault::undeclared, holding.name, path, line, "read, and not declared",
                   "add [credential." + holding.name + "] to stanch.toml");
    }

    void age(const Holding& holding) {
        if (holding.declared == nullptr || !holding.declared->rotate || !holding.age ||
            *holding.age <= *holding.declared->rotate)
            return;
        const auto [path, line] = spot(holding);
        report(Fault::overdue, holding.name, path, line,
               "unchanged for " + std::to_string(holding.age->count()) +
                   " days; it is to be rotated every " +
                   std::to_string(holding.declared->rotate->count()),
               "rotate it");
    }

    void places(const Holding& holding) {
        for (const Stored* stored : holding.stored) {
            const auto wrong = [&](std::string message, std::string next) {
                report(Fault::wrong_place, stored->name, stored->path, stored->line,
                       std::move(message), std::move(next));
            };
            if (!stored->sensitive || stored->environment == "example") continue;
            const std::string_view value = stored->value.reveal();
            const bool live = value.starts_with("sk_live_") || value.starts_with("rk_live_");
            const bool production_only =
                holding.declared != nullptr &&
                holding.declared->environments == std::vector<std::string>{"production"};
            if (stored->store == Store::env_file && stored->environment == "development") {
                if (live || production_only)
                    wrong("a production credential in a developer's .env",
                          "keep it in the vault, and use one of the test environment here");
            } else if (stored->store == Store::dockerfile) {
                wrong("a secret in an image: everyone who can pull it can read it",
                      "mount it at build time (--mount=type=secret), or inject it at run time");
            } else if (stored->store == Store::compose || stored->store == Store::kubernetes ||
                       stored->store == Store::workflow) {
                wrong("a secret as plain text in a " + std::string(to_string(stored->store)),
                      "refer to the secret store instead");
            }
        }
    }

    void scopes(const Holding& holding) {
        if (holding.provider.empty()) return;
        const auto needs = needs_of(holding, in_.needs);
        const auto needed = needed_permissions(holding.provider, needs);
        const Access needed_most = needed_access(holding.provider, needs);
        const auto [path, line] = spot(holding);
        const bool declared = holding.declared != nullptr;
        if (declared && !needs.empty()) {
            std::vector<std::string> more;
            for (const std::string& scope : holding.declared->scopes)
                if (std::ranges::find(needed, scope) == needed.end()) more.push_back(scope);
            if (!more.empty() && more.size() < holding.declared->scopes.size() + needed.size() &&
                comparable(holding, needed))
                report(Fault::too_broad, holding.name, path, line,
                       "declared with more than the code needs: " + joined(more),
                       "leave out what is not needed")
                    .excess = std::move(more);
            if (holding.declared->access >= Access::write && needed_most == Access::read)
                report(Fault::read_only_would_do, holding.name, path, line,
                       "declared to " + std::string(to_string(holding.declared->access)) +
                           ", and the code only reads",
                       "use a read-only credential");
        }
        if (in_.granted == nullptr) return;
        const auto known = in_.granted->find(holding.name);
        if (known == in_.granted->end()) return;
        const Granted& granted = known->second;
        if (granted.state == Granted::State::dead) {
            report(Fault::dead, holding.name, path, line, "the provider refuses it: " + granted.why,
                   "replace it, or remove it");
            return;
        }
        if (granted.state == Granted::State::unknown) {
            report(Fault::unknown_scopes, holding.name, path, line,
                   "what it may do is unknown: " + granted.why,
                   "compare it by hand with 'stanch keys policy " + holding.name + "'");
            return;
        }
        const auto more = excess(holding.provider, granted,
                                 needs.empty() && declared ? holding.declared->scopes : needed);
        if (!more.empty())
            report(Fault::too_broad, holding.name, path, line,
                   "granted more than " +
                       std::string(needs.empty() ? "is declared" : "the code needs") + ": " +
                       joined(more) + (granted.trap.empty() ? "" : " (" + granted.trap + ")"),
                   "narrow it to what 'stanch keys policy " + holding.name + "' prints")
                .excess = more;
        if (granted.access >= Access::write &&
            (needed_most == Access::read ||
             (needs.empty() && declared && holding.declared->access == Access::read)))
            report(Fault::read_only_would_do, holding.name, path, line,
                   "it may write, and only reading is needed", "use a read-only credential");
    }

    // Declared scopes and needed permissions speak the same language.
    static bool comparable(const Holding& holding, const std::vector<std::string>& needed) {
        return std::ranges::any_of(holding.declared->scopes,
                                   [&](const std::string& scope) {
                                       return std::ranges::find(needed, scope) != needed.end();
                                   }) ||
               holding.provider == "slack" || holding.provider == "stripe" ||
               holding.provider == "aws";
    }

    void workflow(const WorkflowPermission& permission) {
        const std::string where =
            permission.job.empty() ? "the workflow's jobs" : "job " + permission.job;
        if (permission.permission == "*") {
            const bool absent = permission.granted == "default";
            report(Fault::workflow_permissions, "GITHUB_TOKEN", permission.path, permission.line,
                   std::string(absent
                                   ? "no permissions: are set, so the repository's default applies"
                                   : "write-all is granted") +
                       "; " + where + " need: " + permission.needed,
                   "set permissions: to what is needed");
            return;
        }
        report(Fault::workflow_permissions, "GITHUB_TOKEN", permission.path, permission.line,
               permission.permission + ": " + permission.granted + " is granted, and " + where +
                   " need " + permission.needed,
               "lower it")
            .excess = {permission.permission + ":" + permission.granted};
    }

    const AuditInput& in_;
    std::vector<AuditFinding> out_;
};

} // namespace

std::string_view to_string(Fault fault) {
    switch (fault) {
    case Fault::shared:
        return "shared";
    case Fault::too_broad:
        return "too-broad";
    case Fault::read_only_would_do:
        return "read-only-would-do";
    case Fault::unused:
        return "unused";
    case Fault::undeclared:
        return "undeclared";
    case Fault::overdue:
        return "overdue";
    case Fault::wrong_place:
        return "wrong-place";
    case Fault::workflow_permissions:
        return "workflow-permissions";
    case Fault::unknown_scopes:
        return "unknown-scopes";
    case Fault::dead:
        return "dead";
    }
    return "shared";
}

std::string_view description(Fault fault) {
    switch (fault) {
    case Fault::shared:
        return "One credential is used by more than one service or environment.";
    case Fault::too_broad:
        return "A credential may do more than the code needs.";
    case Fault::read_only_would_do:
        return "A credential may write, and only reading is needed.";
    case Fault::unused:
        return "A declared credential is read nowhere.";
    case Fault::undeclared:
        return "A credential is read and not declared.";
    case Fault::overdue:
        return "A credential is older than its rotation allows.";
    case Fault::wrong_place:
        return "A credential lies where it should not.";
    case Fault::workflow_permissions:
        return "A workflow's token has wider permissions than its jobs need.";
    case Fault::unknown_scopes:
        return "What a credential may do can't be read.";
    case Fault::dead:
        return "A credential is refused by its provider.";
    }
    return "";
}

bool is_test_path(std::string_view path) {
    const std::string_view name = path.substr(path.rfind('/') + 1);
    if (name.starts_with("test_") || name.ends_with("_test.py") || name == "conftest.py")
        return true;
    return path.starts_with("tests/") || path.starts_with("test/") ||
           path.find("/tests/") != std::string_view::npos ||
           path.find("/test/") != std::string_view::npos;
}

std::vector<Need> needs_of(const Holding& holding, std::span<const Need> needs) {
    std::vector<Need> own;
    bool folders = false;
    for (const Need& need : needs) {
        if (need.provider != holding.provider || is_test_path(need.path)) continue;
        const std::string service = service_of(need.path);
        if (!service.empty() &&
            std::ranges::find(holding.services, service) != holding.services.end())
            folders = true;
    }
    for (const Need& need : needs) {
        if (need.provider != holding.provider || is_test_path(need.path)) continue;
        if (folders &&
            std::ranges::find(holding.services, service_of(need.path)) == holding.services.end())
            continue;
        own.push_back(need);
    }
    return own;
}

std::vector<AuditFinding> audit(const AuditInput& input) {
    return Audit(input).run();
}

} // namespace stanch::privilege
