#include "vault/item/field_names.h"

#include <array>

namespace stanch::vault {
namespace {

constexpr std::array<FieldPlace, 34> places{{
    {0, "name", "", "name"},
    {0, "notes", "", "notes"},
    {1, "username", "login", "username"},
    {1, "password", "login", "password"},
    {1, "totp-seed", "login", "totp"},
    {3, "cardholder-name", "card", "cardholderName"},
    {3, "brand", "card", "brand"},
    {3, "number", "card", "number"},
    {3, "exp-month", "card", "expMonth"},
    {3, "exp-year", "card", "expYear"},
    {3, "code", "card", "code"},
    {4, "title", "identity", "title"},
    {4, "first-name", "identity", "firstName"},
    {4, "middle-name", "identity", "middleName"},
    {4, "last-name", "identity", "lastName"},
    {4, "address1", "identity", "address1"},
    {4, "address2", "identity", "address2"},
    {4, "address3", "identity", "address3"},
    {4, "city", "identity", "city"},
    {4, "state", "identity", "state"},
    {4, "postal-code", "identity", "postalCode"},
    {4, "country", "identity", "country"},
    {4, "company", "identity", "company"},
    {4, "email", "identity", "email"},
    {4, "phone", "identity", "phone"},
    {4, "ssn", "identity", "ssn"},
    {4, "username", "identity", "username"},
    {4, "passport-number", "identity", "passportNumber"},
    {4, "license-number", "identity", "licenseNumber"},
    {5, "private-key", "sshKey", "privateKey"},
    {5, "public-key", "sshKey", "publicKey"},
    {5, "key-fingerprint", "sshKey", "keyFingerprint"},
    {5, "fingerprint", "sshKey", "keyFingerprint"},
    {2, "text", "", "notes"},
}};

} // namespace

std::span<const FieldPlace> field_places() {
    return places;
}

std::string canonical(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c == '-' || c == '_' || c == ' ') continue;
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return out;
}

std::string_view main_field(int type) {
    switch (type) {
    case 1:
        return "password";
    case 2:
        return "notes";
    case 3:
        return "number";
    case 5:
        return "private-key";
    default:
        return "";
    }
}

const FieldPlace* find_place(int type, std::string_view field) {
    const std::string wanted = canonical(field);
    for (const FieldPlace& place : places)
        if ((place.type == 0 || place.type == type) && canonical(place.name) == wanted)
            return &place;
    return nullptr;
}

} // namespace stanch::vault
