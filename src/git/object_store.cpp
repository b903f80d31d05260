#include "git/object_store.h"

#include "git/pack_stream.h"
#include "os/directory.h"
#include "os/file.h"
#include "text/encoding.h"

#include <algorithm>
#include <utility>

namespace stanch::git {
namespace {

constexpr std::uint64_t large_object = std::uint64_t{32} << 20; // held only as a delta's base

bool is_hex(std::string_view text) {
    return std::ranges::all_of(
        text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Tables of ids and places: nothing of a person's stands in them.
bool is_table(std::string_view name) {
    for (const std::string_view end : {".idx", ".rev", ".bitmap", ".mtimes", ".midx"})
        if (name.ends_with(end)) return true;
    for (const std::string_view begin :
         {"multi-pack-index", "tmp_idx_", "tmp_rev_", "tmp_bitmap_", "tmp_midx_"})
        if (name.starts_with(begin)) return true;
    return false;
}

// As fetch, push, fast-import and repack call packs that are not whole yet.
bool is_unfinished_pack(std::string_view name) {
    return name.starts_with("tmp_pack_") || (name.starts_with(".tmp-") && name.ends_with(".pack"));
}

// What a push has sent and no ref has yet; a receiver that is killed leaves it.
bool is_quarantine(std::string_view name) {
    return name.starts_with("tmp_objdir-") || name.starts_with("incoming-");
}

std::vector<std::string> names_of(const std::vector<os::DirectoryEntry>& entries) {
    std::vector<std::string> names;
    for (const os::DirectoryEntry& entry : entries)
        names.push_back(entry.name);
    return names;
}

} // namespace

ObjectStore ObjectStore::open(const Repository& repository, Unindexed unindexed) {
    ObjectStore store;
    store.format_ = repository.format;
    store.directories_ = repository.object_directories;
    store.unindexed_ = unindexed;
    if (unindexed == Unindexed::read) store.add_quarantines();
    for (const std::string& directory : store.directories_)
        store.add_packs(directory + "/pack");
    for (const std::string& missing : repository.missing_alternates)
        store.problems_.push_back({ErrorKind::incomplete, "an alternate object store is missing",
                                   missing, "restore it, or run 'git repack -a' where it is"});
    for (const Headlong& pack : std::exchange(store.headlong_, {}))
        store.read_headlong(pack);
    return store;
}

void ObjectStore::add_quarantines() {
    for (const std::string& directory : std::vector(directories_))
        if (const auto entries = os::list_directory(directory))
            for (const os::DirectoryEntry& entry : *entries)
                if (entry.kind == os::FileKind::directory && is_quarantine(entry.name))
                    directories_.push_back(directory + "/" + entry.name);
}

void ObjectStore::add_packs(const std::string& directory) {
    if (!os::exists(directory)) return;
    const auto entries = os::list_directory(directory);
    if (!entries) {
        problems_.push_back(entries.error());
        return;
    }
    // Git takes packs of any name; those that begin with a dot are being written.
    const std::vector<std::string> names = names_of(*entries);
    for (const std::string& name : names)
        if (is_unfinished_pack(name))
            headlong_.push_back({directory + "/" + name, true});
        else if (name.starts_with('.'))
            continue;
        else if (name.ends_with(".pack"))
            add_pack(directory, name.substr(0, name.size() - 5), names);
        else if (name.ends_with(".idx") &&
                 !std::ranges::binary_search(names, name.substr(0, name.size() - 4) + ".pack"))
            problems_.push_back({ErrorKind::incomplete, "a pack index without its pack",
                                 directory + "/" + name, "run 'git fsck'"});
}

void ObjectStore::add_pack(const std::string& directory, const std::string& base,
                           const std::vector<std::string>& names) {
    const std::string index_path = directory + "/" + base + ".idx";
    auto index = PackIndex::open(index_path, format_);
    if (!index) {
        const bool there = std::ranges::binary_search(names, base + ".idx");
        const bool listed = add_from_multi_pack_index(directory, base);
        const bool readable = unindexed_ == Unindexed::read;
        if (there || (!listed && !readable))
            problems_.push_back({ErrorKind::incomplete,
                                 there ? index.error().what : "a pack without its index",
                                 there ? index_path : directory + "/" + base + ".pack",
                                 "run 'git index-pack' on the pack"});
        if (!listed) headlong_.push_back({directory + "/" + base + ".pack", false});
        return;
    }
    packs_.push_back({directory + "/" + base + ".pack", std::move(*index),
                      std::ranges::binary_search(names, base + ".promisor")});
}

// The index that it lacks, made in memory. Its deltas may build on what other packs have.
void ObjectStore::read_headlong(const Headlong& pack) {
    if (unindexed_ == Unindexed::tell) return;
    const auto problem = [&](const Error& error) {
        problems_.push_back({ErrorKind::incomplete, error.what, pack.path,
                             pack.unfinished ? "an interrupted fetch or repack left it, or one is "
                                               "running: run 'git gc' then"
                                             : "run 'git index-pack' on it"});
    };
    const auto file = os::MappedFile::open(pack.path);
    if (!file) return problem(file.error());
    std::vector<PackIndex::Read> objects;
    ObjectReader others(*this);
    PackStream stream;
    stream.bytes = file->bytes();
    if (stream.bytes.empty()) return;
    stream.format = format_;
    stream.limit = object_size_limit;
    stream.large_limit = large_object;
    stream.unfinished = pack.unfinished;
    stream.use = [&](const StreamedObject& object) {
        objects.push_back({object.id, object.offset});
        return true;
    };
    stream.elsewhere = [&](const ObjectId& id) { return others.read(id); };
    const PackStreamEnd end = read_pack_stream(stream);
    if (!end.sound) problem(end.sound.error());
    packs_.push_back({pack.path, PackIndex::of(std::move(objects), end.end, format_), false});
}

bool ObjectStore::add_from_multi_pack_index(const std::string& directory, const std::string& base) {
    const auto midx = MultiPackIndex::open(directory + "/multi-pack-index", format_);
    if (!midx || !midx->verify()) return false;
    const auto& names = midx->pack_names();
    const auto name = std::ranges::find(names, base + ".idx");
    if (name == names.end()) return false;
    auto index = midx->index_of(static_cast<std::uint32_t>(name - names.begin()));
    if (!index) return false;
    packs_.push_back({directory + "/" + base + ".pack", std::move(*index), false});
    return true;
}

// Beside packs stand texts, too: who keeps one, and which refs a partial fetch was for.
void ObjectStore::list_packs_left_over(std::vector<std::string>& left_over) const {
    for (const std::string& directory : directories_) {
        const auto entries = os::list_directory(directory + "/pack");
        if (!entries) continue; // told when the packs were opened
        for (const os::DirectoryEntry& entry : *entries)
            if (entry.kind == os::FileKind::regular && !entry.name.ends_with(".pack") &&
                !is_unfinished_pack(entry.name) && !is_table(entry.name))
                left_over.push_back(directory + "/pack/" + entry.name);
    }
}

std::vector<LooseObject> ObjectStore::list_loose(std::vector<Error>& problems,
                                                 std::vector<std::string>& left_over) const {
    std::vector<LooseObject> all;
    list_packs_left_over(left_over);
    for (std::uint32_t number = 0; number < directories_.size(); ++number) {
        const auto top = os::list_directory(directories_[number]);
        if (!top) {
            problems.push_back(top.error());
            continue;
        }
        for (const os::DirectoryEntry& fan : *top) {
            const std::string path = directories_[number] + "/" + fan.name;
            if (fan.kind == os::FileKind::regular) left_over.push_back(path);
            if (fan.name.size() != 2 || !is_hex(fan.name)) continue;
            const auto files = os::list_directory(path);
            if (!files) {
                problems.push_back(files.error());
                continue;
            }
            for (const os::DirectoryEntry& file : *files)
                if (file.name.size() + 2 == 2 * raw_size(format_) && is_hex(file.name))
                    all.push_back({*ObjectId::parse(fan.name + file.name), number});
                else if (file.kind == os::FileKind::regular)
                    left_over.push_back(path + "/" + file.name);
        }
    }
    std::ranges::stable_sort(all, {}, &LooseObject::id);
    const auto twice = std::ranges::unique(all, {}, &LooseObject::id);
    all.erase(twice.begin(), twice.end());
    return all;
}

std::string ObjectStore::loose_path(std::uint32_t directory, const ObjectId& id) const {
    const std::string hex = id.hex();
    return directories_[directory] + "/" + hex.substr(0, 2) + "/" + hex.substr(2);
}

} // namespace stanch::git
