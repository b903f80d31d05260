// References to a value in a vault: bw://Collection/Item/field.
//
//     bw://Engineering/billing-stripe/password   a collection (or folder, or organization), an
//     item, a field bw://billing-stripe/username               an item and a field
//     bw://billing-stripe                        the item's main field
//     bw://0b1f…-…/password                      by the item's id
//
// A '/' inside a name is written %2F; a collection's name may have some as it is, since item and
// field are the last two.
#pragma once

#include "core/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace stanch::vault {

struct Reference {
    std::string collection; // may be empty
    std::string item;
    std::string field; // empty: the main one

    friend bool operator==(const Reference&, const Reference&) = default;
};

bool is_reference(std::string_view text);

// What the words may mean, the likeliest first; never empty. Takes references and bare
// "Item/field".
Result<std::vector<Reference>> readings(std::string_view text);

// The one meaning that a written reference has for storing: three parts are collection, item,
// field.
Result<Reference> parse_reference(std::string_view text);

} // namespace stanch::vault
