#include "scan/history_cache.h"

#include "git/bytes.h"
#include "git/hash.h"
#include "os/atomic_file.h"
#include "os/random_file.h"
#include "scan/cache_bytes.h"

#include <array>

namespace stanch::scan {
namespace {

constexpr std::string_view magic = "stanch history cache 4\n";
constexpr std::size_t hash_size = 32;

class Writer : public CacheWriter {
  public:
    void places(const std::map<Fingerprint, std::vector<std::uint32_t>>& all) {
        number(static_cast<std::uint32_t>(all.size()));
        for (const auto& [fingerprint, numbers] : all) {
            out += fingerprint.hex();
            number(static_cast<std::uint32_t>(numbers.size()));
            for (const std::uint32_t one : numbers)
                number(one);
        }
    }
    void origin(const git::Origin& one) {
        for (const std::uint32_t value : {one.mark, one.object, one.commit, one.order})
            number(value);
        number(static_cast<std::uint32_t>(one.reachable) |
               static_cast<std::uint32_t>(one.logged) << 1 |
               static_cast<std::uint32_t>(one.merge) << 2 |
               static_cast<std::uint32_t>(one.in_head) << 3);
        text(one.path);
        number(static_cast<std::uint32_t>(one.more_refs));
        number(static_cast<std::uint32_t>(one.refs.size()));
        for (const std::string& ref : one.refs)
            text(ref);
    }
};

class Reader : public CacheReader {
  public:
    using CacheReader::CacheReader;

