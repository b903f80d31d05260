#include "vault/wire/json.h"

#include <doctest/doctest.h>

using namespace stanch;
using namespace stanch::vault;

TEST_CASE("a document comes out as it went in") {
    for (const char* text :
         {R"({"b":1,"a":[true,false,null,"x\"\\\n"],"n":-12,"f":1.50,"big":18446744073709551615})",
          "[]", "{}", "12", R"("")", R"({"a":{"":{}}})"}) {
        const auto json = Json::parse(text, "it");
        REQUIRE(json);
        CHECK(view(json->dump()) == text);
    }
}

TEST_CASE("names are found with either case of their first letter") {
    const auto json = Json::parse(R"({"Kdf":0,"name":"x","size":"209"})", "it");
    REQUIRE(json);
    CHECK((*json)["kdf"].integer() == 0);
    CHECK((*json)["Name"].text() == "x");
    CHECK((*json)["size"].integer() == 209);
    CHECK((*json)["none"].is_null());
    CHECK((*json)["none"]["deeper"].is_null());
}

TEST_CASE("what is no JSON is refused without repeating it") {
    for (const std::string& text :
         {std::string("{"), std::string("{\"a\":}"), std::string("\xff"), std::string("[1,]"),
          std::string(100, '['), std::string("<html>secret</html>"), std::string()}) {
        const auto json = Json::parse(text, "the answer");
        REQUIRE(!json);
        CHECK(json.error().what.find("secret") == std::string::npos);
    }
}

TEST_CASE("a member is replaced where it stands") {
    auto json = Json::parse(R"({"a":1,"b":2,"c":3})", "it");
    REQUIRE(json);
    json->set("b", Json::string("two"));
    json->set("d", Json::boolean(true));
    json->erase("a");
    CHECK(view(json->dump()) == R"({"b":"two","c":3,"d":true})");
}
