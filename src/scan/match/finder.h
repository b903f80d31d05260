// The first stage at work: all rules and all decoders over a window. Immutable, shared by all
// threads.
#pragma once

#include "scan/decode/decoder.h"
#include "scan/engine.h"
#include "scan/match/pass.h"
#include "scan/pattern/database.h"
#include "scan/pattern/probe.h"

namespace stanch::scan {

// Hits of decoders have the numbers from here on, one for each encoding.
inline constexpr std::uint32_t decoder_hits = 0xffffff00;

// What one thread needs for it.
struct FinderMemory {
    Scratch scratch;
    std::vector<Mark> marks;
};

class Finder {
  public:
    Finder() = default;
    // Without patterns, `database` is empty.
    Finder(Database database, Probes probes);
    Finder(const Finder&) = delete; // the tables refer to the probes
    Finder& operator=(const Finder&) = delete;
    ~Finder() = default;

    [[nodiscard]] const StageRow* stage(std::uint32_t rule) const { return probes_.stage(rule); }
    [[nodiscard]] Result<FinderMemory> memory() const;
    // Matcher::find
    void find(std::string_view window, std::uint64_t offset, FinderMemory& memory,
              std::vector<Hit>& hits) const;

  private:
    void find_expressions(std::string_view window, std::uint64_t offset, FinderMemory& memory,
                          std::vector<Hit>& hits) const;

    Database database_;
    Probes probes_;
    Literals literals_;
};

} // namespace stanch::scan
