#include "privilege/policy.h"

#include "privilege/redis_table.h"
#include "text/encoding.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace stanch::privilege {
namespace {

constexpr std::array<std::string_view, 6> providers{"aws",    "github",   "slack",
                                                    "stripe", "postgres", "redis"};

std::string quoted(std::string_view text) {
    return "\"" + text::json_escape(text) + "\"";
}

template <class Words>
std::string json_list(const Words& words, std::string_view indent) {
    std::string out = "[";
    for (const std::string& word : words)
        out += (out.size() > 1 ? "," : "") + ("\n" + std::string(indent) + "  ") + quoted(word);
    return out + (out.size() > 1 ? "\n" + std::string(indent) : "") + "]";
}

// Actions on the objects of a bucket, and those on the bucket.
bool of_objects(std::string_view action) {
    return action.starts_with("s3:") &&
           (action.find("Object") != std::string_view::npos ||
            action.find("MultipartUpload") != std::string_view::npos) &&
           action.find("Bucket") == std::string_view::npos;
}

std::set<std::string> resources_for(const std::string& action,
                                    const std::vector<std::string>& named) {
    std::set<std::string> out;
    for (const std::string& arn : named) {
        if (action.starts_with("s3:") && arn.starts_with("arn:aws:s3:::") &&
            of_objects(action) != (arn.find('/') != std::string::npos))
            continue;
        const std::string service = action.substr(0, action.find(':'));
        if (arn.find(":" + service + ":") == std::string::npos) continue;
        out.insert(arn);
    }
    return out;
}

std::string aws_policy(std::span<const Need> needs) {
    std::map<std::string, std::set<std::string>>
        by_action; // "*" where any call's resource is not known
    for (const Need& need : needs) {
        if (need.provider != "aws") continue;
        for (const std::string& action : need.permissions) {
            const auto named = resources_for(action, need.resources);
            if (named.empty())
                by_action[action].insert("*");
            else
                by_action[action].insert(named.begin(), named.end());
        }
    }
    std::map<std::set<std::string>, std::set<std::string>> statements;
    for (auto& [action, resources] : by_action) {
        if (resources.contains("*")) resources = {"*"};
        statements[resources].insert(action);
    }
    std::string out = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [";
    bool first = true;
    for (const auto& [resources, actions] : statements) {
        out += first ? "\n" : ",\n";
        first = false;
        out += "    {\n      \"Effect\": \"Allow\",\n      \"Action\": " +
               json_list(actions, "      ") +
               ",\n      \"Resource\": " + json_list(resources, "      ") + "\n    }";
    }
    return out + (first ? "]\n}\n" : "\n  ]\n}\n");
}

std::string github_policy(const std::vector<std::string>& permissions) {
    std::map<std::string, std::string> widest;
    for (const std::string& each : permissions) {
        const auto colon = each.find(':');
        std::string& held = widest[each.substr(0, colon)];
        if (held != "write") held = each.substr(colon + 1);
    }
    // Every other permission brings this one.
    if (!widest.empty()) widest.try_emplace("metadata", "read");
    std::string out = "{\n  \"permissions\": {";
    bool first = true;
    for (const auto& [name, access] : widest) {
        out += std::string(first ? "" : ",") + "\n    " + quoted(name) + ": " + quoted(access);
        first = false;
    }
    return out + (first ? "}\n}\n" : "\n  }\n}\n");
}

std::string identifier(std::string_view name) {
    const bool plain = !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9');
    });
    if (plain && !(name[0] >= '0' && name[0] <= '9')) return std::string(name);
    std::string out = "\"";
    for (const char c : name)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string table_name(std::string_view table) {
    const auto dot = table.find('.');
    if (dot == std::string_view::npos) return identifier(table);
    return identifier(table.substr(0, dot)) + "." + identifier(table.substr(dot + 1));
}

std::string postgres_policy(std::span<const Need> needs, std::string_view role) {
    std::map<std::string, std::set<std::string>> by_table;
    bool creates = false;
    bool unknown = false;
    for (const Need& need : needs) {
        if (need.provider != "postgres") continue;
        if (need.operation == "CREATE")
            creates = true;
        else if (need.resources.empty())
            unknown = true;
        else if (need.operation != "EXECUTE")
            by_table[need.resources[0]].insert(need.operation);
    }
    std::string out;
    std::set<std::string> schemas;
    for (const auto& [table, privileges] : by_table)
        schemas.insert(table.find('.') == std::string::npos ? "public"
                                                            : table.substr(0, table.find('.')));
    for (const std::string& schema : schemas)
        out += "GRANT USAGE ON SCHEMA " + identifier(schema) + " TO " + identifier(role) + ";\n";
    for (const auto& [table, privileges] : by_table) {
        std::string list;
        for (const std::string& privilege : privileges)
            list += (list.empty() ? "" : ", ") + privilege;
        out += "GRANT " + list + " ON " + table_name(table) + " TO " + identifier(role) + ";\n";
    }
    for (const auto& [table, privileges] : by_table)
        if (privileges.contains("INSERT"))
            out +=
                "-- where " + table + " numbers its rows: GRANT USAGE ON SEQUENCE of that column\n";
    if (creates)
        out += "-- the code also creates or changes tables: give that to a role of its own, which "
               "migrations use\n";
    if (unknown)
        out += "-- the code also runs statements whose tables are not literal: see 'stanch keys "
               "needs'\n";
    return out;
}

std::string redis_policy(std::span<const Need> needs, std::string_view user) {
    std::set<std::string> commands;
    std::set<std::string> keys;
    bool any_key = false;
    for (const Need& need : needs) {
        if (need.provider != "redis") continue;
        commands.insert(need.permissions.begin(), need.permissions.end());
        if (need.service == "connection" || need.service == "pubsub") continue;
        if (need.resources.empty()) any_key = true;
        keys.insert(need.resources.begin(), need.resources.end());
    }
    std::string out = "ACL SETUSER " + std::string(user) + " on resetkeys resetchannels -@all";
    for (const std::string& command : commands)
        out += " " + command;
    // What clients say when they connect (CLIENT SETINFO is newer, and they go on without it).
    for (const std::string_view command : {"+client|setname", "+hello", "+ping", "+select"})
        if (!commands.contains(std::string(command))) out += " " + std::string(command);
    if (any_key) keys = {"*"};
    for (const std::string& key : keys)
        out += " ~" + key;
    if (commands.contains("+publish") || commands.contains("+subscribe") ||
        commands.contains("+psubscribe"))
        out += " &*";
    return out + "\n";
}

} // namespace

