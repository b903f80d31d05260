#include "scan/known_digests.h"

#include "scan/known_forms.h"

#include <algorithm>
#include <cstring>
#include <sodium.h>

namespace stanch::scan {
namespace {

constexpr std::string_view magic = "stanch known 1\n";
constexpr std::size_t bitmap_bits = std::size_t{1} << 18;
constexpr std::size_t largest_name = 1 << 16;

void put(std::string& out, std::uint32_t number) {
    for (int shift = 0; shift < 32; shift += 8)
        out += static_cast<char>(number >> shift & 0xff);
}

// Takes numbers and texts from the front; after the end everything is empty and `bad` is set.
struct Reader {
    std::string_view rest;
    bool bad = false;

    std::string_view take(std::size_t size) {
        if (size > rest.size()) {
            bad = true;
            return {};
        }
        const std::string_view part = rest.substr(0, size);
        rest.remove_prefix(size);
        return part;
    }
    std::uint32_t number() {
        std::uint32_t value = 0;
        const std::string_view bytes = take(4);
        for (std::size_t i = 0; i < bytes.size(); ++i)
            value |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
        return value;
    }
};

} // namespace

std::uint32_t KnownDigests::head_of(std::uint64_t window, const HashKey& key) {
    std::uint64_t mask = 0;
    std::uint64_t factor = 0;
    std::memcpy(&mask, key.data(), sizeof mask);
    std::memcpy(&factor, key.data() + sizeof mask, sizeof factor);
    return static_cast<std::uint32_t>(((window ^ mask) * (factor | 1)) >> 40);
}

std::array<unsigned char, 16> KnownDigests::digest_of(std::string_view text, const HashKey& key) {
    std::array<unsigned char, 16> out{};
    crypto_generichash(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size(), key.data(), key.size());
    return out;
}

Secret KnownDigests::digest(std::span<const KnownValue> values) {
    HashKey key{};
    randombytes_buf(key.data(), key.size());
    std::string bytes(magic);
    bytes.append(reinterpret_cast<const char*>(key.data()), key.size());
    std::string names;
    std::string entries;
    std::uint32_t count = 0;
    for (const KnownValue& known : values) {
        if (known.value.size() < KnownValues::smallest) continue;
        put(names, static_cast<std::uint32_t>(known.name.size()));
        names += known.name;
        for (std::uint32_t form = 0; form < forms.size(); ++form) {
            std::string whole = written(known.value.reveal(), forms[form]);
            put(entries, head_of(window_at(whole.data()), key));
            put(entries, static_cast<std::uint32_t>(whole.size()));
            put(entries, count);
            put(entries, form);
            const auto digest = digest_of(whole, key);
            entries.append(reinterpret_cast<const char*>(digest.data()), digest.size());
            wipe(whole);
        }
        ++count;
    }
    put(bytes, count);
    Secret result(bytes + names + entries);
    wipe(bytes);
    return result;
}

Result<KnownDigests> KnownDigests::read(const Secret& bytes) {
    KnownDigests digests;
    Reader in{bytes.reveal()};
    const auto damaged = [] {
        return fail(ErrorKind::invalid, "the list of known values is damaged");
    };
    if (in.take(magic.size()) != magic) return damaged();
    const std::string_view key = in.take(digests.key_.size());
    std::ranges::copy(key, digests.key_.begin());
    const std::uint32_t count = in.number();
    for (std::uint32_t i = 0; i < count && !in.bad; ++i) {
        const std::uint32_t size = in.number();
        if (size > largest_name) return damaged();
        digests.names_.emplace_back(in.take(size));
    }
    digests.bitmap_.assign(bitmap_bits / 64, 0);
    while (!in.bad && !in.rest.empty()) {
        Entry entry;
        entry.head = in.number();
        entry.length = in.number();
        entry.value = in.number();
        entry.form = in.number();
        std::ranges::copy(in.take(entry.digest.size()), entry.digest.begin());
        if (in.bad || entry.value >= count || entry.form >= forms.size() || entry.head >> 24 != 0)
            return damaged();
        const std::size_t bit = entry.head >> 6;
        digests.bitmap_[bit / 64] |= std::uint64_t{1} << bit % 64;
        digests.entries_.push_back(entry);
    }
    if (in.bad) return damaged();
    std::ranges::sort(digests.entries_, {}, &Entry::head);
    return digests;
}

void KnownDigests::find_in(std::string_view text, std::vector<KnownMatch>& matches) const {
    for (std::size_t at = 0; at + KnownValues::smallest <= text.size(); ++at) {
        const std::uint32_t head = head_of(window_at(text.data() + at), key_);
        const std::size_t bit = head >> 6;
        if ((bitmap_[bit / 64] >> bit % 64 & 1) == 0) continue;
        for (const Entry& entry : std::ranges::equal_range(entries_, head, {}, &Entry::head)) {
            if (entry.length > text.size() - at) continue;
            if (digest_of(text.substr(at, entry.length), key_) != entry.digest) continue;
            matches.push_back({entry.value, at, at + entry.length, forms[entry.form].name});
        }
    }
}

std::vector<KnownMatch> KnownDigests::find(std::string_view text) const {
    if (entries_.empty()) return {};
    return search_escaped(text, [this](std::string_view part, std::vector<KnownMatch>& matches) {
        find_in(part, matches);
    });
}

} // namespace stanch::scan
