#include "env/check.h"

#include "env/reference.h"
#include "env/sensitive.h"
#include "env/validate.h"
#include "os/file.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace stanch::env {
namespace {

std::string at(const std::string& file, std::size_t line) {
    return file + ":" + std::to_string(line);
}

// Names that the system, the shell or a CI sets: nobody declares them.
bool is_ambient(std::string_view name) {
    constexpr std::array<std::string_view, 30> names{
        "PATH",      "HOME",    "USER",        "LOGNAME", "SHELL",        "TERM",
        "LANG",      "TZ",      "TMPDIR",      "TEMP",    "TMP",          "PWD",
        "HOSTNAME",  "EDITOR",  "VISUAL",      "PAGER",   "DISPLAY",      "NO_COLOR",
        "COLUMNS",   "LINES",   "CI",          "DEBUG",   "PYTHONPATH",   "VIRTUAL_ENV",
        "COLORTERM", "BROWSER", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "USERNAME"};
    return std::ranges::find(names, name) != names.end() || name.starts_with("LC_") ||
           name.starts_with("XDG_") || name.starts_with("GITHUB_") || name.starts_with("GITLAB_") ||
           name.starts_with("PYTHON") || name.starts_with("PYTEST_");
}

class Check {
  public:
    explicit Check(const CheckInput& input) : input_(input) {}

    Result<std::vector<CheckProblem>> run() {
        for (const LayerProblem& problem : input_.layers->problems)
            add(CheckKind::syntax, "", at(problem.file, problem.line),
                std::string(problem.message));
        STANCH_CHECK(files());
        for (const LayerVariable& variable : input_.layers->variables)
            STANCH_CHECK(value(variable));
        for (const Credential& credential : input_.manifest->credentials)
            STANCH_CHECK(declared(credential));
        code();
        if (input_.example) example();
        return std::move(problems_);
    }

  private:
    void add(CheckKind kind, std::string name, std::string where, std::string message) {
        problems_.push_back({kind, std::move(name), std::move(where), std::move(message)});
    }

    // Twice in one file: programs disagree on which one counts.
    Result<void> files() {
        for (const std::string& file : input_.layers->files) {
            STANCH_TRY(const Secret text, os::read_secret_file(file));
            std::map<std::string, std::size_t> first;
            for (const Entry& entry : parse(text.reveal(), Dialect::python).entries) {
                if (!entry.key) continue;
                const auto [known, is_new] = first.try_emplace(*entry.key, entry.key_line);
                if (!is_new)
                    add(CheckKind::duplicate, *entry.key, at(file, entry.key_line),
                        "set a second time (first in line " + std::to_string(known->second) + ")");
            }
        }
        return {};
    }

    Result<void> value(const LayerVariable& variable) {
        const Credential* credential = input_.manifest->find(variable.name);
        const std::string where = at(variable.file, variable.line);
        if (credential == nullptr) {
            if (!input_.manifest->credentials.empty())
                add(CheckKind::extra, variable.name, where,
                    "declared nowhere: add it to stanch.toml, or remove it");
            return {};
        }
        return valued(*credential, variable.value.reveal(), where);
    }

    Result<void> valued(const Credential& credential, std::string_view value,
                        const std::string& where) {
        if (!reference_scheme(value).empty()) return {};
        if (value.empty()) {
            if (credential.required)
                add(CheckKind::missing, credential.name, where, "required, but empty");
            return {};
        }
        if (credential.sensitive && is_placeholder(value)) {
            add(CheckKind::placeholder, credential.name, where, "holds a placeholder, not a value");
            return {};
        }
        STANCH_TRY(std::string problem, type_problem(credential, value));
        if (!problem.empty()) add(CheckKind::malformed, credential.name, where, std::move(problem));
        return {};
    }

    [[nodiscard]] bool applies(const Credential& credential) const {
        return input_.environment.empty() || credential.environments.empty() ||
               std::ranges::find(credential.environments, input_.environment) !=
                   credential.environments.end();
    }

