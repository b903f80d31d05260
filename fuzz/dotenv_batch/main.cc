// Parses one input after another for the differential tests: reads frames from standard input
// (dialect letter, 32-bit big-endian length, bytes), writes a 32-bit length and the JSON of `stanch
// env parse --json` for each.
//
// X=envx and EMPTY= are all that the environment holds, as for the programs it is compared with.
// 'P' is python as from io.StringIO, 'p' python as from a file.
#include "env/json.h"

#include <cstdio>
#include <string>

namespace env = stanch::env;

namespace {

bool take(char* into, std::size_t size) {
    return std::fread(into, 1, size, stdin) == size;
}

std::optional<std::string> lookup(std::string_view name) {
    if (name == "X") return "envx";
    if (name == "HOME") return "/home/envh";
    return name == "EMPTY" ? std::optional<std::string>("") : std::nullopt;
}

env::Dialect dialect_of(char letter) {
    switch (letter) {
    case 'n':
        return env::Dialect::node;
    case 'c':
        return env::Dialect::compose;
    case 'd':
        return env::Dialect::docker;
    case 'u':
        return env::Dialect::uv;
    case 's':
        return env::Dialect::posix;
    default:
        return env::Dialect::python;
    }
}

void put_length(std::size_t size) {
    for (const int shift : {24, 16, 8, 0})
        (void)std::fputc(static_cast<int>(size >> shift & 0xFFU), stdout);
}

} // namespace

int main() {
    char head[5];
    while (take(head, sizeof head)) {
        std::size_t size = 0;
        for (int i = 1; i < 5; ++i)
            size = size << 8U | static_cast<unsigned char>(head[i]);
        std::string text(size, '\0');
        if (!take(text.data(), size)) return 1;
        const env::Dialect dialect = dialect_of(head[0]);
        const env::Document document = env::parse(
            text, dialect, {.environment = lookup, .universal_newlines = head[0] == 'p'});
        std::string json = env::to_json(document);
        json += document.refused ? "1" : "0";
        put_length(json.size());
        (void)std::fwrite(json.data(), 1, json.size(), stdout);
        (void)std::fflush(stdout);
    }
    return 0;
}
