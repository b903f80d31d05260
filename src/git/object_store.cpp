#include "git/object_store.h"

#include "os/directory.h"
#include "os/file.h"
#include "text/encoding.h"

#include <algorithm>

namespace stanch::git {
namespace {

bool is_hex(std::string_view text) {
    return std::ranges::all_of(
        text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::vector<std::string> names_of(const std::vector<os::DirectoryEntry>& entries) {
    std::vector<std::string> names;
    for (const os::DirectoryEntry& entry : entries)
        names.push_back(entry.name);
    return names;
}

} // namespace

ObjectStore ObjectStore::open(const Repository& repository) {
    ObjectStore store;
    store.format_ = repository.format;
    store.directories_ = repository.object_directories;
    for (const std::string& directory : store.directories_)
        store.add_packs(directory + "/pack");
    for (const std::string& missing : repository.missing_alternates)
        store.problems_.push_back({ErrorKind::incomplete, "an alternate object store is missing",
                                   missing, "restore it, or run 'git repack -a' where it is"});
    return store;
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
        if (name.starts_with('.'))
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
        if (!add_from_multi_pack_index(directory, base) || there)
            problems_.push_back({ErrorKind::incomplete,
                                 there ? index.error().what : "a pack without its index",
                                 there ? index_path : directory + "/" + base + ".pack",
                                 "run 'git index-pack' on the pack"});
        return;
    }
    packs_.push_back({directory + "/" + base + ".pack", std::move(*index),
                      std::ranges::binary_search(names, base + ".promisor")});
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

std::vector<LooseObject> ObjectStore::list_loose(std::vector<Error>& problems,
                                                 std::vector<std::string>& left_over) const {
    std::vector<LooseObject> all;
    for (std::uint32_t number = 0; number < directories_.size(); ++number) {
        const auto top = os::list_directory(directories_[number]);
        if (!top) {
            problems.push_back(top.error());
            continue;
        }
        for (const os::DirectoryEntry& fan : *top) {
            if (fan.name.size() != 2 || !is_hex(fan.name)) continue;
            const auto files = os::list_directory(directories_[number] + "/" + fan.name);
            if (!files) {
                problems.push_back(files.error());
                continue;
            }
            for (const os::DirectoryEntry& file : *files)
                if (file.name.size() + 2 == 2 * raw_size(format_) && is_hex(file.name))
                    all.push_back({*ObjectId::parse(fan.name + file.name), number});
                else if (file.name.starts_with("tmp_obj_"))
                    left_over.push_back(directories_[number] + "/" + fan.name + "/" + file.name);
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
