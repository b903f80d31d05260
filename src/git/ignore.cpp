#include "git/ignore.h"

#include <algorithm>
#include <bit>

namespace stanch::git {
namespace {

constexpr std::size_t long_list = 8; // patterns, from here on worth an index
constexpr std::size_t name_first = 0;
constexpr std::size_t name_last = 256;
constexpr std::size_t path_first = 512;

bool alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::size_t literal_length(std::string_view pattern) {
    const std::size_t at = pattern.find_first_of("*?[\\");
    return at == std::string_view::npos ? pattern.size() : at;
}

// Spaces at the end do not count, unless a backslash stands before them.
std::string_view without_trailing_spaces(std::string_view line) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == ' ') continue;
        if (line[i] == '\\') ++i;
        if (i >= line.size()) return line;
        end = i + 1;
    }
    return line.substr(0, end);
}

// Git reads the file as C strings: what follows a NUL on a line does not exist.
std::string_view pattern_of(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return without_trailing_spaces(line.substr(0, line.find('\0')));
}

std::string_view last_part(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

} // namespace

IgnoreFile::IgnoreFile(std::string_view text, std::string base, bool fold_case)
    : base_(std::move(base)), fold_case_(fold_case) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        if (!line.empty() && line[0] != '#') add(pattern_of(line));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    if (patterns_.size() >= long_list) index();
}

void IgnoreFile::add(std::string_view line) {
    Pattern pattern;
    pattern.negative = line.starts_with('!');
    if (pattern.negative) line.remove_prefix(1);
    pattern.directory_only = line.ends_with('/');
    if (pattern.directory_only) line.remove_suffix(1);
    pattern.name_only = line.find('/') == std::string_view::npos;
    if (line.starts_with('/')) line.remove_prefix(1);
    if (line.empty()) return;
    pattern.text = line;
    pattern.literal = literal_length(line);
    pattern.suffix =
        pattern.name_only && line[0] == '*' && literal_length(line.substr(1)) == line.size() - 1;
    if (pattern.literal < line.size() && !pattern.suffix)
        pattern.rest.emplace(pattern.name_only ? line : line.substr(pattern.literal), fold_case_);
    patterns_.push_back(std::move(pattern));
}

// What a pattern tells of the first and the last byte of what it matches: a wildcard may be
// anything, a letter or digit at the end is no part of one.
void IgnoreFile::index() {
    words_ = (patterns_.size() + 63) / 64;
    by_byte_.assign(std::size_t{3} * 256 * words_, 0);
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
        const Pattern& pattern = patterns_[i];
        const auto allow = [&](std::size_t table, bool told, char wanted) {
            for (std::size_t byte = 0; byte < 256; ++byte)
                if (const char c = static_cast<char>(byte);
                    !told || c == wanted || (fold_case_ && lower(c) == lower(wanted)))
                    by_byte_[(table + byte) * words_ + i / 64] |= std::uint64_t{1} << (i % 64);
        };
        const bool begins = pattern.literal > 0;
        allow(name_first, pattern.name_only && begins, pattern.text.front());
        allow(path_first, !pattern.name_only && begins, pattern.text.front());
        allow(name_last, alphanumeric(pattern.text.back()), pattern.text.back());
    }
}

// Calls visit(pattern) from the last one on, until it says true.
template <class Visit>
void IgnoreFile::each_candidate(std::string_view below, std::string_view name, Visit visit) const {
    if (words_ == 0 || below.empty() || name.empty()) {
        for (auto pattern = patterns_.rbegin(); pattern != patterns_.rend(); ++pattern)
            if (visit(*pattern)) return;
        return;
    }
    const auto row = [&](std::size_t table, char c) {
        return by_byte_.data() + (table + static_cast<unsigned char>(c)) * words_;
    };
    const std::uint64_t* first = row(name_first, name.front());
    const std::uint64_t* last = row(name_last, name.back());
    const std::uint64_t* path = row(path_first, below.front());
    for (std::size_t word = words_; word-- > 0;)
        for (std::uint64_t bits = first[word] & last[word] & path[word]; bits != 0;) {
            const auto bit = 63 - static_cast<std::size_t>(std::countl_zero(bits));
            if (visit(patterns_[word * 64 + bit])) return;
            bits ^= std::uint64_t{1} << bit;
        }
}

bool IgnoreFile::same(std::string_view a, std::string_view b) const {
    if (!fold_case_) return a == b;
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool IgnoreFile::matches_name(const Pattern& pattern, std::string_view name) const {
    if (pattern.suffix) {
        const std::string_view wanted = std::string_view(pattern.text).substr(1);
        return name.size() >= wanted.size() &&
               same(name.substr(name.size() - wanted.size()), wanted);
    }
    if (!pattern.rest) return name.size() == pattern.text.size() && same(name, pattern.text);
    const std::string_view literal = std::string_view(pattern.text).substr(0, pattern.literal);
    return name.size() >= literal.size() && same(name.substr(0, literal.size()), literal) &&
           pattern.rest->matches(name);
}

// The literal part is compared and taken off before the wildcards are looked at, as Git does it:
// "a**/b" is "a" and then "**/b", which stands at a beginning.
bool IgnoreFile::matches_path(const Pattern& pattern, std::string_view below) const {
    const std::string_view literal = std::string_view(pattern.text).substr(0, pattern.literal);
    if (below.size() < literal.size() || !same(below.substr(0, literal.size()), literal))
        return false;
    if (!pattern.rest) return below.size() == literal.size();
    return pattern.rest->matches(below.substr(literal.size()));
}

bool IgnoreFile::matches(const Pattern& pattern, std::string_view below,
                         std::string_view name) const {
    return pattern.name_only ? matches_name(pattern, name) : matches_path(pattern, below);
}

IgnoreVerdict IgnoreFile::verdict(std::string_view path, bool is_directory) const {
    const std::string_view below =
        base_.empty() ? path : path.substr(std::min(path.size(), base_.size() + 1));
    const std::string_view name = last_part(path);
    IgnoreVerdict verdict = IgnoreVerdict::none;
    each_candidate(below, name, [&](const Pattern& pattern) {
        if ((pattern.directory_only && !is_directory) || !matches(pattern, below, name))
            return false;
        verdict = pattern.negative ? IgnoreVerdict::kept : IgnoreVerdict::ignored;
        return true;
    });
    return verdict;
}

IgnoreStack IgnoreStack::with(std::shared_ptr<const IgnoreFile> file) const {
    if (file == nullptr || file->empty()) return *this;
    IgnoreStack stack;
    stack.top_ = std::make_shared<const Layer>(Layer{std::move(file), top_});
    return stack;
}

bool IgnoreStack::ignores(std::string_view path, bool is_directory) const {
    for (const Layer* layer = top_.get(); layer != nullptr; layer = layer->below.get()) {
        const IgnoreVerdict verdict = layer->file->verdict(path, is_directory);
        if (verdict != IgnoreVerdict::none) return verdict == IgnoreVerdict::ignored;
    }
    return false;
}

} // namespace stanch::git
