// Whether a setting is a secret: `STRIPE_KEY=sk_…` is, `DEBUG=1` and
// `DJANGO_SETTINGS_MODULE=app.settings` are not.
//
// For values that nobody declared. Pure, thread-safe.
#pragma once

#include <string_view>

namespace stanch::text {

// By the name where it says so (PASSWORD, TOKEN, API_KEY, …) unless the value is plainly something
// else (a switch, a number, a placeholder); otherwise by the value: a URL with a password, or text
// too random to be a word, path, host, module or version.
bool looks_sensitive(std::string_view name, std::string_view value);

// The password in a URL or connection string (RFC 3986 userinfo), as written; empty where there is
// none.
std::string_view url_password(std::string_view value);

// "changeme", "your-key-here", "<token>", "xxxx…": stands where a value belongs.
bool is_placeholder(std::string_view value);

} // namespace stanch::text
