// Allowlists, compiled: what makes a match none.
#pragma once

#include "catalog/catalog.h"
#include "scan/pattern/regex.h"

#include <string_view>
#include <vector>

namespace stanch::scan {

// What an allowlist can look at. An empty commit: not known.
struct Circumstances {
    std::string_view path;
    std::string_view commit;
    std::string_view secret;
    std::string_view match;
    std::string_view line;
};

class Allowlist {
  public:
    static Result<Allowlist> compile(const catalog::Allowlist& list);
    [[nodiscard]] bool allows(const Circumstances& at) const;
    // Whether it holds for this rule (global lists may name their targets).
    [[nodiscard]] bool concerns(std::string_view rule) const;

  private:
    [[nodiscard]] bool regex_allows(const Circumstances& at) const;
    [[nodiscard]] bool stopword_allows(std::string_view secret) const;

    const catalog::Allowlist* list_ = nullptr;
    std::vector<Regex> paths_;
    std::vector<Regex> regexes_;
};

// `haystack` holds `needle`, whatever the case of its ASCII letters; `needle` is in lower case.
bool holds_any_case(std::string_view haystack, std::string_view needle);

} // namespace stanch::scan
