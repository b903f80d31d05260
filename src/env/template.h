// The ${…} language of Compose files, as its env_file has it.
#pragma once

#include "env/dotenv.h"

namespace stanch::env {

struct Expansion {
    std::string text;
    std::string_view message; // why it does not expand; empty where it does
};

// $NAME, ${NAME}, ${NAME:-word}, ${NAME-word}, ${NAME:+word}, ${NAME+word}, ${NAME:?text},
// ${NAME?text}, and $$ for one
// '$'. Words are expanded in turn. A name that is not set is empty.
Expansion expand_template(std::string_view text, const Lookup& lookup);

} // namespace stanch::env
