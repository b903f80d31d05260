// Redis' commands and their ACL categories (tools/redis_table.sh), and redis-py's names for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::privilege {

struct RedisCommand {
    std::string_view name; // "hget"
    std::vector<std::string_view> categories;
    bool reads = false; // in @read and not in @write
};

std::optional<RedisCommand> redis_command(std::string_view name);
// "delete" → "del"; nullopt where redis-py's method is no command.
std::optional<RedisCommand> redis_py_method(std::string_view method);

} // namespace stanch::privilege
