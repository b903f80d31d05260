// Git objects as bytes: their types and the three that are not blobs, taken apart.
//
// The parsers are views over the object's content, allocate nothing and never read past its end.
#pragma once

#include "git/object_id.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::git {

// With the numbers of gitformat-pack(5).
enum class ObjectType : std::uint8_t { none = 0, commit = 1, tree = 2, blob = 3, tag = 4 };

std::string_view to_string(ObjectType type);
std::optional<ObjectType> parse_object_type(std::string_view name);

struct Object {
    ObjectType type = ObjectType::none;
    std::string content;
};

struct TreeEntry {
    std::uint32_t mode = 0;
    std::string_view name;
    std::string_view oid; // raw
};

// Walks a tree's entries:  for (TreeCursor at(content, 20); at.next(entry);) …
class TreeCursor {
  public:
    TreeCursor(std::string_view content, std::size_t id_size)
        : begin_(content.data()), at_(begin_), end_(begin_ + content.size()), id_size_(id_size) {}

    // False at the end, and where the bytes are no tree: damaged() tells which.
    bool next(TreeEntry& entry);
    [[nodiscard]] bool damaged() const { return damaged_; }
    // Where the next entry starts.
    [[nodiscard]] std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }

  private:
    const char* begin_;
    const char* at_;
    const char* end_;
    std::size_t id_size_;
    bool damaged_ = false;
};

// "Name <mail> seconds zone", the author, committer and tagger fields.
struct Signature {
    std::string_view name;
    std::string_view email;
    std::int64_t seconds = 0; // since 1970, UTC
};
Signature parse_signature(std::string_view field);

struct Commit {
    ObjectId tree;
    std::vector<ObjectId> parents;
    std::string_view author; // the fields as they stand, for parse_signature
    std::string_view committer;
    std::string_view message;
};
// nullopt where the bytes are no commit of this format.
std::optional<Commit> parse_commit(std::string_view content, ObjectFormat format);

struct Tag {
    ObjectId target;
    ObjectType target_type = ObjectType::none;
    std::string_view name;
    std::string_view tagger;
    std::string_view message;
};
std::optional<Tag> parse_tag(std::string_view content, ObjectFormat format);

} // namespace stanch::git
