// Compose files, Dockerfiles, Kubernetes manifests, and what workflows read.
#include "privilege/facts.h"
#include "privilege/yaml.h"
#include "text/encoding.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

namespace stanch::privilege {
namespace {

bool word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
}

bool contains(std::string_view text, std::string_view part) {
    return memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

std::string_view file_name(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

void store(Facts& out, const Source& source, std::size_t line, Store where, std::string name,
           std::string_view value, std::string service) {
    if (value.empty() || is_reference(value)) return;
    Stored stored;
    stored.name = std::move(name);
    stored.value = Secret(value);
    stored.path = source.path;
    stored.line = line;
    stored.store = where;
    stored.service = std::move(service);
    stored.environment = environment_of(source.path);
    out.stored.push_back(std::move(stored));
}

void read_all(Facts& out, const Source& source, const Yaml& node, const std::string& service) {
    for (const std::string& name : interpolated(node.text))
        out.reads.push_back({name, source.path, node.line, Reader::compose, service});
    for (const auto& [key, value] : node.members)
        read_all(out, source, value, service);
}

void compose_environment(Facts& out, const Source& source, const Yaml& environment,
                         const std::string& service) {
    for (const auto& [key, value] : environment.members) {
        std::string name = key;
        std::string text = value.text;
        if (environment.kind == Yaml::Kind::list) {
            const auto equals = text.find('=');
            name = text.substr(0, equals);
            text = equals == std::string::npos ? "" : text.substr(equals + 1);
        }
        if (name.empty()) continue;
        // The container reads it, from what the value says or (without one) from the caller's
        // environment.
        const bool passed_on = text.empty();
        if (passed_on)
            out.reads.push_back({name, source.path, value.line, Reader::compose, service});
        else
            store(out, source, value.line, Store::compose, name, text, service);
    }
}

// The path of an env_file, seen from the compose file's folder.
std::string beside(std::string_view path, std::string other) {
    while (other.starts_with("./"))
        other.erase(0, 2);
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? other : std::string(path.substr(0, slash + 1)) + other;
}

void kubernetes_container(Facts& out, const Source& source, const Yaml& container,
                          const std::string& service) {
    for (const auto& [none, variable] : container["env"].members) {
        const std::string& name = variable["name"].text;
        if (name.empty()) continue;
        const Yaml& value = variable["value"];
        if (variable["valueFrom"]["secretKeyRef"].exists())
            out.reads.push_back(
                {name, source.path, variable["name"].line, Reader::kubernetes, service});
        else if (value.exists())
            store(out, source, value.line, Store::kubernetes, name, value.text, service);
    }
}

void kubernetes_walk(Facts& out, const Source& source, const Yaml& node, const std::string& service,
                     int depth) {
    if (depth > 40) return;
    if (node["env"].kind == Yaml::Kind::list) kubernetes_container(out, source, node, service);
    for (const auto& [key, value] : node.members)
        kubernetes_walk(out, source, value, service, depth + 1);
}

} // namespace

bool is_reference(std::string_view text) {
    return text.find("${") != std::string_view::npos || text.starts_with('$') ||
           text.starts_with('<') || text.find("{{") != std::string_view::npos;
}

bool is_reference_text(std::string_view text) {
    return is_reference(text);
}

std::vector<std::string> interpolated(std::string_view text) {
    std::vector<std::string> names;
    for (std::size_t at = text.find('$'); at != std::string_view::npos;
         at = text.find('$', at + 1)) {
        if (at + 1 < text.size() && text[at + 1] == '$') {
            ++at;
            continue;
        }
        std::size_t begin = at + 1;
        if (begin < text.size() && text[begin] == '{') ++begin;
        std::size_t end = begin;
        while (end < text.size() && word(text[end]))
            ++end;
        if (end > begin && !(text[begin] >= '0' && text[begin] <= '9'))
            names.emplace_back(text.substr(begin, end - begin));
    }
    return names;
}

void compose_reads(const Source& source, Facts& out) {
    bool broken = false;
    for (const Yaml& document : parse_yaml(source.text, broken))
        for (const auto& [service, body] : document["services"].members) {
            read_all(out, source, body, service);
            compose_environment(out, source, body["environment"], service);
            const Yaml& files = body["env_file"];
            if (files.kind == Yaml::Kind::scalar)
                out.env_files.push_back(service + " " + beside(source.path, files.text));
            for (const auto& [none, file] : files.members)
                out.env_files.push_back(service + " " +
                                        beside(source.path, file.kind == Yaml::Kind::map
                                                                ? file["path"].text
                                                                : file.text));
        }
    if (broken) out.broken.push_back(source.path);
}

void dockerfile_reads(const Source& source, Facts& out) {
    std::size_t line = 0;
    std::string_view rest = source.text;
    while (!rest.empty()) {
        ++line;
        std::string_view text = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), text.size() + 1));
        while (!text.empty() && (text[0] == ' ' || text[0] == '\t'))
            text.remove_prefix(1);
        const bool env = text.starts_with("ENV ") || text.starts_with("env ");
        const bool arg = text.starts_with("ARG ") || text.starts_with("arg ");
        if (!env && !arg) continue;
        text.remove_prefix(4);
        // ENV a=b c=d, or the old ENV a b
        while (!text.empty()) {
            while (!text.empty() && text[0] == ' ')
                text.remove_prefix(1);
            std::size_t end = 0;
            while (end < text.size() && word(text[end]))
                ++end;
            if (end == 0) break;
            const std::string name(text.substr(0, end));
            text.remove_prefix(end);
            std::string value;
            if (text.starts_with('=')) {
                text.remove_prefix(1);
                const char quote =
                    !text.empty() && (text[0] == '"' || text[0] == '\'') ? text[0] : '\0';
                if (quote != '\0') {
                    const auto close = text.find(quote, 1);
                    value = std::string(
                        text.substr(1, close == std::string_view::npos ? close : close - 1));
                    text.remove_prefix(close == std::string_view::npos ? text.size() : close + 1);
                } else {
                    value = std::string(text.substr(0, text.find(' ')));
                    text.remove_prefix(value.size());
                }
            } else if (env) {
                while (!text.empty() && text[0] == ' ')
                    text.remove_prefix(1);
                value = std::string(text);
                text = {};
            }
            if (value.empty())
                out.reads.push_back(
                    {name, source.path, line, Reader::dockerfile, service_of(source.path)});
            else
                store(out, source, line, Store::dockerfile, name, value, service_of(source.path));
            for (const std::string& other : interpolated(value))
                out.reads.push_back(
                    {other, source.path, line, Reader::dockerfile, service_of(source.path)});
        }
    }
}

