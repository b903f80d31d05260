#include "env/check.h"
#include "env/dockerignore.h"
#include "env/reference.h"
#include "env/sensitive.h"
#include "env/validate.h"
#include "support/made.h"

#include <algorithm>
#include <doctest/doctest.h>

namespace env = stanch::env;
using stanch::Credential;
using stanch::ValueType;

namespace {

bool fits(ValueType type, std::string_view value) {
    Credential credential;
    credential.type = type;
    credential.choices = {"debug", "info"};
    credential.pattern = "[a-z]{3}";
    return env::type_problem(credential, value).value().empty();
}

} // namespace

TEST_CASE("types take what they should and nothing else") {
    using enum ValueType;
    const std::pair<ValueType,
                    std::pair<std::vector<std::string_view>, std::vector<std::string_view>>>
        cases[] = {
            {url,
             {{"https://a.b/c?d=e",
               "postgres://u:"
               "p@h:5432/db",
               "redis://h"},
              {"a.b", "https://", "://x", "http:///x", "http://a b"}}},
            {integer, {{"0", "-5", "42"}, {"", "1.5", "x", "9999999999999999999", " 1"}}},
            {boolean, {{"true", "NO", "1", "off"}, {"", "2", "truth"}}},
            {enumeration, {{"debug"}, {"DEBUG", ""}}},
            {email,
             {{"a@b.c", "first.last+x@sub.example.org"},
              {"a@b", "@b.c", "a b@c.d", "a@b.c.", "a@@b.c"}}},
            {port, {{"1", "65535"}, {"0", "65536", "http", "-1"}}},
            {json,
             {{"{}", "[1,2.5e-3,\"x\\u00e9\",null,true]", " 0 "},
              {"", "{", "{'a':1}", "[1,]", "01", "\"\\x\"", "nul"}}},
            {pattern, {{"abc"}, {"abcd", "ABC"}}},
            {path, {{"/x", "y"}, {""}}},
        };
    for (const auto& [type, values] : cases) {
        for (const std::string_view good : values.first)
            CHECK_MESSAGE(fits(type, good), good);
        for (const std::string_view bad : values.second)
            CHECK_MESSAGE(!fits(type, bad), bad);
    }
}

TEST_CASE("a switch is no secret, a random value is, and names count") {
    CHECK_FALSE(env::is_sensitive("DEBUG", "1"));
    CHECK_FALSE(env::is_sensitive("PORT", "8080"));
    CHECK_FALSE(env::is_sensitive("HOST", "db.internal.example.com"));
    CHECK_FALSE(env::is_sensitive("BASE_URL", "https://api.example.com/v1"));
    CHECK_FALSE(env::is_sensitive("AUTH_ENABLED", "true"));
    CHECK_FALSE(env::is_sensitive("PUBLIC_KEY_FILE", "/etc/keys/public.pem"));
    CHECK_FALSE(env::is_sensitive("TZ", "Europe/Berlin"));
    CHECK(env::is_sensitive("DB_PASSWORD", "hunter2"));
    CHECK(env::is_sensitive("dbPassword", "tiger"));
    CHECK(env::is_sensitive("ANYTHING", stanch::made::random(stanch::made::alnum, 32)));
    CHECK(env::is_sensitive("DATABASE_URL", "postgres://app:"
                                            "s3cretpw@db/app"));
}

TEST_CASE("what the code reads") {
    std::vector<env::CodeName> names;
    env::collect_code_names(
        "import os\nfrom os import environ as e, getenv\n"
        "os.environ['A']; os.environ.get('B'); os.getenv('C', 'x'); e['D']; getenv('E')\n"
        "os.environ['W'] = '1'; del os.environ['V']; 'F' in os.environ; # os.environ['N']\n"
        "x = \"os.environ['M']\"; other.environ['L']\n",
        "a.py", names);
    std::string list;
    for (const env::CodeName& name : names)
        list += name.name;
    std::ranges::sort(list);
    CHECK(list == "ABCDEF");
}

TEST_CASE("an example has every name and no value") {
    stanch::Manifest manifest;
    Credential credential;
    credential.name = "PORT";
    credential.type = ValueType::port;
    credential.description = "Where it\nlistens";
    credential.default_value = "8080";
    manifest.credentials.push_back(std::move(credential));
    const std::vector<std::string> extra{"PORT", "OTHER"};
    const std::string text = env::example_of(manifest, extra);
    CHECK(text.find("# Where it listens\n# port, required, has a default, secret\nPORT=\n") !=
          std::string::npos);
    CHECK(text.find("\nOTHER=\n") != std::string::npos);
    CHECK(text.find("8080") == std::string::npos);
}

TEST_CASE("a .dockerignore is read as Docker reads it") {
    const auto excludes = [](std::string_view text, std::string_view path) {
        return env::DockerIgnore(text).excludes(path);
    };
    CHECK(excludes(".env*", ".env.local"));
    CHECK_FALSE(excludes(".env*", "a/.env"));
    CHECK(excludes("**/.env*", "a/b/.env"));
    CHECK(excludes("**/.env", ".env"));
    CHECK(excludes("a", "a/b/.env"));
    CHECK(excludes("/a/", "a/.env"));
    CHECK_FALSE(excludes("*\n!.env", ".env"));
    CHECK(excludes("!.env\n*", ".env"));
    CHECK(excludes("#x\n \n.e[mn]v", ".env"));
    CHECK_FALSE(excludes("a/*", "a"));
    CHECK(excludes("a/?env", "a/.env"));
}

TEST_CASE("the words of a command") {
    CHECK(env::split_words("a 'b c' \"d \\\" e\" f\\ g ''") ==
          std::vector<std::string>{"a", "b c", "d \" e", "f g", ""});
    CHECK_FALSE(env::split_words("a 'b"));
}
