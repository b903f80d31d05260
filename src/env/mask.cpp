#include "env/mask.h"

#include "core/secret.h"

#include <algorithm>
#include <cstring>

namespace stanch::env {
namespace {

constexpr std::size_t block = 3;
constexpr std::size_t longest_window = 12;
constexpr std::size_t short_window = 8;
constexpr std::size_t prefix = 4; // bytes that choose a bucket of patterns
constexpr std::size_t buckets = 1U << 14U;
constexpr std::uint32_t no_pattern = UINT32_MAX;
constexpr std::string_view replacement = "***";

std::size_t block_hash(const char* at) {
    const auto b = [at](int i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(at[i]));
    };
    return (b(0) ^ b(1) << 5U ^ b(2) << 10U) & 0xFFFFU;
}

std::uint32_t mixed(const char* at) {
    std::uint32_t word = 0;
    std::memcpy(&word, at, prefix);
    return word * 2654435761U;
}

std::size_t prefix_hash(const char* at) {
    return mixed(at) >> 18U;
}

constexpr std::size_t begins_bits = std::size_t{1} << 16U;

bool bit_of(const std::uint64_t* bits, const char* at) {
    const std::uint32_t hash = mixed(at) >> 16U;
    return (bits[hash / 64] >> hash % 64 & 1U) != 0;
}

} // namespace

MaskPatterns::MaskPatterns(std::span<const std::string_view> secrets) {
    for (const std::string_view secret : secrets)
        for (std::string& form : forms_of(secret))
            patterns_.push_back(std::move(form));
    std::ranges::sort(patterns_, [](const std::string& a, const std::string& b) {
        const std::size_t ha = prefix_hash(a.data());
        const std::size_t hb = prefix_hash(b.data());
        return ha != hb ? ha < hb : a < b;
    });
    const auto twins = std::ranges::unique(patterns_);
    patterns_.erase(twins.begin(), twins.end());
    if (!patterns_.empty()) index();
}

MaskPatterns::~MaskPatterns() {
    for (std::string& pattern : patterns_)
        wipe(pattern);
}

void MaskPatterns::index() {
    window_ = std::min(longest_window,
                       std::ranges::min_element(patterns_, {}, &std::string::size)->size());
    shifts_.assign(65536, static_cast<std::uint8_t>(window_ - block + 1));
    starts_.assign(buckets, no_pattern);
    if (window_ < short_window) begins_.assign(begins_bits / 64, 0);
    for (std::uint32_t i = 0; i < patterns_.size(); ++i) {
        const std::string& pattern = patterns_[i];
        first_[static_cast<unsigned char>(pattern[0])] = true;
        std::uint32_t& start = starts_[prefix_hash(pattern.data())];
        start = std::min(start, i);
        if (!begins_.empty()) {
            const std::uint32_t hash = mixed(pattern.data()) >> 16U;
            begins_[hash / 64] |= std::uint64_t{1} << hash % 64;
        }
        for (std::size_t end = block; end <= window_; ++end) {
            std::uint8_t& shift = shifts_[block_hash(pattern.data() + end - block)];
            shift = std::min(shift, static_cast<std::uint8_t>(window_ - end));
        }
    }
}

Mask::~Mask() {
    wipe(held_);
}

// One pass over a text: finds every match, those that overlap included, and says what is decided.
struct Mask::Scan {
    const MaskPatterns& patterns;
    std::string_view text;
    std::string& out;
    bool last;
    bool ghost;
    std::size_t masked; // up to here the text is behind a ***
    std::size_t shown;  // up to here it has been dealt with
    std::size_t hold;   // from here on nothing is decided

    void run() {
        std::size_t at = 0;
        if (!(patterns.begins_.empty() ? by_skipping(at) : by_asking(at))) return;
        for (; at < text.size(); ++at)
            if (patterns.first_[static_cast<unsigned char>(text[at])] && !try_tail(at)) return;
    }

    bool by_skipping(std::size_t& at) {
        const std::size_t window = patterns.window_;
        const char* data = text.data();
        const std::uint8_t* shifts = patterns.shifts_.data();
        while (at + window <= text.size()) {
            const std::uint8_t shift = shifts[block_hash(data + at + window - block)];
            at += shift;
            if (shift != 0) continue;
            if (!try_at(at)) return false;
            ++at;
        }
        return true;
    }

    bool by_asking(std::size_t& at) {
        const char* data = text.data();
        const std::uint64_t* begins = patterns.begins_.data();
        for (; at + prefix <= text.size(); ++at)
            if (bit_of(begins, data + at) && !try_at(at)) return false;
        return true;
    }

    // False where a pattern may begin here and the text ends before it does.
    bool try_at(std::size_t at) {
        const std::size_t hash = prefix_hash(text.data() + at);
        bool decided = true;
        for (std::uint32_t i = patterns.starts_[hash];
             i < patterns.patterns_.size() && prefix_hash(patterns.patterns_[i].data()) == hash;
             ++i)
            decided = compare(patterns.patterns_[i], at) && decided;
        return decided;
    }

    // The same near the end, where not even a window is left.
    bool try_tail(std::size_t at) {
        bool decided = true;
        for (const std::string& pattern : patterns.patterns_)
            decided = compare(pattern, at) && decided;
        return decided;
    }

    bool compare(const std::string& pattern, std::size_t at) {
        const std::size_t size = std::min(pattern.size(), text.size() - at);
        if (std::memcmp(pattern.data(), text.data() + at, size) != 0) return true;
        if (size == pattern.size()) {
            cover(at, at + size);
            return true;
        }
        if (last) return true;
        hold = at;
        return false;
    }

    void cover(std::size_t begin, std::size_t end) {
        if (end <= masked) return;
        if (begin >= masked) {
            out += text.substr(shown, begin - shown);
            out += replacement;
        } else if (ghost) {
            out += replacement;
        }
        ghost = false;
        masked = shown = end;
    }
};

void Mask::scan(std::string_view text, bool last, std::string& out) {
    Scan scan{patterns_, text, out, last, ghost_, covered_, covered_, text.size()};
    scan.run();
    if (scan.hold > scan.shown) out += text.substr(scan.shown, scan.hold - scan.shown);
    covered_ = scan.masked > scan.hold ? scan.masked - scan.hold : 0;
    ghost_ = scan.ghost && covered_ > 0;
    std::string rest(text.substr(scan.hold));
    wipe(held_);
    held_ = std::move(rest);
}

void Mask::feed(std::string_view chunk, std::string& out) {
    if (patterns_.empty()) {
        out += chunk;
        return;
    }
    if (held_.empty()) return scan(chunk, false, out);
    std::string text = std::move(held_);
    held_.clear();
    text += chunk;
    scan(text, false, out);
    wipe(text);
}

void Mask::idle(std::string& out) {
    if (!holds() || held_.size() >= shortest_masked) return;
    // Behind a *** nothing of it is a ghost: the mask has been shown.
    ghost_ = covered_ == 0 || ghost_;
    out += std::string_view(held_).substr(covered_);
    covered_ = held_.size();
}

void Mask::finish(std::string& out) {
    const std::string text = std::move(held_);
    held_.clear();
    if (!text.empty()) scan(text, true, out);
}

} // namespace stanch::env
