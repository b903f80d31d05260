#include "scan/judge/features.h"

#include "scan/judge/feature_row.h"
#include "scan/judge/letters.h"
#include "scan/judge/word_list.h"
#include "text/encoding.h"
#include "text/entropy.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>

namespace stanch::scan {
namespace {

using namespace feature;

void add_length(Row& row, std::size_t size) {
    using enum Feature;
    struct Step {
        std::size_t below;
        Feature feature;
    };
    for (const auto& [below, feature] :
         {Step{6, length_4_5}, Step{8, length_6_7}, Step{12, length_8_11}, Step{16, length_12_15},
          Step{24, length_16_23}, Step{32, length_24_31}, Step{40, length_32_39},
          Step{64, length_40_63}})
        if (size < below) return row.set(feature, 1);
    row.set(length_64_up, 1);
}

// How often the kind of character changes: aB3 twice. Passwords and keys change often, names
// seldom.
double share_of_changes(std::string_view value) {
    auto kind = [](char c) { return lower(c) ? 0 : upper(c) ? 1 : digit(c) ? 2 : 3; };
    std::size_t changes = 0;
    for (std::size_t i = 1; i < value.size(); ++i)
        // A capital in front of its word is no change of heart.
        if (kind(value[i]) != kind(value[i - 1]) && !(upper(value[i - 1]) && lower(value[i])))
            ++changes;
    return value.size() < 2 ? 0
                            : static_cast<double>(changes) / static_cast<double>(value.size() - 1);
}

void add_letters(Row& row, std::string_view value) {
    using enum Feature;
    const Letters look = look_of_letters(value);
    row.set(few_letters, look.pairs < 3);
    if (look.pairs < 3) return;
    const double odds_capped = std::clamp(look.odds, -3.0, 2.0);
    row.set(odds, odds_capped);
    row.set(odds_short, value.size() < 12 ? odds_capped : 0);
    row.set(common, look.common);
}

bool uuid_form(std::string_view value) {
    if (value.size() != 36) return false;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? value[i] != '-' : !hex_digit(value[i])) return false;
    }
    return true;
}

void add_characters(Row& row, std::string_view value) {
    using enum Feature;
    const auto digits = static_cast<double>(std::ranges::count_if(value, digit));
    auto symbol = [](char c) { return !letter(c) && !digit(c); };
    row.set(entropy, text::shannon_entropy(value) / 4);
    row.set(has_lower, any(value, lower));
    row.set(has_upper, any(value, upper));
    row.set(has_digit, digits > 0);
    row.set(has_symbol, any(value, symbol));
    row.set(digit_share, digits / static_cast<double>(value.size()));
    row.set(only_digits, all(value, digit));
    row.set(only_lower, all(value, lower));
    row.set(only_letters, all(value, letter));
    row.set(hex, value.size() >= 16 && all(value, hex_digit));
    row.set(base64, value.size() >= 20 && value.size() % 4 == 0 && any(value, digit) &&
                        any(value, lower) && any(value, upper) && all(value, [](char c) {
                            return letter(c) || digit(c) || c == '+' || c == '/' || c == '=';
                        }));
    row.set(uuid, uuid_form(value));
    row.set(changes, share_of_changes(value));
    const std::size_t first =
        static_cast<std::size_t>(std::ranges::find_if(value, digit) - value.begin());
    row.set(letters_then_digits, first >= 3 && first < value.size() &&
                                     all(value.substr(0, first), letter) &&
                                     all(value.substr(first), digit));
}

// FOO_BAR, foo_bar, fooBar: what names look like.
void add_name_forms(Row& row, std::string_view value) {
    using enum Feature;
    const bool underscores = holds(value, "_");
    row.set(upper_name,
            underscores && all(value, [](char c) { return upper(c) || digit(c) || c == '_'; }));
    row.set(lower_name,
            underscores && all(value, [](char c) { return lower(c) || digit(c) || c == '_'; }));
    const bool plain = all(value, [](char c) { return letter(c); });
    std::size_t humps = 0;
    for (std::size_t i = 1; i < value.size(); ++i)
        if (upper(value[i]) && lower(value[i - 1])) ++humps;
    row.set(camel_name, plain && humps >= 1 && !(value.size() >= 20 && humps * 5 > value.size()));
    row.set(dotted, holds(value, ".") && letter(value.front()) && all(value, [](char c) {
                        return letter(c) || digit(c) || c == '.' || c == '_';
                    }));
    row.set(dashed, holds(value, "-") && all(value, [](char c) {
                        return lower(c) || digit(c) || c == '-' || c == '_';
                    }));
    row.set(snake, underscores);
}

