// The audit: what is wrong with how a project holds its credentials.
//
// Pure function of its input; granted scopes come from outside (granted.h), since asking costs a
// network.
#pragma once

#include "privilege/granted.h"
#include "privilege/inventory.h"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace stanch::privilege {

enum class Fault {
    shared,               // one value for two services or in two environments
    too_broad,            // may more than the code needs, or than is declared
    read_only_would_do,   // may write, and nothing writes
    unused,               // declared, never read
    undeclared,           // read, never declared
    overdue,              // older than its `rotate`
    wrong_place,          // a production value in a developer's .env, a secret in a Dockerfile
    workflow_permissions, // `permissions:` wider than the jobs need
    unknown_scopes,       // what it may do can't be read
    dead,                 // the provider refuses it
};
// "shared", "too-broad", …: as reports and options have it.
std::string_view to_string(Fault fault);
// One sentence on what the fault is.
std::string_view description(Fault fault);

struct AuditFinding {
    Fault fault = Fault::shared;
    std::string credential;
    std::string path; // where to look; empty: nowhere in the project
    std::size_t line = 0;
    std::string message;             // what is wrong, without any value
    std::string next;                // what to do
    std::vector<std::string> places; // "services/web/.env:3 (API_KEY)"
    std::vector<std::string> excess; // permissions that are not needed
};

struct AuditInput {
    const Manifest* manifest = nullptr;
    bool has_manifest = false; // without one nothing is "undeclared"
    const Facts* facts = nullptr;
    const std::vector<Stored>* stored = nullptr;
    std::span<const Need> needs;
    const std::vector<Holding>* holdings = nullptr;
    const std::map<std::string, Granted>* granted = nullptr; // by credential; null: nobody asked
    bool (*names_secret)(std::string_view name) =
        nullptr; // "STRIPE_API_KEY" does, "DEBUG" does not
    std::chrono::system_clock::time_point now;
};

// By path, line and fault.
std::vector<AuditFinding> audit(const AuditInput& input);

// Needs of the code that a credential serves: those of its provider, in the files of its services
// where those are folders of their own, tests left out.
std::vector<Need> needs_of(const Holding& holding, std::span<const Need> needs);

// tests/…, test_x.py, conftest.py: code that runs with credentials of its own.
bool is_test_path(std::string_view path);

} // namespace stanch::privilege
