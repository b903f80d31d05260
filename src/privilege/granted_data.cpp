// PostgreSQL through libpq, Redis by its own small protocol: what the account says of itself.
#include "net/stream.h"
#include "os/library.h"
#include "privilege/granted_parts.h"
#include "text/encoding.h"

#include <algorithm>
#include <charconv>
#include <memory>

namespace stanch::privilege {
namespace {

constexpr std::chrono::seconds patience{10};

// ---- PostgreSQL. The few functions of libpq-fe.h that are called here
// (postgresql.org/docs/15/libpq.html).
struct PGconn;
struct PGresult;

struct Libpq {
    PGconn* (*connect)(const char* const*, const char* const*, int);
    int (*status)(const PGconn*);
    void (*finish)(PGconn*);
    PGresult* (*exec)(PGconn*, const char*);
    int (*result_status)(const PGresult*);
    int (*rows)(const PGresult*);
    char* (*value)(const PGresult*, int, int);
    void (*clear)(PGresult*);
    char* (*message)(const PGconn*);
};

template <class Function>
bool load(const os::SharedLibrary& library, const char* name, Function*& out) {
    out = library.function<Function>(name);
    return out != nullptr;
}

Result<Libpq> libpq() {
    STANCH_TRY(const os::SharedLibrary library,
               os::SharedLibrary::open("libpq.so.5", "install libpq5"));
    Libpq table{};
    const bool all =
        load(library, "PQconnectdbParams", table.connect) &&
        load(library, "PQstatus", table.status) && load(library, "PQfinish", table.finish) &&
        load(library, "PQexec", table.exec) &&
        load(library, "PQresultStatus", table.result_status) &&
        load(library, "PQntuples", table.rows) && load(library, "PQgetvalue", table.value) &&
        load(library, "PQclear", table.clear) && load(library, "PQerrorMessage", table.message);
    if (!all)
        return fail(ErrorKind::unavailable, "libpq lacks a function", "libpq.so.5",
                    "install libpq5");
    return table;
}

// One column of text. Status 2 is PGRES_TUPLES_OK.
std::optional<std::vector<std::string>> column(const Libpq& pq, PGconn* connection,
                                               const char* sql) {
    const std::unique_ptr<PGresult, void (*)(PGresult*)> result(pq.exec(connection, sql), pq.clear);
    if (pq.result_status(result.get()) != 2) return std::nullopt;
    std::vector<std::string> out;
    for (int row = 0; row < pq.rows(result.get()); ++row)
        out.emplace_back(pq.value(result.get(), row, 0));
    return out;
}

// A role holds what it was granted, what its roles were, and what it owns: the privilege functions
// know all of it.
constexpr const char* table_privileges =
    "SELECT p || ' ' || CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || "
    "c.relname "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, "
    "unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE']) AS p "
    "WHERE c.relkind IN ('r','p','v','m','f') AND n.nspname NOT IN "
    "('pg_catalog','information_schema') AND n.nspname NOT LIKE 'pg\\_%' "
    "AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, p) ORDER BY 1";
constexpr const char* role_rights =
    "SELECT w FROM pg_roles r, unnest(ARRAY[CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN "
    "rolcreaterole THEN 'CREATEROLE' END, "
    "CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolreplication THEN 'REPLICATION' END, "
    "CASE WHEN rolbypassrls THEN 'BYPASSRLS' END]) AS w "
    "WHERE r.rolname = current_user AND w IS NOT NULL ORDER BY 1";
constexpr const char* schema_rights = "SELECT 'CREATE ' || nspname FROM pg_namespace WHERE nspname "
                                      "NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' "
                                      "AND has_schema_privilege(oid, 'CREATE') ORDER BY 1";

// ---- Redis (redis.io/docs/latest/develop/reference/protocol-spec)

std::string command(std::initializer_list<std::string_view> words) {
    std::string out = "*" + std::to_string(words.size()) + "\r\n";
    for (const std::string_view word : words)
        (out += "$" + std::to_string(word.size()) + "\r\n").append(word) += "\r\n";
    return out;
}

// A reply, flattened: simple and bulk strings in order; an error is one text that begins with '-'.
class Replies {
  public:
    explicit Replies(net::Stream& stream) : stream_(stream) {}

