#include "privilege/tables.h"

// STANCH_DATA is this room's data folder; CMake makes this file depend on what lies there.
#define STANCH_TABLE(name, file)                                                                   \
    __asm__(".section .rodata\n"                                                                   \
            ".balign 8\n"                                                                          \
            "stanch_table_" #name ":\n"                                                            \
            ".incbin \"" STANCH_DATA "/" file "\"\n"                                               \
            "stanch_table_" #name "_end:\n"                                                        \
            ".byte 0\n"                                                                            \
            ".text\n");                                                                            \
    extern const char stanch_##name##_begin[] __asm__("stanch_table_" #name);                      \
    extern const char stanch_##name##_end[] __asm__("stanch_table_" #name "_end");                 \
    std::string_view name##_text() {                                                               \
        return {stanch_##name##_begin,                                                             \
                static_cast<std::size_t>(stanch_##name##_end - stanch_##name##_begin)};            \
    }

namespace stanch::privilege {

STANCH_TABLE(aws, "aws.txt")
STANCH_TABLE(github, "github.txt")
STANCH_TABLE(redis, "redis.txt")
STANCH_TABLE(slack, "slack.txt")

} // namespace stanch::privilege
