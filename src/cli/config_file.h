// The project's configuration: stanch.toml, or [tool.stanch] in pyproject.toml, found upward.
//
//     STANCH_TRY(ConfigFile file, load_config(".", arguments.value("--config")));
//     ConfigTable scan = file.root.table("scan");
//     …ask for every key that this verb knows…
//     STANCH_CHECK(scan.finish());
//
// The search goes from a folder to its parents and ends with the one that holds `.git` (or with the
// root). In one folder stanch.toml wins over pyproject.toml. The root's own keys are checked here,
// and the manifest ([credential.*]) is read; each section is left to the verb that knows it.
#pragma once

#include "core/config.h"
#include "core/manifest.h"
#include "core/result.h"

#include <optional>
#include <string>

namespace stanch::cli {

struct ConfigFile {
    std::string
        path; // as errors call it; empty where none was found (then `root` is an absent table)
    std::string directory; // where relative paths in it start from: the file's folder, or where the
                           // search began
    std::optional<Config> document;
    ConfigTable root;
    Manifest manifest;

    [[nodiscard]] bool found() const { return !path.empty(); }
};

// `from` is a folder or a file; `explicit_path` is --config, and must exist. Errors: unreadable,
// not TOML, an unknown key with the nearest known one, a malformed credential; with line and
// column.
Result<ConfigFile> load_config(const std::string& from,
                               const std::optional<std::string>& explicit_path = {});

} // namespace stanch::cli
