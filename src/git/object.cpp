#include "git/object.h"

#include <array>
#include <charconv>
#include <cstring>

namespace stanch::git {
namespace {

constexpr std::array<std::string_view, 5> type_names{"none", "commit", "tree", "blob", "tag"};

// Header lines of commits and tags: "name value", up to an empty line; a value goes on in lines
// that begin with a space.
class Headers {
  public:
    explicit Headers(std::string_view content) : rest_(content) {}

    bool next(std::string_view& name, std::string_view& value) {
        if (rest_.empty()) return false;
        if (rest_[0] == '\n') {
            rest_.remove_prefix(1);
            return false;
        }
        std::size_t end = std::min(rest_.find('\n'), rest_.size());
        while (end + 1 < rest_.size() && rest_[end + 1] == ' ')
            end = std::min(rest_.find('\n', end + 1), rest_.size());
        const std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        const std::size_t space = std::min(line.find(' '), line.size());
        name = line.substr(0, space);
        value = line.substr(std::min(space + 1, line.size()));
        return true;
    }

    [[nodiscard]] std::string_view rest() const { return rest_; }

  private:
    std::string_view rest_;
};

bool read_id(std::string_view hex, ObjectFormat format, ObjectId& id) {
    if (hex.size() != 2 * raw_size(format)) return false;
    const auto parsed = ObjectId::parse(hex);
    if (parsed) id = *parsed;
    return parsed.has_value();
}

} // namespace

std::string_view to_string(ObjectType type) {
    return type_names[static_cast<std::size_t>(type)];
}

std::optional<ObjectType> parse_object_type(std::string_view name) {
    for (std::size_t i = 1; i < type_names.size(); ++i)
        if (type_names[i] == name) return static_cast<ObjectType>(i);
    return std::nullopt;
}

bool TreeCursor::next(TreeEntry& entry) {
    if (at_ == end_) return false;
    damaged_ = true; // until the entry has proved whole
    std::uint32_t mode = 0;
    const char* at = at_;
    for (; at < end_ && *at >= '0' && *at <= '7'; ++at)
        mode = mode << 3 | static_cast<std::uint32_t>(*at - '0');
    if (at == at_ || at >= end_ || *at != ' ') return false;
    ++at;
    const auto* nul =
        static_cast<const char*>(std::memchr(at, '\0', static_cast<std::size_t>(end_ - at)));
    if (nul == nullptr || nul == at || static_cast<std::size_t>(end_ - nul) <= id_size_)
        return false;
    entry.mode = mode;
    entry.name = std::string_view(at, static_cast<std::size_t>(nul - at));
    entry.oid = std::string_view(nul + 1, id_size_);
    at_ = nul + 1 + id_size_;
    damaged_ = false;
    return true;
}

Signature parse_signature(std::string_view field) {
    Signature signature;
    const std::size_t open = std::min(field.rfind('<'), field.size());
    const std::size_t close = std::min(field.rfind('>'), field.size());
    signature.name = field.substr(0, open);
    while (signature.name.ends_with(' '))
        signature.name.remove_suffix(1);
    if (open >= close || close == field.size()) return signature;
    signature.email = field.substr(open + 1, close - open - 1);
    std::string_view time = field.substr(close + 1);
    while (time.starts_with(' '))
        time.remove_prefix(1);
    std::from_chars(time.data(), time.data() + time.size(), signature.seconds);
    return signature;
}

std::optional<Commit> parse_commit(std::string_view content, ObjectFormat format) {
    Commit commit;
    Headers headers(content);
    std::string_view name;
    std::string_view value;
    if (!headers.next(name, value) || name != "tree" || !read_id(value, format, commit.tree))
        return std::nullopt;
    while (headers.next(name, value)) {
        if (name == "parent" && !read_id(value, format, commit.parents.emplace_back()))
            return std::nullopt;
        if (name == "author") commit.author = value;
        if (name == "committer") commit.committer = value;
    }
    commit.message = headers.rest();
    return commit;
}

std::optional<Tag> parse_tag(std::string_view content, ObjectFormat format) {
    Tag tag;
    Headers headers(content);
    std::string_view name;
    std::string_view value;
    if (!headers.next(name, value) || name != "object" || !read_id(value, format, tag.target))
        return std::nullopt;
    while (headers.next(name, value)) {
        if (name == "type") tag.target_type = parse_object_type(value).value_or(ObjectType::none);
        if (name == "tag") tag.name = value;
        if (name == "tagger") tag.tagger = value;
    }
    if (tag.target_type == ObjectType::none) return std::nullopt;
    tag.message = headers.rest();
    return tag;
}

} // namespace stanch::git
