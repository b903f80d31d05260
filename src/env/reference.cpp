#include "env/reference.h"

#include "os/file.h"
#include "os/process.h"

#include <array>

namespace stanch::env {
namespace {

struct Scheme {
    std::string_view prefix;
    std::string_view name;
};

constexpr std::array schemes{
    Scheme{"bw://", "bw"},           Scheme{"file://", "file"},
    Scheme{"exec:", "exec"},         Scheme{"aws-sm://", "aws-sm"},
    Scheme{"aws-ssm://", "aws-ssm"}, Scheme{"azure-kv://", "azure-kv"},
};

constexpr std::chrono::seconds patience{30};

Secret without_last_newline(Secret secret) {
    std::string_view text = secret.reveal();
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    secret.shorten(text.size());
    return secret;
}

Result<Secret> from_file(std::string_view path, const std::string& directory) {
    if (path.empty()) return fail(ErrorKind::invalid, "file:// without a path");
    const std::string whole = path[0] == '/' || directory.empty()
                                  ? std::string(path)
                                  : directory + "/" + std::string(path);
    STANCH_TRY(Secret secret, os::read_secret_file(whole));
    return without_last_newline(std::move(secret));
}

Result<Secret> from_command(std::string_view line, const std::string& directory) {
    STANCH_TRY(std::vector<std::string> words, split_words(line));
    if (words.empty()) return fail(ErrorKind::invalid, "exec: without a command");
    os::Command command;
    command.arguments = std::move(words);
    command.directory = directory;
    command.timeout = patience;
    command.output_limit = std::size_t{1} << 20;
    STANCH_TRY(os::Outcome outcome, os::run(command));
    Secret secret(outcome.output);
    wipe(outcome.output);
    if (outcome.exit_code != 0)
        return fail(ErrorKind::unavailable,
                    "the command of exec: ended with " + std::to_string(outcome.exit_code),
                    command.arguments[0]);
    return without_last_newline(std::move(secret));
}

} // namespace

std::string_view reference_scheme(std::string_view value) {
    for (const Scheme& scheme : schemes)
        if (value.starts_with(scheme.prefix)) return scheme.name;
    return {};
}

Result<Secret> resolve_reference(std::string_view value, const References& references) {
    const std::string_view scheme = reference_scheme(value);
    if (scheme == "file") return from_file(value.substr(7), references.directory);
    if (scheme == "exec") return from_command(value.substr(5), references.directory);
    if (scheme == "bw" && references.vault) return references.vault(value);
    return fail(ErrorKind::unavailable,
                "no reader for " + std::string(scheme) + ":// references is set up", {},
                "put the value into the environment, or use bw://, file:// or exec:");
}

Result<std::vector<std::string>> split_words(std::string_view line) {
    std::vector<std::string> words;
    bool inside = false;
    char quote = '\0';
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote == '\0' && (c == ' ' || c == '\t' || c == '\n')) {
            inside = false;
            continue;
        }
        if (!inside) words.emplace_back();
        inside = true;
        if (c == quote)
            quote = '\0';
        else if (quote == '\0' && (c == '\'' || c == '"'))
            quote = c;
        else if (c == '\\' && quote != '\'' && i + 1 < line.size())
            words.back() += line[++i];
        else
            words.back() += c;
    }
    if (quote != '\0')
        return fail(ErrorKind::invalid, "a quote in the command of exec: is not closed");
    return words;
}

} // namespace stanch::env
