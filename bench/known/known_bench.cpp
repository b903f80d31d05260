// 1,000 known values against other people's text, and against themselves in every form; see run.
#include "os/file.h"
#include "scan/known.h"
#include "text/encoding.h"

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>
#include <vector>

namespace os = stanch::os;
namespace scan = stanch::scan;
namespace text = stanch::text;

namespace {

constexpr std::size_t count = 1000;

std::string made(std::mt19937_64& random, std::size_t size, std::string_view alphabet) {
    std::string value;
    for (std::size_t i = 0; i < size; ++i)
        value += alphabet[random() % alphabet.size()];
    return value;
}

std::vector<std::string> make_values() {
    std::mt19937_64 random(20261125);
    constexpr std::string_view letters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    std::string printable;
    for (char c = 0x20; c < 0x7F; ++c)
        printable += c;
    std::vector<std::string> values;
    for (std::size_t i = 0; i < count; ++i) {
        // Half of them short, the others up to 4,096.
        const std::size_t size = i < count / 2 ? 8 + i % 57 : 8 + random() % 4089;
        values.push_back(made(random, size, i % 2 == 0 ? letters : std::string_view(printable)));
    }
    return values;
}

double cpu_seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

std::vector<std::string> forms_of(const std::string& value) {
    std::vector<std::string> forms{"word" + value + "word", text::hex_encode(value),
                                   text::percent_encode(value),
                                   "\"" + text::json_escape(value) + "\""};
    for (const char* before : {"", "u", "us"})
        for (const auto alphabet : {text::Base64::standard, text::Base64::url_bare})
            forms.push_back(text::base64_encode(before + value + ":x", alphabet));
    return forms;
}

bool found(const scan::KnownValues& known, const std::string& text, std::size_t value) {
    for (const scan::KnownMatch& match : known.find(text))
        if (match.value == value) return true;
    return false;
}

std::string next_path() {
    std::string path;
    for (int c = std::getchar(); c != EOF && c != 0; c = std::getchar())
        path += static_cast<char>(c);
    return path;
}

} // namespace

int main() {
    const std::vector<std::string> values = make_values();
    std::vector<scan::KnownValue> list;
    for (std::size_t i = 0; i < count; ++i)
        list.push_back(
            {"NAME_" + std::to_string(i), ".env", stanch::SecretPart(stanch::Secret(values[i]))});
    const double before = cpu_seconds();
    const scan::KnownValues known(std::move(list));
    std::printf("table of %zu values: %.2f ms\n", count, (cpu_seconds() - before) * 1e3);

    std::size_t forms = 0;
    std::size_t missed = 0;
    for (std::size_t i = 0; i < count; ++i)
        for (const std::string& form : forms_of(values[i])) {
            ++forms;
            missed += found(known, "a " + form + " b", i) ? 0 : 1;
        }
    std::printf("%zu forms, %zu missed\n", forms, missed);

    std::uint64_t bytes = 0;
    std::size_t alarms = 0;
    std::size_t files = 0;
    double spent = 0;
    for (std::string path = next_path(); !path.empty(); path = next_path()) {
        const auto content = os::read_file(path, std::uint64_t{64} << 20);
        if (!content) continue;
        const double start = cpu_seconds();
        const auto matches = known.find(*content);
        spent += cpu_seconds() - start;
        alarms += matches.size();
        bytes += content->size();
        ++files;
        for (const scan::KnownMatch& match : matches)
            std::printf("false alarm: %s at %zu, %s\n", path.c_str(), match.begin,
                        std::string(match.form).c_str());
    }
    std::printf("%zu files, %.2f GB, %zu false alarms, %.2f ns a byte\n", files,
                static_cast<double>(bytes) / 1e9, alarms,
                bytes == 0 ? 0.0 : spent * 1e9 / static_cast<double>(bytes));
    return missed + alarms == 0 ? 0 : 1;
}
