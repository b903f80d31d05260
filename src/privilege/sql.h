// Which tables an SQL statement touches, and how: enough for the smallest GRANT.
//
// A tokenizer and the shape of the statements, no full grammar: PostgreSQL's dialect, any bytes. A
// part that is not known (hole of resolve.h, %s, :name, ?) is a value or a name that is left out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace stanch::privilege {

struct TableUse {
    std::string
        privilege;     // "SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "CREATE", "EXECUTE"
    std::string table; // as written, folded to lower case unless quoted; empty: not known
    friend bool operator==(const TableUse&, const TableUse&) = default;
};

// Empty for what is no statement (or one that needs no privilege: SET, SHOW, BEGIN). Duplicates are
// left out.
std::vector<TableUse> sql_uses(std::string_view sql);

} // namespace stanch::privilege
