// What the build step (tools/rulec.cpp) put into this binary: packed rules, and their pattern
// databases.
//
// Programs link it by naming the CMake target stanch_rules; the build step itself links an empty
// one.
#pragma once

#include <span>
#include <string_view>

namespace stanch::catalog {

struct Embedded {
    std::span<const char> rules;         // catalog::pack()
    std::span<const char> probes;        // what is asked for around each pattern of the databases
    std::span<const char> database_avx2; // serialised Vectorscan databases of the first stage
    std::span<const char> database_any;  // for an x86-64 CPU without AVX2
    std::string_view engine; // hash of the engine's sources: a new one may judge otherwise
};

const Embedded& embedded();

} // namespace stanch::catalog
