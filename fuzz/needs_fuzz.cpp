// rooms: privilege syntax
// Any bytes may be a project's source: two files that import each other, and SQL.
#include "privilege/needs.h"
#include "privilege/sql.h"

#include <cstdint>

using namespace stanch::privilege;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string first =
        "import boto3, b\nfrom b import *\n" + std::string(text.substr(0, size / 2));
    const std::string second = "import a, redis, sqlalchemy\n" + std::string(text.substr(size / 2));
    const std::vector<Source> sources{{"a.py", first}, {"b.py", second}};
    find_needs(sources);
    sql_uses(text);
    return 0;
}
