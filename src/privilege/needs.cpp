// The idea: most of a project does not matter. Every file's import lines are read without parsing
// it; those that import a library we know are parsed, then those that import one of them, then
// those that call a method of a service that is in use. Names are followed through what was parsed.
#include "privilege/needs.h"

#include "privilege/collect.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>

namespace stanch::privilege {
namespace {

constexpr std::array<std::string_view, 30> libraries{"boto3",
                                                     "aioboto3",
                                                     "aiobotocore",
                                                     "botocore",
                                                     "github",
                                                     "ghapi",
                                                     "slack_sdk",
                                                     "slack",
                                                     "slack_bolt",
                                                     "stripe",
                                                     "psycopg",
                                                     "psycopg2",
                                                     "asyncpg",
                                                     "sqlalchemy",
                                                     "redis",
                                                     "aioredis",
                                                     "flask_sqlalchemy",
                                                     "sqlmodel",
                                                     "databases",
                                                     "aiopg",
                                                     "requests",
                                                     "httpx",
                                                     "aiohttp",
                                                     "urllib",
                                                     "urllib3",
                                                     "django_redis",
                                                     "flask_redis",
                                                     "mypy_boto3",
                                                     "types_boto3",
                                                     "aws_lambda_powertools"};
constexpr std::array<std::string_view, 5> web{"requests", "httpx", "aiohttp", "urllib", "urllib3"};

struct File {
    const Source* source = nullptr;
    std::string dotted;
    bool package = false;
    std::vector<std::string> imports; // dotted candidates: "a.b", "a.b.c"
    bool seed = false;
    bool aws = false;
    bool chosen = false;
};

bool contains(std::string_view text, std::string_view word) {
    return memmem(text.data(), text.size(), word.data(), word.size()) != nullptr;
}

std::string_view first_part(std::string_view dotted) {
    return dotted.substr(0, dotted.find('.'));
}

// One "import …" or "from …" line (continued lines too), as dotted names.
void read_import(File& file, std::string_view text, std::size_t at) {
    std::string_view rest = text.substr(at);
    std::size_t end = rest.find('\n');
    const std::size_t open = rest.substr(0, end).find('(');
    if (open != std::string_view::npos) end = rest.find(')', open);
    rest = rest.substr(0, std::min(end, std::size_t{4000}));
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < rest.size();) {
        const auto word = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '_' || c == '.';
        };
        if (rest[i] == '#') {
            i = std::min(rest.find('\n', i), rest.size());
            continue;
        }
        if (!word(rest[i])) {
            ++i;
            continue;
        }
        const std::size_t begin = i;
        while (i < rest.size() && word(rest[i]))
            ++i;
        words.push_back(rest.substr(begin, i - begin));
    }
    const bool from = words.size() > 3 && words[0] == "from" && words[2] == "import";
    if (!from && (words.size() < 2 || words[0] != "import")) return;
    std::string base;
    if (from) {
        base = std::string(words[1]);
        if (base.starts_with('.')) {
            std::string_view own = file.dotted;
            std::size_t dots = base.find_first_not_of('.');
            if (dots == std::string::npos) dots = base.size();
            for (std::size_t up = file.package ? 1 : 0; up < dots; ++up)
                own = own.substr(0, own.rfind('.') == std::string_view::npos ? 0 : own.rfind('.'));
            base = std::string(own) + (dots < base.size() && !own.empty() ? "." : "") +
                   base.substr(dots);
        }
        file.imports.push_back(base);
    }
    for (std::size_t i = from ? 3 : 1; i < words.size(); ++i) {
        if (words[i] == "as") {
            ++i;
            continue;
        }
        file.imports.push_back(from ? base + "." + std::string(words[i]) : std::string(words[i]));
    }
}

std::size_t read_imports(File& file) {
    const std::string_view text = file.source->text;
    std::size_t lines = 0;
    for (std::size_t at = 0; at < text.size(); ++lines) {
        std::size_t word = at;
        while (word < text.size() && (text[word] == ' ' || text[word] == '\t'))
            ++word;
        const std::string_view rest = text.substr(word, 7);
        if (rest == "import " || rest.starts_with("from ")) read_import(file, text, word);
        const void* newline = std::memchr(text.data() + at, '\n', text.size() - at);
        if (newline == nullptr) {
            at = text.size();
        } else {
            at = static_cast<std::size_t>(static_cast<const char*>(newline) - text.data()) + 1;
        }
    }
    return lines;
}

