#include "cli/vault_plan.h"

#include "cli/config_file.h"

#include "env/dotenv.h"
#include "os/file.h"
#include "text/encoding.h"

#include <algorithm>

namespace stanch::cli {
namespace {

// What stands in .env as a reference to the vault is no value.
std::vector<env::Variable> values_of(const std::string& text) {
    const env::Document document =
        env::parse(text, env::Dialect::python, {.environment = {}, .interpolate = false});
    std::vector<env::Variable> all = env::variables(document, env::Dialect::python);
    std::erase_if(all,
                  [](const env::Variable& v) { return vault::is_reference(v.value.reveal()); });
    return all;
}

Result<std::vector<env::Variable>> read_env_file(const Arguments& arguments) {
    const std::string path = arguments.value("--env-file").value_or(".env");
    if (!os::exists(path)) {
        if (arguments.has("--env-file"))
            return fail(ErrorKind::not_found, "there is no such file", path);
        return std::vector<env::Variable>();
    }
    STANCH_TRY(std::string text, os::read_file(path));
    auto all = values_of(text);
    wipe(text);
    return all;
}

class Planner {
  public:
    Planner(const Manifest& manifest, std::vector<env::Variable> variables, std::string collection)
        : manifest_(manifest), variables_(std::move(variables)),
          collection_(std::move(collection)) {}

    Result<std::vector<Planned>> run(const std::vector<std::string>& names) {
        for (const Credential& credential : manifest_.credentials)
            if (wanted(credential.name, names))
                STANCH_CHECK(add(credential.name, &credential, !names.empty()));
        for (const env::Variable& variable : variables_) {
            if (manifest_.find(variable.name) != nullptr || !wanted(variable.name, names)) continue;
            if (names.empty() && collection_.empty()) continue;
            STANCH_CHECK(add(variable.name, nullptr, true));
        }
        for (const std::string& name : names)
            if (std::ranges::find(planned_, name, &Planned::name) == planned_.end())
                return fail(ErrorKind::usage,
                            "'" + name +
                                "' is neither declared in stanch.toml nor set in the .env file");
        return std::move(planned_);
    }

  private:
    static bool wanted(const std::string& name, const std::vector<std::string>& names) {
        return names.empty() || std::ranges::find(names, name) != names.end();
    }

    Result<void> add(const std::string& name, const Credential* credential, bool asked_for) {
        Planned planned;
        planned.name = name;
        planned.declared = credential != nullptr;
        planned.sensitive = credential == nullptr || credential->sensitive;
        if (credential != nullptr && vault::is_reference(credential->vault)) {
            STANCH_TRY(planned.place, vault::parse_reference(credential->vault));
        } else if (credential != nullptr && !credential->vault.empty()) {
            return fail(ErrorKind::usage,
                        "'" + credential->vault + "' is not a reference to a vault",
                        credential->where, "write bw://Collection/Item/field");
        } else if (!collection_.empty()) {
            planned.place = {collection_, name, "password"};
        } else if (asked_for) {
            return fail(ErrorKind::usage, "'" + name + "' has no place in the vault yet",
                        credential != nullptr ? credential->where : "",
                        "say --to COLLECTION, or declare vault = \"bw://Collection/Item/field\" in "
                        "stanch.toml");
        } else {
            return {};
        }
        const auto at = std::ranges::find(variables_, name, &env::Variable::name);
        if (at != variables_.end()) planned.here = at->value.copy();
        planned_.push_back(std::move(planned));
        return {};
    }

    const Manifest& manifest_;
    std::vector<env::Variable> variables_;
    std::string collection_;
    std::vector<Planned> planned_;
};

Result<void> look_up(vault::Vault& vault, Planned& planned) {
    auto item = vault.find(
        {.item = planned.place.item, .collection = planned.place.collection, .exact = true});
    if (!item && item.error().kind == ErrorKind::not_found) return {};
    if (!item) return std::unexpected(item.error());
    planned.item_id = item->id();
    auto value = item->value(planned.place.field);
    if (!value && value.error().kind == ErrorKind::not_found) return {};
    if (!value) return std::unexpected(value.error());
    planned.there = std::move(*value);
    return {};
}

} // namespace

std::string Planned::reference() const {
    std::string out = "bw://";
    for (const std::string* part : {&place.collection, &place.item, &place.field})
        if (!part->empty()) out += (out.ends_with("//") ? "" : "/") + *part;
    return out;
}

Result<std::vector<Planned>> plan(vault::Vault& vault, const Arguments& arguments,
                                  const std::vector<std::string>& names,
                                  const std::string& collection) {
    STANCH_TRY(const ConfigFile config, load_config(".", arguments.value("--config")));
    STANCH_TRY(auto variables, read_env_file(arguments));
    STANCH_TRY(auto all, Planner(config.manifest, std::move(variables), collection).run(names));
    for (Planned& planned : all)
        STANCH_CHECK(look_up(vault, planned));
    return all;
}

} // namespace stanch::cli
