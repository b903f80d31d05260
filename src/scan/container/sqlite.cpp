#include "scan/container/sqlite.h"

#include <algorithm>
#include <memory>
#include <sqlite3.h>

namespace stanch::scan {
namespace {

constexpr std::size_t batch_bytes = std::size_t{256} << 10;
constexpr int longest_value = 64 << 20;

struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

Statement prepare(sqlite3* database, const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(database, sql.c_str(), static_cast<int>(sql.size()), &statement, nullptr);
    return Statement(statement);
}

std::string text_of(sqlite3_stmt* row, int column) {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(row, column));
    return bytes == nullptr
               ? std::string()
               : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
}

std::string quoted(const std::string& name) {
    std::string out = "\"";
    for (const char c : name)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

Database open_file(int descriptor) {
    sqlite3* database = nullptr;
    const std::string uri =
        "file:/proc/self/fd/" + std::to_string(descriptor) + "?mode=ro&immutable=1";
    sqlite3_open_v2(uri.c_str(), &database,
                    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
    return Database(database);
}

// `copy` becomes the database. One in WAL mode could not be opened from memory: its header is set
// to the older mode.
Database open_memory(std::string& copy) {
    sqlite3* database = nullptr;
    sqlite3_open_v2(":memory:", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    constexpr std::size_t write_version = 18;
    constexpr std::size_t read_version = 19;
    if (copy.size() > read_version) copy[write_version] = copy[read_version] = 1;
    sqlite3_deserialize(database, "main", reinterpret_cast<unsigned char*>(copy.data()),
                        static_cast<sqlite3_int64>(copy.size()),
                        static_cast<sqlite3_int64>(copy.size()), SQLITE_DESERIALIZE_READONLY);
    return Database(database);
}

// Values as lines "column = value", matched some hundred kilobytes at a time; where each value
// stands is kept.
class Batch {
  public:
    Batch(Worker::State& worker, const Place& database, std::string table, Outcome& outcome)
        : worker_(worker), database_(database), table_(std::move(table)), outcome_(outcome) {}

    void add(const std::string& column, std::string_view value, std::uint64_t row) {
        text_ += column + " = ";
        values_.push_back({text_.size(), value.size(), row, column});
        text_.append(value).append("\n");
        if (text_.size() > batch_bytes) flush();
    }

    void flush() {
        const std::size_t first = outcome_.findings.size();
        worker_.plain(database_.inside(table_), text_, outcome_);
        for (std::size_t i = first; i < outcome_.findings.size(); ++i)
            locate(outcome_.findings[i]);
        text_.clear();
        values_.clear();
    }

  private:
    struct Value {
        std::size_t begin;
        std::size_t size;
        std::uint64_t row;
        std::string column;
    };

    void locate(Finding& finding) {
        const auto behind = std::ranges::upper_bound(values_, finding.offset, {}, &Value::begin);
        if (behind == values_.begin() || finding.span.line == 0) return;
        const Value& value = *std::prev(behind);
        const std::size_t column = finding.offset - value.begin + 1;
        const std::size_t size = finding.decoded_by.empty() ? finding.secret.size() : value.size;
        finding.path += "." + value.column;
        finding.span = {value.row, column, value.row, column + std::max<std::size_t>(size, 1) - 1};
        finding.match_span = finding.span;
    }

    Worker::State& worker_;
    const Place& database_;
    std::string table_;
    Outcome& outcome_;
    std::string text_;
    std::vector<Value> values_;
};

class Visit {
  public:
    Visit(sqlite3* database, Worker::State& worker, const Place& place, Outcome& outcome)
        : database_(database), worker_(worker), place_(place), outcome_(outcome) {
        sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
        sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        sqlite3_limit(database, SQLITE_LIMIT_LENGTH, longest_value);
    }

    bool all() {
        std::vector<std::string> tables{"sqlite_schema"};
        const Statement list =
            prepare(database_, "SELECT name FROM sqlite_schema WHERE type = 'table' AND "
                               "rootpage > 0 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
        int code = SQLITE_ERROR;
        while (list && (code = sqlite3_step(list.get())) == SQLITE_ROW)
            tables.push_back(text_of(list.get(), 0));
        if (code != SQLITE_DONE) return broken(), false;
        for (const std::string& name : tables)
            table(name);
        return true;
    }

  private:
    void table(const std::string& name) {
        const Statement rows = prepare(database_, "SELECT * FROM " + quoted(name));
        if (!rows) return broken();
        std::vector<std::string> columns;
        for (int i = 0; i < sqlite3_column_count(rows.get()); ++i)
            columns.emplace_back(sqlite3_column_name(rows.get(), i));
        Batch batch(worker_, place_, name, outcome_);
        int code = SQLITE_DONE;
        for (std::uint64_t row = 1; (code = sqlite3_step(rows.get())) == SQLITE_ROW; ++row)
            add(batch, rows.get(), columns, row);
        batch.flush();
        if (code != SQLITE_DONE) broken();
    }

    static void add(Batch& batch, sqlite3_stmt* rows, const std::vector<std::string>& columns,
                    std::uint64_t row) {
        for (int i = 0; i < static_cast<int>(columns.size()); ++i) {
            const int type = sqlite3_column_type(rows, i);
            if (type != SQLITE_TEXT && type != SQLITE_BLOB) continue;
            const auto* bytes = static_cast<const char*>(sqlite3_column_blob(rows, i));
            const auto size = static_cast<std::size_t>(sqlite3_column_bytes(rows, i));
            if (bytes != nullptr)
                batch.add(columns[static_cast<std::size_t>(i)], {bytes, size}, row);
        }
    }

    void broken() {
        outcome_.miss(place_.shown,
                      std::string("broken SQLite database: ") + sqlite3_errmsg(database_));
    }

    sqlite3* database_;
    Worker::State& worker_;
    const Place& place_;
    Outcome& outcome_;
};

} // namespace

bool look_at_database(Worker::State& worker, const Place& place, std::string_view content,
                      int descriptor, Outcome& outcome) {
    std::string copy;
    if (descriptor < 0) copy = content;
    const Database database = descriptor >= 0 ? open_file(descriptor) : open_memory(copy);
    return Visit(database.get(), worker, place, outcome).all();
}

} // namespace stanch::scan
