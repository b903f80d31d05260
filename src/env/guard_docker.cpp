// Build contexts: what `docker build` would send.
#include "env/dockerignore.h"
#include "env/guard_parts.h"

#include "os/directory.h"
#include "os/file.h"

#include <algorithm>
#include <map>

namespace stanch::env {
namespace {

struct Context {
    std::string folder;
    std::string ignore_file; // that applies, whether it exists or not
    std::string named_by;
};

// "build: ./x" and "context: ./x" of a Compose file; a URL is no folder of ours.
std::vector<std::string> compose_contexts(std::string_view text) {
    std::vector<std::string> contexts;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string line(text.substr(at, end - at));
        at = end + 1;
        line.erase(0, line.find_first_not_of(" \t-"));
        for (const std::string_view key : {"build:", "context:"}) {
            if (!line.starts_with(key)) continue;
            std::string value = line.substr(key.size());
            value.erase(0, std::min(value.find_first_not_of(" \t\"'"), value.size()));
            value.erase(std::min(value.find_first_of(" \t\r\"'#"), value.size()));
            if (!value.empty() && value.find("://") == std::string::npos && value[0] != '{')
                contexts.push_back(value);
        }
    }
    return contexts;
}

// "a" and "../b" → "b"; nullopt where that is outside of the tree.
std::optional<std::string> resolved(std::string folder, std::string path) {
    while (path.ends_with('/'))
        path.pop_back();
    for (std::size_t at = 0; at < path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string part = path.substr(at, end - at);
        if (part == "..") {
            if (folder.empty()) return std::nullopt;
            folder = folder_of(folder);
        } else if (!part.empty() && part != ".") {
            folder = joined_path(folder, part);
        }
        at = end + 1;
    }
    return folder;
}

std::vector<Context> contexts_of(const GuardFiles& files) {
    std::vector<Context> contexts;
    const auto exists = [&](const std::string& path) {
        return os::exists(joined_path(files.root, path));
    };
    for (const std::string& file : files.docker_files) {
        const std::string folder = folder_of(file);
        const std::string own = file + ".dockerignore";
        // Podman and Buildah prefer their own list, and their own name of the file.
        const std::string podman = joined_path(folder, ".containerignore");
        const bool container = lower_case(name_of(file)).starts_with("containerfile");
        const std::string usual =
            container && exists(podman) ? podman : joined_path(folder, ".dockerignore");
        contexts.push_back({folder, exists(own) ? own : usual, file});
    }
    for (const std::string& file : files.compose_files) {
        const auto text = os::read_file(joined_path(files.root, file), std::uint64_t{1} << 22);
        if (!text) continue;
        for (const std::string& path : compose_contexts(*text)) {
            const auto folder = resolved(folder_of(file), path);
            const auto known = [&](const Context& context) { return context.folder == *folder; };
            if (folder && std::ranges::none_of(contexts, known))
                contexts.push_back({*folder, joined_path(*folder, ".dockerignore"), file});
        }
    }
    return contexts;
}

} // namespace

void check_docker(const GuardFiles& files, GuardReport& report) {
    for (const Context& context : contexts_of(files)) {
        const auto text = os::read_file(joined_path(files.root, context.ignore_file));
        const DockerIgnore ignore(text ? *text : std::string());
        const std::string below = context.folder.empty() ? "" : context.folder + "/";
        for (const std::string& path : files.env) {
            if (!path.starts_with(below) ||
                ignore.excludes(std::string_view(path).substr(below.size())))
                continue;
            report.faults.push_back({GuardRule::docker_context, path,
                                     "is in the build context of " + context.named_by +
                                         ": COPY puts it into an image layer",
                                     "add **/.env* to " + context.ignore_file, true, false,
                                     context.ignore_file});
        }
    }
}

} // namespace stanch::env
