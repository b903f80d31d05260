#include "privilege/macaroon.h"
#include "privilege/policy.h"
#include "text/encoding.h"

#include <doctest/doctest.h>

using namespace stanch;
using namespace stanch::privilege;

namespace {

Need need(std::string provider, std::string operation, Access access,
          std::vector<std::string> permissions, std::vector<std::string> resources = {}) {
    Need made;
    made.provider = std::move(provider);
    made.service = "s";
    made.operation = std::move(operation);
    made.access = access;
    made.permissions = std::move(permissions);
    made.resources = std::move(resources);
    return made;
}

} // namespace

TEST_CASE("IAM: resources where all calls name them, else all") {
    const std::vector<Need> needs{
        need("aws", "GetObject", Access::read, {"s3:GetObject"},
             {"arn:aws:s3:::b", "arn:aws:s3:::b/*"}),
        need("aws", "ListObjectsV2", Access::read, {"s3:ListBucket"},
             {"arn:aws:s3:::b", "arn:aws:s3:::b/*"}),
        need("aws", "SendMessage", Access::write, {"sqs:SendMessage"},
             {"arn:aws:sqs:eu-west-1:1:q"}),
        need("aws", "SendMessage", Access::write, {"sqs:SendMessage"}),
        need("redis", "GET", Access::read, {"+get"}),
    };
    const std::string policy = policy_for("aws", needs, "").value();
    CHECK(
        policy.find(
            "\"s3:GetObject\"\n      ],\n      \"Resource\": [\n        \"arn:aws:s3:::b/*\"\n") !=
        std::string::npos);
    CHECK(policy.find(
              "\"s3:ListBucket\"\n      ],\n      \"Resource\": [\n        \"arn:aws:s3:::b\"\n") !=
          std::string::npos);
    CHECK(policy.find("\"sqs:SendMessage\"\n      ],\n      \"Resource\": [\n        \"*\"\n") !=
          std::string::npos);
    CHECK(policy.find("+get") == std::string::npos);
    CHECK(needed_access("aws", needs) == Access::write);
}

TEST_CASE("the other providers' own words") {
    const std::vector<Need> needs{
        need("github", "issues/list", Access::read, {"issues:read"}),
        need("github", "issues/create", Access::write, {"issues:write"}),
        need("slack", "chat.postMessage", Access::write, {"chat:write"}),
        need("postgres", "SELECT", Access::read, {"SELECT"}, {"users"}),
        need("postgres", "INSERT", Access::write, {"INSERT"}, {"users"}),
        need("postgres", "SELECT", Access::read, {"SELECT"}, {"audit.Log"}),
        need("redis", "HGET", Access::read, {"+hget"}, {"user:*"}),
    };
    CHECK(policy_for("github", needs, "").value() ==
          "{\n  \"permissions\": {\n    \"issues\": \"write\",\n    \"metadata\": \"read\"\n  "
          "}\n}\n");
    CHECK(policy_for("slack", needs, "").value() ==
          "{\n  \"scopes\": [\n    \"chat:write\"\n  ]\n}\n");
    const std::string grants = policy_for("postgres", needs, "app").value();
    CHECK(grants.find("GRANT USAGE ON SCHEMA audit TO app;\n") != std::string::npos);
    CHECK(grants.find("GRANT INSERT, SELECT ON users TO app;\n") != std::string::npos);
    CHECK(grants.find("GRANT SELECT ON audit.\"Log\" TO app;\n") != std::string::npos);
    CHECK(policy_for("redis", needs, "app")
              .value()
              .starts_with("ACL SETUSER app on resetkeys resetchannels -@all +hget "));
    CHECK(policy_for("redis", needs, "app").value().find(" ~user:*") != std::string::npos);
    CHECK_FALSE(policy_for("nobody", needs, "").has_value());
}

TEST_CASE("IAM patterns") {
    CHECK(action_matches("s3:Get*", "s3:GetObject"));
    CHECK(action_matches("*", "s3:GetObject"));
    CHECK(action_matches("S3:getobject", "s3:GetObject"));
    CHECK_FALSE(action_matches("s3:Get?", "s3:GetObject"));
    CHECK_FALSE(action_matches("s3:Put*", "s3:GetObject"));
}

TEST_CASE("what is no PyPI token is refused, and cut ones do no harm") {
    CHECK_FALSE(pypi_scope(Secret("")).has_value());
    CHECK_FALSE(pypi_scope(Secret("pypi-")).has_value());
    CHECK_FALSE(pypi_scope(Secret("pypi-AgEI")).has_value());
    const std::string bytes = std::string("\x02\x01\x08pypi.org\x02\x02id", 15) +
                              std::string("\0", 1) + std::string("\0\x06\x20", 3) +
                              std::string(32, 'x');
    for (std::size_t i = 0; i <= bytes.size(); ++i) {
        const auto scope = pypi_scope(
            Secret("pypi-" + text::base64_encode(bytes.substr(0, i), text::Base64::url_bare)));
        CHECK(scope.has_value() == (i == bytes.size()));
    }
    const Secret token("pypi-" + text::base64_encode(bytes, text::Base64::url_bare));
    CHECK_FALSE(pypi_scope(token)->limited);
    const auto narrow =
        narrow_pypi(token, {.projects = {"demo"}, .not_before = {}, .not_after = 2000000000});
    REQUIRE(narrow.has_value());
    const auto scope = pypi_scope(*narrow);
    REQUIRE(scope.has_value());
    CHECK(scope->projects == std::vector<std::string>{"demo"});
    CHECK(scope->not_after == 2000000000);
}
