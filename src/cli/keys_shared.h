// What `keys list`, `audit` and `policy` have in common: the project read once, its values at hand.
#pragma once

#include "cli/config_file.h"
#include "cli/keys_files.h"
#include "cli/verb.h"
#include "privilege/inventory.h"

#include <memory>

namespace stanch::cli {

struct KeysProject {
    ConfigFile config;
    ProjectFiles files;
    std::vector<privilege::Source> sources;
    privilege::Facts facts;
    std::vector<privilege::Stored> stored; // .env files and the vault
    privilege::NeedsReport needs;
    std::vector<privilege::Holding> holdings;
    std::vector<std::string> missed; // what could not be looked at: "path: why"
};

// PATH… of the arguments (default: here), --config, --vault. Pointers in it refer to each other: it
// stays where it is.
Result<std::unique_ptr<KeysProject>> read_keys_project(const Arguments& arguments);

// Every value of the vault, if it is unlocked. Nothing is synced or asked.
Result<void> read_vault(std::vector<privilege::Stored>& out);

// "a secret by its name": for what nobody declared.
bool names_secret(std::string_view name);

// A JSON string, and a list of them.
std::string json_quoted(std::string_view text);
std::string json_list(const std::vector<std::string>& words);

} // namespace stanch::cli