    Result<std::vector<std::string>> next() {
        std::vector<std::string> out;
        STANCH_CHECK(value(out, 0));
        return out;
    }

  private:
    Result<std::string> line() {
        for (;;) {
            if (const auto end = buffer_.find("\r\n"); end != std::string::npos) {
                std::string text = buffer_.substr(0, end);
                buffer_.erase(0, end + 2);
                return text;
            }
            if (buffer_.size() > 1 << 20)
                return fail(ErrorKind::invalid, "this is no answer of Redis");
            STANCH_TRY(const std::string more, stream_.read());
            buffer_ += more;
        }
    }

    Result<void> value(std::vector<std::string>& out, int depth) {
        STANCH_TRY(const std::string head, line());
        if (head.empty() || depth > 8)
            return fail(ErrorKind::invalid, "this is no answer of Redis");
        long count = 0;
        std::from_chars(head.data() + 1, head.data() + head.size(), count);
        if (count > 1 << 20) return fail(ErrorKind::invalid, "this is no answer of Redis");
        switch (head[0]) {
        case '+':
        case ':':
            out.push_back(head.substr(1));
            return {};
        case '-':
            out.push_back(head);
            return {};
        case '$': {
            if (count < 0) {
                out.emplace_back();
                return {};
            }
            const auto size = static_cast<std::size_t>(count) + 2;
            while (buffer_.size() < size) {
                STANCH_TRY(const std::string more, stream_.read());
                buffer_ += more;
            }
            out.push_back(buffer_.substr(0, size - 2));
            buffer_.erase(0, size);
            return {};
        }
        case '*':
            for (long i = 0; i < count; ++i)
                STANCH_CHECK(value(out, depth + 1));
            return {};
        default:
            return fail(ErrorKind::invalid, "this is no answer of Redis");
        }
    }

    net::Stream& stream_;
    std::string buffer_;
};

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = text.find(' ');
        if (end != 0) out.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return out;
}

Granted acl_of(const std::vector<std::string>& user) {
    Granted granted{.state = Granted::State::known, .access = Access::read};
    for (std::size_t i = 0; i + 1 < user.size(); ++i) {
        if (user[i] != "commands" && user[i] != "keys" && user[i] != "channels") continue;
        for (std::string& word : words(user[i + 1])) {
            if (word == "+@all")
                granted.access = Access::admin;
            else if (word.starts_with('+') && word != "+@read" && word != "+@connection" &&
                     granted.access == Access::read) {
                if (!word.starts_with("+acl|") && !word.starts_with("+@fast") && word != "+get" &&
                    word != "+hget")
                    granted.access = Access::write;
            }
            if (word != "-@all") granted.scopes.push_back(std::move(word));
        }
    }
    return granted;
}

} // namespace

std::optional<ConnectionUrl> parse_connection(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return std::nullopt;
    ConnectionUrl out;
    out.scheme = std::string(url.substr(0, url.find_first_of("+:")));
    std::string_view rest = url.substr(scheme + 3);
    std::string_view path;
    if (const auto slash = rest.find_first_of(
            "/?", rest.rfind('@') == std::string_view::npos ? 0 : rest.rfind('@'));
        slash != std::string_view::npos) {
        path = rest.substr(slash);
        rest = rest.substr(0, slash);
    }
    if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
        const std::string_view account = rest.substr(0, at);
        rest = rest.substr(at + 1);
        const auto colon = account.find(':');
        out.user = text::percent_decode(account.substr(0, colon))
                       .value_or(std::string(account.substr(0, colon)));
        if (colon != std::string_view::npos) {
            std::string password = text::percent_decode(account.substr(colon + 1))
                                       .value_or(std::string(account.substr(colon + 1)));
            out.password = Secret(password);
            wipe(password);
        }
    }
    if (path.starts_with('/')) path.remove_prefix(1);
    out.path = std::string(path.substr(0, path.find('?')));
    const auto colon = rest.rfind(':');
    const bool bracket = rest.starts_with('[');
    if (colon != std::string_view::npos && (!bracket || rest[colon - 1] == ']')) {
        out.port = std::string(rest.substr(colon + 1));
        rest = rest.substr(0, colon);
    }
    if (bracket && rest.ends_with(']')) rest = rest.substr(1, rest.size() - 2);
    out.host = std::string(rest);
    return out;
}

