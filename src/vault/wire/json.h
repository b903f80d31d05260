// A JSON value that keeps what it does not understand: members stay in their order, numbers in
// their spelling.
//
// An item that is edited goes back to the server whole, fields of newer clients included, so the
// document itself is the model. Strings are wiped when a value dies. Parsed by nlohmann/json's SAX
// parser (strict RFC 8259, valid UTF-8), at most 64 levels deep.
//
// Member names are found as given, then with the case of their first letter swapped: old servers
// and the token answer write PascalCase. Absent and null are the same.
#pragma once

#include "core/result.h"
#include "core/wiped.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace stanch::vault {

class Json {
  public:
    using Array = std::vector<Json>;
    using Object = std::vector<std::pair<std::string, Json>>;

    Json() = default;
    Json(Json&&) noexcept = default;
    Json& operator=(Json&& other) noexcept;
    Json(const Json&) = default;
    Json& operator=(const Json& other);
    ~Json();

    // `what` names the text in an error ("the server's answer"); the text itself never appears
    // there.
    static Result<Json> parse(std::string_view text, std::string_view what);
    static Json object() { return Json(Object{}); }
    static Json array() { return Json(Array{}); }
    static Json string(std::string_view text) { return Json(std::string(text)); }
    static Json number(std::int64_t value);
    static Json boolean(bool value) { return Json(value); }
    // null where there is nothing.
    static Json string_or_null(const std::optional<std::string>& text);

    [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
    [[nodiscard]] bool is_string() const { return std::holds_alternative<std::string>(value_); }
    [[nodiscard]] bool is_array() const { return std::holds_alternative<Array>(value_); }
    [[nodiscard]] bool is_object() const { return std::holds_alternative<Object>(value_); }

    // "" where this is no string.
    [[nodiscard]] std::string_view text() const;
    // A number, or a string that is one ("209"). nullopt otherwise.
    [[nodiscard]] std::optional<std::int64_t> integer() const;
    [[nodiscard]] bool truth(bool otherwise = false) const;
    // Empty where this is no array, no object.
    [[nodiscard]] const Array& items() const;
    [[nodiscard]] const Object& members() const;
    Array& items();
    Object& members();

    // The member's value; null where there is none.
    const Json& operator[](std::string_view name) const;
    // The member itself, nullptr where there is none; for changes in place.
    Json* find(std::string_view name);
    // Replaces the member where it stands, or adds it at the end. Makes an object of a null.
    Json& set(std::string_view name, Json value);
    void erase(std::string_view name);
    void push(Json value);

    [[nodiscard]] Bytes dump() const;

    friend bool operator==(const Json&, const Json&) = default;

  private:
    friend class JsonBuilder;
    struct Number {
        std::string spelling;
        friend bool operator==(const Number&, const Number&) = default;
    };
    using Value = std::variant<std::monostate, bool, Number, std::string, Array, Object>;
    explicit Json(Value value) : value_(std::move(value)) {}
    void wipe_text();
    void write(Bytes& out) const;
    Value value_;
};

} // namespace stanch::vault
