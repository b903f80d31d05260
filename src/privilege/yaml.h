// YAML as a plain tree, for compose files, workflows and Kubernetes manifests.
//
// libfyaml reads it (YAML 1.2); its types stay in yaml.cpp. Aliases are not followed: their nodes
// are empty. Nesting below 100 levels is cut off. Pure function, thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stanch::privilege {

struct Yaml {
    enum class Kind { none, scalar, list, map };
    Kind kind = Kind::none;
    std::string text;     // of a scalar
    std::size_t line = 0; // counted from 1
    struct Member;
    std::vector<Member> members; // of a map, in order; of a list, with empty names
    [[nodiscard]] const Yaml& operator[](std::string_view name) const;
    [[nodiscard]] bool exists() const { return kind != Kind::none; }
};

struct Yaml::Member {
    std::string name;
    Yaml value;
};

// The documents of a stream, up to the first that is malformed (`broken` says that there was one).
std::vector<Yaml> parse_yaml(std::string_view text, bool& broken);

} // namespace stanch::privilege
