#include "core/config.h"

#include "core/nearest.h"

#include <algorithm>
#include <cctype>
#include <set>

// toml++ asserts that a key begins well before it looks and says that it does not ("[[#"): an
// input's fault, for which it has an error.
#ifndef NDEBUG
#define NDEBUG
#endif
#ifdef __clang__
#define __builtin_assume(...) static_cast<void>(0) // NOLINT(bugprone-reserved-identifier)
#endif
#include <toml++/toml.h>

namespace stanch {
namespace {

std::string position(const std::string& file, const toml::source_region& at) {
    return file + ":" + std::to_string(at.begin.line) + ":" + std::to_string(at.begin.column);
}

std::string lowered(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

// The toml++ of Debian 12 writes "Error while parsing …: …" with the offending text; only the
// clause is kept.
std::string clause(std::string_view description) {
    std::string text(description);
    if (!text.empty())
        text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

} // namespace

struct Config::Document {
    std::string name;
    toml::table root;
};

struct ConfigTable::State {
    std::string file;
    std::string title; // "[scan]", "the file"
    const toml::table* table = nullptr;
    toml::source_region absent; // where the table would stand
    bool any_case = false;
    std::set<std::string, std::less<>> asked;
    std::optional<Error> error;

    const toml::node* find(std::string_view key) {
        asked.emplace(key);
        if (table == nullptr) return nullptr;
        if (const toml::node* node = table->get(key)) return node;
        if (!any_case) return nullptr;
        for (const auto& [name, node] : *table)
            if (lowered(name.str()) == lowered(key)) return &node;
        return nullptr;
    }

    void wrong_type(std::string_view key, const toml::node& node, std::string_view wanted) {
        if (error) return;
        error = Error{ErrorKind::invalid,
                      "'" + std::string(key) + "' in " + title + " must be " + std::string(wanted),
                      position(file, node.source()),
                      {}};
    }

    template <class T>
    std::optional<T> scalar(std::string_view key, std::string_view wanted) {
        const toml::node* node = find(key);
        if (node == nullptr) return std::nullopt;
        if (auto value = node->value_exact<T>()) return value;
        wrong_type(key, *node, wanted);
        return std::nullopt;
    }

    std::unique_ptr<State> child(std::string child_title, const toml::table* child_table) const {
        auto state = std::make_unique<State>();
        state->file = file;
        state->title = std::move(child_title);
        state->table = child_table;
        state->any_case = any_case;
        return state;
    }

    [[nodiscard]] bool known(std::string_view key) const {
        if (asked.contains(key)) return true;
        return any_case && std::ranges::any_of(asked, [&](const std::string& name) {
                   return lowered(name) == lowered(key);
               });
    }
};

ConfigTable::ConfigTable() : state_(std::make_unique<State>()) {}
ConfigTable::ConfigTable(std::unique_ptr<State> state) : state_(std::move(state)) {}
ConfigTable::ConfigTable(ConfigTable&&) noexcept = default;
ConfigTable& ConfigTable::operator=(ConfigTable&&) noexcept = default;
ConfigTable::~ConfigTable() = default;

bool ConfigTable::exists() const {
    return state_->table != nullptr;
}

std::optional<std::string> ConfigTable::string(std::string_view key) {
    return state_->scalar<std::string>(key, "a string");
}

std::optional<std::int64_t> ConfigTable::integer(std::string_view key) {
    return state_->scalar<std::int64_t>(key, "a whole number");
}

std::optional<bool> ConfigTable::boolean(std::string_view key) {
    return state_->scalar<bool>(key, "true or false");
}

std::optional<double> ConfigTable::number(std::string_view key) {
    const toml::node* node = state_->find(key);
    if (node == nullptr) return std::nullopt;
    if (node->is_number()) return node->value<double>();
    state_->wrong_type(key, *node, "a number");
    return std::nullopt;
}

std::vector<std::string> ConfigTable::strings(std::string_view key) {
    const toml::node* node = state_->find(key);
    if (node == nullptr) return {};
    if (auto one = node->value_exact<std::string>()) return {*std::move(one)};
    std::vector<std::string> list;
    if (const toml::array* items = node->as_array()) {
        for (const toml::node& item : *items) {
            auto text = item.value_exact<std::string>();
            if (!text) {
                state_->wrong_type(key, item, "a list of strings");
                return {};
            }
            list.push_back(*std::move(text));
        }
        return list;
    }
    state_->wrong_type(key, *node, "a list of strings");
    return {};
}

ConfigTable ConfigTable::table(std::string_view key) {
    const toml::node* node = state_->find(key);
    if (node != nullptr && !node->is_table()) state_->wrong_type(key, *node, "a table");
    return ConfigTable(
        state_->child("[" + std::string(key) + "]", node == nullptr ? nullptr : node->as_table()));
}

std::vector<ConfigTable> ConfigTable::tables(std::string_view key) {
    const toml::node* node = state_->find(key);
    std::vector<ConfigTable> list;
    if (node == nullptr) return list;
    const toml::array* items = node->as_array();
    if (items == nullptr ||
        !std::ranges::all_of(*items, [](const toml::node& item) { return item.is_table(); })) {
        state_->wrong_type(key, *node, "a list of tables");
        return list;
    }
    for (const toml::node& item : *items)
        list.push_back(ConfigTable(state_->child("[[" + std::string(key) + "]]", item.as_table())));
    return list;
}

std::vector<std::pair<std::string, ConfigTable>> ConfigTable::named_tables() {
    std::vector<std::pair<std::string, ConfigTable>> list;
    if (state_->table == nullptr) return list;
    for (const auto& [name, node] : *state_->table) {
        if (!node.is_table()) continue;
        state_->asked.emplace(name.str());
        list.emplace_back(
            std::string(name.str()),
            ConfigTable(state_->child("[" + std::string(name.str()) + "]", node.as_table())));
    }
    return list;
}

void ConfigTable::accept(std::string_view key) {
    state_->asked.emplace(key);
}
void ConfigTable::ignore_case() {
    state_->any_case = true;
}

std::string ConfigTable::where(std::string_view key) const {
    if (state_->table == nullptr) return state_->file;
    const toml::node* node = key.empty() ? nullptr : state_->table->get(key);
    return position(state_->file, node != nullptr ? node->source() : state_->table->source());
}

std::vector<Error> ConfigTable::unknown_keys() const {
    std::vector<Error> unknown;
    if (state_->table == nullptr) return unknown;
    const std::vector<std::string_view> candidates(state_->asked.begin(), state_->asked.end());
    for (const auto& [name, node] : *state_->table) {
        if (state_->known(name.str())) continue;
        const std::string_view near = nearest(name.str(), candidates);
        unknown.push_back({ErrorKind::invalid,
                           "unknown key '" + std::string(name.str()) + "' in " + state_->title,
                           position(state_->file, name.source()),
                           near.empty() ? "" : "did you mean '" + std::string(near) + "'?"});
    }
    return unknown;
}

Result<void> ConfigTable::well_typed() const {
    if (state_->error) return std::unexpected(*state_->error);
    return {};
}

Result<void> ConfigTable::finish() {
    STANCH_CHECK(well_typed());
    if (auto unknown = unknown_keys(); !unknown.empty()) return std::unexpected(unknown.front());
    return {};
}

Result<Config> Config::parse(std::string_view text, std::string name) {
    try {
        auto document = std::make_unique<Document>();
        document->root = toml::parse(text, name);
        document->name = std::move(name);
        return Config(std::move(document));
    } catch (const toml::parse_error& e) {
        return fail(ErrorKind::invalid, "not valid TOML: " + clause(e.description()),
                    position(name, e.source()));
    }
}

Config::Config(std::unique_ptr<Document> document) : document_(std::move(document)) {}
Config::Config(Config&&) noexcept = default;
Config& Config::operator=(Config&&) noexcept = default;
Config::~Config() = default;

ConfigTable Config::root(std::initializer_list<std::string_view> path) {
    auto state = std::make_unique<ConfigTable::State>();
    state->file = document_->name;
    state->title = "the file";
    state->table = &document_->root;
    for (const std::string_view key : path) {
        const toml::node* node = state->table == nullptr ? nullptr : state->table->get(key);
        state->table = node == nullptr ? nullptr : node->as_table();
        state->title =
            (state->title == "the file" ? "["
                                        : state->title.substr(0, state->title.size() - 1) + ".") +
            std::string(key) + "]";
    }
    return ConfigTable(std::move(state));
}

} // namespace stanch
