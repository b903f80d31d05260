// What kind a file is, by its path alone, and whether a person wrote it.
#include "commits/facts.h"

#include <algorithm>
#include <array>

namespace stanch::commits {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> endings) {
    return std::ranges::any_of(endings,
                               [&](std::string_view ending) { return text.ends_with(ending); });
}

bool has_directory(std::string_view path, std::initializer_list<std::string_view> names) {
    return std::ranges::any_of(names, [&](std::string_view name) {
        const std::string inside = "/" + std::string(name) + "/";
        return path.starts_with(inside.substr(1)) || path.find(inside) != std::string_view::npos;
    });
}

bool is_lock(std::string_view name) {
    static constexpr std::array<std::string_view, 12> locks{
        "poetry.lock",       "uv.lock",        "pdm.lock",   "pipfile.lock",
        "package-lock.json", "yarn.lock",      "cargo.lock", "composer.lock",
        "gemfile.lock",      "pnpm-lock.yaml", "go.sum",     "conda-lock.yml"};
    return std::ranges::find(locks, name) != locks.end() || name.ends_with(".lock");
}

bool is_changelog(std::string_view path, std::string_view name) {
    static constexpr std::array<std::string_view, 7> names{
        "changelog", "changes", "history", "news", "release", "whatsnew", "whats_new"};
    const bool named =
        std::ranges::any_of(names, [&](std::string_view n) { return name.starts_with(n); });
    return (named && !name.ends_with(".py")) ||
           has_directory(path, {"changelog", "changelogs", "changes", "changelog.d",
                                "newsfragments", "news", "changes.d", "releasenotes", "whatsnew"});
}

bool is_test(std::string_view path, std::string_view name) {
    return has_directory(path, {"test", "tests", "testing", "t", "spec", "specs", "__tests__"}) ||
           name.starts_with("test_") || name.starts_with("conftest") ||
           name.find("_test.") != std::string_view::npos ||
           name.find(".test.") != std::string_view::npos;
}

} // namespace

std::string_view directory(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view file_name(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

std::string_view without_ending(std::string_view name) {
    return name.substr(0, name.find('.', 1));
}

std::string stem_of(std::string_view path) {
    static const std::vector<std::string_view> empty_words{
        "test", "tests", "testing", "src", "lib", "docs", "doc", "integration", "unit", "init"};
    std::string text(directory(path));
    text += '/';
    text += without_ending(file_name(path));
    std::string best;
    std::string word;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const char c = i < text.size() ? text[i] : '/';
        const bool inside =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
        if (inside) {
            word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            continue;
        }
        if (!word.empty() && std::ranges::find(empty_words, word) == empty_words.end()) best = word;
        word.clear();
    }
    return best.empty() ? text : best;
}

FileKind kind_of(std::string_view given) {
    const std::string path = lower(given);
    const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
    if (is_lock(name)) return FileKind::lock;
    if (is_changelog(path, name)) return FileKind::changelog;
    if (is_test(path, name)) return FileKind::test;
    if (ends_with_any(name, {".rst", ".md", ".adoc", ".ipynb"}) ||
        (ends_with_any(name, {".txt"}) && has_directory(path, {"docs", "doc"})) ||
        name.starts_with("authors") || name.starts_with("contributors"))
        return FileKind::documentation;
    if (ends_with_any(name, {".toml", ".cfg", ".ini", ".yml", ".yaml", ".json", ".txt", ".in"}) ||
        name == "setup.py" || name == "dockerfile" || name == "makefile" || name == "noxfile.py" ||
        name.starts_with('.'))
        return FileKind::settings;
    const Language language = language_of(path);
    if (language == Language::python || language == Language::braces) return FileKind::code;
    return FileKind::other;
}

bool is_generated(std::string_view path, std::string_view content) {
    if (kind_of(path) == FileKind::lock) return true;
    const std::string name = lower(path.substr(path.rfind('/') + 1));
    if (ends_with_any(name, {"_pb2.py", "_pb2_grpc.py", "_pb2.pyi", ".pb.go", ".min.js", ".min.css",
                             ".map", ".snap"}))
        return true;
    const std::string head = lower(content.substr(0, 600));
    return head.find("@generated") != std::string::npos ||
           (head.find("generated") != std::string::npos &&
            (head.find("do not edit") != std::string::npos ||
             head.find("not edit this file") != std::string::npos));
}

} // namespace stanch::commits
