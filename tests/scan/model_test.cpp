#include "scan/judge/model.h"

#include "scan/judge/letters.h"
#include "support/made.h"
#include "text/encoding.h"

#include <doctest/doctest.h>

using stanch::scan::Evidence;
using stanch::scan::evidence_of;
using stanch::scan::Feature;
using stanch::scan::features_of;
using stanch::scan::look_of_letters;
using stanch::scan::probability_of_secret;
using stanch::scan::Range;
namespace made = stanch::made;

namespace {

double likely(std::string_view name, std::string_view glue, const std::string& value,
              std::string_view path = "settings.py") {
    Evidence evidence;
    evidence.name = name;
    evidence.glue = glue;
    evidence.value = value;
    evidence.after = glue.ends_with('"') ? "\"" : "";
    evidence.path = path;
    return probability_of_secret(evidence);
}

float feature(Feature which, std::string_view value) {
    Evidence evidence;
    evidence.value = value;
    return features_of(evidence)[static_cast<std::size_t>(which)];
}

} // namespace

TEST_CASE("words look like words, and random letters do not") {
    CHECK(look_of_letters("password").common > 0.6);
    CHECK(look_of_letters("StorageAccount").odds > 0.5);
    CHECK(look_of_letters("qzxkvjwqhx").odds < -1);
    CHECK(look_of_letters("qzxkvjwqhx").common < 0.2);
    CHECK(look_of_letters("1234").pairs == 0);
    CHECK(look_of_letters("").pairs == 0);
}

TEST_CASE("a random value with a secret's name is a secret") {
    const std::string key = made::random(made::alnum, 32);
    CHECK(likely("DB_PASSWORD", " = \"", made::random(made::alnum, 16)) > 0.9);
    CHECK(likely("client_secret", ": \"", key) > 0.8);
    CHECK(likely("api_key", "=", key, "prod.env") > 0.7);
}

TEST_CASE("what a person writes in a secret's place is none") {
    for (const char* value :
         {"password", "changeme", "your-api-key", "test123", "example", "secret_key", "getPassword",
          "user.password", "123456", "xxxxxxxx", "P@ssw0rd"}) {
        CAPTURE(value);
        CHECK(likely("password", " = \"", value) < 0.5);
    }
}

TEST_CASE("public keys, functions and base64 of words are ruled out") {
    const std::string key = made::random(made::alnum, 40);
    CHECK(likely("public_key", " = \"", key) == 0);
    CHECK(likely("certificate-authority-data", ": \"", key) == 0);
    CHECK(likely("auth", ": \"", stanch::text::base64_encode("user:password")) == 0);
    Evidence call;
    call.name = "password";
    call.glue = " = ";
    call.value = "xqzgen";
    call.after = "(16)";
    CHECK(probability_of_secret(call) == 0);
}

TEST_CASE("the evidence is cut out of its line") {
    const std::string text = "x = 1\n  settings.DB_PASSWORD = \"abc\", # here\ny = 2\n";
    const std::size_t word = text.find("PASSWORD");
    const std::size_t value = text.find("abc");
    const Evidence evidence =
        evidence_of(text, Range{word, value + 4}, Range{value, value + 3}, "a/b.py");
    CHECK(evidence.name == "settings.DB_PASSWORD");
    CHECK(evidence.glue == " = \"");
    CHECK(evidence.value == "abc");
    CHECK(evidence.after == "\", # here");
    CHECK(evidence.before == "  ");
    CHECK(evidence.path == "a/b.py");
}

TEST_CASE("evidence at the ends of a text") {
    const std::string text = "token:abcd";
    const Evidence evidence = evidence_of(text, Range{0, text.size()}, Range{6, text.size()}, "");
    CHECK(evidence.name == "token");
    CHECK(evidence.glue == ":");
    CHECK(evidence.after.empty());
    CHECK(evidence.before.empty());
}

TEST_CASE("forms of a value") {
    CHECK(feature(Feature::uuid, "3fa85f64-5717-4562-b3fc-2c963f66afa6") == 1);
    CHECK(feature(Feature::upper_name, "SECRET_KEY_2") == 1);
    CHECK(feature(Feature::camel_name, "getSecretValue") == 1);
    CHECK(feature(Feature::weak_password, "p@ssw0rd") == 1);
    CHECK(feature(Feature::sequence, "abcdef") == 1);
    CHECK(feature(Feature::version_like, "v1.2.3") == 1);
    CHECK(feature(Feature::dotted, "self.password") == 1);
    CHECK(feature(Feature::path_like, "/run/secrets/db") == 1);
    CHECK(feature(Feature::hash_mark, "$2b$12$abc") == 1);
    CHECK(feature(Feature::bias, "") == 1);
}
