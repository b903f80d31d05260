#include "env/layers.h"

#include "os/file.h"

#include <algorithm>

namespace stanch::env {
namespace {

class LayerReader {
  public:
    explicit LayerReader(const LayerOptions& options) : options_(options) {}

    Result<void> read(const std::string& path) {
        STANCH_TRY(const Secret text, os::read_secret_file(path));
        const Document document =
            parse(text.reveal(), options_.dialect,
                  {.environment = [this](std::string_view name) { return lookup(name); },
                   .file_wins = options_.files_win});
        layers.files.push_back(path);
        for (const Entry& entry : document.entries)
            if (entry.error) layers.problems.push_back({path, entry.key_line, entry.message});
        for (Variable& variable : variables(document, options_.dialect))
            take(std::move(variable), path);
        return {};
    }

    Layers layers;

  private:
    [[nodiscard]] std::optional<std::string> from_environment(std::string_view name) const {
        return options_.environment ? options_.environment(name) : std::nullopt;
    }

    // What ${NAME} sees beyond its own file: the layers below it and the environment.
    [[nodiscard]] std::optional<std::string> lookup(std::string_view name) const {
        const LayerVariable* below = layers.find(name);
        if (!options_.files_win)
            if (auto value = from_environment(name)) return value;
        if (below != nullptr) return std::string(below->value.reveal());
        return from_environment(name);
    }

    void take(Variable variable, const std::string& path) {
        const auto ours = options_.files_win ? std::nullopt : from_environment(variable.name);
        LayerVariable taken{std::move(variable.name),
                            ours ? Secret(*ours) : std::move(variable.value), path, variable.line,
                            ours.has_value()};
        const auto known = std::ranges::find(layers.variables, taken.name, &LayerVariable::name);
        if (known == layers.variables.end())
            layers.variables.push_back(std::move(taken));
        else
            *known = std::move(taken);
    }

    const LayerOptions& options_;
};

std::string joined(const std::string& directory, const std::string& name) {
    return directory.empty() || directory == "." ? name : directory + "/" + name;
}

} // namespace

const LayerVariable* Layers::find(std::string_view name) const {
    const auto at = std::ranges::find(variables, name, &LayerVariable::name);
    return at == variables.end() ? nullptr : &*at;
}

std::vector<std::string> layer_paths(const LayerOptions& options) {
    if (!options.files.empty()) return options.files;
    std::vector<std::string> paths{".env", ".env.local"};
    if (!options.name.empty()) {
        paths.push_back(".env." + options.name);
        paths.push_back(".env." + options.name + ".local");
    }
    for (std::string& path : paths)
        path = joined(options.directory, path);
    return paths;
}

Result<Layers> read_layers(const LayerOptions& options) {
    LayerReader reader(options);
    for (const std::string& path : layer_paths(options))
        if (!options.files.empty() || os::exists(path)) STANCH_CHECK(reader.read(path));
    return std::move(reader.layers);
}

std::string layer_directory(const std::string& start, const std::string& name) {
    LayerOptions options;
    options.name = name;
    std::string directory = start;
    for (;;) {
        options.directory = directory;
        for (const std::string& path : layer_paths(options))
            if (os::exists(path)) return directory;
        const std::size_t slash = directory.rfind('/');
        if (os::exists(directory + "/.git") || slash == std::string::npos || directory == "/")
            return start;
        directory = slash == 0 ? "/" : directory.substr(0, slash);
    }
}

} // namespace stanch::env
