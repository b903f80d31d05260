#include "vault/wire/json.h"

#include "text/encoding.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace stanch::vault {

namespace {
constexpr std::size_t deepest = 64;

char swapped_case(char c) {
    const auto u = static_cast<unsigned char>(c);
    return static_cast<char>(std::isupper(u) != 0 ? std::tolower(u) : std::toupper(u));
}

template <class Members>
auto locate(Members& members, std::string_view name) {
    auto at =
        std::ranges::find(members, name, [](const auto& m) { return std::string_view(m.first); });
    if (at != members.end() || name.empty()) return at;
    std::string other(name);
    other[0] = swapped_case(other[0]);
    return std::ranges::find(members, other, [](const auto& m) { return m.first; });
}

} // namespace

// Puts the parser's events together. Returns false from an event to stop the parser.
class JsonBuilder : public nlohmann::json_sax<nlohmann::json> {
  public:
    explicit JsonBuilder(Json& root) : root_(root) {}

    bool null() override { return place(Json()); }
    bool boolean(bool value) override { return place(Json::boolean(value)); }
    bool number_integer(number_integer_t value) override { return place(Json::number(value)); }
    bool number_unsigned(number_unsigned_t value) override {
        return number_text(std::to_string(value));
    }
    bool number_float(number_float_t, const string_t& spelling) override {
        return number_text(spelling);
    }
    bool string(string_t& value) override {
        const bool placed = place(Json::string(value));
        wipe(value);
        return placed;
    }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(Json::object()); }
    bool key(string_t& name) override {
        name_ = name;
        return true;
    }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception&) override {
        position_ = position;
        return false;
    }
    [[nodiscard]] std::size_t position() const { return position_; }

  private:
    bool number_text(std::string spelling) {
        return place(Json(Json::Value(Json::Number{std::move(spelling)})));
    }
    Json* put(Json value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        Json& parent = *open_.back();
        if (auto* array = std::get_if<Json::Array>(&parent.value_))
            return &array->emplace_back(std::move(value));
        auto& object = std::get<Json::Object>(parent.value_);
        return &object.emplace_back(std::move(name_), std::move(value)).second;
    }
    bool place(Json value) {
        put(std::move(value));
        return true;
    }
    bool open(Json value) {
        if (open_.size() >= deepest) return false;
        open_.push_back(put(std::move(value)));
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    Json& root_;
    std::vector<Json*>
        open_; // each the last child of the one before: nothing moves while it is open
    std::string name_;
    std::size_t position_ = 0;
};

Json& Json::operator=(Json&& other) noexcept {
    wipe_text();
    value_ = std::move(other.value_);
    return *this;
}

Json& Json::operator=(const Json& other) {
    if (this != &other) *this = Json(other);
    return *this;
}

Json::~Json() {
    wipe_text();
}

void Json::wipe_text() {
    if (auto* held = std::get_if<std::string>(&value_)) wipe(*held);
}

Result<Json> Json::parse(std::string_view text, std::string_view what) {
    Json root;
    JsonBuilder builder(root);
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder))
        return fail(ErrorKind::invalid, std::string(what) + " is not valid JSON (at byte " +
                                            std::to_string(builder.position()) + ")");
    return root;
}

Json Json::number(std::int64_t value) {
    return Json(Value(Number{std::to_string(value)}));
}

Json Json::string_or_null(const std::optional<std::string>& text) {
    return text ? string(*text) : Json();
}

std::string_view Json::text() const {
    const auto* held = std::get_if<std::string>(&value_);
    return held != nullptr ? std::string_view(*held) : std::string_view();
}

std::optional<std::int64_t> Json::integer() const {
    const auto* number = std::get_if<Number>(&value_);
    const std::string_view digits = number != nullptr ? std::string_view(number->spelling) : text();
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || failed != std::errc() || end != digits.data() + digits.size())
        return std::nullopt;
    return value;
}

bool Json::truth(bool otherwise) const {
    const auto* held = std::get_if<bool>(&value_);
    return held != nullptr ? *held : otherwise;
}

const Json::Array& Json::items() const {
    static const Array none;
    const auto* held = std::get_if<Array>(&value_);
    return held != nullptr ? *held : none;
}

const Json::Object& Json::members() const {
    static const Object none;
    const auto* held = std::get_if<Object>(&value_);
    return held != nullptr ? *held : none;
}

Json::Array& Json::items() {
    if (!is_array()) *this = array();
    return std::get<Array>(value_);
}

Json::Object& Json::members() {
    if (!is_object()) *this = object();
    return std::get<Object>(value_);
}

const Json& Json::operator[](std::string_view name) const {
    static const Json nothing;
    const Object& all = members();
    const auto at = locate(all, name);
    return at == all.end() ? nothing : at->second;
}

Json* Json::find(std::string_view name) {
    if (!is_object()) return nullptr;
    Object& all = members();
    const auto at = locate(all, name);
    return at == all.end() ? nullptr : &at->second;
}

Json& Json::set(std::string_view name, Json value) {
    if (Json* there = find(name)) return *there = std::move(value);
    return members().emplace_back(std::string(name), std::move(value)).second;
}

void Json::erase(std::string_view name) {
    if (!is_object()) return;
    Object& all = members();
    if (const auto at = locate(all, name); at != all.end()) all.erase(at);
}

void Json::push(Json value) {
    items().push_back(std::move(value));
}

void Json::write(Bytes& out) const {
    const auto quoted = [&out](std::string_view text) {
        std::string escaped = text::json_escape(text);
        out.push_back('"');
        append(out, escaped);
        out.push_back('"');
        wipe(escaped);
    };
    if (is_null())
        append(out, "null");
    else if (const auto* flag = std::get_if<bool>(&value_))
        append(out, *flag ? "true" : "false");
    else if (const auto* number = std::get_if<Number>(&value_))
        append(out, number->spelling);
    else if (is_string())
        quoted(text());
    else if (is_array()) {
        out.push_back('[');
        for (const Json& item : items()) {
            if (&item != items().data()) out.push_back(',');
            item.write(out);
        }
        out.push_back(']');
    } else {
        out.push_back('{');
        for (const auto& member : members()) {
            if (&member != members().data()) out.push_back(',');
            quoted(member.first);
            out.push_back(':');
            member.second.write(out);
        }
        out.push_back('}');
    }
}

Bytes Json::dump() const {
    Bytes out;
    write(out);
    return out;
}

} // namespace stanch::vault
