// Which member of an item a field's name means. Private to the room.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace stanch::vault {

struct FieldPlace {
    int type;                // the item's, 0: every type
    std::string_view name;   // as people see it
    std::string_view parent; // "login"; empty: the item itself
    std::string_view member;
};

std::span<const FieldPlace> field_places();

// Lower case, without '-', '_' and ' '.
std::string canonical(std::string_view name);

// The main field of a type; empty: it has none.
std::string_view main_field(int type);

const FieldPlace* find_place(int type, std::string_view field);

} // namespace stanch::vault