    std::map<Fingerprint, std::vector<std::uint32_t>> places(std::uint32_t limit) {
        std::map<Fingerprint, std::vector<std::uint32_t>> all;
        for (std::uint32_t left = count(36); left > 0; --left) {
            const auto fingerprint = Fingerprint::parse(in.take(32));
            auto& numbers = all[fingerprint.value_or(Fingerprint())];
            for (std::uint32_t more = count(4); more > 0; --more)
                numbers.push_back(checked(limit));
        }
        return all;
    }
    git::Origin origin(std::uint32_t marks, std::uint32_t limit) {
        git::Origin one;
        one.mark = checked(marks);
        one.object = checked(limit);
        one.commit = checked(limit);
        one.order = in.u32();
        const std::uint32_t bits = in.u32();
        one.reachable = (bits & 1U) != 0;
        one.logged = (bits & 2U) != 0;
        one.merge = (bits & 4U) != 0;
        one.in_head = (bits & 8U) != 0;
        one.path = text();
        one.more_refs = in.u32();
        for (std::uint32_t left = count(4); left > 0; --left)
            one.refs.push_back(text());
        return one;
    }
};

std::string body_of(const HistoryFinds& finds, const git::Origins& origins) {
    Writer writer;
    writer.large(finds.counts.contents);
    writer.large(finds.counts.bytes);
    writer.number(static_cast<std::uint32_t>(finds.missing.size()));
    for (const std::string& raw : finds.missing)
        writer.out += raw;
    writer.places(finds.blobs);
    writer.places(finds.commits);
    writer.places(finds.tags);
    writer.number(static_cast<std::uint32_t>(origins.origins.size()));
    for (const git::Origin& origin : origins.origins)
        writer.origin(origin);
    return std::move(writer.out);
}

std::string hash(std::string_view bytes) {
    return std::string(git::hash_of(git::ObjectFormat::sha256, bytes).raw());
}

// Counts, and what is missing.
bool read_head(CacheReader& reader, CachedHistory& history) {
    HistoryFinds& finds = history.finds;
    finds.counts.contents = reader.in.u64();
    finds.counts.bytes = reader.in.u64();
    finds.missing.clear();
    for (std::uint32_t left = reader.count(history.id_size); left > 0; --left)
        finds.missing.emplace_hint(finds.missing.end(), reader.in.take(history.id_size));
    return reader.in.ok();
}

} // namespace

bool CachedHistory::read_finds() {
    CachedHistory& history = *this;
    const auto objects = static_cast<std::uint32_t>(ids.size() / id_size);
    Reader reader(body);
    if (!read_head(reader, history)) return false;
    history.finds.blobs = reader.places(objects);
    history.finds.commits = reader.places(objects);
    history.finds.tags = reader.places(objects);
    const auto marks =
        static_cast<std::uint32_t>(history.finds.blobs.size() + history.finds.commits.size());
    for (std::uint32_t left = reader.count(24); left > 0; --left)
        history.origins.origins.push_back(reader.origin(marks, objects));
    return reader.in.ok() && reader.in.done();
}

git::ObjectId history_state(const git::ObjectStore& store, const git::ObjectTable& table,
                            const std::vector<git::LooseObject>& loose, const git::Refs& refs,
                            const git::Repository& repository) {
    git::Hasher hasher(git::ObjectFormat::sha256);
    const auto add = [&](std::string_view text) {
        hasher.add(text);
        hasher.add(std::string_view("\0", 1));
    };
    add(std::to_string(table.size()));
    add(repository.git_dir == repository.common_dir ? "" : "a linked worktree");
    for (const git::Pack& pack : store.packs()) {
        add(pack.path.substr(pack.path.rfind('/') + 1)); // a clone has it elsewhere
        add(pack.index.pack_checksum());
        const auto file = os::RandomFile::open(pack.path);
        add(file ? std::to_string(file->size()) : "unreadable");
    }
    for (const git::LooseObject& object : loose)
        hasher.add(object.id.raw());
    for (const git::Ref& ref : refs.refs) {
        add(ref.name);
        hasher.add(ref.id.raw());
    }
    for (const git::ObjectId& id : refs.logged)
        hasher.add(id.raw());
    if (refs.head) hasher.add(refs.head->raw());
    return hasher.finish();
}

HistoryCache::HistoryCache(const std::string& directory, const git::ObjectTable& table,
                           std::string_view engine_digest) {
    if (directory.empty() || table.size() == 0) return;
    const std::string key = std::string(table.id(0)) + std::string(engine_digest);
    path_ =
        directory + "/history/" + git::hash_of(git::ObjectFormat::sha256, key).hex().substr(0, 32);
}

// magic, hash of what follows up to the ids, state, id size, number of ids, key objects, sealed
// report, body; then the ids, which need no hash: a wrong one only means that an object is looked
// at again.
std::optional<CachedHistory> HistoryCache::read() const {
    if (path_.empty()) return std::nullopt;
    auto mapped = os::MappedFile::open(path_);
    if (!mapped) return std::nullopt;
    CachedHistory history;
    history.file = std::make_shared<const os::MappedFile>(std::move(*mapped));
    git::ByteReader in(history.file->bytes());
    if (in.take(magic.size()) != magic) return std::nullopt;
    const std::string_view digest = in.take(hash_size);
    const std::string_view rest = in.rest();
    history.state = git::ObjectId(in.take(hash_size));
    history.id_size = in.u32();
    const std::uint32_t count = in.u32();
    history.key_objects = in.take(in.u32());
    history.report = in.take(in.u32());
    history.body = in.take(in.u32());
    history.ids = in.rest();
    if (!in.ok() || hash(rest.substr(0, rest.size() - history.ids.size())) != digest)
        return std::nullopt;
    if (history.id_size == 0 || history.ids.size() != std::size_t{count} * history.id_size)
        return std::nullopt;
    Reader head(history.body);
    if (!read_head(head, history)) return std::nullopt;
    return history;
}

void HistoryCache::write(const git::ObjectId& state, const HistoryFinds& finds,
                         const git::Origins& origins, const git::ObjectTable& table,
                         const KeptReport& report) const {
    if (path_.empty() || !finds.names.empty()) return;
    for (const Note& note : finds.notes)
        if (note.kind == Note::Kind::incomplete) return;
    Writer head;
    head.out += state.raw();
    head.number(static_cast<std::uint32_t>(table.ids().size() / std::max(1U, table.size())));
    head.number(table.size());
    head.text(report.key_objects);
    head.text(report.sealed);
    head.text(body_of(finds, origins));
    if (!os::make_directories(path_.substr(0, path_.rfind('/')))) return;
    auto file = os::AtomicFile::create(path_);
    if (!file) return;
    const std::string digest = hash(head.out);
    for (const std::string_view part :
         {magic, std::string_view(digest), std::string_view(head.out), table.ids()})
        if (!file->append(part)) return;
    (void)file->commit();
}

std::optional<HistoryFinds> CachedHistory::move_to(const git::ObjectTable& table,
                                                   SeenObjects& seen) const {
    const auto count = static_cast<std::uint32_t>(ids.size() / id_size);
    std::vector<std::uint32_t> numbers(count);
    // Both are sorted: one pass.
    std::uint32_t at = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::string_view id = ids.substr(std::size_t{i} * id_size, id_size);
        while (at < table.size() && table.id(at) < id)
            ++at;
        if (at == table.size() || table.id(at) != id) return std::nullopt;
        numbers[i] = at;
    }
    for (const std::uint32_t number : numbers)
        seen.mark(number);
    HistoryFinds moved;
    moved.counts = finds.counts;
    for (const std::string& raw : finds.missing)
        if (!table.has(raw)) moved.missing.insert(raw);
    for (auto [from, to] :
         {std::pair(&finds.blobs, &moved.blobs), std::pair(&finds.commits, &moved.commits),
          std::pair(&finds.tags, &moved.tags)})
        for (const auto& [fingerprint, old] : *from)
            for (const std::uint32_t number : old)
                (*to)[fingerprint].push_back(numbers[number]);
    return moved;
}

} // namespace stanch::scan
