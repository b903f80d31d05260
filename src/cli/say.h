// The only place that speaks. stdout is the answer, stderr is for the person.
//
// Colour follows the terminal, NO_COLOR and --color; no word depends on it.
#pragma once

#include "core/result.h"

#include <string_view>

namespace stanch::cli {

// The answer: stdout, nothing added. False where the reader has gone (EPIPE) or the disk is full.
bool answer(std::string_view text);
// Whether all of it has been taken from us by now.
bool answered();

// A line for the person, on stderr.
void tell(std::string_view line);

// "stanch: what (where)" and "  hint", on stderr.
void say_error(const Error& error);

enum class Stream { out, err };

// Whether a stream is a terminal that wants colour.
bool colour(Stream stream);
bool is_terminal(Stream stream);

// A line on stderr that the next one replaces, and that goes before anything else is said.
// Thread-safe beside answer() and tell(); for a terminal only.
void show_progress(std::string_view line);

} // namespace stanch::cli
