#include "cli/pushed.h"

#include <array>

namespace stanch::cli {
namespace {

// The words of a line; fewer than N leave the last ones empty.
template <std::size_t N>
std::array<std::string, N> words(std::string_view line) {
    std::array<std::string, N> out;
    for (std::string& word : out) {
        const std::size_t space = line.find(' ');
        word = line.substr(0, space);
        line = space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
    }
    return out;
}

// An id, or an empty one for all zeros.
std::optional<git::ObjectId> read_id(const std::string& hex) {
    if ((hex.size() == 40 || hex.size() == 64) && hex.find_first_not_of('0') == std::string::npos)
        return git::ObjectId();
    return git::ObjectId::parse(hex);
}

template <class Read>
Result<std::vector<PushedRef>> each_line(std::string_view lines, Read read) {
    std::vector<PushedRef> refs;
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(lines.size(), line.size() + 1));
        if (line.empty()) continue;
        std::optional<PushedRef> ref = read(line);
        if (!ref)
            return fail(ErrorKind::incomplete,
                        "Git gave the hook a line that it does not know: " + std::string(line));
        refs.push_back(*std::move(ref));
    }
    return refs;
}

std::optional<PushedRef> pushed_ref(std::string name, const std::string& before,
                                    const std::string& after) {
    const auto old_id = read_id(before);
    const auto new_id = read_id(after);
    if (name.empty() || !old_id || !new_id) return std::nullopt;
    return PushedRef{std::move(name), *old_id, *new_id};
}

// Adds what an id stands for: a commit, or a tag's text and what it points to.
Result<void> add(git::ObjectReader& reader, git::ObjectFormat format, const std::string& name,
                 git::ObjectId id, Pushed& pushed) {
    // A tag may point to a tag; no sane chain is longer.
    for (int depth = 0; depth < 64; ++depth) {
        STANCH_TRY(git::Object object, reader.read(id));
        if (object.type == git::ObjectType::commit) {
            pushed.range.include.push_back(id);
            return {};
        }
        if (object.type == git::ObjectType::blob) {
            pushed.texts.push_back({name, std::move(object.content)});
            return {};
        }
        const auto tag = object.type == git::ObjectType::tag
                             ? git::parse_tag(object.content, format)
                             : std::nullopt;
        if (!tag)
            return fail(ErrorKind::incomplete, "it names a tree, which can't be checked as a range",
                        name);
        id = tag->target;
        pushed.texts.push_back({name, std::move(object.content)});
    }
    return fail(ErrorKind::incomplete, "a chain of tags without an end", name);
}

} // namespace

Result<std::vector<PushedRef>> parse_pre_push(std::string_view lines) {
    return each_line(lines, [](std::string_view line) {
        const auto [local, after, remote, before] = words<4>(line);
        return pushed_ref(remote, before, after);
    });
}

Result<std::vector<PushedRef>> parse_pre_receive(std::string_view lines) {
    return each_line(lines, [](std::string_view line) {
        const auto [before, after, name] = words<3>(line);
        return pushed_ref(name, before, after);
    });
}

bool is_framework_push(const Variables& variables) {
    return variables("PRE_COMMIT") || variables("PRE_COMMIT_TO_REF");
}

Result<FrameworkPush> framework_push(const Variables& variables, const git::Refs& refs,
                                     git::ObjectReader& reader) {
    const auto or_else = [&](const char* name, const char* otherwise) {
        auto value = variables(name);
        return value && !value->empty() ? *std::move(value) : std::string(otherwise);
    };
    FrameworkPush push;
    push.remote = or_else("PRE_COMMIT_REMOTE_NAME", "");
    push.ref.name = or_else("PRE_COMMIT_REMOTE_BRANCH", "refs/heads/pushed");
    const std::string to = or_else("PRE_COMMIT_TO_REF", "");
    const std::string from = to.empty() ? "" : or_else("PRE_COMMIT_FROM_REF", "");
    push.whole = from.empty();
    const auto resolved = [&](const std::string& text) -> Result<git::ObjectId> {
        // A tag's own text is pushed too: an id stays what it is.
        if (const auto id = read_id(text)) return *id;
        return git::resolve_commit(text, refs, reader);
    };
    if (!from.empty()) {
        STANCH_TRY(push.ref.before, resolved(from));
    }
    STANCH_TRY(push.ref.after,
               resolved(to.empty() ? or_else("PRE_COMMIT_LOCAL_BRANCH", "HEAD") : to));
    return push;
}

Result<Pushed> pushed_objects(git::ObjectReader& reader, git::ObjectFormat format,
                              const std::vector<PushedRef>& refs,
                              const std::vector<git::ObjectId>& known) {
    Pushed pushed;
    auto exclude = [&](const git::ObjectId& id) {
        // The other side may have what we don't: it can't be walked, and excludes nothing then.
        const auto object = id.empty() ? fail(ErrorKind::not_found, "") : reader.read(id);
        if (object && object->type == git::ObjectType::commit) pushed.range.exclude.push_back(id);
    };
    for (const PushedRef& ref : refs) {
        exclude(ref.before);
        if (ref.after.empty()) continue; // deleted
        pushed.texts.push_back({"ref " + ref.name, ref.name});
        STANCH_CHECK(add(reader, format, ref.name, ref.after, pushed));
    }
    for (const git::ObjectId& id : known)
        exclude(id);
    return pushed;
}

} // namespace stanch::cli