void workflow_reads(const Source& source, Facts& out) {
    std::string workflow(file_name(source.path));
    workflow = "github-actions:" + workflow.substr(0, workflow.rfind('.'));
    std::size_t line = 1;
    for (std::size_t at = 0; at < source.text.size(); ++at) {
        const std::string_view rest = source.text.substr(at);
        if (rest[0] == '\n') ++line;
        const bool secret = rest.starts_with("secrets.");
        if (!secret && !rest.starts_with("vars.")) continue;
        if (at > 0 && (word(source.text[at - 1]) || source.text[at - 1] == '.')) continue;
        std::size_t end = secret ? 8 : 5;
        const std::size_t begin = end;
        while (end < rest.size() && word(rest[end]))
            ++end;
        const std::string name(rest.substr(begin, end - begin));
        if (name.empty() || name == "GITHUB_TOKEN") continue;
        out.reads.push_back({name, source.path, line,
                             secret ? Reader::workflow_secret : Reader::workflow_variable,
                             workflow});
    }
    bool broken = false;
    for (const Yaml& document : parse_yaml(source.text, broken)) {
        for (const auto& [name, value] : document["env"].members)
            store(out, source, value.line, Store::workflow, name, value.text, workflow);
        for (const auto& [job_name, job] : document["jobs"].members) {
            for (const auto& [name, value] : job["env"].members)
                store(out, source, value.line, Store::workflow, name, value.text, workflow);
            for (const auto& [none, step] : job["steps"].members)
                for (const auto& [name, value] : step["env"].members)
                    store(out, source, value.line, Store::workflow, name, value.text, workflow);
        }
        workflow_permissions(source, document, out);
    }
    if (broken) out.broken.push_back(source.path);
}

void kubernetes_reads(const Source& source, Facts& out) {
    bool broken = false;
    for (const Yaml& document : parse_yaml(source.text, broken)) {
        const std::string& name = document["metadata"]["name"].text;
        const std::string service = name.empty() ? service_of(source.path) : name;
        if (document["kind"].text == "Secret") {
            for (const auto& [key, value] : document["stringData"].members)
                store(out, source, value.line, Store::kubernetes, key, value.text, service);
            for (const auto& [key, value] : document["data"].members)
                if (const auto decoded = text::base64_decode(value.text))
                    store(out, source, value.line, Store::kubernetes, key, *decoded, service);
            continue;
        }
        kubernetes_walk(out, source, document, service, 0);
    }
    // Helm's templates are no YAML before they are filled in; that is no fault of the file.
    if (broken && !contains(source.text, "{{")) out.broken.push_back(source.path);
}

Facts read_facts(std::span<const Source> sources) {
    Facts out;
    for (const Source& source : sources) {
        const std::string_view name = file_name(source.path);
        const bool yaml = name.ends_with(".yml") || name.ends_with(".yaml");
        if (name.ends_with(".py"))
            python_reads(source, out);
        else if (name.starts_with("Dockerfile") || name.ends_with(".Dockerfile") ||
                 name.starts_with("Containerfile"))
            dockerfile_reads(source, out);
        else if (yaml && source.path.find(".github/workflows/") != std::string::npos)
            workflow_reads(source, out);
        else if (yaml && (name.starts_with("docker-compose") || name.starts_with("compose")))
            compose_reads(source, out);
        else if (yaml && contains(source.text, "apiVersion:") && contains(source.text, "kind:") &&
                 (contains(source.text, "env:") || contains(source.text, "Secret")))
            kubernetes_reads(source, out);
    }
    return out;
}

} // namespace stanch::privilege
