#include "env/json.h"

#include "env/unicode.h"
#include "text/encoding.h"

namespace stanch::env {
namespace {

std::string to_json(const Entry& entry) {
    const std::string value = entry.value ? json_string(entry.value->reveal()) : "null";
    std::string out = "{\"key\": " + (entry.key ? json_string(*entry.key) : "null") +
                      ", \"value\": " + value + ", \"original\": " + json_string(entry.original) +
                      ", \"line\": " + std::to_string(entry.line) +
                      ", \"error\": " + (entry.error ? "true" : "false");
    if (entry.error) out += ", \"message\": " + json_string(entry.message);
    return out + "}";
}

bool is_stray_byte(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]) >= 0x80 && decode(bytes, at).length == 1;
}

} // namespace

std::string to_json(const Document& document) {
    std::string out = "[";
    for (const Entry& entry : document.entries)
        out += (out.size() > 1 ? ",\n " : "") + to_json(entry);
    return out + "]\n";
}

std::string json_string(std::string_view bytes) {
    std::string out = "\"";
    while (!bytes.empty()) {
        std::size_t good = 0;
        while (good < bytes.size() && !is_stray_byte(bytes, good))
            good += decode(bytes, good).length;
        out += text::json_escape(bytes.substr(0, good));
        bytes.remove_prefix(good);
        if (bytes.empty()) break;
        out += "\\udc" + text::hex_encode(bytes.substr(0, 1));
        bytes.remove_prefix(1);
    }
    return out + "\"";
}

} // namespace stanch::env
