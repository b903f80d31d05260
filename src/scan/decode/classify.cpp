#include "scan/decode/classify.h"

#include "scan/decode/alphabet.h"

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

__attribute__((target("avx2"))) void classify_avx2(const char* bytes, std::size_t blocks,
                                                   Classes* out) {
    const __m256i low =
        _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(by_low)));
    const __m256i high =
        _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(by_high)));
    const __m256i half = _mm256_set1_epi8(0x0f);
    for (std::size_t i = 0; i < blocks; ++i) {
        const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 32 * i));
        const __m256i lows = _mm256_shuffle_epi8(low, _mm256_and_si256(x, half));
        const __m256i highs =
            _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(x, 4), half));
        const __m256i none =
            _mm256_cmpeq_epi8(_mm256_and_si256(lows, highs), _mm256_setzero_si256());
        const __m256i marks =
            _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(x, _mm256_set1_epi8('%')),
                                            _mm256_cmpeq_epi8(x, _mm256_set1_epi8('\\'))),
                            _mm256_cmpeq_epi8(x, _mm256_set1_epi8('&')));
        out[i].base64 = ~static_cast<std::uint32_t>(_mm256_movemask_epi8(none));
        out[i].escape = static_cast<std::uint32_t>(_mm256_movemask_epi8(marks));
    }
}

__attribute__((target("ssse3"))) void classify_ssse3(const char* bytes, std::size_t blocks,
                                                     Classes* out) {
    const __m128i low = _mm_load_si128(reinterpret_cast<const __m128i*>(by_low));
    const __m128i high = _mm_load_si128(reinterpret_cast<const __m128i*>(by_high));
    const __m128i half = _mm_set1_epi8(0x0f);
    for (std::size_t i = 0; i < 2 * blocks; ++i) {
        const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i));
        const __m128i lows = _mm_shuffle_epi8(low, _mm_and_si128(x, half));
        const __m128i highs = _mm_shuffle_epi8(high, _mm_and_si128(_mm_srli_epi16(x, 4), half));
        const __m128i none = _mm_cmpeq_epi8(_mm_and_si128(lows, highs), _mm_setzero_si128());
        const __m128i marks = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('%')),
                                                        _mm_cmpeq_epi8(x, _mm_set1_epi8('\\'))),
                                           _mm_cmpeq_epi8(x, _mm_set1_epi8('&')));
        const auto base64 = ~static_cast<std::uint32_t>(_mm_movemask_epi8(none)) & 0xffffU;
        const auto escape = static_cast<std::uint32_t>(_mm_movemask_epi8(marks));
        Classes& block = out[i / 2];
        if (i % 2 == 0)
            block = {base64, escape};
        else
            block = {block.base64 | base64 << 16, block.escape | escape << 16};
    }
}

} // namespace

void classify(const char* bytes, std::size_t blocks, Classes* out) {
    static const bool avx2 = __builtin_cpu_supports("avx2") != 0;
    if (avx2)
        classify_avx2(bytes, blocks, out);
    else
        classify_ssse3(bytes, blocks, out);
}

} // namespace stanch::scan
