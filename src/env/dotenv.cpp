#include "env/dotenv.h"

#include "env/draft.h"

#include <algorithm>
#include <span>
#include <utility>

namespace stanch::env {
namespace {

struct Name {
    std::string_view name;
    Dialect dialect;
};

// The first name of each is its own; the others are accepted.
constexpr std::array names{
    Name{"python", Dialect::python},   Name{"python-dotenv", Dialect::python},
    Name{"node", Dialect::node},       Name{"dotenv", Dialect::node},
    Name{"compose", Dialect::compose}, Name{"docker-compose", Dialect::compose},
    Name{"docker", Dialect::docker},   Name{"docker-run", Dialect::docker},
    Name{"uv", Dialect::uv},           Name{"posix", Dialect::posix},
    Name{"bash", Dialect::posix},      Name{"sh", Dialect::posix},
    Name{"shell", Dialect::posix},
};

Drafts read(std::string_view text, Dialect dialect, const ReadOptions& options) {
    switch (dialect) {
    case Dialect::python:
        return read_python(text, options);
    case Dialect::node:
        return read_node(text, options);
    case Dialect::compose:
        return read_compose(text, options);
    case Dialect::docker:
        return read_docker(text, options);
    case Dialect::uv:
        return read_uv(text, options);
    case Dialect::posix:
        return read_posix(text, options);
    }
    return {};
}

Entry finished(Draft& draft, std::string_view text, std::size_t end) {
    Entry entry;
    entry.original = text.substr(draft.begin, end - draft.begin);
    if (draft.value || draft.verbatim)
        entry.raw = text.substr(draft.raw_begin, draft.raw_end - draft.raw_begin);
    entry.line = draft.line;
    entry.key_line = draft.key_line;
    entry.key = std::move(draft.key);
    if (draft.verbatim) entry.value.emplace(*draft.verbatim);
    if (draft.value) {
        entry.value.emplace(*draft.value);
        wipe(*draft.value);
    }
    entry.error = draft.error;
    if (draft.error) entry.message = draft.message;
    return entry;
}

// One block of locked memory for all values that do not stand in the text as they are.
class MadeValues {
  public:
    explicit MadeValues(const std::vector<Draft>& drafts) {
        std::size_t size = 0;
        for (const Draft& draft : drafts)
            size += draft.value ? draft.value->size() : 0;
        auto block = std::make_shared<Secret>(Secret::zeroed(size));
        free_ = block->writable();
        block_ = std::move(block);
    }

    // Wipes it where it was.
    SecretPart take(std::string& value) {
        const std::span<char> place = free_.first(value.size());
        free_ = free_.subspan(value.size());
        std::ranges::copy(value, place.begin());
        wipe(value);
        return {block_, {place.data(), place.size()}};
    }

  private:
    std::shared_ptr<const Secret> block_;
    std::span<char> free_;
};

// Compose and docker read the whole file before they use anything; uv sets each variable as it
// comes.
bool gives_nothing(const Document& document, Dialect dialect) {
    return document.refused && dialect != Dialect::uv;
}

template <class Doc, class Take>
std::vector<Variable> variables_of(Doc& document, Dialect dialect, Take take) {
    std::vector<Variable> list;
    if (gives_nothing(document, dialect)) return list;
    std::map<std::string_view, std::size_t> places;
    for (auto& entry : document.entries) {
        if (!entry.key || !entry.value) continue;
        const auto [place, is_new] = places.try_emplace(*entry.key, list.size());
        if (is_new)
            list.push_back({*entry.key, take(*entry.value), entry.key_line});
        else if (dialect != Dialect::uv)
            list[place->second] = {*entry.key, take(*entry.value), entry.key_line};
    }
    return list;
}

} // namespace

std::string_view to_string(Dialect dialect) {
    return std::ranges::find(names, dialect, &Name::dialect)->name;
}

std::string_view program_of(Dialect dialect) {
    switch (dialect) {
    case Dialect::python:
        return "python-dotenv";
    case Dialect::node:
        return "Node dotenv";
    case Dialect::compose:
        return "Docker Compose";
    case Dialect::docker:
        return "docker run --env-file";
    case Dialect::uv:
        return "uv run --env-file";
    case Dialect::posix:
        return "the shell";
    }
    return {};
}

Result<Dialect> parse_dialect(std::string_view name) {
    const auto* known = std::ranges::find(names, name, &Name::name);
    if (known != names.end()) return known->dialect;
    std::string list;
    for (const Dialect dialect : all_dialects)
        list += (list.empty() ? "" : ", ") + std::string(to_string(dialect));
    return fail(ErrorKind::usage, "there is no dialect '" + std::string(name) + "'", {},
                "use one of: " + list);
}

const Entry* Document::first_error() const {
    const auto at = std::ranges::find(entries, true, &Entry::error);
    return at == entries.end() ? nullptr : &*at;
}

Document parse(std::string_view text, Dialect dialect, const ReadOptions& options) {
    Drafts drafts = read(text, dialect, options);
    Document document;
    document.refused = drafts.refused;
    for (std::size_t i = 0; i < drafts.list.size(); ++i) {
        Draft& draft = drafts.list[i];
        const std::size_t end = i + 1 < drafts.list.size() ? drafts.list[i + 1].begin : text.size();
        document.entries.push_back(finished(draft, text, end));
    }
    return document;
}

std::vector<Setting> settings(const std::shared_ptr<const Secret>& text,
                              const ReadOptions& options) {
    Drafts drafts = read_python(text->reveal(), options);
    std::erase_if(drafts.list, [](const Draft& draft) {
        return !draft.key || (!draft.value && !draft.verbatim);
    });
    std::vector<Setting> list;
    list.reserve(drafts.list.size());
    MadeValues made(drafts.list);
    for (Draft& draft : drafts.list)
        list.push_back({std::move(*draft.key),
                        draft.value ? made.take(*draft.value) : SecretPart(text, *draft.verbatim)});
    return list;
}

std::vector<Variable> variables(const Document& document, Dialect dialect) {
    return variables_of(document, dialect, [](const Secret& value) { return value.copy(); });
}

std::vector<Variable> variables(Document&& document, Dialect dialect) {
    return variables_of(document, dialect, [](Secret& value) { return std::move(value); });
}

} // namespace stanch::env
