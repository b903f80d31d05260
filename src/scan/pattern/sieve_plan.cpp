#include "scan/pattern/sieve_plan.h"

#include "scan/pattern/sieve_masks.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>

namespace stanch::scan {
namespace {

constexpr int most_rounds = 8; // of moving literals to better buckets

// The bytes that fit at a place, as the coarsest of the tables tells them apart; none: any.
using Bytes = std::vector<unsigned char>;
using Window = std::array<Bytes, sieve_width>;

Bytes bytes_at(const Text& text, std::size_t at) {
    if (at >= text.bytes.size()) return {};
    const std::size_t six = SieveTable::six_bits(static_cast<unsigned char>(text.bytes[at]));
    Bytes bytes;
    for (unsigned char byte = 0; byte < 128; ++byte)
        if (SieveTable::six_bits(byte) == six) bytes.push_back(byte);
    return bytes;
}

Window window_at(const Text& text, std::size_t offset) {
    Window window;
    for (std::size_t place = 0; place < sieve_width; ++place)
        window[place] = bytes_at(text, offset + place);
    return window;
}

bool drawn_with(unsigned char byte) {
    return std::string_view("-=*#_~+/").find(static_cast<char>(byte | 0x20)) !=
               std::string_view::npos ||
           byte == '_';
}

class Bucket {
  public:
    void add(const Window& window) { change(window, 1); }
    void remove(const Window& window) { change(window, -1); }

    // The share of windows in text that are candidates for it.
    [[nodiscard]] double chance() const {
        if (members_ == 0) return 0;
        double product = 1;
        for (std::size_t place = 0; place < sieve_width; ++place)
            product *= any_[place] > 0 ? 1 : std::min(1.0, sums_[place]);
        return product;
    }
    // What it would be more with one more literal.
    double cost(const Window& window) {
        const double before = chance();
        add(window);
        const double behind = chance();
        remove(window);
        return behind - before;
    }

  private:
    void change(const Window& window, int by) {
        members_ += by;
        for (std::size_t place = 0; place < sieve_width; ++place) {
            if (window[place].empty()) any_[place] += by;
            for (const unsigned char byte : window[place]) {
                int& count = counts_[place][byte];
                const bool was = count > 0;
                count += by;
                if (was != (count > 0)) sums_[place] += by * byte_share(byte);
            }
        }
    }

    std::array<std::array<int, 128>, sieve_width> counts_{};
    std::array<int, sieve_width> any_{};
    std::array<double, sieve_width> sums_{};
    int members_ = 0;
};

// Lines are drawn with one character.
constexpr double drawn = 0.01;

double chance_of(const Window& window) {
    Bucket alone;
    alone.add(window);
    const bool line = std::ranges::all_of(window, [&](const Bytes& bytes) {
        return !bytes.empty() && bytes == window.front() && drawn_with(bytes.front());
    });
    return alone.chance() + (line ? drawn : 0);
}

std::uint8_t rarest_window(const Text& text) {
    std::uint8_t best = 0;
    double least = 2;
    for (std::size_t offset = 0; offset + sieve_width <= text.bytes.size(); ++offset)
        if (const double chance = chance_of(window_at(text, offset)); chance < least) {
            least = chance;
            best = static_cast<std::uint8_t>(offset);
        }
    return best;
}

std::size_t cheapest(std::span<Bucket> buckets, const Window& window) {
    std::array<double, sieve_buckets> costs{};
    std::ranges::transform(buckets, costs.begin(),
                           [&](Bucket& bucket) { return bucket.cost(window); });
    return static_cast<std::size_t>(std::ranges::min_element(costs) - costs.begin());
}

} // namespace

// The most frequent literals first; then each is moved, while that makes any bucket rarer.
std::vector<SievePlace> plan_sieve(const std::vector<Text>& texts) {
    std::vector<SievePlace> places(texts.size());
    std::vector<Window> windows;
    std::vector<double> chances;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        places[i].offset = rarest_window(texts[i]);
        windows.push_back(window_at(texts[i], places[i].offset));
        chances.push_back(chance_of(windows.back()));
    }
    std::vector<std::size_t> order(texts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [&](std::size_t i) { return chances[i]; });
    std::vector<Bucket> buckets(sieve_buckets);
    const auto put = [&](std::size_t i) {
        const std::size_t bucket = cheapest(buckets, windows[i]);
        buckets[bucket].add(windows[i]);
        const bool moved = bucket != places[i].bucket;
        places[i].bucket = static_cast<std::uint8_t>(bucket);
        return moved;
    };
    for (const std::size_t i : order)
        put(i);
    bool moved = true;
    for (int round = 0; round < most_rounds && moved; ++round) {
        moved = false;
        for (const std::size_t i : order) {
            buckets[places[i].bucket].remove(windows[i]);
            moved = put(i) || moved;
        }
    }
    return places;
}

} // namespace stanch::scan
