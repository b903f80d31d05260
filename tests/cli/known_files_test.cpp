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
    std::vector<const stanch::scan::KnownValue*> secret;
    for (const auto& value : *known)
        if (value.certain || stanch::cli::is_known_secret(value, {})) secret.push_back(&value);
    REQUIRE(secret.size() == 4);
    CHECK(secret[0]->name == "API_KEY");
    CHECK(secret[0]->value.reveal() == key);
    CHECK(secret[1]->value.reveal() == password);
    CHECK(secret[2]->value.reveal() == password.substr(0, 12) + "@x");
    CHECK(secret[3]->origin == "services/.env.local");
    std::filesystem::remove_all(top);
}
