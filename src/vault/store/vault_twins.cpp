// Vault: items that shall be the only ones of their name.
//
// Servers let two items of one place have the same name, so two pushes that begin at the same
// moment both find none and both make one. Each therefore looks once more after its sync, and both
// agree on which one goes: the younger, by the server's own date, then by the id. Whose item is the
// younger takes it back at once. Where it can't know (the server was long at the elder one, which
// wasn't there yet when the younger's maker looked), the elder's maker does it in its place, after
// having given the other the time to look.
// What goes is what came into being during this very push, says the same as what stays, and goes
// into the trash; where the two differ, nobody's item but our own is touched.
#include "vault/vault.h"

#include "vault/item/merge.h"

#include <algorithm>
#include <utility>

namespace stanch::vault {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds look_again{500};
constexpr int looks = 6; // more than the two seconds that the other waits before it looks

bool share_place(const Item& one, const Item& other) {
    if (one.organization_id() != other.organization_id()) return false;
    if (one.organization_id().empty()) return one.folder_id() == other.folder_id();
    const auto ids = other.collection_ids();
    return std::ranges::any_of(one.collection_ids(), [&](const std::string& id) {
        return std::ranges::find(ids, id) != ids.end();
    });
}

bool elder(const Item& one, const Item& other) {
    const auto birth = [](const Item& item) {
        return std::pair(std::string(item.document()["creationDate"].text()), item.id());
    };
    return birth(one) < birth(other);
}

std::unexpected<Error> other_content(const std::string& name, const std::string& what_now) {
    return fail(ErrorKind::refused,
                "somebody else made '" + name + "' at the same moment, with another content", {},
                what_now);
}

} // namespace

Result<Item> Vault::create_only(Item item, const std::vector<std::string>& collection_ids) {
    const auto start = std::chrono::steady_clock::now();
    STANCH_TRY(Item created, post(item, collection_ids));
    const auto took = std::chrono::steady_clock::now() - start;
    STANCH_TRY(Item kept, copied(created));
    creations_.push_back({std::move(kept), std::chrono::duration_cast<milliseconds>(took)});
    STANCH_CHECK(after_write());
    return created;
}

Result<void> Vault::confirm_creations() {
    Result<void> all;
    for (const Creation& creation : std::exchange(creations_, {})) {
        auto done = confirm(creation);
        if (!done && all) all = std::move(done);
    }
    return all;
}

// The others of this name and place.
Result<std::vector<Item>> Vault::twins_of(const Item& item) {
    std::vector<Item> twins;
    STANCH_TRY(const Secret name, item.name());
    STANCH_TRY(const Cache* held, cache());
    for (const std::size_t slot : held->named(name.reveal())) {
        auto other = open_slot(slot);
        if (other && !other->deleted() && other->id() != item.id() && share_place(*other, item))
            twins.push_back(std::move(*other));
    }
    std::ranges::sort(twins, elder);
    return twins;
}

Result<void> Vault::yield_to(const Item& twin, const Item& ours) {
    STANCH_TRY(const bool same, same_content(ours, twin));
    STANCH_TRY(const Secret name, ours.name());
    STANCH_CHECK(trash(ours));
    if (same) return {};
    return other_content(std::string(name.reveal()),
                         "theirs is in the vault, and yours in its trash; look at it, and push "
                         "again to replace it");
}

Result<void> Vault::outlive(const std::vector<Item>& twins, const Item& ours) {
    STANCH_TRY(const Secret name, ours.name());
    for (const Item& twin : twins) {
        STANCH_TRY(const bool same, same_content(ours, twin));
        if (!same)
            return other_content(std::string(name.reveal()),
                                 "both are in the vault, yours as " + ours.id() +
                                     " and theirs as " + twin.id() + "; delete one of them");
        STANCH_CHECK(trash(twin));
    }
    return {};
}

Result<void> Vault::confirm(const Creation& creation) {
    for (int look = 0;; ++look) {
        auto ours = find({.item = creation.item.id(), .exact = true});
        if (!ours && ours.error().kind == ErrorKind::not_found) return {}; // somebody took it away
        if (!ours) return std::unexpected(std::move(ours).error());
        STANCH_TRY(const std::vector<Item> twins, twins_of(*ours));
        if (twins.empty()) return {};
        if (elder(twins.front(), *ours)) return yield_to(twins.front(), *ours);
        if (look == looks) return outlive(twins, *ours);
        pause(look_again);
        STANCH_CHECK(sync(true));
    }
}

} // namespace stanch::vault
