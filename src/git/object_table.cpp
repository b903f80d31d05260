#include "git/object_table.h"

#include "git/bytes.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace stanch::git {

ObjectTable::ObjectTable(const ObjectStore& store, const std::vector<LooseObject>& loose)
    : id_size_(raw_size(store.format())) {
    const auto packs = store.packs();
    const auto alone =
        packs.size() == 1 && loose.empty() ? packs[0].index.contiguous_oids() : std::nullopt;
    if (alone) {
        alone_ = true;
        ids_ = alone->data();
        size_ = packs[0].index.size();
    } else {
        merge(store, loose);
    }
}

// Each pack's ids are sorted: neighbouring runs are merged until one is left.
void ObjectTable::merge(const ObjectStore& store, const std::vector<LooseObject>& loose) {
    std::vector<const char*> all;
    std::vector<std::ptrdiff_t> ends{0};
    for (const Pack& pack : store.packs()) {
        for (std::uint32_t i = 0; i < pack.index.size(); ++i)
            all.push_back(pack.index.oid(i).data());
        ends.push_back(std::ssize(all));
    }
    for (const LooseObject& object : loose)
        all.push_back(object.id.raw().data());
    ends.push_back(std::ssize(all));
    const auto view = [&](const char* id) { return std::string_view(id, id_size_); };
    const auto less = [&](const char* a, const char* b) { return view(a) < view(b); };
    // An index that is damaged, and told so, need not be sorted.
    for (std::size_t i = 0; i + 1 < ends.size(); ++i)
        if (!std::is_sorted(all.begin() + ends[i], all.begin() + ends[i + 1], less))
            std::sort(all.begin() + ends[i], all.begin() + ends[i + 1], less);
    while (ends.size() > 2) {
        std::vector<std::ptrdiff_t> left{0};
        for (std::size_t i = 2; i < ends.size(); i += 2) {
            std::inplace_merge(all.begin() + ends[i - 2], all.begin() + ends[i - 1],
                               all.begin() + ends[i], less);
            left.push_back(ends[i]);
        }
        if (left.back() != ends.back()) left.push_back(ends.back());
        ends = std::move(left);
    }
    const auto twice =
        std::ranges::unique(all, [&](const char* a, const char* b) { return view(a) == view(b); });
    all.erase(twice.begin(), twice.end());
    merged_.reserve(all.size() * id_size_);
    for (const char* id : all)
        merged_.append(id, id_size_);
    ids_ = merged_.data();
    size_ = static_cast<std::uint32_t>(all.size());
}

std::uint32_t ObjectTable::bucket(std::string_view raw) const {
    return shift_ == 32 ? 0 : load_big_endian<std::uint32_t>(raw.data()) >> shift_;
}

// About two ids a bucket. Ids are digests, so the buckets are even.
void ObjectTable::index() const {
    const auto bits = std::min(20U, static_cast<unsigned>(std::bit_width(size_ / 2)));
    shift_ = 32 - bits;
    buckets_.assign((std::size_t{1} << bits) + 1, 0);
    for (std::uint32_t i = 0; i < size_; ++i)
        ++buckets_[std::size_t{bucket(id(i))} + 1];
    for (std::size_t i = 1; i < buckets_.size(); ++i)
        buckets_[i] += buckets_[i - 1];
}

std::optional<std::uint32_t> ObjectTable::find(std::string_view raw) const {
    std::call_once(indexed_, [this] { index(); });
    const std::uint32_t at = bucket(raw);
    std::uint32_t low = buckets_[at];
    std::uint32_t high = buckets_[at + 1];
    while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        const int order = id(middle).compare(raw);
        if (order == 0) return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return std::nullopt;
}

// Ids are digests: where one stands follows from its first bytes, give or take a few.
bool ObjectTable::has(std::string_view raw) const {
    if (size_ == 0) return false;
    const std::uint64_t first = load_big_endian<std::uint32_t>(raw.data());
    const auto guess = static_cast<std::uint32_t>(first * size_ >> 32);
    std::uint32_t low = guess;
    std::uint32_t high = guess + 1;
    for (std::uint32_t step = 16; low > 0 && id(low) > raw; step *= 2)
        low -= std::min(low, step);
    for (std::uint32_t step = 16; high < size_ && id(high) <= raw; step *= 2)
        high += std::min(size_ - high, step);
    while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        const int order = id(middle).compare(raw);
        if (order == 0) return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

std::optional<std::uint32_t> TableLookup::find(std::string_view raw) {
    Answer& answer = recent_[load_big_endian<std::uint32_t>(&raw.front()) % recent];
    if (answer.size == raw.size() && std::memcmp(answer.id.data(), raw.data(), raw.size()) == 0)
        return answer.number;
    const auto found = table_.find(raw);
    if (!found) return std::nullopt;
    std::memcpy(answer.id.data(), raw.data(), raw.size());
    answer.size = static_cast<std::uint32_t>(raw.size());
    answer.number = *found;
    return found;
}

} // namespace stanch::git
