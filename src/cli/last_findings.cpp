#include "cli/last_findings.h"

#include "os/file.h"

#include <algorithm>

namespace stanch::cli {
namespace {

// One list a repository, named by a digest of its path.
Result<std::string> file_of(const std::string& git_dir) {
    STANCH_TRY(const std::string folder, os::cache_directory());
    return folder + "/found/" + Fingerprint::of("git directory", Secret(git_dir), "").hex();
}

std::string one_line(std::string text) {
    std::ranges::replace_if(text, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
    return text;
}

} // namespace

void keep_last_findings(const std::string& git_dir, std::span<const LastFinding> findings) {
    if (findings.empty()) return;
    std::string text;
    for (const LastFinding& finding : findings)
        text += finding.fingerprint.hex() + "\t" + one_line(finding.rule) + "\t" +
                one_line(finding.path) + "\n";
    const auto path = file_of(git_dir);
    if (!path || !os::make_directories(path->substr(0, path->rfind('/')))) return;
    [[maybe_unused]] const auto kept = os::write_file(*path, text);
}

std::vector<LastFinding> read_last_findings(const std::string& git_dir) {
    const auto path = file_of(git_dir);
    const std::string text = path ? os::read_file(*path).value_or("") : std::string();
    std::vector<LastFinding> findings;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string line = text.substr(at, end - at);
        at = end + 1;
        const std::size_t first = line.find('\t');
        const std::size_t second = line.find('\t', first + 1);
        const auto fingerprint = Fingerprint::parse(line.substr(0, first));
        if (!fingerprint || second == std::string::npos) continue;
        findings.push_back(
            {*fingerprint, line.substr(first + 1, second - first - 1), line.substr(second + 1)});
    }
    return findings;
}

} // namespace stanch::cli
