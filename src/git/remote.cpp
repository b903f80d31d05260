#include "git/remote.h"

#include "os/directory.h"
#include "os/process.h"
#include "text/encoding.h"

#include <algorithm>
#include <array>
#include <utility>

namespace stanch::git {
namespace {

constexpr std::array<std::string_view, 5> schemes{"https", "http", "ssh", "git", "file"};

struct Url {
    std::string scheme;
    std::string plain; // without credentials
    std::string user;
    std::string password;
};

Url take_apart(std::string_view text) {
    Url url{.scheme = "ssh", .plain = std::string(text), .user = {}, .password = {}};
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos) return url; // user@host:path
    url.scheme = text.substr(0, colon);
    const std::size_t begin = colon + 3;
    const std::string_view host = text.substr(begin, text.find('/', begin) - begin);
    const std::size_t at = host.rfind('@');
    if (at == std::string_view::npos || !url.scheme.starts_with("http")) return url;
    const std::string_view user = host.substr(0, at);
    const std::size_t split = std::min(user.find(':'), user.size());
    const auto decoded = [](std::string_view part) {
        return text::percent_decode(part).value_or(std::string(part));
    };
    url.user = decoded(user.substr(0, split));
    url.password = decoded(user.substr(std::min(split + 1, user.size())));
    url.plain = std::string(text.substr(0, begin)) + std::string(text.substr(begin + at + 1));
    return url;
}

os::Command sealed(const Url& url) {
    os::Command command;
    command.environment = {
        {"GIT_CONFIG_NOSYSTEM", "1"},       {"GIT_CONFIG_SYSTEM", "/dev/null"},
        {"GIT_CONFIG_GLOBAL", "/dev/null"}, {"GIT_TERMINAL_PROMPT", "0"},
        {"GIT_ASKPASS", "/bin/false"},      {"SSH_ASKPASS", "/bin/false"},
        {"SSH_ASKPASS_REQUIRE", "never"},   {"GIT_SSH_COMMAND", "ssh -oBatchMode=yes"},
        {"GIT_LFS_SKIP_SMUDGE", "1"},       {"GIT_NO_LAZY_FETCH", "1"},
        {"GIT_ALLOW_PROTOCOL", url.scheme}, {"GIT_CONFIG_COUNT", "0"}};
    command.without = {"GIT_DIR",
                       "GIT_WORK_TREE",
                       "GIT_INDEX_FILE",
                       "GIT_COMMON_DIR",
                       "GIT_OBJECT_DIRECTORY",
                       "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                       "GIT_NAMESPACE",
                       "GIT_CONFIG_PARAMETERS",
                       "GIT_TEMPLATE_DIR",
                       "GIT_EXEC_PATH",
                       "GIT_SSH",
                       "GIT_PROXY_COMMAND",
                       "GIT_TRACE",
                       "GIT_TRACE_CURL",
                       "GIT_CURL_VERBOSE"};
    if (url.user.empty() && url.password.empty()) return command;
    const std::string basic = text::base64_encode(url.user + ":" + url.password);
    command.environment["GIT_CONFIG_COUNT"] = "1";
    command.environment["GIT_CONFIG_KEY_0"] = "http." + url.plain + ".extraHeader";
    command.environment["GIT_CONFIG_VALUE_0"] = "Authorization: Basic " + basic;
    return command;
}

// What Git had to say, for the person: its last lines that say what is wrong.
std::string reason(const std::string& errors) {
    std::size_t at = errors.find("fatal: ");
    if (at == std::string::npos) at = errors.find("error: ");
    if (at == std::string::npos) return "git clone failed";
    const std::string line = errors.substr(at + 7, errors.find('\n', at) - at - 7);
    return "git clone failed: " + line;
}

} // namespace

bool is_remote_url(std::string_view text) {
    for (const std::string_view scheme : schemes)
        if (text.starts_with(scheme) && text.substr(scheme.size()).starts_with("://")) return true;
    const std::size_t colon = text.find(':');
    const std::size_t at = text.find('@');
    return at != std::string_view::npos && colon != std::string_view::npos && at < colon &&
           text.find('/') > colon;
}

std::string without_credentials(std::string_view url) {
    return take_apart(url).plain;
}

Result<RemoteClone> RemoteClone::fetch(const std::string& text) {
    const Url url = take_apart(text);
    RemoteClone clone;
    STANCH_TRY(clone.folder_, os::make_temporary_directory());
    os::Command command = sealed(url);
    command.arguments = {"git",
                         "-c",
                         "core.hooksPath=/dev/null",
                         "-c",
                         "submodule.recurse=false",
                         "-c",
                         "credential.helper=",
                         "-c",
                         "http.followRedirects=initial",
                         "clone",
                         "--quiet",
                         "--mirror",
                         "--no-local",
                         "--template=",
                         "--",
                         url.plain,
                         clone.git_dir()};
    STANCH_TRY(const os::Outcome outcome, os::run(command));
    if (outcome.exit_code != 0)
        return fail(ErrorKind::unavailable, reason(outcome.errors), url.plain,
                    "check the address; a private repository needs https://USER:TOKEN@… or an SSH "
                    "agent");
    return clone;
}

RemoteClone::RemoteClone(RemoteClone&& other) noexcept
    : folder_(std::exchange(other.folder_, {})) {}

RemoteClone& RemoteClone::operator=(RemoteClone&& other) noexcept {
    std::swap(folder_, other.folder_);
    return *this;
}

RemoteClone::~RemoteClone() {
    if (!folder_.empty()) os::remove_directory(folder_);
}

} // namespace stanch::git