// base64 of something that a person wrote says what that is: dXNlcjpwYXNzd29yZA== is no better than
// user:password.
void add_decoded(Row& row, std::string_view value) {
    using enum Feature;
    const auto plain =
        value.size() < 8 ? std::nullopt : text::base64_decode(value, text::Base64::standard);
    if (!plain || plain->size() < 5 || !all(*plain, [](char c) { return c >= ' ' && c <= '~'; }))
        return;
    const Letters look = look_of_letters(*plain);
    row.set(decodes, 1);
    row.set(decodes_to_words, look.pairs >= 4 && look.odds > 0 && look.common > 0.5);
}

// 1.2.3, 4.68.3, v2
void add_version(Row& row, std::string_view value) {
    if (value.starts_with('v')) value.remove_prefix(1);
    row.set(Feature::number, value.starts_with("0x") && value.size() <= 10);
    row.set(Feature::coordinates, std::ranges::count(value, ':') >= 2 && holds(value, "."));
    row.set(Feature::version_like,
            all(value, [](char c) { return digit(c) || c == '.' || c == '-' || c == ':'; }) &&
                any(value, [](char c) { return c == '.' || c == ':'; }));
}

void add_marks(Row& row, std::string_view value) {
    using enum Feature;
    row.set(path_like, starts_any(value, {"/", "./", "../", "~/", "c:"}) ||
                           (holds(value, "/") && !any(value, digit)));
    row.set(colon, holds(value, ":"));
    row.set(at_sign, holds(value, "@"));
    row.set(code_marks, any(value,
                            [](char c) {
                                return std::string_view("(){}[];<>|&\\").find(c) !=
                                       std::string_view::npos;
                            }) ||
                            holds_any(value, {"->", "::", "=="}));
    row.set(bracketed, (value.starts_with('<') && value.ends_with('>')) ||
                           (value.starts_with('[') && value.ends_with(']')) ||
                           (value.starts_with("__") && value.ends_with("__")));
    row.set(scheme, holds(value, "://"));
    row.set(file_name,
            ends_any(value, {".txt", ".json", ".yml",  ".yaml", ".py",  ".js",  ".ts",   ".pem",
                             ".key", ".crt",  ".html", ".php",  ".jks", ".xml", ".conf", ".cfg",
                             ".env", ".com",  ".org",  ".net",  ".go",  ".md"}));
}

void add_glue(Row& row, std::string_view glue) {
    using enum Feature;
    const std::size_t last = glue.find_last_not_of(" \t");
    const char end = last == std::string_view::npos ? ' ' : glue[last];
    row.set(quoted, end == '"' || end == '\'' || end == '`');
    row.set(compare_glue, holds_any(glue, {"==", "!="}));
    row.set(equals_glue, !row.has(compare_glue) && holds(glue, "="));
    row.set(colon_glue, !row.has(equals_glue) && holds(glue, ":"));
    row.set(comma_glue, !row.has(equals_glue) && holds_any(glue, {",", "("}) && !holds(glue, ":"));
    row.set(wrapped, row.has(equals_glue) &&
                         any(glue, [](char c) { return c == '(' || c == '{' || c == '['; }));
    row.set(first_argument, holds(glue, "(") && row.has(equals_glue) && !holds(glue, ","));
    row.set(fallback_glue,
            holds_any(glue, {"||", " or "}) || (row.has(wrapped) && holds(glue, ",")));
}

