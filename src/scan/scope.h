// Private to the room: one repository's say in what is looked at.
#pragma once

#include "git/ignore.h"
#include "git/index.h"
#include "git/repository.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace stanch::scan {

class Scope {
  public:
    // The repository whose work tree holds `folder`; nullptr where there is none.
    static std::shared_ptr<Scope> around(const std::string& folder);

    [[nodiscard]] const git::Repository& repository() const { return repository_; }
    [[nodiscard]] const git::IgnoreStack& base() const { return settings_.base; }
    [[nodiscard]] bool fold_case() const { return settings_.fold_case; }

    // Paths are relative to the work tree. The index is read when first asked for: in most trees
    // nothing that is ignored has to be looked up.
    [[nodiscard]] bool tracks(std::string_view path);
    [[nodiscard]] bool tracks_below(std::string_view folder); // ends with '/'
    // Why the index could not be read; told once.
    [[nodiscard]] std::optional<Error> take_error() { return std::exchange(error_, std::nullopt); }

  private:
    explicit Scope(git::Repository repository)
        : repository_(std::move(repository)), settings_(git::ignore_settings(repository_)) {}
    const git::Index* index();

    git::Repository repository_;
    git::IgnoreSettings settings_;
    std::optional<git::Index> index_;
    bool tried_ = false;
    std::optional<Error> error_;
};

} // namespace stanch::scan
