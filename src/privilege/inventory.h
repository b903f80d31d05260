// The inventory: every credential that is declared, read or present, joined by its name.
//
// Names are environment variables' ("BILLING_STRIPE_KEY"). The sources say who reads one; the
// caller brings the values that lie in .env files and in the vault, since their formats are other
// rooms' business.
//
// Pure functions of their arguments; thread-safe.
#pragma once

#include "core/manifest.h"
#include "core/secret.h"
#include "privilege/needs.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace stanch::privilege {

enum class Reader { code, compose, workflow_secret, workflow_variable, dockerfile, kubernetes };
std::string_view to_string(Reader reader);

struct Read {
    std::string name;
    std::string path;
    std::size_t line = 0;
    Reader reader = Reader::code;
    std::string service; // service_of(path), or the compose service, or the workflow
};

enum class Store { env_file, compose, dockerfile, kubernetes, workflow, vault };
std::string_view to_string(Store store);

// A value, and where it lies.
struct Stored {
    std::string name; // in the vault: the item's name
    Secret value;
    std::string path; // in the vault: "bw://Collection/Item/field"
    std::size_t line = 0;
    Store store = Store::env_file;
    std::string service;
    std::string environment; // "production", "development", …; empty: not known
    bool sensitive = true;   // looks like a secret, by its name or by itself
    std::optional<std::chrono::system_clock::time_point> changed; // at the latest
};

// One `permissions:` of GitHub Actions, and what the jobs below it were seen to need.
struct WorkflowPermission {
    std::string path;
    std::size_t line = 0;
    std::string job;        // empty: the whole workflow's
    std::string permission; // "contents", or "*" for write-all and for no `permissions:` at all
    std::string granted;    // "write", "read"
    std::string needed;     // "read", "none"
};

// What the project's files say, besides its Python calls.
struct Facts {
    std::vector<Read> reads;
    std::vector<Stored> stored; // literals in compose files, Dockerfiles, manifests and workflows
    std::vector<std::string> env_files; // "service path": env_file of compose services
    std::vector<WorkflowPermission> permissions;
    std::vector<std::string> broken; // files that could not be understood
};

Facts read_facts(std::span<const Source> sources);

struct Holding {
    std::string name;
    const Credential* declared = nullptr;
    std::vector<std::string> services; // declared, else those that read it
    std::vector<Read> reads;
    std::vector<const Stored*> stored;
    std::string provider;                 // declared, else by the value's form, else by the name
    Access access = Access::unknown;      // declared, else what the code needs
    std::optional<std::chrono::days> age; // at least
};

// By name. `facts` and `stored` must outlive it.
std::vector<Holding> inventory(const Manifest& manifest, const Facts& facts,
                               const std::vector<Stored>& stored,
                               std::chrono::system_clock::time_point now);

// The service that a file belongs to: the folder below services/, apps/, packages/ and their like;
// else empty.
std::string service_of(std::string_view path);
// "production" for ".env.production", "development" for ".env" and ".env.local".
std::string environment_of(std::string_view path);
// Whether a value only says where another one is: "${X}", "<your key>", "{{ x }}".
bool is_reference_text(std::string_view text);
// By the form of a value ("ghp_…", "AKIA…", "postgres://…") or else by its name; empty: not known.
std::string provider_of(std::string_view name, std::string_view value);

} // namespace stanch::privilege
