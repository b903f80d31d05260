#include "scan/judge/feature_row.h"
#include "scan/judge/word_list.h"

#include <array>

namespace stanch::scan::feature {
namespace {

std::size_t longest_step(std::string_view text, int step) {
    std::size_t best = text.empty() ? 0 : 1;
    std::size_t run = 1;
    for (std::size_t i = 1; i < text.size(); ++i) {
        run = text[i] - text[i - 1] == step ? run + 1 : 1;
        best = std::max(best, run);
    }
    return best;
}

// asdf, qwerty: along a row of the keyboard.
std::size_t longest_keyboard_run(std::string_view value) {
    constexpr std::string_view rows = "qwertyuiop asdfghjkl zxcvbnm";
    std::size_t best = 0;
    std::size_t run = 1;
    for (std::size_t i = 1; i < value.size(); ++i) {
        const std::size_t at = rows.find(value[i - 1]);
        const bool next = letter(value[i]) && at + 1 < rows.size() && rows[at + 1] == value[i];
        run = next ? run + 1 : 1;
        best = std::max(best, run);
    }
    return best;
}

// p@ssw0rd -> password
std::string letters_of_leet(std::string_view value) {
    std::string out(value);
    for (char& c : out)
        c = c == '@' ? 'a' : c == '0' ? 'o' : c == '1' ? 'i' : c == '3' ? 'e' : c == '$' ? 's' : c;
    return out;
}

bool weak(std::string_view value) {
    static constexpr auto passwords = std::to_array<std::string_view>(
        {"1234",    "12345",     "123456",      "1234567",  "12345678", "123456789", "1234567890",
         "qwerty",  "admin",     "root",        "test",     "guest",    "password",  "passwd",
         "pass",    "secret",    "letmein",     "default",  "changeit", "changeme",  "user",
         "none",    "null",      "true",        "false",    "hello",    "foobar",    "demo",
         "public",  "private",   "string",      "abc123",   "111111",   "000000",    "postgres",
         "mysql",   "oracle",    "token",       "welcome1", "toor",     "admin123",  "root123",
         "test123", "password1", "password123", "p@ssw0rd", "passw0rd", "1q2w3e4r",  "vagrant",
         "utf-8",   "utf8",      "ascii",       "latin-1",  "hunter2"});
    return std::ranges::find(passwords, value) != passwords.end();
}

// "notiktoken", "bypass", "compass", "author", "monkey": the secret's name is a part of another
// word.
bool inside_of_a_word(std::string_view name) {
    static const WordList longer_words{
        "bypass",    "compass",  "author",    "monkey",  "keyboard", "tokenizer",
        "secretary", "passive",  "passenger", "keyword", "hotkey",   "turkey",
        "donkey",    "tiktoken", "keystroke", "passed",  "passing"};
    static const WordList all_the_same{"authoriz", "authoris", "passphrase", "passwd", "password"};
    if (longer_words.in(name)) return !all_the_same.in(name);
    return false;
}

} // namespace

void add_words(Row& row, std::string_view value, std::string_view name) {
    static const WordList stand_ins{
        "example",  "your",     "my_",     "my-",   "mysecret", "mypass",    "mytoken",
        "changeme", "change_",  "change-", "dummy", "fake",     "sample",    "placeholder",
        "insert",   "replace",  "todo",    "xxx",   "foo",      "bar",       "test",
        "invalid",  "wrong",    "bad_",    "bad-",  "some",     "default",   "here",
        "value",    "username", "super",   "abc",   "new_",     "new-",      "old_",
        "valid",    "mock",     "demo",    "none",  "null",     "undefined", "unknown"};
    static const WordList secret_words{"pass",  "pwd",        "secret", "token",  "key",
                                       "auth",  "credential", "p@ss",   "s3cret", "t0k3n",
                                       "login", "user",       "admin"};
    static const WordList masks{"***", "...", "•", "xxxx", "####", "___"};
    using enum Feature;
    row.set(weak_password, weak(value) || weak(letters_of_leet(value)));
    row.set(placeholder_word, stand_ins.in(value));
    row.set(secret_word, secret_words.in(value));
    row.set(holds_name, !name.empty() && (name.ends_with(value) || value.ends_with(name) ||
                                          value.starts_with(name)));
    row.set(repeated, longest_step(value, 0) >= 4);
    row.set(sequence, longest_step(value, 1) >= 4 || longest_step(value, -1) >= 4 ||
                          longest_keyboard_run(value) >= 4);
    row.set(hash_mark,
            starts_any(value, {"$1$", "$2a$", "$2b$", "$2y$", "$5$", "$6$", "$argon2", "{ssha",
                               "{sha", "{md5", "{bcrypt", "pbkdf2", "sha256:", "sha1:", "md5"}));
    row.set(stars, masks.in(value));
}

void add_name(Row& row, std::string_view name, std::string_view written) {
    static const WordList auth{"auth", "cred", "bearer", "jwt"};
    static const WordList hashes{"hash",     "digest",      "encrypted", "salt",
                                 "checksum", "fingerprint", "crypted",   "sha1",
                                 "sha2",     "sha5",        "md5"};
    static const WordList not_secret{"public", "pub_", "pubkey", "authority"};
    static const WordList tests{"test",    "fake",     "dummy",   "mock",
                                "example", "expected", "invalid", "wrong"};
    using enum Feature;
    row.set(name_pass, holds_any(name, {"pass", "pwd", "psw"}));
    row.set(name_secret, holds(name, "secret"));
    row.set(name_token, holds(name, "token"));
    row.set(name_key, holds(name, "key"));
    row.set(name_api, holds(name, "api"));
    row.set(name_auth, auth.in(name));
    row.set(name_ends_with_word, ends_any(name, {"password", "passwd", "pass", "pwd", "secret",
                                                 "token", "key", "passphrase", "auth"}));
    row.set(
        name_suffix_about,
        ends_any(name, {"_file",    "file",    "_path",       "path",     "_url",     "url",
                        "uri",      "_name",   "name",        "_id",      "type",     "field",
                        "length",   "expires", "expiry",      "policy",   "required", "label",
                        "prefix",   "header",  "host",        "port",     "_ttl",     "algorithm",
                        "class",    "model",   "view",        "form",     "template", "param",
                        "format",   "encoder", "help",        "provider", "endpoint", "ref",
                        "selector", "column",  "strategy",    "method",   "message",  "error",
                        "title",    "text",    "description", "count",    "size",     "version",
                        "regex",    "pattern", "prompt",      "mode"}));
    row.set(name_hash, hashes.in(name));
    row.set(name_public, not_secret.in(name));
    row.set(name_test, tests.in(name));
    row.set(name_negates, starts_any(name, {"no_", "is_", "has_", "use_", "allow", "disable",
                                            "enable", "show", "reset", "forgot", "require"}));
    row.set(name_part, inside_of_a_word(name));
    row.set(name_upper, any(written, upper) && !any(written, lower));
    row.set(name_short, name.size() <= 5);
    row.set(name_long, name.size() >= 20);
    row.set(name_call, starts_any(name, {"set", "get", "with", "check", "verify", "validate",
                                         "assert", "find", "create", "valid"}));
}

} // namespace stanch::scan::feature
