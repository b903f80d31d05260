// Where a literal may begin: all bytes at once through tables of which byte stands at which place
// of which literal.
//
// Literals are sorted into sixteen buckets (sieve_plan.h). A window of four bytes is a candidate
// where some bucket has, at each of the four places, a literal with that byte there. That is Teddy
// (Hyperscan, 2019), but with a table of nearly whole bytes for each place rather than of their
// halves: with AVX-512 VBMI a register holds one for six bits of a byte, all but its highest and
// the one that tells 'a' from 'A'; without, bytes are told apart by their lower five and upper
// three bits. For text, both hardly differ from whole bytes. Every window of a literal is a
// candidate, whatever the processor; which others are may differ.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace stanch::scan {

inline constexpr std::size_t sieve_width = 4;
inline constexpr std::size_t sieve_buckets = 16;
inline constexpr std::size_t sieve_block = 64; // bytes of which a mask tells

struct SieveTable {
    using Halves = std::array<std::array<std::uint8_t, 64>, 2>; // buckets 0 to 7, 8 to 15

    // A bit for each bucket that has a byte with these six bits at this place.
    alignas(64) std::array<Halves, sieve_width> six{};
    static std::size_t six_bits(unsigned char byte) { return (byte & 0x1fU) | (byte >> 1 & 0x20U); }
    // The same of the byte's lower five and upper three bits.
    alignas(16) std::array<std::array<std::array<std::uint8_t, 32>, 2>, sieve_width> low{};
    alignas(16) std::array<std::array<std::array<std::uint8_t, 16>, 2>, sieve_width> high{};

    void add(std::size_t bucket, std::size_t place, unsigned char byte);
    void add_any(std::size_t bucket, std::size_t place);
};

// candidates[i]: bit j for a candidate at bytes + 64 * i + j. Reads three bytes behind the last
// block.
void sieve_blocks(const SieveTable& table, const char* bytes, std::size_t blocks,
                  std::uint64_t* candidates);

// For tests: as a processor with less would.
enum class SieveWith : std::uint8_t { avx512, avx2, nothing };
void sieve_blocks(const SieveTable& table, const char* bytes, std::size_t blocks,
                  std::uint64_t* candidates, SieveWith with);
SieveWith best_for_this_processor();

} // namespace stanch::scan
