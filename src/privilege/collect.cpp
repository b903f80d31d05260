#include "privilege/collect.h"

#include <algorithm>
#include <array>
#include <utility>

namespace stanch::privilege {

std::string evidence_of(Node node) {
    constexpr std::size_t longest = 160;
    std::string out;
    const bool call = node.kind() == Kind::call;
    const Node outer = node.parent();
    const Node whole =
        !call && outer.kind() == Kind::call && node.field() == Field::function ? outer : node;
    const Node function = whole.kind() == Kind::call ? whole.child(Field::function) : whole;
    for (const char c : function.text()) {
        if (c == '\n' || c == ' ' || c == '\t' || c == '\r') continue;
        if (c == '"' || c == '\'') break; // a literal in the chain may be a secret
        out += c;
        if (out.size() > longest) break;
    }
    if (function.text().find_first_of("\"'") != std::string_view::npos) {
        out += "…";
        if (function.kind() == Kind::attribute)
            (out += ").") += function.child(Field::attribute).text();
    }
    if (whole.kind() != Kind::call) return out;
    out += '(';
    bool first = true;
    for (const Node argument : whole.child(Field::arguments).children()) {
        if (argument.kind() == Kind::comment) continue;
        if (out.size() > longest) break;
        out += first ? "" : ", ";
        first = false;
        if (argument.kind() == Kind::keyword_argument)
            (out += argument.child(Field::name).text()) += '=';
        else if (argument.kind() == Kind::identifier)
            out += argument.text();
        else
            out += "…";
    }
    return out + ")";
}

Need Collector::need(Module& module, Node at, std::string_view provider) const {
    Need made;
    made.path = module.path;
    Node place = at.kind() == Kind::call ? at.child(Field::function) : at;
    if (place.kind() == Kind::attribute) place = place.child(Field::attribute);
    made.line = module.tree->line(place.begin());
    made.provider = std::string(provider);
    made.evidence = evidence_of(at);
    return made;
}

void Collector::emit(Need made) {
    std::string key = made.path + ":" + std::to_string(made.line) + ":" + made.provider + ":" +
                      made.service + ":" + made.operation + ":";
    for (const std::string& resource : made.resources)
        key += resource + ",";
    if (seen_.insert(std::move(key)).second) out_.push_back(std::move(made));
}

void Collector::use(const AwsService* service) {
    if (!used_.insert(service).second) return;
    for (const auto& [method, operation] : service->methods)
        aws_names_.insert(method);
    for (const std::string_view added : {"upload_file", "upload_fileobj", "download_file",
                                         "download_fileobj", "copy", "generate_presigned_post"})
        aws_names_.insert(added);
    if (resources_) use_resources(*service);
}

bool Collector::names_resources(std::string_view text) {
    return text.find("resource(") != std::string_view::npos ||
           text.find("ServiceResource") != std::string_view::npos;
}

void Collector::use_resources() {
    if (std::exchange(resources_, true)) return;
    for (const std::string_view added : {"load", "reload"})
        aws_names_.insert(added);
    for (const AwsService* service : used_)
        use_resources(*service);
}

// What resources do, where the file that makes them is another one.
void Collector::use_resources(const AwsService& service) {
    for (const auto& [type, resource] : service.resources) {
        for (const auto& [name, action] : resource.actions)
            aws_names_.insert(name);
        for (const auto& [name, collection] : resource.collections)
            aws_names_.insert(name);
        for (const auto& [name, operation] : resource.batch)
            aws_names_.insert(name);
    }
}

void Collector::use_library(std::string_view name) {
    static constexpr std::array<std::string_view, 7> http{"get",    "post", "put",    "patch",
                                                          "delete", "head", "request"};
    static constexpr std::array<std::string_view, 31> sql{
        "execute",   "executemany",    "fetch",   "fetchrow",    "fetchval",       "fetch_all",
        "fetch_one", "scalar",         "scalars", "copy_expert", "execute_values", "execute_batch",
        "read_sql",  "read_sql_query", "mogrify", "exec",        "stream",         "text",
        "select",    "query",          "get",     "get_one",     "refresh",        "insert",
        "add",       "add_all",        "update",  "merge",       "delete",         "create_all",
        "drop_all"};
    if (name == "requests" || name == "httpx" || name == "aiohttp" || name.starts_with("urllib")) {
        methods_.insert(http.begin(), http.end());
        for (const std::string_view more : {"stream", "Request", "urlopen"})
            methods_.insert(more);
    } else if (name.find("sql") != std::string_view::npos || name.starts_with("psycopg") ||
               name == "asyncpg" || name == "aiopg" || name == "databases") {
        methods_.insert(sql.begin(), sql.end());
        for (const std::string_view more :
             {"bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"})
            methods_.insert(more);
    } else if (name.find("boto") == std::string_view::npos && name != "aws_lambda_powertools") {
        any_method_ = true;
    }
}

bool Collector::may_matter(std::string_view method) const {
    return any_method_ || methods_.contains(method);
}

void Collector::collect(Module& module, bool aws) {
    if (aws) {
        // Where resources are made, any attribute of one may fetch something.
        const bool any = names_resources(module.tree->text());
        for (const Node node : module.attributes)
            if (any || aws_names_.contains(node.child(Field::attribute).text()))
                aws_attribute(module, node);
        for (const Node call : module.calls)
            aws_call(module, call);
    }
    for (const Node call : module.calls) {
        const Node function = call.child(Field::function);
        if (may_matter(function.kind() == Kind::attribute ? function.child(Field::attribute).text()
                                                          : function.text()))
            external_call(module, call);
    }
}

} // namespace stanch::privilege
