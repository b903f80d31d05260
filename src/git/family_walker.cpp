#include "git/family_walker.h"

#include "git/object_stream.h"

#include <algorithm>
#include <array>

namespace stanch::git {
namespace {

constexpr std::size_t window_least = std::size_t{8} << 10;
constexpr std::size_t buffer_kept = std::size_t{8} << 20; // larger ones go back to the system

} // namespace

FamilyWalker::FamilyWalker(const ObjectStore& store, ObjectVisitor& visitor,
                           const WalkOptions& options)
    : store_(store), visitor_(visitor), options_(options), reader_(store) {}

std::string_view FamilyWalker::id(std::uint32_t node) const {
    return pack_.pack->index.oid(pack_.layout->position(node));
}

std::unexpected<Error> FamilyWalker::damaged(std::uint32_t node, std::string what) const {
    return fail(ErrorKind::incomplete, "a damaged object: " + std::move(what),
                pack_.pack->path + " (" + ObjectId(id(node)).hex() + ")",
                "run 'git fsck', or clone again");
}

std::uint32_t FamilyWalker::take_slot(std::size_t size) {
    if (free_slots_.empty()) {
        free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
        slots_.emplace_back();
    }
    const std::uint32_t number = free_slots_.back();
    free_slots_.pop_back();
    Slot& slot = slots_[number];
    if (slot.capacity < size) {
        slot.capacity = std::max<std::size_t>(4096, size + size / 4);
        slot.memory.reset();
        slot.memory = std::make_unique_for_overwrite<char[]>(slot.capacity);
    }
    slot.size = size;
    return number;
}

void FamilyWalker::release(std::uint32_t number) {
    Slot& slot = slots_[number];
    if (slot.capacity > buffer_kept) {
        slot.memory.reset();
        slot.capacity = 0;
    }
    free_slots_.push_back(number);
}

// The entry's packed bytes, out of the window, checked.
Result<FamilyWalker::Entry> FamilyWalker::entry(std::uint32_t node) {
    const std::uint64_t begin = pack_.layout->offset(node);
    const std::size_t size = pack_.layout->end(node) - begin;
    const bool inside = window_file_ == pack_.file && begin >= window_start_ &&
                        begin + size <= window_start_ + window_size_;
    if (!inside) {
        const std::size_t wanted = std::max(window_least, size);
        if (window_.size() < wanted) window_.resize(wanted);
        STANCH_TRY(window_size_, pack_.file->read_at(begin, std::span(window_).first(wanted)));
        window_start_ = begin;
        window_file_ = pack_.file;
        if (window_size_ < size) return damaged(node, "the pack ends early");
    }
    const std::string_view bytes(window_.data() + (begin - window_start_), size);
    if (pack_.pack->index.has_crcs() && pack_.layout->crc(node) != crc32(bytes))
        return damaged(node, "its CRC-32 does not match");
    const auto header = parse_entry_header(bytes, begin, store_.format());
    if (!header) return damaged(node, "its header");
    if (header->size > object_size_limit)
        return fail(ErrorKind::incomplete, "an object larger than can be held in memory",
                    pack_.pack->path + " (" + ObjectId(id(node)).hex() + ")");
    return Entry{*header, bytes.substr(header->length)};
}

Result<std::uint32_t> FamilyWalker::make_root(std::uint32_t node, ObjectType& type) {
    STANCH_TRY(const Entry from, entry(node));
    if (from.header.is_delta()) { // its base is another pack's, or loose
        STANCH_TRY(const Object base, reader_.read(ObjectId(from.header.base_id)));
        type = base.type;
        auto slot = grow(node, from, base.content);
        copies_.clear(); // against something that no visitor has seen
        return slot;
    }
    const std::uint32_t slot = take_slot(from.header.size);
    if (inflater_.inflate(from.packed, {slots_[slot].memory.get(), from.header.size})) return slot;
    release(slot);
    return damaged(node, "its zlib stream");
}

Result<std::uint32_t> FamilyWalker::make_child(std::uint32_t node, std::string_view base) {
    STANCH_TRY(const Entry from, entry(node));
    return grow(node, from, base);
}

Result<std::uint32_t> FamilyWalker::grow(std::uint32_t node, const Entry& from,
                                         std::string_view base) {
    if (delta_.size() < from.header.size) delta_.resize(from.header.size + from.header.size / 4);
    const std::string_view delta(delta_.data(), from.header.size);
    if (!inflater_.inflate(from.packed, {delta_.data(), from.header.size}))
        return damaged(node, "its zlib stream");
    const auto sizes = delta_sizes(delta);
    if (!sizes) return damaged(node, "its delta");
    if (sizes->result > object_size_limit)
        return damaged(node, "larger than can be held in memory");
    const std::uint32_t slot = take_slot(sizes->result);
    if (apply_delta(base, delta, {slots_[slot].memory.get(), sizes->result}, copies_)) return slot;
    release(slot);
    return damaged(node, "its delta");
}

void FamilyWalker::visit(std::uint32_t node, ObjectType type, std::uint32_t slot,
                         std::uint32_t base_slot) {
    WalkedObject object;
    object.type = type;
    object.id = id(node);
    object.pack = pack_.number;
    object.position = pack_.layout->position(node);
    object.content = slots_[slot].content();
    object.slot = slot;
    if (base_slot != WalkedObject::no_slot) {
        object.is_delta = true;
        object.base = slots_[base_slot].content();
        object.copies = copies_;
        object.base_slot = base_slot;
    }
    if (type == ObjectType::tree) object.entries = &read_entries(slot, base_slot);
    visitor_.visit(object);
}

const TreeEntries& FamilyWalker::read_entries(std::uint32_t number, std::uint32_t base) {
    Slot& slot = slots_[number];
    const std::size_t id_size = raw_size(store_.format());
    if (base == WalkedObject::no_slot)
        slot.entries.read(slot.content(), id_size);
    else
        slot.entries.read(slot.content(), id_size, slots_[base].entries, copies_);
    return slot.entries;
}

void FamilyWalker::miss_family(std::uint32_t node, const Error& error) {
    std::vector<std::uint32_t> family{node};
    for (std::size_t i = 0; i < family.size(); ++i) {
        visitor_.miss(id(family[i]), error);
        const auto children = pack_.layout->children(family[i]);
        family.insert(family.end(), children.begin(), children.end());
    }
}

// False where the entry is not one for visit_large().
bool FamilyWalker::walk_large(std::uint32_t node) {
    const std::uint64_t begin = pack_.layout->offset(node);
    const std::uint64_t end = pack_.layout->end(node);
    // A zlib stream is at most some thousand times smaller than what is in it.
    if ((end - begin) * 1100 < options_.large || !pack_.layout->children(node).empty())
        return false;
    std::array<char, entry_header_limit> head{};
    const auto got = pack_.file->read_at(begin, head);
    const auto header = parse_entry_header({head.data(), got.value_or(0)}, begin, store_.format());
    if (!header || header->is_delta() || header->size <= options_.large) return false;
    const auto stream = stream_packed(*pack_.file, begin + header->length, end, header->size);
    visitor_.visit_large(header->type, id(node), *stream);
    return true;
}

void FamilyWalker::walk(const OpenPack& pack, std::uint32_t root) {
    pack_ = pack;
    ObjectType type = pack.layout->type(root);
    if (type != ObjectType::none && !wants(type)) return;
    if (walk_large(root)) return;
    const auto slot = make_root(root, type);
    if (!slot) return miss_family(root, slot.error());
    if (!wants(type)) return release(*slot);
    visit(root, type, *slot, WalkedObject::no_slot);
    descend(root, *slot, type);
}

void FamilyWalker::descend(std::uint32_t root, std::uint32_t root_slot, ObjectType type) {
    frames_.assign(1, {root, root_slot, 0});
    if (pack_.layout->children(root).empty()) {
        frames_.clear();
        release(root_slot);
    }
    while (!frames_.empty()) {
        Frame& frame = frames_.back();
        const auto children = pack_.layout->children(frame.node);
        const std::uint32_t child = children[frame.next_child++];
        const bool last = frame.next_child == children.size();
        const std::uint32_t base_slot = frame.slot;
        auto slot =
            stopped() ? std::unexpected(Error{}) : make_child(child, slots_[base_slot].content());
        if (slot)
            visit(child, type, *slot, base_slot);
        else if (!stopped())
            miss_family(child, slot.error());
        if (last) {
            release(base_slot);
            frames_.pop_back();
        }
        if (!slot) continue;
        if (pack_.layout->children(child).empty())
            release(*slot);
        else
            frames_.push_back({child, *slot, 0});
    }
}

void FamilyWalker::loose(const LooseObject& loose, ObjectType& type) {
    if (type != ObjectType::none && !wants(type)) return;
    const std::string path = store_.loose_path(loose.directory, loose.id);
    auto large = [&]() -> Result<bool> {
        STANCH_TRY(const os::RandomFile file, os::RandomFile::open(path));
        if (file.size() * 1100 < options_.large) return false;
        STANCH_TRY(const LooseStream stream, stream_loose(file));
        if (stream.size <= options_.large) return false;
        type = stream.type;
        if (wants(stream.type)) visitor_.visit_large(stream.type, loose.id.raw(), *stream.stream);
        return true;
    }();
    if (!large) return visitor_.miss(loose.id.raw(), large.error());
    if (*large) return;
    auto object = reader_.read_loose(loose.directory, loose.id);
    if (!object) return visitor_.miss(loose.id.raw(), object.error());
    type = object->type;
    if (!wants(type)) return;
    WalkedObject walked;
    walked.type = object->type;
    walked.id = loose.id.raw();
    walked.content = object->content;
    walked.slot = take_slot(0);
    if (object->type == ObjectType::tree) {
        slots_[walked.slot].entries.read(object->content, raw_size(store_.format()));
        walked.entries = &slots_[walked.slot].entries;
    }
    visitor_.visit(walked);
    release(walked.slot);
}

} // namespace stanch::git
