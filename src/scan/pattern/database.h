// A Vectorscan database: the expressions of rules without a literal in one automaton. Immutable,
// shared by all threads.
#pragma once

#include "core/result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct hs_database;
struct hs_scratch;

namespace stanch::scan {

struct Pattern {
    std::string expression;
    std::uint32_t number = 0; // what a hit says
};

enum class Processor {
    this_one,
    avx2, // x86-64 with AVX2
    any,  // any x86-64 (SSE4.2, Vectorscan's own floor)
};

class Database {
  public:
    static Result<Database> compile(std::span<const Pattern> patterns, Processor processor);
    static Result<Database> load(std::span<const char> serialised);
    [[nodiscard]] Result<std::string> serialise() const;

    [[nodiscard]] const hs_database* get() const { return database_.get(); }

  private:
    struct Free {
        void operator()(hs_database* database) const;
    };
    std::unique_ptr<hs_database, Free> database_;
};

// The memory that one thread scans with.
class Scratch {
  public:
    static Result<Scratch> for_database(const Database& database);
    [[nodiscard]] hs_scratch* get() const { return scratch_.get(); }

  private:
    struct Free {
        void operator()(hs_scratch* scratch) const;
    };
    std::unique_ptr<hs_scratch, Free> scratch_;
};

} // namespace stanch::scan
