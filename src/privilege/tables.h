// The data files of this room, as they lie in the program.
#pragma once

#include <string_view>

namespace stanch::privilege {

std::string_view aws_text();
std::string_view github_text();
std::string_view redis_text();
std::string_view slack_text();

} // namespace stanch::privilege
