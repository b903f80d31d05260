#include "privilege/sql.h"

#include <doctest/doctest.h>

using namespace stanch::privilege;

namespace {

std::string uses(std::string_view sql) {
    std::string out;
    for (const TableUse& use : sql_uses(sql))
        out += use.privilege + " " + use.table + ";";
    return out;
}

} // namespace

TEST_CASE("which tables a statement touches, and how") {
    CHECK(uses("SELECT * FROM a, b AS x LEFT JOIN public.c ON a.id = c.id WHERE a.x IN (SELECT id "
               "FROM d)") == "SELECT a;SELECT b;SELECT public.c;SELECT d;");
    CHECK(uses("insert into t(a) values (1) on conflict (a) do update set a = 2") ==
          "INSERT t;UPDATE t;");
    CHECK(uses("INSERT INTO t SELECT * FROM s") == "INSERT t;SELECT s;");
    CHECK(uses("UPDATE t SET a = b.x FROM b WHERE 1=1") == "UPDATE t;SELECT b;");
    CHECK(uses("DELETE FROM only t USING x") == "DELETE t;");
    CHECK(uses("WITH r AS (SELECT 1 FROM base) SELECT * FROM r") == "SELECT base;");
    CHECK(uses("SELECT extract(year FROM created) FROM t FOR UPDATE") == "SELECT t;");
    CHECK(uses("SELECT 'x FROM y' -- FROM z\n FROM \"Mixed\"") == "SELECT Mixed;");
    CHECK(uses("CREATE TABLE IF NOT EXISTS t (a int)") == "CREATE t;");
    CHECK(uses("TRUNCATE TABLE t; SELECT 1 FROM u") == "TRUNCATE t;SELECT u;");
    CHECK(uses("SELECT * FROM generate_series(1, 3)") == "EXECUTE generate_series;");
    CHECK(uses("SELECT * FROM \x01 WHERE x") == "SELECT ;");
    CHECK(uses("BEGIN; SET x = 1; COMMIT").empty());
    CHECK(uses("hello from here").empty());
}
