#include "cli/scan_options.h"

#include "catalog/catalog.h"
#include "cli/baseline_file.h"
#include "cli/say.h"
#include "git/repository.h"
#include "os/directory.h"
#include "os/file.h"
#include "report/report.h"

#include <charconv>

namespace stanch::cli {
namespace {

constexpr std::string_view gitleaks_rules = ".gitleaks.toml";

Result<std::uint64_t> number(const std::string& text, std::string_view flag, std::uint64_t most) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size() && value <= most) return value;
    return fail(ErrorKind::usage, std::string(flag) + " needs a number up to " +
                                      std::to_string(most) + ", not '" + text + "'");
}

// Paths in a configuration file start at its folder.
std::string beside(const ConfigFile& config, const std::string& path) {
    return path.empty() || path.starts_with('/') ? path : config.directory + "/" + path;
}

template <class Number>
Result<void> read_number(ConfigTable& table, std::string_view key, Number& into) {
    const auto value = table.integer(key);
    if (value && *value < 0)
        return fail(ErrorKind::invalid, "'" + std::string(key) + "' can't be negative",
                    table.where(key));
    if (value) into = static_cast<Number>(*value);
    return {};
}

Result<void> read_config(ConfigFile& config, ScanSettings& settings) {
    ConfigTable table = config.root.table("scan");
    settings.format = table.string("format").value_or(settings.format);
    settings.baseline = beside(config, table.string("baseline").value_or(""));
    settings.rules = beside(config, table.string("rules").value_or(""));
    settings.tree.exclude = table.strings("exclude");
    settings.tree.all_files = table.boolean("all_files").value_or(false);
    settings.scan.allow_comments = table.boolean("allow_comments").value_or(true);
    STANCH_CHECK(read_number(table, "threads", settings.scan.threads));
    STANCH_CHECK(read_number(table, "archive_bytes", settings.scan.limits.unpacked_bytes));
    STANCH_CHECK(read_number(table, "archive_members", settings.scan.limits.members));
    STANCH_CHECK(read_number(table, "archive_depth", settings.scan.limits.depth));
    return table.finish();
}

Result<void> read_flags(const Arguments& arguments, ScanSettings& settings) {
    settings.format = arguments.value("--format").value_or(settings.format);
    settings.output = arguments.value("--output").value_or("");
    if (settings.output == "-") settings.output.clear();
    settings.reveal = arguments.has("--reveal");
    settings.verbose = arguments.has("--verbose");
    settings.rules = arguments.value("--rules").value_or(settings.rules);
    settings.write_baseline = arguments.value("--write-baseline").value_or("");
    settings.tree.all_files = settings.tree.all_files || arguments.has("--all-files");
    for (std::string& pattern : arguments.values("--exclude"))
        settings.tree.exclude.push_back(std::move(pattern));
    if (arguments.has("--no-allow")) settings.scan.allow_comments = false;
    settings.ignore_files = !arguments.has("--no-ignore");
    if (const auto threads = arguments.value("--threads")) {
        STANCH_TRY(const std::uint64_t count, number(*threads, "--threads", 1024));
        settings.scan.threads = static_cast<unsigned>(count);
    }
    if (arguments.has("--baseline") && arguments.has("--no-baseline"))
        return fail(ErrorKind::usage, "--baseline and --no-baseline exclude each other");
    settings.baseline = arguments.value("--baseline").value_or(settings.baseline);
    STANCH_CHECK(report::make_writer(settings.format, {}));
    return {};
}

// The folder of the configuration, or the work tree's root, or the scanned folder.
std::string project_folder(const ConfigFile& config, const std::string& from) {
    std::string folder = config.directory;
    if (!config.found()) {
        const auto repository = git::Repository::discover(from);
        if (repository && !repository->work_tree.empty()) folder = repository->work_tree;
    }
    return os::real_path(folder).value_or(folder);
}

void look_for_files(const Arguments& arguments, ScanSettings& settings) {
    const auto in_project = [&](std::string_view name) {
        std::string path = settings.project + "/" + std::string(name);
        return os::exists(path) ? path : std::string();
    };
    if (settings.baseline.empty()) settings.baseline = in_project(baseline_name);
    if (arguments.has("--no-baseline")) settings.baseline.clear();
    if (settings.rules.empty()) settings.rules = in_project(gitleaks_rules);
}

} // namespace

Result<ScanSettings> scan_settings(const Arguments& arguments, const std::string& from) {
    STANCH_TRY(ConfigFile config, load_config(from, arguments.value("--config")));
    ScanSettings settings;
    STANCH_CHECK(read_config(config, settings));
    STANCH_CHECK(read_flags(arguments, settings));
    settings.project = project_folder(config, from);
    settings.tree.project = settings.project;
    look_for_files(arguments, settings);
    if (const auto repository = git::Repository::discover(from))
        settings.git_dir = repository->git_dir;
    return settings;
}

Result<scan::Engine> scan_engine(const ScanSettings& settings) {
    if (settings.rules.empty()) return scan::Engine::built_in();
    STANCH_TRY(const std::string text, os::read_file(settings.rules));
    catalog::Extensions extensions;
    extensions.built_in = &catalog::built_in_rules();
    extensions.read_file = [](const std::string& path) { return os::read_file(path); };
    STANCH_TRY(const catalog::RuleSet rules,
               catalog::parse_rules(text, settings.rules, extensions));
    for (const Error& warning : rules.warnings)
        tell("stanch: " + warning.where + ": " + warning.what);
    if (rules.rules.empty())
        return fail(ErrorKind::invalid, "this file has no rules, so nothing could be found",
                    settings.rules, "add [extend] with useDefault = true");
    return scan::Engine::with(rules);
}

} // namespace stanch::cli
