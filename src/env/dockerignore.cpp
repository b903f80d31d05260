#include "env/dockerignore.h"

#include "env/unicode.h"

#include <re2/re2.h>

namespace stanch::env {
namespace {

// As path.Clean: no empty parts, no ".", ".." taken back.
std::string cleaned(std::string_view path) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string_view part = path.substr(at, end - at);
        if (part == ".." && !parts.empty() && parts.back() != "..")
            parts.pop_back();
        else if (!part.empty() && part != ".")
            parts.push_back(part);
        at = end + 1;
    }
    std::string out;
    for (const std::string_view part : parts)
        out += (out.empty() ? "" : "/") + std::string(part);
    return out;
}

// A class as Go has it: [^…] is the complement; a ']' must be escaped.
std::size_t append_class(std::string_view pattern, std::size_t at, std::string& out) {
    out += '[';
    for (++at; at < pattern.size() && pattern[at] != ']'; ++at) {
        if (pattern[at] == '\\' && at + 1 < pattern.size()) {
            out += RE2::QuoteMeta(std::string(1, pattern[++at]));
        } else if (pattern[at] == '[') {
            out += "\\[";
        } else {
            out += pattern[at];
        }
    }
    out += ']';
    return at + 1;
}

std::string expression_of(std::string_view pattern) {
    std::string out;
    for (std::size_t at = 0; at < pattern.size();) {
        const char c = pattern[at];
        if (pattern.substr(at).starts_with("**")) {
            at += 2;
            if (at < pattern.size() && pattern[at] == '/') ++at;
            out += at >= pattern.size() ? ".*" : "(?:.*/)?";
        } else if (c == '*') {
            out += "[^/]*";
            ++at;
        } else if (c == '?') {
            out += "[^/]";
            ++at;
        } else if (c == '[') {
            at = append_class(pattern, at, out);
        } else {
            if (c == '\\' && at + 1 < pattern.size()) ++at;
            out += RE2::QuoteMeta(std::string(1, pattern[at++]));
        }
    }
    return "(?s)" + out;
}

} // namespace

DockerIgnore::DockerIgnore(DockerIgnore&&) noexcept = default;
DockerIgnore& DockerIgnore::operator=(DockerIgnore&&) noexcept = default;
DockerIgnore::~DockerIgnore() = default;

DockerIgnore::DockerIgnore(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    RE2::Options options;
    options.set_log_errors(false);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string_view line = text.substr(at, end - at);
        at = end + 1;
        if (line.starts_with('#')) continue;
        line = trim(line, is_unicode_space);
        Pattern pattern;
        pattern.negative = line.starts_with('!');
        if (pattern.negative) line = trim(line.substr(1), is_unicode_space);
        const std::string path = cleaned(line);
        if (path.empty()) continue;
        pattern.expression = std::make_unique<re2::RE2>(expression_of(path), options);
        if (pattern.expression->ok()) patterns_.push_back(std::move(pattern));
    }
}

bool DockerIgnore::excludes(std::string_view path) const {
    bool excluded = false;
    for (const Pattern& pattern : patterns_) {
        if (pattern.negative != excluded) continue;
        bool matches = false;
        for (std::size_t end = path.find('/');; end = path.find('/', end + 1)) {
            const std::string_view part = path.substr(0, end);
            matches = matches || RE2::FullMatch(re2::StringPiece(part.data(), part.size()),
                                                *pattern.expression);
            if (end == std::string_view::npos) break;
        }
        if (matches) excluded = !pattern.negative;
    }
    return excluded;
}

} // namespace stanch::env