std::span<const std::string_view> policy_providers() {
    return providers;
}

std::vector<std::string> needed_permissions(std::string_view provider,
                                            std::span<const Need> needs) {
    std::set<std::string> out;
    for (const Need& need : needs) {
        if (need.provider != provider) continue;
        for (const std::string& permission : need.permissions)
            out.insert(provider == "postgres"
                           ? permission + " " + (need.resources.empty() ? "?" : need.resources[0])
                           : permission);
    }
    return {out.begin(), out.end()};
}

Access needed_access(std::string_view provider, std::span<const Need> needs) {
    Access widest = Access::unknown;
    for (const Need& need : needs)
        if (need.provider == provider) widest = std::max(widest, need.access);
    return widest;
}

Result<std::string> policy_for(std::string_view provider, std::span<const Need> needs,
                               std::string_view subject) {
    if (provider == "aws") return aws_policy(needs);
    const auto permissions = needed_permissions(provider, needs);
    if (provider == "github") return github_policy(permissions);
    if (provider == "slack") return "{\n  \"scopes\": " + json_list(permissions, "  ") + "\n}\n";
    if (provider == "stripe")
        return "{\n  \"permissions\": " + json_list(permissions, "  ") + "\n}\n";
    if (provider == "postgres") return postgres_policy(needs, subject);
    if (provider == "redis") return redis_policy(needs, subject);
    return fail(ErrorKind::usage,
                "there are no policies for provider '" + std::string(provider) + "'", {},
                "there are for aws, github, slack, stripe, postgres and redis");
}

bool action_matches(std::string_view pattern, std::string_view action) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    std::size_t p = 0;
    std::size_t a = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (a < action.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = a;
        } else if (p < pattern.size() &&
                   (pattern[p] == '?' || lower(pattern[p]) == lower(action[a]))) {
            ++p;
            ++a;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            a = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

} // namespace stanch::privilege
