// Databases: SQL statements and SQLAlchemy's objects as table privileges, redis-py's methods as
// commands.
#include "privilege/collect.h"
#include "privilege/redis_table.h"
#include "privilege/sql.h"

#include <algorithm>
#include <array>

namespace stanch::privilege {
namespace {

std::string_view last_part(std::string_view name) {
    return name.substr(name.rfind('.') + 1);
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, word) != words.end();
}

bool database(std::string_view name) {
    static constexpr std::array<std::string_view, 9> roots{
        "psycopg.",   "psycopg2.",         "asyncpg.",  "sqlalchemy.",  "aiopg.",
        "databases.", "flask_sqlalchemy.", "sqlmodel.", "psycopg_pool."};
    return std::ranges::any_of(roots,
                               [&](std::string_view root) { return name.starts_with(root); });
}

bool imports_database(const Module& module) {
    static constexpr std::array<std::string_view, 7> words{
        "psycopg", "sqlalchemy", "asyncpg", "aiopg", "databases", "sqlmodel", "flask_sqlalchemy"};
    const std::string_view text = module.tree->text();
    return std::ranges::any_of(
        words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool statement(std::string_view text) {
    const auto start = text.find_first_not_of(" \n\t\r(");
    if (start == std::string_view::npos) return false;
    std::string word;
    for (const char c : text.substr(start, 9)) {
        if (c == ' ' || c == '\n' || c == '\t') break;
        word += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return one_of(word, {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "TRUNCATE", "CREATE",
                         "ALTER", "DROP", "COPY", "MERGE"});
}

} // namespace

// The table of a mapped class, of a Table object, or of a statement built from one.
std::string Collector::table_of(Module& module, Node node) {
    for (const Value& value : resolver_.evaluate(module, node)) {
        if (value.what == Value::What::class_ || value.what == Value::What::instance)
            for (const Value& name : resolver_.attribute(value, "__tablename__"))
                if (name.what == Value::What::text &&
                    name.name.find(hole) == std::string_view::npos)
                    return std::string(name.name);
        if (value.what == Value::What::external &&
            value.name.find("sqlalchemy.Table()") != std::string_view::npos &&
            node.kind() == Kind::identifier) {
            // users = Table("users", metadata, …)
            const auto& names = module.scope->names;
            const auto found = names.find(node.text());
            if (found == names.end()) continue;
            for (const Binding& binding : found->second)
                if (binding.how == Binding::How::value && binding.node.kind() == Kind::call)
                    return std::string(resolver_.text_of(
                        module, syntax::argument(binding.node.child(Field::arguments), "name", 0)));
        }
    }
    return {};
}

void Collector::sql_call(Module& module, Node call, const Values& functions) {
    const Node function = call.child(Field::function);
    const bool method = function.kind() == Kind::attribute;
    const std::string_view name =
        method ? function.child(Field::attribute).text() : function.text();
    const Node arguments = call.child(Field::arguments);
    const auto report = [&](const TableUse& use, std::string_view evidence_table) {
        Need made = need(module, call, "postgres");
        made.service = use.table.empty() ? std::string(evidence_table) : use.table;
        made.operation = use.privilege;
        made.access = use.privilege == "SELECT"    ? Access::read
                      : use.privilege == "CREATE"  ? Access::admin
                      : use.privilege == "EXECUTE" ? Access::read
                                                   : Access::write;
        made.permissions = {use.privilege};
        if (!use.table.empty()) made.resources = {use.table};
        emit(std::move(made));
    };
    const bool of_database = std::ranges::any_of(functions, [](const Value& value) {
        return value.what == Value::What::external && database(value.name);
    });
    const bool unknown = std::ranges::all_of(functions, [](const Value& value) {
        return value.what == Value::What::external &&
               value.name.find('(') == std::string_view::npos;
    });
    if (one_of(name,
               {"execute", "executemany", "fetch", "fetchrow", "fetchval", "fetch_all", "fetch_one",
                "scalar", "scalars", "copy_expert", "execute_values", "execute_batch", "read_sql",
                "read_sql_query", "mogrify", "exec", "stream", "text"})) {
        const bool batch = name.starts_with("execute_") || name == "copy_expert";
        if (!of_database && !(unknown && method && imports_database(module)) &&
            !name.starts_with("read_sql"))
            return;
        const Node first =
            syntax::argument(arguments, name.starts_with("read_sql") ? "sql" : "query",
                             batch && name != "copy_expert" ? 1 : 0);
        Values texts = resolver_.evaluate(module, first);
        for (const Value& text : texts)
            if (text.what == Value::What::text && statement(text.name))
                for (const TableUse& use : sql_uses(text.name))
                    report(use, "?");
        return;
    }
    if (!of_database) return;
    // SQLAlchemy: select(User), insert(users), session.query(User), session.add(User(…)),
    // users.insert()
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 16> verbs{
        {{"select", "SELECT"},
         {"query", "SELECT"},
         {"get", "SELECT"},
         {"get_one", "SELECT"},
         {"refresh", "SELECT"},
         {"insert", "INSERT"},
         {"add", "INSERT"},
         {"add_all", "INSERT"},
         {"bulk_save_objects", "INSERT"},
         {"bulk_insert_mappings", "INSERT"},
         {"update", "UPDATE"},
         {"bulk_update_mappings", "UPDATE"},
         {"merge", "UPDATE"},
         {"delete", "DELETE"},
         {"create_all", "CREATE"},
         {"drop_all", "CREATE"}}};
    for (const auto& [verb, privilege] : verbs) {
        if (name != verb) continue;
        if (privilege == "CREATE") return report({std::string(privilege), ""}, "public");
        bool any = false;
        for (const Node argument : arguments.children()) {
            const Node object =
                argument.kind() == Kind::attribute ? argument.child(Field::object) : argument;
            const std::string table = table_of(module, object);
            any = any || !table.empty();
            if (!table.empty()) report({std::string(privilege), table}, "");
            if (verb != "select" && verb != "query") break;
        }
        if (!any && method)
            if (const std::string table = table_of(module, function.child(Field::object));
                !table.empty())
                report({std::string(privilege), table}, "");
    }
}

bool Collector::redis_call(Module& module, Node call, std::string_view name) {
    static constexpr std::array<std::string_view, 4> roots{"redis.", "aioredis.", "django_redis.",
                                                           "flask_redis."};
    if (std::ranges::none_of(roots, [&](std::string_view root) { return name.starts_with(root); }))
        return false;
    const std::string_view method = last_part(name);
    const std::string_view before =
        name.substr(0, name.size() - std::min(name.size(), method.size() + 1));
    static constexpr std::array<std::string_view, 11> clients{"Redis()",
                                                              "StrictRedis()",
                                                              "from_url()",
                                                              "RedisCluster()",
                                                              "pipeline()",
                                                              "create_redis()",
                                                              "create_redis_pool()",
                                                              "get_redis_connection()",
                                                              "FlaskRedis()",
                                                              "master_for()",
                                                              "pubsub()"};
    if (std::ranges::none_of(clients,
                             [&](std::string_view client) { return before.ends_with(client); }))
        return true;
    auto command = redis_py_method(method);
    if (method == "execute_command") {
        std::string text(
            resolver_.text_of(module, syntax::argument(call.child(Field::arguments), "", 0)));
        text = text.substr(0, text.find(' '));
        std::ranges::transform(text, text.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        });
        command = redis_command(text);
    }
    if (!command) return true;
    Need made = need(module, call, "redis");
    static constexpr std::array<std::string_view, 12> areas{
        "string", "hash",     "list",   "set", "sortedset",   "stream",
        "pubsub", "keyspace", "bitmap", "geo", "hyperloglog", "scripting"};
    made.service = "connection";
    for (const std::string_view category : command->categories)
        if (std::ranges::find(areas, category) != areas.end()) made.service = std::string(category);
    for (const char c : command->name)
        made.operation += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    const bool admin = std::ranges::find(command->categories, "admin") != command->categories.end();
    made.access = admin ? Access::admin : command->reads ? Access::read : Access::write;
    made.permissions = {"+" + std::string(command->name)};
    std::string key(
        resolver_.text_of(module, syntax::argument(call.child(Field::arguments), "name", 0)));
    std::ranges::replace(key, hole, '*');
    if (!key.empty() && key != "*" && made.service != "connection" && made.service != "pubsub" &&
        method != "execute_command")
        made.resources = {key};
    emit(std::move(made));
    return true;
}

void Collector::external_call(Module& module, Node call) {
    const Values functions = resolver_.evaluate(module, call.child(Field::function));
    for (const Value& value : functions) {
        if (value.what != Value::What::external) continue;
        if (github_call(module, call, value.name) || slack_call(module, call, value.name) ||
            stripe_call(module, call, value.name) || redis_call(module, call, value.name) ||
            http_call(module, call, value.name))
            break;
    }
    sql_call(module, call, functions);
}

} // namespace stanch::privilege
