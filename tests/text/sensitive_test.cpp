#include "text/sensitive.h"

#include "support/made.h"

#include <doctest/doctest.h>

namespace text = stanch::text;
namespace made = stanch::made;

TEST_CASE("what a setting's name and value tell") {
    CHECK(text::looks_sensitive("DB_PASSWORD", "correct horse"));
    CHECK(text::looks_sensitive("STRIPE_KEY", made::random(made::alnum, 32)));
    CHECK(text::looks_sensitive("ANYTHING", made::random(made::alnum, 32)));
    CHECK(text::looks_sensitive("DATABASE_URL", std::string("postgres://app:") +
                                                    made::random(made::alnum, 12) + "@db/app"));

    CHECK(text::looks_sensitive("ANYTHING", made::random(made::alnum, 8, 4)));
    CHECK(text::looks_sensitive("ANYTHING", made::random("0123456789abcdef", 32, 5)));
    CHECK(text::looks_sensitive("ANYTHING", made::random("abcdefghijklmnopqrstuvwxyz", 40, 6)));

    for (const char* word :
         {"postgres15", "Admin123", "production", "backspace", "us-east-1", "mysqldump", "utf8mb4",
          "8080", "v1.2.3-rc1", "2024-01-01", "PostgreSQL", "internationalization"}) {
        CAPTURE(word);
        CHECK_FALSE(text::looks_sensitive("ANYTHING", word));
    }
    CHECK_FALSE(text::looks_sensitive("DEBUG", "1"));
    CHECK_FALSE(text::looks_sensitive("USE_TOKEN", "true"));
    CHECK_FALSE(
        text::looks_sensitive("DJANGO_SETTINGS_MODULE", "company.project.settings.production"));
    CHECK_FALSE(text::looks_sensitive("REDIS_URL", "redis://localhost:6379/0"));
    CHECK_FALSE(text::looks_sensitive("TOKEN_URL", "https://auth.example.org/token"));
    CHECK_FALSE(text::looks_sensitive("PASSWORD_MIN_LENGTH", "12"));
    CHECK_FALSE(text::looks_sensitive("API_KEY", "your-key-here"));
    CHECK_FALSE(text::looks_sensitive("API_KEY", ""));
    CHECK_FALSE(text::looks_sensitive("ALLOWED_HOSTS", "www.company.org,api.company.org"));
}

TEST_CASE("the password of a URL") {
    CHECK(text::url_password("postgres://u:"
                             "p%40ss@h/db") == "p%40ss");
    CHECK(text::url_password("https://user@h/") == "");
    CHECK(text::url_password(std::string("https://h/a") + ":b@c") == "");
    CHECK(text::url_password("no url") == "");
}
