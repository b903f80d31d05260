#include "privilege/redis_table.h"

#include "privilege/tables.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace stanch::privilege {
namespace {

const std::unordered_map<std::string_view, RedisCommand>& commands() {
    static const auto table = [] {
        std::unordered_map<std::string_view, RedisCommand> built;
        std::string_view text = redis_text();
        while (!text.empty()) {
            std::string_view line = text.substr(0, text.find('\n'));
            text.remove_prefix(std::min(text.size(), line.size() + 1));
            if (line.empty() || line[0] == '#') continue;
            RedisCommand command;
            for (bool first = true; !line.empty(); first = false) {
                const std::string_view word = line.substr(0, line.find(' '));
                if (first)
                    command.name = word;
                else
                    command.categories.push_back(word);
                line.remove_prefix(std::min(line.size(), word.size() + 1));
            }
            const auto has = [&](std::string_view name) {
                return std::ranges::find(command.categories, name) != command.categories.end();
            };
            command.reads = !has("write") && !has("admin") && !has("scripting");
            built[command.name] = command;
        }
        return built;
    }();
    return table;
}

// Where redis-py's method is not the command's own name (redis.readthedocs.io, commands/core.py).
constexpr std::pair<std::string_view, std::string_view> renamed[]{
    {"delete", "del"},
    {"scan_iter", "scan"},
    {"hscan_iter", "hscan"},
    {"sscan_iter", "sscan"},
    {"zscan_iter", "zscan"},
    {"flush_all", "flushall"},
    {"lock", "set"},
    {"register_script", "evalsha"},
    {"script_load", "script"},
    {"config_get", "config"},
    {"config_set", "config"},
    {"client_list", "client"},
    {"client_kill", "client"},
    {"memory_usage", "memory"},
    {"slowlog_get", "slowlog"},
    {"xgroup_create", "xgroup"},
    {"xgroup_destroy", "xgroup"},
    {"xinfo_stream", "xinfo"},
    {"xinfo_groups", "xinfo"},
    {"pubsub_channels", "pubsub"},
    {"execute_command", ""},
    {"acl_whoami", "acl"},
};

} // namespace

std::optional<RedisCommand> redis_command(std::string_view name) {
    const auto found = commands().find(name);
    return found == commands().end() ? std::nullopt : std::optional(found->second);
}

std::optional<RedisCommand> redis_py_method(std::string_view method) {
    const auto* const other =
        std::ranges::find(renamed, method, [](const auto& each) { return each.first; });
    return redis_command(other == std::end(renamed) ? method : other->second);
}

} // namespace stanch::privilege
