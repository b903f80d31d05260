// Telling a secret from `DEBUG=1`, where nobody declared which it is.
#pragma once

#include <string_view>

namespace stanch::env {

// "STRIPE_API_KEY", "db_password": what the name says.
bool names_a_secret(std::string_view name);

// Whether a value looks like one: long and random enough, or a URL with a password in it. Words,
// numbers, paths, host names and plain URLs do not.
bool looks_secret(std::string_view value);

// A value that only holds a place: "changeme", "<your-key>", "xxxx", "example", empty.
bool is_placeholder(std::string_view value);

// The password of scheme://user:password@host; empty where there is none.
std::string_view password_in_url(std::string_view value);

// Both together: a secret by its name (and not a switch or a small number), or by its value.
bool is_sensitive(std::string_view name, std::string_view value);

} // namespace stanch::env
