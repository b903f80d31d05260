// The .env files of a folder, one over the other.
//
//     .env    .env.local    .env.NAME    .env.NAME.local      (a later one wins)
//
// The process environment wins over all of them unless `files_win`.
#pragma once

#include "core/result.h"
#include "core/secret.h"
#include "env/dotenv.h"

#include <string>
#include <vector>

namespace stanch::env {

struct LayerOptions {
    std::string directory;
    std::string name;               // of the environment: "production"; empty: none
    std::vector<std::string> files; // given by hand: these, in this order, instead of the layers
    Dialect dialect = Dialect::python;
    bool files_win = false;
    Lookup environment;
};

struct LayerVariable {
    std::string name;
    Secret value;
    std::string file;
    std::size_t line = 0;
    bool from_environment = false; // the environment's value wins, `value` is that
};

struct LayerProblem {
    std::string file;
    std::size_t line = 0;
    std::string_view message;
};

struct Layers {
    std::vector<LayerVariable> variables; // in the order of first appearance, each name once
    std::vector<LayerProblem> problems;   // statements that the dialect's program does not take
    std::vector<std::string> files;       // that were read

    [[nodiscard]] const LayerVariable* find(std::string_view name) const;
};

// The paths of the layers, whether they exist or not.
std::vector<std::string> layer_paths(const LayerOptions& options);

// Files that do not exist are passed over, but those given by hand must exist. Errors: a file that
// can't be read.
Result<Layers> read_layers(const LayerOptions& options);

// The nearest folder from `start` upward that holds a layer, no further than the one that holds
// .git; `start` where there is none.
std::string layer_directory(const std::string& start, const std::string& name);

} // namespace stanch::env