    Result<void> declared(const Credential& credential) {
        if (credential.default_value) {
            STANCH_TRY(std::string problem, type_problem(credential, *credential.default_value));
            if (!problem.empty())
                add(CheckKind::malformed, credential.name, credential.where,
                    "the default is " + problem);
        }
        if (input_.layers->find(credential.name) != nullptr || !applies(credential)) return {};
        const auto own = input_.process ? input_.process(credential.name) : std::nullopt;
        if (own) return valued(credential, *own, "the environment");
        if (credential.required && !credential.default_value && credential.vault.empty())
            add(CheckKind::missing, credential.name, credential.where,
                "required, but no file and no environment has it");
        return {};
    }

    void code() {
        std::set<std::string> seen;
        for (const CodeName& name : input_.code) {
            const bool known = input_.manifest->find(name.name) != nullptr || is_ambient(name.name);
            if (known || !seen.insert(name.name).second) continue;
            const bool set = input_.layers->find(name.name) != nullptr;
            add(CheckKind::undeclared, name.name, at(name.file, name.line),
                set ? "the code reads it, a .env file sets it, nobody declares it"
                    : "the code reads it and nobody declares it");
        }
    }

    void example() {
        std::set<std::string> listed;
        for (const Entry& entry : parse(*input_.example, Dialect::python).entries) {
            if (!entry.key) continue;
            listed.insert(*entry.key);
            const bool known = input_.manifest->find(*entry.key) != nullptr ||
                               input_.layers->find(*entry.key) != nullptr;
            if (!known)
                add(CheckKind::drift, *entry.key, at(input_.example_path, entry.key_line),
                    "in the example, but nobody declares it");
        }
        for (const Credential& credential : input_.manifest->credentials)
            if (!listed.contains(credential.name)) missing_in_example(credential.name);
        if (!input_.manifest->credentials.empty()) return;
        for (const LayerVariable& variable : input_.layers->variables)
            if (!listed.contains(variable.name)) missing_in_example(variable.name);
    }

    void missing_in_example(const std::string& name) {
        add(CheckKind::drift, name, input_.example_path,
            "not in the example: run 'stanch env example'");
    }

    const CheckInput& input_;
    std::vector<CheckProblem> problems_;
};

std::string_view type_name(ValueType type) {
    switch (type) {
    case ValueType::string:
        return "string";
    case ValueType::url:
        return "url";
    case ValueType::integer:
        return "int";
    case ValueType::boolean:
        return "bool";
    case ValueType::enumeration:
        return "enum";
    case ValueType::email:
        return "email";
    case ValueType::path:
        return "path";
    case ValueType::port:
        return "port";
    case ValueType::json:
        return "json";
    case ValueType::pattern:
        return "pattern";
    }
    return "string";
}

std::string one_line(std::string text) {
    std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
    return text;
}

std::string comment_of(const Credential& credential) {
    std::string out;
    if (!credential.description.empty()) out += "# " + one_line(credential.description) + "\n";
    out += "# " + std::string(type_name(credential.type));
    if (credential.type == ValueType::enumeration) {
        out += ':';
        for (const std::string& choice : credential.choices)
            out += " " + one_line(choice);
    }
    out += credential.required ? ", required" : ", optional";
    if (credential.default_value) out += ", has a default";
    if (credential.sensitive) out += ", secret";
    if (!credential.provider.empty()) out += ", " + one_line(credential.provider);
    return out + "\n";
}

} // namespace

std::string_view to_string(CheckKind kind) {
    constexpr std::array<std::string_view, 8> names{"missing",     "extra",     "malformed",
                                                    "placeholder", "duplicate", "syntax",
                                                    "undeclared",  "drift"};
    return names[static_cast<std::size_t>(kind)];
}

Result<std::vector<CheckProblem>> check_environment(const CheckInput& input) {
    return Check(input).run();
}

std::string example_of(const Manifest& manifest, std::span<const std::string> extra) {
    std::string out = "# Copy this file to .env and fill it in. Made by 'stanch env example': it "
                      "never holds a value.\n";
    for (const Credential& credential : manifest.credentials)
        out += "\n" + comment_of(credential) + credential.name + "=\n";
    bool first = true;
    for (const std::string& name : extra) {
        if (manifest.find(name) != nullptr) continue;
        out += (std::exchange(first, false) ? "\n" : "") + name + "=\n";
    }
    return out;
}

} // namespace stanch::env
