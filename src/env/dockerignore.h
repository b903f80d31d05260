// Which files of a build context Docker leaves out (.dockerignore).
//
// Patterns as Go's filepath.Match with `**` for any number of folders; what matches a folder
// matches all below it; `!` takes back; the last pattern that matches decides. Paths are relative
// to the context, '/' separated.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace stanch::env {

class DockerIgnore {
  public:
    explicit DockerIgnore(std::string_view text);
    DockerIgnore(DockerIgnore&&) noexcept;
    DockerIgnore& operator=(DockerIgnore&&) noexcept;
    DockerIgnore(const DockerIgnore&) = delete;
    DockerIgnore& operator=(const DockerIgnore&) = delete;
    ~DockerIgnore();

    [[nodiscard]] bool excludes(std::string_view path) const;

  private:
    struct Pattern {
        std::unique_ptr<re2::RE2> expression;
        bool negative = false;
    };
    std::vector<Pattern> patterns_;
};

} // namespace stanch::env
