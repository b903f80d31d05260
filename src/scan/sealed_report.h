// A history's report as it is kept from one scan to the next: findings with their secrets, sealed
// under a key that is made of the repository's own objects.
//
// So the file alone opens for nobody, and who has the repository has the secrets anyhow.
#pragma once

#include "scan/source.h"

#include <string>
#include <string_view>
#include <vector>

namespace stanch::scan {

// Passes everything on, and remembers it.
class ReportRecorder : public Sink {
  public:
    explicit ReportRecorder(Sink& to) : to_(to) {}
    ~ReportRecorder() override;
    ReportRecorder(const ReportRecorder&) = delete;
    ReportRecorder& operator=(const ReportRecorder&) = delete;

    Result<void> take(Outcome outcome) override;

    // `key`: 32 bytes. Empty where there was more than findings: that can't be kept.
    [[nodiscard]] std::string sealed(std::string_view key) const;

  private:
    Sink& to_;
    std::string kept_;
    std::vector<std::string> last_refs_;
    bool only_findings_ = true;
};

// The same calls of take() again. False, and none of them, where this is not sealed with this key.
Result<bool> replay(std::string_view sealed, std::string_view key, Sink& sink);

} // namespace stanch::scan
