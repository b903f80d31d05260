// A repository for a test, made with the real git in a folder that goes away.
#pragma once

#include "os/file.h"
#include "os/process.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <string>
#include <vector>

namespace stanch::made {

struct Folder {
    std::string path = (std::filesystem::temp_directory_path() / "stanch-git-XXXXXX").string();
    Folder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
};

// Runs git with a sealed configuration and a fixed identity and time; its output without the last
// newline.
inline std::string git(const std::string& directory, std::vector<std::string> words) {
    os::Command command;
    words.insert(words.begin(),
                 {"git", "-c", "core.fsync=none", "-c", "protocol.file.allow=always"});
    command.arguments = std::move(words);
    command.directory = directory;
    command.environment = {{"GIT_CONFIG_NOSYSTEM", "1"},
                           {"GIT_CONFIG_GLOBAL", "/dev/null"},
                           {"GIT_AUTHOR_NAME", "Ada"},
                           {"GIT_AUTHOR_EMAIL", "ada@example.org"},
                           {"GIT_COMMITTER_NAME", "Ada"},
                           {"GIT_COMMITTER_EMAIL", "ada@example.org"},
                           {"GIT_AUTHOR_DATE", "1700000000 +0000"},
                           {"GIT_COMMITTER_DATE", "1700000000 +0000"}};
    auto outcome = os::run(command);
    REQUIRE(outcome);
    INFO(outcome->errors);
    REQUIRE(outcome->exit_code == 0);
    std::string text = std::move(outcome->output);
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

inline void write(const std::string& path, std::string_view content) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    REQUIRE(os::write_file(path, content, 0644));
}

inline std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        out.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

} // namespace stanch::made
