#include "core/config.h"
#include "core/manifest.h"

#include <doctest/doctest.h>

using stanch::Config;

TEST_CASE("known keys are those that were asked for") {
    auto config = Config::parse("[scan]\nthread = 2\n", "stanch.toml");
    REQUIRE(config);
    auto root = config->root();
    auto scan = root.table("scan");
    CHECK_FALSE(scan.integer("threads"));
    const auto done = scan.finish();
    REQUIRE_FALSE(done);
    CHECK(done.error().what == "unknown key 'thread' in [scan]");
    CHECK(done.error().where == "stanch.toml:2:1");
    CHECK(done.error().hint == "did you mean 'threads'?");
    CHECK(root.finish());
}

TEST_CASE("types are checked, a string is a list of one") {
    auto config = Config::parse("a = 1\nb = \"x\"\nc = [1]\n", "f");
    auto root = config->root();
    CHECK(root.strings("b") == std::vector<std::string>{"x"});
    CHECK(root.number("a") == 1.0);
    CHECK(root.strings("c").empty());
    REQUIRE_FALSE(root.finish());
    CHECK(root.finish().error().what == "'c' in the file must be a list of strings");
}

TEST_CASE("a table without a name is an error, not an assertion") {
    for (const char* text : {"[[#\n", "[ #", "[\x01]", "[["})
        CHECK_FALSE(Config::parse(text, "f"));
}

TEST_CASE("a letter where nothing can stand is an error, not undefined behaviour") {
    for (const char* text : {"\xc3\xa4", "a = 1 \xe3\x80\x81", "\xef\xba\xbf", "[a]\xef\xba\xbf"})
        CHECK_FALSE(Config::parse(text, "f"));
}

TEST_CASE("broken TOML has line and column") {
    const auto config = Config::parse("a = \n", "f");
    REQUIRE_FALSE(config);
    CHECK(config.error().where.starts_with("f:1:"));
}

TEST_CASE("a credential is declared once, without a value") {
    auto config =
        Config::parse("[tool.stanch.credential.KEY]\nprovider = 'stripe'\nservice = 'billing'\n"
                      "access = 'read'\nrotate = '90d'\n",
                      "pyproject.toml");
    auto root = config->root({"tool", "stanch"});
    const auto manifest = stanch::read_manifest(root);
    REQUIRE(manifest);
    const auto* key = manifest->find("KEY");
    REQUIRE(key != nullptr);
    CHECK(key->access == stanch::Access::read);
    CHECK(key->rotate == std::chrono::days{90});
    CHECK(key->services == std::vector<std::string>{"billing"});
    CHECK(root.finish());
}

TEST_CASE("a sensitive default is refused") {
    auto config = Config::parse("[credential.KEY]\ndefault = 'x'\n", "stanch.toml");
    auto root = config->root();
    const auto manifest = stanch::read_manifest(root);
    REQUIRE_FALSE(manifest);
    CHECK(manifest.error().where == "stanch.toml:2:11");
}