void add_line(Row& row, const Evidence& evidence) {
    static const WordList test_words{"assert", "expect", "should", "mock",
                                     "stub",   "test",   "spec",   "it("};
    static const WordList shown_words{"label", "placeholder", "help",  "message", "title", "print",
                                      "log",   "echo",        "error", "raise",   "throw"};
    using enum Feature;
    std::string_view after = evidence.after;
    if (row.has(quoted) && !after.empty()) after.remove_prefix(1);
    const std::size_t next = after.find_first_not_of(" \t\r");
    row.set(ends_line, next == std::string_view::npos);
    // Behind a bare value, a space may stand before the operator.
    const std::string_view rest =
        row.has(quoted) || next == std::string_view::npos ? after : after.substr(next);
    const char operation = rest.empty() ? '\n' : rest.front();
    const char mark = after.empty() ? '\n' : after.front();
    row.set(first_argument, row.has(first_argument) && after.starts_with(','));
    row.set(after_code, std::string_view("([.{+|&?<>=").find(operation) != std::string_view::npos);
    row.set(after_comma, mark == ',' || mark == ')' || mark == ';' || mark == '}' || mark == ']');
    row.set(after_space, mark == ' ' && next != std::string_view::npos);
    const std::size_t start = evidence.before.find_first_not_of(" \t");
    const std::string_view head =
        start == std::string_view::npos ? std::string_view() : evidence.before.substr(start);
    row.set(comment, starts_any(head, {"#", "//", "*", "/*", "--", ";", "<!--"}));
    const std::string line = lowered(evidence.before);
    row.set(test_call, test_words.in(line));
    row.set(translation, shown_words.in(line));
}

void add_file(Row& row, std::string_view path) {
    using enum Feature;
    const std::size_t dot = path.rfind('.');
    const std::string extension =
        dot == std::string_view::npos ? std::string() : lowered(path.substr(dot + 1));
    auto is = [&](Words list) {
        return std::ranges::find(list, std::string_view(extension)) != list.end();
    };
    row.set(document_file, is({"md", "rst", "txt", "adoc", "html", "htm", "tex", "ipynb"}));
    row.set(config_file,
            is({"yml",        "yaml",   "json", "toml",   "ini",   "cfg",     "conf",   "env",
                "properties", "xml",    "tf",   "tfvars", "sh",    "example", "sample", "j2",
                "tmpl",       "config", "dist", "plist",  "npmrc", "pypirc"}));
    row.set(code_file, !row.has(document_file) && !row.has(config_file));
}

void add_pairs(Row& row) {
    using enum Feature;
    const bool random = !row.has(few_letters) && row.get(odds) < -0.5 && row.get(common) < 0.4;
    const bool word = !row.has(few_letters) && row.get(odds) > 0 && row.get(common) > 0.5;
    row.set(quoted_in_code, row.has(quoted) && row.has(code_file));
    row.set(bare_in_code, !row.has(quoted) && row.has(code_file));
    row.set(bare_in_document, !row.has(quoted) && row.has(document_file));
    row.set(key_and_random, row.has(name_key) && (random || row.has(hex) || row.has(base64)));
    row.set(word_and_bare, word && !row.has(quoted));
    row.set(random_password, random && row.has(name_pass));
    row.set(random_long, random && row.get(entropy) > 0.9);
    row.set(word_value, word);
    row.set(environment_name, row.has(name_upper) && row.has(equals_glue) && !row.has(quoted));
}

} // namespace

Features features_of(const Evidence& evidence) {
    Row row;
    row.set(Feature::bias, 1);
    if (evidence.value.empty()) return row.values();
    // What is percent-encoded in a URL is meant without.
    const std::string value =
        lowered(text::percent_decode(evidence.value).value_or(std::string(evidence.value)));
    const std::string name = lowered(evidence.name);
    add_length(row, value.size());
    add_letters(row, evidence.value);
    add_characters(row, evidence.value);
    add_name_forms(row, evidence.value);
    add_words(row, value, name);
    add_marks(row, value);
    add_decoded(row, evidence.value);
    add_version(row, value);
    add_name(row, name, evidence.name);
    add_glue(row, evidence.glue);
    add_line(row, evidence);
    add_file(row, evidence.path);
    add_pairs(row);
    return row.values();
}

} // namespace stanch::scan