Result<Granted> postgres_granted(const Secret& url) {
    const auto place = parse_connection(url.reveal());
    if (!place || place->host.empty())
        return unknown("the value is no postgres:// address; a password alone does not say where");
    STANCH_TRY(const Libpq pq, libpq());
    const std::string password(place->password.reveal());
    const char* const keys[] = {
        "host", "port", "user", "password", "dbname", "connect_timeout", "application_name",
        nullptr};
    const char* const values[] = {place->host.c_str(),
                                  place->port.empty() ? "5432" : place->port.c_str(),
                                  place->user.c_str(),
                                  password.c_str(),
                                  place->path.empty() ? place->user.c_str() : place->path.c_str(),
                                  "10",
                                  "stanch",
                                  nullptr};
    const std::unique_ptr<PGconn, void (*)(PGconn*)> connection(pq.connect(keys, values, 0),
                                                                pq.finish);
    if (pq.status(connection.get()) != 0) {
        const std::string_view message = pq.message(connection.get());
        if (message.find("authentication failed") != std::string_view::npos ||
            message.find("not permitted to log in") != std::string_view::npos)
            return dead("the server does not take the password");
        return fail(ErrorKind::unavailable, "cannot connect to the PostgreSQL server", place->host);
    }
    Granted granted{.state = Granted::State::known, .access = Access::read};
    const auto rights = column(pq, connection.get(), role_rights);
    const auto schemas = column(pq, connection.get(), schema_rights);
    const auto tables = column(pq, connection.get(), table_privileges);
    if (!rights || !schemas || !tables)
        return unknown("the server does not let this role read its own privileges");
    if (!tables->empty() && std::ranges::any_of(*tables, [](const std::string& text) {
            return !text.starts_with("SELECT");
        }))
        granted.access = Access::write;
    if (!rights->empty()) granted.access = Access::admin;
    for (const auto* list : {&*rights, &*schemas, &*tables})
        granted.scopes.insert(granted.scopes.end(), list->begin(), list->end());
    return granted;
}

Result<Granted> redis_granted(const Secret& url) {
    const auto place = parse_connection(url.reveal());
    if (!place || place->host.empty())
        return unknown("the value is no redis:// address; a password alone does not say where");
    if (place->scheme == "rediss") return unknown("Redis behind TLS can't be asked yet");
    STANCH_TRY(
        net::Stream stream,
        net::Stream::connect(place->host, place->port.empty() ? "6379" : place->port, patience));
    Replies replies(stream);
    std::string hello = place->user.empty()
                            ? command({"AUTH", place->password.reveal()})
                            : command({"AUTH", place->user, place->password.reveal()});
    const auto sent = stream.write(hello);
    wipe(hello);
    STANCH_CHECK(sent);
    STANCH_TRY(const auto greeting, replies.next());
    if (greeting.empty() || greeting[0].starts_with("-WRONGPASS"))
        return dead("the server does not take the password");
    const std::string user = place->user.empty() ? "default" : place->user;
    STANCH_CHECK(stream.write(command({"ACL", "GETUSER", user})));
    STANCH_TRY(const auto acl, replies.next());
    if (!acl.empty() && acl[0].starts_with("-NOPERM"))
        return unknown(
            "the user may not read its own ACL (+acl|getuser); an administrator can: ACL GETUSER " +
            user);
    if (acl.empty() || acl[0].starts_with('-'))
        return unknown("the server has no ACLs (Redis before version 6)");
    return acl_of(acl);
}

} // namespace stanch::privilege
