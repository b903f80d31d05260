// A part of a text that is secret as a whole (a value in a .env file), without a copy of its own:
// the text lives for as long as one of its parts does.
//
// Immutable; copies share the text. Thread-safe, as std::shared_ptr is.
#pragma once

#include "core/secret.h"

#include <memory>
#include <string_view>
#include <utility>

namespace stanch {

class SecretPart {
  public:
    SecretPart() = default;
    // All of it.
    explicit SecretPart(Secret whole)
        : whole_(std::make_shared<const Secret>(std::move(whole))), part_(whole_->reveal()) {}
    // `part` lies in `whole`.
    SecretPart(std::shared_ptr<const Secret> whole, std::string_view part)
        : whole_(std::move(whole)), part_(part) {}

    // As Secret::reveal: the view dies with the last part of the text.
    [[nodiscard]] std::string_view reveal() const { return part_; }
    [[nodiscard]] std::size_t size() const { return part_.size(); }

  private:
    std::shared_ptr<const Secret> whole_;
    std::string_view part_;
};

} // namespace stanch
