// UTF-16 and UTF-32 to UTF-8 (RFC 3629, Unicode 15 §3.9). Pure, thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace stanch::text {

enum class ByteOrder { little, big };

// Appends `bytes` as UTF-8; an unpaired surrogate becomes U+FFFD. Returns how many bytes were
// taken: an odd byte at the end, or a high surrogate that has not met its low one yet, is left for
// the next call unless `last` is set.
std::size_t append_utf16(std::string_view bytes, ByteOrder order, bool last, std::string& utf8);

// The same for UTF-32, whole: a rest of fewer than four bytes becomes U+FFFD.
void append_utf32(std::string_view bytes, ByteOrder order, std::string& utf8);

// Appends one code point; what is none becomes U+FFFD.
void append_code_point(char32_t code, std::string& utf8);

} // namespace stanch::text
