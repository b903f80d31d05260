// The rules of this build, taken into the binary as they are.
#include "catalog/embedded.h"
#include "engine.h"

#define STANCH_EMBED(name, file)                                                                   \
    asm(".section .rodata\n"                                                                       \
        ".balign 64\n"                                                                             \
        ".global stanch_" #name "_begin\n"                                                         \
        ".global stanch_" #name "_end\n"                                                           \
        "stanch_" #name "_begin:\n"                                                                \
        ".incbin \"" STANCH_RULES "/" file "\"\n"                                                  \
        "stanch_" #name "_end:\n"                                                                  \
        ".byte 0\n"                                                                                \
        ".text\n");                                                                                \
    extern "C" __attribute__((visibility("hidden"))) const char stanch_##name##_begin[];           \
    extern "C" __attribute__((visibility("hidden"))) const char stanch_##name##_end[]

STANCH_EMBED(rules, "rules.bin");
STANCH_EMBED(probes, "probes.bin");
STANCH_EMBED(avx2, "avx2.hsdb");
STANCH_EMBED(any, "any.hsdb");

namespace stanch::catalog {

const Embedded& embedded() {
    static const Embedded all{{stanch_rules_begin, stanch_rules_end},
                              {stanch_probes_begin, stanch_probes_end},
                              {stanch_avx2_begin, stanch_avx2_end},
                              {stanch_any_begin, stanch_any_end},
                              STANCH_ENGINE_HASH};
    return all;
}

} // namespace stanch::catalog
