#include "scan/scope.h"

#include <algorithm>
#include <utility>

namespace stanch::scan {

std::shared_ptr<Scope> Scope::around(const std::string& folder) {
    auto repository = git::Repository::discover(folder);
    if (!repository || repository->work_tree.empty()) return nullptr;
    return std::shared_ptr<Scope>(new Scope(std::move(*repository)));
}

const git::Index* Scope::index() {
    if (!std::exchange(tried_, true)) {
        auto read = git::Index::read(repository_);
        if (read)
            index_ = std::move(*read);
        else
            error_ = read.error();
    }
    return index_ ? &*index_ : nullptr;
}

bool Scope::tracks(std::string_view path) {
    const git::Index* tracked = index();
    return tracked != nullptr && tracked->find(path) != nullptr;
}

bool Scope::tracks_below(std::string_view folder) {
    const git::Index* tracked = index();
    if (tracked == nullptr) return false;
    const auto entries = tracked->entries();
    const auto at = std::ranges::lower_bound(entries, folder, {}, &git::IndexEntry::path);
    return at != entries.end() && at->path.starts_with(folder);
}

} // namespace stanch::scan