void judge_seed(File& file) {
    bool plain = false;
    bool http = false;
    for (const std::string& import : file.imports) {
        std::string_view top = first_part(import);
        if (top.starts_with("mypy_boto3") || top.starts_with("types_boto3") ||
            top.starts_with("types_aiobotocore"))
            top = "mypy_boto3";
        if (std::ranges::find(libraries, top) == libraries.end()) continue;
        if (top.find("boto") != std::string_view::npos || top == "aws_lambda_powertools")
            file.aws = true;
        if (std::ranges::find(web, top) != web.end())
            http = true;
        else
            plain = true;
    }
    file.seed = plain || (http && contains(file.source->text, "api.github.com"));
}

// Which services' names stand in a module as literals.
void services_in(const Module& module, Collector& collector,
                 std::vector<const AwsService*>& found) {
    for (std::uint32_t i = 0; i < module.tree->size(); ++i) {
        const Node node = module.tree->node(i);
        if (node.kind() != Kind::string_content || node.end() - node.begin() > 40) continue;
        const std::string_view text = node.text();
        if (text.size() < 2 || !((text[0] >= 'a' && text[0] <= 'z'))) continue;
        // The literal is an argument or a value by itself, not a key of something.
        if (const AwsService* service = aws_service(text)) {
            collector.use(service, module.path);
            if (std::ranges::find(found, service) == found.end()) found.push_back(service);
        }
    }
}

// "…client("ec2"" at `open`: a service's client is made here, whatever makes it.
bool makes_client(std::string_view text, std::size_t begin, std::size_t open) {
    const std::string_view name = text.substr(begin, open - begin);
    if (!name.ends_with("client") && !name.ends_with("resource")) return false;
    std::size_t at = open + 1;
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n'))
        ++at;
    if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) return false;
    const std::size_t end = text.find(text[at], at + 1);
    return end != std::string_view::npos && end - at < 40 &&
           aws_service(text.substr(at + 1, end - at - 1)) != nullptr;
}

// Whether a text calls a method of these names: "….describe_instances(".
bool calls_one_of(std::string_view text, const std::unordered_set<std::string_view>& methods) {
    const auto word = [](char c) {
        return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9');
    };
    for (std::size_t at = text.find('('); at != std::string_view::npos;
         at = text.find('(', at + 1)) {
        std::size_t begin = at;
        while (begin > 0 && word(text[begin - 1]))
            --begin;
        if (at - begin >= 6 && makes_client(text, begin, at)) return true;
        if (at - begin < 8 || begin == 0 || text[begin - 1] != '.') continue;
        if (methods.contains(text.substr(begin, at - begin))) return true;
    }
    return false;
}

class Search {
  public:
    explicit Search(std::span<const Source> sources) : collector_(resolver_, report_.needs) {
        files_.reserve(sources.size());
        for (const Source& source : sources) {
            File& file = files_.emplace_back();
            file.source = &source;
            file.dotted = module_name(source.path, file.package);
            report_.lines += read_imports(file);
            judge_seed(file);
        }
        report_.files = files_.size();
    }

    NeedsReport run() {
        for (File& file : files_)
            if (file.seed) choose(file);
        if (modules_.empty()) return std::move(report_);
        const bool aws =
            std::ranges::any_of(files_, [](const File& file) { return file.seed && file.aws; });
        if (aws) choose_helpers();
        choose_importers();
        choose_importers_of_packages();
        if (aws) choose_callers();
        resolver_.link();
        for (const auto& module : modules_)
            collector_.collect(*module, aws);
        std::ranges::stable_sort(report_.needs, [](const Need& a, const Need& b) {
            return std::tie(a.path, a.line, a.service, a.operation) <
                   std::tie(b.path, b.line, b.service, b.operation);
        });
        return std::move(report_);
    }

  private:
    void choose(File& file) {
        file.chosen = true;
        auto module = index_module(*file.source);
        if (!module) {
            report_.skipped.push_back(file.source->path);
            return;
        }
        ++report_.parsed;
        services_in(*module, collector_, services_);
        if (Collector::names_resources(file.source->text)) collector_.use_resources();
        for (const std::string& import : file.imports)
            use_stub(first_part(import));
        for (const std::string& import : file.imports)
            if (std::ranges::find(libraries, first_part(import)) != libraries.end())
                collector_.use_library(first_part(import));
        resolver_.add(*module);
        modules_.push_back(std::move(module));
        dotted_[file.dotted.substr(file.dotted.rfind('.') + 1)].push_back(file.dotted);
    }

