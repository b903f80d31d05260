#include "cli/known_files.h"

#include "os/file.h"
#include "support/made.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>

namespace made = stanch::made;

TEST_CASE("values of .env files that matter, a URL's password by itself too") {
    std::string top = (std::filesystem::temp_directory_path() / "stanch-known-XXXXXX").string();
    REQUIRE(mkdtemp(top.data()) != nullptr);
    const std::string key = made::random(made::alnum, 32);
    const std::string password = made::random(made::alnum, 12, 2) + "%40x";
    std::filesystem::create_directories(top + "/services/api");
    REQUIRE(stanch::os::write_file(top + "/.env", "DEBUG=1\nAPI_KEY=" + key + "\n"));
    REQUIRE(stanch::os::write_file(top + "/services/.env.local",
                                   "DB=postgres://u:" + password + "@h/d\n"));
    const auto known =
        stanch::cli::known_from_files(top, {".env", "services/.env.local", "gone/.env"}, {});
    REQUIRE(known);
    REQUIRE(known->size() == 4);
    CHECK((*known)[0].name == "API_KEY");
    CHECK((*known)[0].value.reveal() == key);
    CHECK((*known)[1].origin == "services/.env.local");
    CHECK((*known)[2].value.reveal() == password);
    CHECK((*known)[3].value.reveal() == password.substr(0, 12) + "@x");
    std::filesystem::remove_all(top);
}
