#include "scan/pattern/sieve_masks.h"

#include <immintrin.h>

namespace stanch::scan {
namespace {

__m128i load(const std::uint8_t* at) {
    return _mm_load_si128(reinterpret_cast<const __m128i*>(at));
}

// SieveTable::six_bits of each byte, and two bits above that a permutation does not look at.
__attribute__((target("avx512f"))) inline __m512i six_bits(const char* bytes) {
    constexpr int choose =
        0xca; // where a bit of the first is set, of the second, else of the third
    const __m512i x = _mm512_loadu_si512(bytes);
    return _mm512_ternarylogic_epi64(_mm512_set1_epi8(0x1f), x, _mm512_srli_epi32(x, 1), choose);
}

__attribute__((target("avx512f"))) inline __m512i all_of(__m512i a, __m512i b, __m512i c,
                                                         __m512i d) {
    constexpr int and_of_three = 0x80;
    return _mm512_and_si512(_mm512_ternarylogic_epi64(a, b, c, and_of_three), d);
}

__attribute__((target("avx512vbmi,avx512bw,avx512f"))) void
sieve_avx512(const SieveTable& table, const char* bytes, std::size_t blocks,
             std::uint64_t* candidates) {
    // By name: of an array, GCC keeps a copy in memory, and loads from there.
    const auto table_at = [&](std::size_t place, std::size_t half)
                              __attribute__((target("avx512vbmi,avx512bw,avx512f"))) {
                                  return _mm512_load_si512(table.six[place][half].data());
                              };
    const __m512i a0 = table_at(0, 0);
    const __m512i a1 = table_at(0, 1);
    const __m512i b0 = table_at(1, 0);
    const __m512i b1 = table_at(1, 1);
    const __m512i c0 = table_at(2, 0);
    const __m512i c1 = table_at(2, 1);
    const __m512i d0 = table_at(3, 0);
    const __m512i d1 = table_at(3, 1);
    for (std::size_t i = 0; i < blocks; ++i, bytes += sieve_block) {
        const __m512i w = six_bits(bytes);
        const __m512i x = six_bits(bytes + 1);
        const __m512i y = six_bits(bytes + 2);
        const __m512i z = six_bits(bytes + 3);
        const __m512i first =
            all_of(_mm512_permutexvar_epi8(w, a0), _mm512_permutexvar_epi8(x, b0),
                   _mm512_permutexvar_epi8(y, c0), _mm512_permutexvar_epi8(z, d0));
        const __m512i second =
            all_of(_mm512_permutexvar_epi8(w, a1), _mm512_permutexvar_epi8(x, b1),
                   _mm512_permutexvar_epi8(y, c1), _mm512_permutexvar_epi8(z, d1));
        const __m512i either = _mm512_or_si512(first, second);
        candidates[i] = _mm512_test_epi8_mask(either, either);
    }
}

// What a byte looks up, at one place.
struct Index {
    __m256i low;   // its lower four bits
    __m256i fifth; // the fifth, as each byte's highest
    __m256i high;  // the upper three
};

__attribute__((target("avx2"))) Index index_of(const char* at) {
    const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    return {_mm256_and_si256(x, _mm256_set1_epi8(0x0f)), _mm256_slli_epi16(x, 3),
            _mm256_and_si256(_mm256_srli_epi16(x, 5), _mm256_set1_epi8(0x07))};
}

__attribute__((target("avx2"))) __m256i buckets_of(const SieveTable& table, std::size_t place,
                                                   std::size_t half, const Index& index) {
    const std::uint8_t* low = table.low[place][half].data();
    const __m256i below = _mm256_broadcastsi128_si256(load(low));
    const __m256i above = _mm256_broadcastsi128_si256(load(low + 16));
    const __m256i high = _mm256_broadcastsi128_si256(load(table.high[place][half].data()));
    const __m256i lows = _mm256_blendv_epi8(_mm256_shuffle_epi8(below, index.low),
                                            _mm256_shuffle_epi8(above, index.low), index.fifth);
    return _mm256_and_si256(lows, _mm256_shuffle_epi8(high, index.high));
}

__attribute__((target("avx2"))) std::uint32_t candidates_avx2(const SieveTable& table,
                                                              const char* bytes) {
    Index index = index_of(bytes);
    __m256i first = buckets_of(table, 0, 0, index);
    __m256i second = buckets_of(table, 0, 1, index);
    for (std::size_t place = 1; place < sieve_width; ++place) {
        index = index_of(bytes + place);
        first = _mm256_and_si256(first, buckets_of(table, place, 0, index));
        second = _mm256_and_si256(second, buckets_of(table, place, 1, index));
    }
    const __m256i none = _mm256_cmpeq_epi8(_mm256_or_si256(first, second), _mm256_setzero_si256());
    return ~static_cast<std::uint32_t>(_mm256_movemask_epi8(none));
}

__attribute__((target("avx2"))) void sieve_avx2(const SieveTable& table, const char* bytes,
                                                std::size_t blocks, std::uint64_t* candidates) {
    for (std::size_t i = 0; i < blocks; ++i, bytes += sieve_block)
        candidates[i] =
            candidates_avx2(table, bytes) | std::uint64_t{candidates_avx2(table, bytes + 32)} << 32;
}

void sieve_plain(const SieveTable& table, const char* bytes, std::size_t blocks,
                 std::uint64_t* candidates) {
    for (std::size_t i = 0; i < blocks; ++i, bytes += sieve_block) {
        candidates[i] = 0;
        for (std::size_t j = 0; j < sieve_block; ++j) {
            unsigned first = 0xff;
            unsigned second = 0xff;
            for (std::size_t place = 0; place < sieve_width; ++place) {
                const std::size_t byte =
                    SieveTable::six_bits(static_cast<unsigned char>(bytes[j + place]));
                first &= table.six[place][0][byte];
                second &= table.six[place][1][byte];
            }
            candidates[i] |= std::uint64_t{(first | second) != 0} << j;
        }
    }
}

} // namespace

void SieveTable::add(std::size_t bucket, std::size_t place, unsigned char byte) {
    const auto bit = static_cast<std::uint8_t>(1U << bucket % 8);
    six[place][bucket / 8][six_bits(byte)] |= bit;
    low[place][bucket / 8][byte & 0x1fU] |= bit;
    high[place][bucket / 8][byte >> 5] |= bit;
}

void SieveTable::add_any(std::size_t bucket, std::size_t place) {
    for (unsigned byte = 0; byte < 256; ++byte)
        add(bucket, place, static_cast<unsigned char>(byte));
}

SieveWith best_for_this_processor() {
    if (__builtin_cpu_supports("avx512vbmi") != 0 && __builtin_cpu_supports("avx512bw") != 0)
        return SieveWith::avx512;
    return __builtin_cpu_supports("avx2") != 0 ? SieveWith::avx2 : SieveWith::nothing;
}

void sieve_blocks(const SieveTable& table, const char* bytes, std::size_t blocks,
                  std::uint64_t* candidates, SieveWith with) {
    if (with == SieveWith::avx512) return sieve_avx512(table, bytes, blocks, candidates);
    if (with == SieveWith::avx2) return sieve_avx2(table, bytes, blocks, candidates);
    sieve_plain(table, bytes, blocks, candidates);
}

void sieve_blocks(const SieveTable& table, const char* bytes, std::size_t blocks,
                  std::uint64_t* candidates) {
    static const SieveWith best = best_for_this_processor();
    sieve_blocks(table, bytes, blocks, candidates, best);
}

} // namespace stanch::scan
