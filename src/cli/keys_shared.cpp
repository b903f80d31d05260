#include "cli/keys_shared.h"

#include "env/dotenv.h"
#include "env/sensitive.h"
#include "os/file.h"
#include "text/encoding.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <sys/stat.h>
#include <thread>

namespace stanch::cli {
namespace {

// A host of example.com in an address makes no placeholder of the password beside it.
bool is_placeholder(std::string_view value) {
    if (value.find("://") == std::string_view::npos && value.find('=') == std::string_view::npos)
        return env::is_placeholder(value);
    std::string rest(value);
    for (const std::string_view host : {"example.com", "example.org", "example.net"})
        for (auto at = rest.find(host); at != std::string::npos; at = rest.find(host))
            rest.erase(at, host.size());
    const bool found = env::is_placeholder(rest);
    wipe(rest);
    return found;
}

bool is_env_file(std::string_view path) {
    const std::string_view name = path.substr(path.rfind('/') + 1);
    return name == ".env" || name.starts_with(".env.") || name.ends_with(".env") ||
           name == ".envrc";
}

// What lies in a file is at least as old as the file's last change.
std::optional<std::chrono::system_clock::time_point> changed_at(const std::string& path) {
    struct stat status{};
    if (stat(path.c_str(), &status) != 0) return std::nullopt;
    return std::chrono::system_clock::from_time_t(status.st_mtime);
}

void read_env_file(KeysProject& project, const ProjectFile& file) {
    const env::Document document = env::parse(file.text, env::Dialect::python);
    if (document.first_error() != nullptr)
        project.missed.push_back(file.path + ": some lines are not valid");
    const auto changed = changed_at(file.path);
    std::vector<std::string> services;
    for (const std::string& pair : project.facts.env_files) {
        const auto space = pair.find(' ');
        std::string_view target = std::string_view(pair).substr(space + 1);
        if (file.path == target || file.path == "./" + std::string(target))
            services.push_back(pair.substr(0, space));
    }
    std::string service = services.size() == 1 ? services[0] : privilege::service_of(file.path);
    for (env::Variable& variable : env::variables(document, env::Dialect::python)) {
        privilege::Stored stored;
        const std::string_view value = variable.value.reveal();
        stored.sensitive = !privilege::is_reference_text(value) && !is_placeholder(value) &&
                           env::is_sensitive(variable.name, value);
        stored.name = variable.name;
        stored.path = file.path;
        stored.line = variable.line;
        stored.service = service;
        stored.environment = privilege::environment_of(file.path);
        stored.changed = changed;
        stored.value = std::move(variable.value);
        project.stored.push_back(std::move(stored));
        // A file that compose gives to several services is read by each of them.
        if (services.size() > 1)
            for (const std::string& reader : services)
                project.facts.reads.push_back(
                    {variable.name, file.path, variable.line, privilege::Reader::compose, reader});
    }
}

void judge(KeysProject& project) {
    for (privilege::Stored& stored : project.facts.stored) {
        const std::string_view value = stored.value.reveal();
        stored.sensitive = !is_placeholder(value) && env::is_sensitive(stored.name, value);
    }
    // A value that looks like nothing is a secret all the same where it is declared as one.
    for (std::vector<privilege::Stored>* list : {&project.stored, &project.facts.stored})
        for (privilege::Stored& stored : *list)
            if (const Credential* declared = project.config.manifest.find(stored.name);
                declared != nullptr && stored.store != privilege::Store::vault)
                stored.sensitive = declared->sensitive && !stored.value.empty();
}

} // namespace

// The addresses of databases hold their passwords.
bool names_secret(std::string_view name) {
    static constexpr std::array<std::string_view, 10> addresses{
        "DATABASE_URL", "DB_URL",    "CONNECTION_STRING", "DATABASE_DSN", "DB_DSN",
        "MONGO_URL",    "MONGO_URI", "MONGODB_URI",       "POSTGRES_URL", "POSTGRES_DSN"};
    return env::names_a_secret(name) || std::ranges::any_of(addresses, [&](std::string_view end) {
               return name.ends_with(end);
           });
}

Result<std::unique_ptr<KeysProject>> read_keys_project(const Arguments& arguments) {
    auto project = std::make_unique<KeysProject>();
    const std::string start = arguments.positional().empty() ? "." : arguments.positional()[0];
    STANCH_TRY(project->config, load_config(start, arguments.value("--config")));
    STANCH_TRY(project->files, read_project(arguments.positional(), Wanted::all));
    std::vector<privilege::Source> python;
    for (const ProjectFile& file : project->files.files) {
        project->sources.push_back({file.path, file.text});
        if (file.path.ends_with(".py")) python.push_back({file.path, file.text});
    }
    std::thread needs([&] { project->needs = privilege::find_needs(python); });
    project->facts = privilege::read_facts(project->sources);
    needs.join();
    for (const ProjectFile& file : project->files.files)
        if (is_env_file(file.path)) read_env_file(*project, file);
    if (arguments.has("--vault"))
        if (const auto read = read_vault(project->stored); !read)
            project->missed.push_back("vault: " + read.error().what);
    judge(*project);
    project->missed.insert(project->missed.end(), project->files.skipped.begin(),
                           project->files.skipped.end());
    for (const auto* list : {&project->facts.broken, &project->needs.skipped})
        for (const std::string& path : *list)
            project->missed.push_back(path + ": it can't be understood");
    project->holdings = privilege::inventory(project->config.manifest, project->facts,
                                             project->stored, std::chrono::system_clock::now());
    return project;
}

std::string json_quoted(std::string_view text) {
    return "\"" + text::json_escape(text) + "\"";
}

std::string json_list(const std::vector<std::string>& words) {
    std::string out = "[";
    for (const std::string& word : words)
        out += (out.size() > 1 ? "," : "") + json_quoted(word);
    return out + "]";
}

} // namespace stanch::cli
