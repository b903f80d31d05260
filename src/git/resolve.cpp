// Names that people write for commits (gitrevisions(7), the part that has no @{…} or :/…).
#include "git/object_store.h"
#include "git/refs.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace stanch::git {
namespace {

std::unexpected<Error> unknown(std::string_view text) {
    return fail(ErrorKind::usage, "not a commit of this repository", std::string(text),
                "name a branch, a tag or a commit id");
}

std::optional<ObjectId> by_name(std::string_view name, const Refs& refs) {
    if (name == "HEAD" || name == "@") return refs.head;
    constexpr std::array<std::string_view, 5> prefixes{"", "refs/", "refs/tags/", "refs/heads/",
                                                       "refs/remotes/"};
    for (const std::string_view prefix : prefixes) {
        const std::string full = std::string(prefix) + std::string(name);
        const auto found = std::ranges::lower_bound(refs.refs, full, {}, &Ref::name);
        if (found != refs.refs.end() && found->name == full) return found->id;
    }
    return std::nullopt;
}

Result<ObjectId> peel_to_commit(ObjectId id, ObjectReader& reader, std::string_view text) {
    for (int depth = 0; depth < 64; ++depth) {
        STANCH_TRY(const Object object, reader.read(id));
        if (object.type == ObjectType::commit) return id;
        const auto format = id.raw().size() == 32 ? ObjectFormat::sha256 : ObjectFormat::sha1;
        const auto tag =
            object.type == ObjectType::tag ? parse_tag(object.content, format) : std::nullopt;
        if (!tag) break;
        id = tag->target;
    }
    return unknown(text);
}

Result<ObjectId> parent(const ObjectId& id, unsigned number, ObjectReader& reader,
                        std::string_view text) {
    if (number == 0) return id;
    STANCH_TRY(const std::string content, reader.read(id, ObjectType::commit));
    const auto format = id.raw().size() == 32 ? ObjectFormat::sha256 : ObjectFormat::sha1;
    const auto commit = parse_commit(content, format);
    if (!commit || number > commit->parents.size()) return unknown(text);
    return commit->parents[number - 1];
}

// The digits behind ~ or ^; none mean 1.
unsigned take_number(std::string_view& rest) {
    unsigned number = 1;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error == std::errc()) rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return number;
}

} // namespace

Result<ObjectId> resolve_commit(std::string_view text, const Refs& refs, ObjectReader& reader) {
    const std::size_t end = std::min(text.find_first_of("~^"), text.size());
    const std::string_view name = text.substr(0, end);
    auto id = by_name(name, refs);
    if (!id) id = ObjectId::parse(name);
    if (!id) id = reader.complete(name);
    if (!id) return unknown(text);
    STANCH_TRY(ObjectId at, peel_to_commit(*id, reader, text));
    std::string_view rest = text.substr(end);
    while (!rest.empty()) {
        const char step = rest[0];
        rest.remove_prefix(1);
        if (step == '^' && rest.starts_with('{')) {
            const std::size_t close = rest.find('}');
            const std::string_view what = rest.substr(0, std::min(close, rest.size()));
            if (what != "{" && what != "{commit") return unknown(text);
            rest.remove_prefix(close + 1);
        } else if (step == '^') {
            STANCH_TRY(at, parent(at, take_number(rest), reader, text));
        } else if (step == '~') {
            for (unsigned left = take_number(rest); left > 0; --left) {
                STANCH_TRY(at, parent(at, 1, reader, text));
            }
        } else {
            return unknown(text);
        }
    }
    return at;
}

} // namespace stanch::git
