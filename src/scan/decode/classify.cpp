#include "scan/decode/classify.h"

#include "scan/decode/alphabet.h"

#include <array>
#include <immintrin.h>

namespace stanch::scan {
namespace {

// A byte is in the alphabet where by_low[its low half] and by_high[its high half] share a bit: one
// bit for each set of low halves that goes with some high half.
//   2: + - /   3: digits   4, 6: A to O, a to o   5: P to Z, _   7: p to z
alignas(16) constexpr std::uint8_t by_high[16] = {0, 0, 1, 2, 4, 8, 4, 16};
constexpr std::uint8_t low_bits(unsigned low) {
    return static_cast<std::uint8_t>(
        (low == 0xb || low == 0xd || low == 0xf ? 1U : 0U) | (low <= 9 ? 2U : 0U) |
        (low >= 1 ? 4U : 0U) | (low <= 0xa || low == 0xf ? 8U : 0U) | (low <= 0xa ? 16U : 0U));
}
alignas(16) constexpr std::uint8_t by_low[16] = {
    low_bits(0),  low_bits(1),  low_bits(2),  low_bits(3), low_bits(4),  low_bits(5),
    low_bits(6),  low_bits(7),  low_bits(8),  low_bits(9), low_bits(10), low_bits(11),
    low_bits(12), low_bits(13), low_bits(14), low_bits(15)};

// What each byte below 128 is: bit 0 of base64, bit 1 of an escape.
alignas(64) constexpr auto kinds = [] {
    std::array<std::uint8_t, 128> table{};
    for (std::size_t c = 0; c < table.size(); ++c)
        table[c] = base64_values[c] >= 0 ? 1 : 0;
    for (const unsigned char c : {'%', '\\', '&'})
        table[c] = 2;
    return table;
}();

__attribute__((target("avx512vbmi,avx512bw,avx512f"))) void
classify_avx512(const char* bytes, std::size_t blocks, Classes* out) {
    const __m512i one = _mm512_load_si512(kinds.data());
    const __m512i other = _mm512_load_si512(kinds.data() + 64);
    const __m512i base64 = _mm512_set1_epi8(1);
    const __m512i escape = _mm512_set1_epi8(2);
    for (std::size_t i = 0; i < blocks; ++i) {
        const __m512i x = _mm512_loadu_si512(bytes + classify_block * i);
        const __m512i kind = _mm512_permutex2var_epi8(one, x, other); // of its lower seven bits
        const std::uint64_t ascii = ~_mm512_movepi8_mask(x);
        out[i] = {_mm512_test_epi8_mask(kind, base64) & ascii,
                  _mm512_test_epi8_mask(kind, escape) & ascii};
    }
}

struct Half {
    std::uint32_t base64;
    std::uint32_t escape;
};

__attribute__((target("avx2"))) Half half_avx2(const char* bytes) {
    const __m256i low =
        _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(by_low)));
    const __m256i high =
        _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(by_high)));
    const __m256i half = _mm256_set1_epi8(0x0f);
    const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
    const __m256i lows = _mm256_shuffle_epi8(low, _mm256_and_si256(x, half));
    const __m256i highs =
        _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(x, 4), half));
    const __m256i none = _mm256_cmpeq_epi8(_mm256_and_si256(lows, highs), _mm256_setzero_si256());
    const __m256i marks =
        _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(x, _mm256_set1_epi8('%')),
                                        _mm256_cmpeq_epi8(x, _mm256_set1_epi8('\\'))),
                        _mm256_cmpeq_epi8(x, _mm256_set1_epi8('&')));
    return {~static_cast<std::uint32_t>(_mm256_movemask_epi8(none)),
            static_cast<std::uint32_t>(_mm256_movemask_epi8(marks))};
}

__attribute__((target("avx2"))) void classify_avx2(const char* bytes, std::size_t blocks,
                                                   Classes* out) {
    for (std::size_t i = 0; i < blocks; ++i, bytes += classify_block) {
        const Half first = half_avx2(bytes);
        const Half second = half_avx2(bytes + 32);
        out[i] = {first.base64 | std::uint64_t{second.base64} << 32,
                  first.escape | std::uint64_t{second.escape} << 32};
    }
}

__attribute__((target("ssse3"))) void classify_ssse3(const char* bytes, std::size_t blocks,
                                                     Classes* out) {
    const __m128i low = _mm_load_si128(reinterpret_cast<const __m128i*>(by_low));
    const __m128i high = _mm_load_si128(reinterpret_cast<const __m128i*>(by_high));
    const __m128i half = _mm_set1_epi8(0x0f);
    for (std::size_t i = 0; i < 4 * blocks; ++i) {
        const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i));
        const __m128i lows = _mm_shuffle_epi8(low, _mm_and_si128(x, half));
        const __m128i highs = _mm_shuffle_epi8(high, _mm_and_si128(_mm_srli_epi16(x, 4), half));
        const __m128i none = _mm_cmpeq_epi8(_mm_and_si128(lows, highs), _mm_setzero_si128());
        const __m128i marks = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('%')),
                                                        _mm_cmpeq_epi8(x, _mm_set1_epi8('\\'))),
                                           _mm_cmpeq_epi8(x, _mm_set1_epi8('&')));
        const std::uint64_t base64 = ~static_cast<std::uint32_t>(_mm_movemask_epi8(none)) & 0xffffU;
        const auto escape = static_cast<std::uint32_t>(_mm_movemask_epi8(marks));
        Classes& block = out[i / 4];
        if (i % 4 == 0) block = {};
        block.base64 |= base64 << 16 * (i % 4);
        block.escape |= std::uint64_t{escape} << 16 * (i % 4);
    }
}

} // namespace

ClassifyWith best_classify_here() {
    if (__builtin_cpu_supports("avx512vbmi") != 0 && __builtin_cpu_supports("avx512bw") != 0)
        return ClassifyWith::avx512;
    return __builtin_cpu_supports("avx2") != 0 ? ClassifyWith::avx2 : ClassifyWith::ssse3;
}

void classify(const char* bytes, std::size_t blocks, Classes* out, ClassifyWith with) {
    if (with == ClassifyWith::avx512) return classify_avx512(bytes, blocks, out);
    if (with == ClassifyWith::avx2) return classify_avx2(bytes, blocks, out);
    classify_ssse3(bytes, blocks, out);
}

void classify(const char* bytes, std::size_t blocks, Classes* out) {
    static const ClassifyWith best = best_classify_here();
    classify(bytes, blocks, out, best);
}

} // namespace stanch::scan