    // Type stubs name their service: mypy_boto3_rds_data.
    void use_stub(std::string_view package) {
        for (const std::string_view prefix :
             {"mypy_boto3_", "types_boto3_", "types_aiobotocore_"}) {
            if (!package.starts_with(prefix)) continue;
            std::string name(package.substr(prefix.size()));
            std::ranges::replace(name, '_', '-');
            if (const AwsService* service = aws_service(name)) collector_.use(service);
        }
    }

    [[nodiscard]] bool imports_chosen(const File& file) const {
        return std::ranges::any_of(
            file.imports, [&](const std::string& import) { return names_known(import, dotted_); });
    }

    // Whether a known module, or a part of one, is imported.
    [[nodiscard]] static bool
    names_known(const std::string& import,
                const std::unordered_map<std::string, std::vector<std::string>>& known) {
        const auto same = known.find(import.substr(import.rfind('.') + 1));
        return same != known.end() &&
               std::ranges::any_of(same->second, [&](const std::string& dotted) {
                   return dotted == import ||
                          (dotted.size() > import.size() && dotted.ends_with(import) &&
                           dotted[dotted.size() - import.size() - 1] == '.');
               });
    }

    // "from package import Base" where the package has Base from a module that matters.
    void choose_importers_of_packages() {
        std::unordered_map<std::string, std::vector<std::string>> exported;
        for (const File& file : files_) {
            if (!file.chosen || !file.package) continue;
            for (const std::string& import : file.imports) {
                const std::string name = import.substr(import.rfind('.') + 1);
                exported[name].push_back(file.dotted + "." + name);
            }
        }
        for (File& file : files_)
            if (!file.chosen && std::ranges::any_of(file.imports, [&](const std::string& import) {
                    return import.find('.') != std::string::npos && names_known(import, exported);
                }))
                choose(file);
    }

    // What the files that matter import of the project: base classes and wrappers of clients.
    void choose_helpers() {
        std::unordered_set<std::string_view> wanted;
        for (const File& file : files_)
            if (file.chosen && file.aws) wanted.insert(file.imports.begin(), file.imports.end());
        for (File& file : files_) {
            if (file.chosen || !names_one_of(file.dotted, wanted)) continue;
            const std::string_view text = file.source->text;
            if (contains(text, "client") || contains(text, "__getattr__")) choose(file);
        }
    }

    // "src.app.aws" may be imported as "src.app.aws", "app.aws" or "aws".
    static bool names_one_of(std::string_view dotted,
                             const std::unordered_set<std::string_view>& imports) {
        for (;;) {
            if (imports.contains(dotted)) return true;
            const std::size_t dot = dotted.find('.');
            if (dot == std::string_view::npos) return false;
            dotted.remove_prefix(dot + 1);
        }
    }

    void choose_importers() {
        std::vector<File*> importers;
        for (File& file : files_)
            if (!file.chosen && imports_chosen(file)) importers.push_back(&file);
        for (File* file : importers)
            choose(*file);
    }

    void choose_callers() {
        std::unordered_set<std::string_view> methods;
        for (const AwsService* service : services_)
            for (const auto& [method, operation] : service->methods)
                if (method.size() >= 8 && method.find('_') != std::string::npos)
                    methods.insert(method);
        for (const std::string_view added :
             {"get_paginator", "get_waiter", "generate_presigned_url", "generate_presigned_post",
              "upload_file", "upload_fileobj", "download_file", "download_fileobj", "batch_writer"})
            methods.insert(added);
        for (File& file : files_)
            if (!file.chosen && calls_one_of(file.source->text, methods)) choose(file);
    }

    std::vector<File> files_;
    std::vector<std::unique_ptr<Module>> modules_;
    std::unordered_map<std::string, std::vector<std::string>>
        dotted_; // chosen modules by their last part
    std::vector<const AwsService*> services_;
    Resolver resolver_;
    NeedsReport report_;
    Collector collector_;
};

} // namespace

NeedsReport find_needs(std::span<const Source> sources) {
    return Search(sources).run();
}

} // namespace stanch::privilege
