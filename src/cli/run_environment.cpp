#include "cli/run_environment.h"

#include "cli/env_shared.h"
#include "env/sensitive.h"

#include <algorithm>
#include <array>

extern char** environ;

namespace stanch::cli {
namespace {

// What a program needs to find its way, and nothing that could be a credential.
bool is_basic(std::string_view name) {
    constexpr std::array<std::string_view, 14> names{
        "PATH", "HOME",   "USER", "LOGNAME",   "SHELL",    "TERM",     "LANG",
        "TZ",   "TMPDIR", "PWD",  "COLORTERM", "LANGUAGE", "NO_COLOR", "DISPLAY"};
    return std::ranges::find(names, name) != names.end() || name.starts_with("LC_");
}

bool applies(const Credential& credential, const std::string& environment) {
    return environment.empty() || credential.environments.empty() ||
           std::ranges::find(credential.environments, environment) != credential.environments.end();
}

class Collector {
  public:
    Collector(const Arguments& arguments, const ConfigFile& config, std::string environment)
        : arguments_(arguments), config_(config), name_(std::move(environment)) {
        references_.directory = config.directory;
        references_.vault = vault_resolver();
    }

    Result<RunEnvironment> collect(env::Layers layers) {
        for (env::LayerVariable& variable : layers.variables)
            STANCH_CHECK(take(std::move(variable)));
        for (const Credential& credential : config_.manifest.credentials)
            if (applies(credential, name_)) STANCH_CHECK(declared(credential));
        STANCH_CHECK(nothing_missing());
        result_.problems = std::move(layers.problems);
        return std::move(result_);
    }

  private:
    [[nodiscard]] bool has(std::string_view name) const {
        return std::ranges::find(result_.variables, name, &RunVariable::name) !=
               result_.variables.end();
    }

    static Result<Secret> located(Result<Secret> secret, const std::string& name,
                                  const std::string& where) {
        if (secret) return secret;
        Error error = std::move(secret).error();
        error.what = name + ": " + error.what;
        // Whatever it was: the command can't be started as it is declared.
        if (error.kind != ErrorKind::refused) error.kind = ErrorKind::unavailable;
        if (error.where.empty()) error.where = where;
        return std::unexpected(std::move(error));
    }

    Result<Secret> resolved(Secret value, const std::string& name, const std::string& where) {
        if (env::reference_scheme(value.reveal()).empty()) return value;
        return located(env::resolve_reference(value.reveal(), references_), name, where);
    }

    Result<void> take(env::LayerVariable variable) {
        const Credential* credential = config_.manifest.find(variable.name);
        if (arguments_.has("--only") && credential == nullptr) return {};
        RunVariable taken;
        taken.name = variable.name;
        taken.add = !variable.from_environment;
        const bool reference = taken.add && !env::reference_scheme(variable.value.reveal()).empty();
        const std::string where = variable.file + ":" + std::to_string(variable.line);
        if (taken.add) {
            STANCH_TRY(taken.value, resolved(std::move(variable.value), taken.name, where));
        } else {
            taken.value = std::move(variable.value);
        }
        if (taken.value.reveal().find('\0') != std::string_view::npos)
            return fail(ErrorKind::invalid,
                        taken.name + ": no environment variable can hold a zero byte", where);
        taken.sensitive = credential != nullptr
                              ? credential->sensitive
                              : reference || env::is_sensitive(taken.name, taken.value.reveal());
        result_.variables.push_back(std::move(taken));
        return {};
    }

    // A declared credential that no file has: the environment's own, its reference, or its default.
    Result<void> declared(const Credential& credential) {
        if (has(credential.name)) return {};
        RunVariable taken{credential.name, {}, credential.sensitive, true};
        if (const auto ours = process_variable(credential.name);
            ours && !arguments_.has("--override")) {
            taken.value = Secret(*ours);
            // --clean throws the environment away, but not what is declared.
            taken.add = arguments_.has("--clean");
        } else if (!credential.vault.empty()) {
            STANCH_TRY(taken.value, located(env::resolve_reference(credential.vault, references_),
                                            credential.name, credential.where));
        } else if (ours) {
            taken.value = Secret(*ours);
            taken.add = arguments_.has("--clean");
        } else if (credential.default_value) {
            taken.value = Secret(*credential.default_value);
        } else {
            return {};
        }
        result_.variables.push_back(std::move(taken));
        return {};
    }

    Result<void> nothing_missing() {
        std::string missing;
        std::string where;
        for (const Credential& credential : config_.manifest.credentials) {
            if (!credential.required || !applies(credential, name_) || has(credential.name))
                continue;
            missing += (missing.empty() ? "" : ", ") + credential.name;
            if (where.empty()) where = credential.where;
        }
        if (missing.empty()) return {};
        return fail(ErrorKind::refused, "required, but without a value: " + missing, where,
                    "put it into .env or the environment, or declare required = false");
    }

    const Arguments& arguments_;
    const ConfigFile& config_;
    std::string name_;
    env::References references_;
    RunEnvironment result_;
};

} // namespace

Result<RunEnvironment> run_environment(const Arguments& arguments) {
    STANCH_TRY(const ConfigFile config, load_config(".", arguments.value("--config")));
    STANCH_TRY(const env::LayerOptions options, layer_options(arguments));
    STANCH_TRY(env::Layers layers, env::read_layers(options));
    STANCH_TRY(RunEnvironment result,
               Collector(arguments, config, options.name).collect(std::move(layers)));
    result.watched = env::layer_paths(options);
    if (config.found()) result.watched.push_back(config.path);
    return result;
}

std::vector<std::string> environment_block(const RunEnvironment& environment, bool clean) {
    std::vector<std::string> block;
    const auto replaced = [&](std::string_view name) {
        const auto at = std::ranges::find(environment.variables, name, &RunVariable::name);
        return at != environment.variables.end() && at->add;
    };
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const std::string_view name = text.substr(0, text.find('='));
        if (!replaced(name) && (!clean || is_basic(name))) block.emplace_back(text);
    }
    for (const RunVariable& variable : environment.variables)
        if (variable.add || clean) {
            const bool inherited = !variable.add && is_basic(variable.name);
            if (!inherited)
                block.push_back(variable.name + "=" + std::string(variable.value.reveal()));
        }
    return block;
}

} // namespace stanch::cli
