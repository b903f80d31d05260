// Text to price rules on: code, configuration, documents and lock files, made up of the words that
// programs are made of. The same on every machine, and of no one's repository.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace stanch::rulec {

// Files of about `bytes` together.
std::vector<std::string> corpus(std::size_t bytes, std::uint64_t seed);

} // namespace stanch::rulec
