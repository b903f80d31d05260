#include "git/inflate.h"

#include <libdeflate.h>
#include <new>

namespace stanch::git {

Inflater::Inflater() : decompressor_(libdeflate_alloc_decompressor()) {
    if (!decompressor_) throw std::bad_alloc();
}

void Inflater::Free::operator()(libdeflate_decompressor* decompressor) const {
    libdeflate_free_decompressor(decompressor);
}

bool Inflater::inflate(std::string_view compressed, std::span<char> out) {
    return libdeflate_zlib_decompress(decompressor_.get(), compressed.data(), compressed.size(),
                                      out.data(), out.size(), nullptr) == LIBDEFLATE_SUCCESS;
}

bool Inflater::inflate(std::string_view compressed, std::span<char> out, std::size_t& used) {
    return libdeflate_zlib_decompress_ex(decompressor_.get(), compressed.data(), compressed.size(),
                                         out.data(), out.size(), &used,
                                         nullptr) == LIBDEFLATE_SUCCESS;
}

std::optional<std::size_t> Inflater::inflate_up_to(std::string_view compressed, std::span<char> out,
                                                   bool& too_small) {
    std::size_t size = 0;
    std::size_t used = 0;
    const libdeflate_result result =
        libdeflate_zlib_decompress_ex(decompressor_.get(), compressed.data(), compressed.size(),
                                      out.data(), out.size(), &used, &size);
    too_small = result == LIBDEFLATE_INSUFFICIENT_SPACE;
    if (result != LIBDEFLATE_SUCCESS || used != compressed.size()) return std::nullopt;
    return size;
}

std::uint32_t crc32(std::string_view bytes) {
    return libdeflate_crc32(0, bytes.data(), bytes.size());
}

} // namespace stanch::git
