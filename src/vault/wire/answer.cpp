#include "vault/wire/api.h"

namespace stanch::vault {
namespace {

std::string first_validation_error(const Json& errors) {
    for (const auto& [name, list] : errors.members()) {
        if (list.is_string()) return std::string(list.text());
        for (const Json& text : list.items())
            if (!text.text().empty()) return std::string(text.text());
    }
    return {};
}

std::string raw_message(const Json& body) {
    if (std::string text = first_validation_error(body["validationErrors"]); !text.empty())
        return text;
    for (const Json* text :
         {&body["errorModel"]["message"], &body["message"], &body["error_description"],
          &body["send_access_error_type"], &body["error"], &body["error"]["reason"]})
        if (!text->text().empty()) return std::string(text->text());
    return {};
}

} // namespace

std::string Answer::message() const {
    std::string clean;
    for (const char c : raw_message(body))
        clean += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    if (clean.size() > 300) clean.resize(300);
    return clean;
}

Error answer_error(const Answer& answer, const std::string& where) {
    const std::string message = answer.message();
    const std::string said = message.empty() ? "HTTP " + std::to_string(answer.status) : message;
    if (answer.status == 401)
        return {ErrorKind::refused, "the server no longer accepts this session", where,
                "run 'stanch vault login'"};
    if (answer.status == 403)
        return {ErrorKind::refused, "the server does not allow you to do this: " + said, where,
                "an owner or admin of the organization can"};
    if (answer.status / 100 == 3)
        return {ErrorKind::refused, "the server sends its visitors to another address", where,
                "give the address that a browser ends up at"};
    if (answer.status == 429)
        return {ErrorKind::unavailable, "the server asks for patience (too many requests)", where,
                "try again in some minutes"};
    if (answer.status == 404)
        return {ErrorKind::not_found, "the server knows no such thing: " + said, where, {}};
    if (answer.status >= 500)
        return {ErrorKind::unavailable, "the server failed: " + said, where, "try again later"};
    return {ErrorKind::refused, "the server refused: " + said, where, {}};
}

} // namespace stanch::vault
