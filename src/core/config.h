// Configuration: TOML text as tables whose known keys are exactly the keys that the code asks for.
//
//     STANCH_TRY(auto config, Config::parse(text, "stanch.toml"));
//     ConfigTable scan = config.table("scan");
//     options.threads = scan.integer("threads").value_or(0);
//     STANCH_CHECK(scan.finish());     // "stanch.toml:4:1: unknown key 'thread' in [scan]; did you
//     mean 'threads'?"
//
// A reader asks for every key it knows, absent ones too, then calls finish(): wrong types and
// unknown keys come back as one Error with line and column, the nearest known key named. No list of
// keys stands beside the code that reads them. TOML 1.0 (toml.io/en/v1.0.0), parsed by toml++.
//
// Not thread-safe; a ConfigTable refers into its Config, which must outlive it.
#pragma once

#include "core/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stanch {

class ConfigTable {
  public:
    // An absent table: every key is absent, finish() succeeds.
    ConfigTable();
    ConfigTable(ConfigTable&&) noexcept;
    ConfigTable& operator=(ConfigTable&&) noexcept;
    ConfigTable(const ConfigTable&) = delete;
    ConfigTable& operator=(const ConfigTable&) = delete;
    ~ConfigTable();

    [[nodiscard]] bool exists() const;

    // nullopt where the key is absent or (see finish) of another type.
    std::optional<std::string> string(std::string_view key);
    std::optional<std::int64_t> integer(std::string_view key);
    std::optional<double> number(std::string_view key); // an integer counts
    std::optional<bool> boolean(std::string_view key);
    // A string is taken for a list of one, as in gitleaks' files.
    std::vector<std::string> strings(std::string_view key);

    ConfigTable table(std::string_view key);               // [key]
    std::vector<ConfigTable> tables(std::string_view key); // [[key]]
    // Every sub-table with its own name: [credential.A], [credential.B]. Names count as known.
    std::vector<std::pair<std::string, ConfigTable>> named_tables();

    // Takes a key as known without looking at it (a section that another reader owns).
    void accept(std::string_view key);
    // Keys match without regard to case (gitleaks reads its files so). Call it before the first
    // key.
    void ignore_case();

    // The position of a key, or of the table itself where the key is absent: "stanch.toml:7:1".
    [[nodiscard]] std::string where(std::string_view key = {}) const;

    // Every key that is there and was not asked for. For a reader that only warns of them.
    [[nodiscard]] std::vector<Error> unknown_keys() const;
    // The first value of a wrong type, unknown keys aside.
    [[nodiscard]] Result<void> well_typed() const;
    // The first thing wrong in this table and in those handed out of it that were not finished
    // themselves.
    Result<void> finish();

  private:
    friend class Config;
    struct State;
    explicit ConfigTable(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

class Config {
  public:
    // `name` is what errors call the file. The error has line and column.
    static Result<Config> parse(std::string_view text, std::string name);

    Config(Config&&) noexcept;
    Config& operator=(Config&&) noexcept;
    Config(const Config&) = delete;
    Config& operator=(const Config&) = delete;
    ~Config();

    // The whole file, or a path of tables in it: root({"tool", "stanch"}).
    ConfigTable root(std::initializer_list<std::string_view> path = {});

  private:
    struct Document;
    explicit Config(std::unique_ptr<Document> document);
    std::unique_ptr<Document> document_;
};

} // namespace stanch
