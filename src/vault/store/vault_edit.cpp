// Vault: edits, so that no other writer's edit is lost in silence.
//
// Servers refuse an edit whose base is another revision than theirs, but forgive up to two seconds
// between the two (measured; the check is meant for clients' clocks). So an edit is based on what
// the server has right before, and only once that is older than what is forgiven: then every edit
// that comes in between has a revision which the server does refuse, ours and other clients' alike.
// What is left is two calls that the server works on at the same moment. Therefore the edit is
// looked at once more after the sync that follows it, and merged and written again where another
// took its place. That other call began before ours was done; so it is done as long after ours as a
// call takes, for which the sync waits (twice our own call).
#include "vault/vault.h"

#include "vault/item/merge.h"
#include "vault/wire/age.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace stanch::vault {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds forgiven{2'100};
constexpr milliseconds surely_settled{5'000}; // though the server's machines have several clocks
constexpr milliseconds longest_look{2'000};
constexpr int most_tries = 8;

bool is_stale(const Answer& answer) {
    if (answer.status == 409 || answer.status == 412) return true;
    return answer.status == 400 && answer.message().find("out of date") != std::string::npos;
}

std::string revision_of(const Item& item) {
    return std::string(item.document()["revisionDate"].text());
}

std::unexpected<Error> always_changing() {
    return fail(ErrorKind::unavailable, "the item is being changed all the time", {},
                "nothing was written; try again later");
}

} // namespace

void Vault::pause(milliseconds time) const {
    if (options_.sleep)
        options_.sleep(time);
    else
        std::this_thread::sleep_for(time);
}

// The server's item, once its revision is older than what servers forgive.
Result<Item> Vault::settled(const std::string& id) {
    STANCH_TRY(Api * api, online());
    std::string seen;
    for (int tries = 0; tries < most_tries; ++tries) {
        STANCH_TRY(Answer answer, api->call("GET", "/ciphers/" + id));
        if (!answer.good())
            return std::unexpected(answer_error(answer, net::origin(account_.server)));
        const std::string date = answer.date;
        STANCH_TRY(Item item, answered_item(std::move(answer.body)));
        const std::string revision = revision_of(item);
        const auto old = age(revision, date);
        if (revision == seen || (old && *old >= surely_settled)) return item;
        seen = revision;
        pause(forgiven);
    }
    return always_changing();
}

Result<Item> Vault::copied(const Item& item) {
    STANCH_TRY(const Key* owner, owner_key(item.organization_id()));
    return Item::open(item.document(), *owner);
}

Result<Item> Vault::merged_edit(const Item& before, const Item& after, const Item& theirs) {
    if (revision_of(theirs) == revision_of(before)) return copied(after);
    STANCH_TRY(const Key* owner, owner_key(theirs.organization_id()));
    return merge(before, after, theirs, *owner);
}

Result<Item> Vault::write_edit(const Item& before, const Item& after, int tries) {
    STANCH_TRY(Api * api, online());
    for (int stale = 0; stale < most_tries; ++stale) {
        STANCH_TRY(Item base, settled(before.id()));
        STANCH_TRY(const Item edit, merged_edit(before, after, base));
        const Json request = edit.request(account_.user_id);
        const auto start = std::chrono::steady_clock::now();
        STANCH_TRY(Answer answer, api->call("PUT", "/ciphers/" + before.id(), &request));
        const auto took = std::chrono::steady_clock::now() - start;
        if (is_stale(answer)) continue;
        if (!answer.good())
            return std::unexpected(answer_error(answer, net::origin(account_.server)));
        STANCH_TRY(Item updated, written(std::move(answer.body), before.id()));
        STANCH_TRY(Item taken, copied(updated));
        edits_.push_back({std::move(base), std::move(taken), tries,
                          std::chrono::duration_cast<milliseconds>(took)});
        STANCH_CHECK(after_write());
        return updated;
    }
    return always_changing();
}

Result<Item> Vault::update(const Item& before, Item after) {
    return write_edit(before, after, 0);
}

void Vault::wait_for_others() {
    milliseconds longest{0};
    for (const Edit& edit : edits_)
        longest = std::max(longest, edit.took);
    for (const Creation& creation : creations_)
        longest = std::max(longest, creation.took);
    if (longest.count() > 0) pause(std::min(2 * longest, longest_look));
}

Result<void> Vault::confirm_edits() {
    for (const Edit& edit : std::exchange(edits_, {}))
        STANCH_CHECK(confirm(edit));
    return {};
}

Result<void> Vault::confirm(const Edit& edit) {
    STANCH_TRY(const Item now, find({.item = edit.after.id()}));
    if (revision_of(now) == revision_of(edit.after)) return {};
    STANCH_TRY(const Key* owner, owner_key(now.organization_id()));
    STANCH_TRY(const Item both, merge(edit.before, edit.after, now, *owner));
    if (both.document() == now.document()) return {};
    if (edit.tries + 1 == most_tries) return always_changing();
    STANCH_CHECK(write_edit(edit.before, edit.after, edit.tries + 1));
    return {};
}

} // namespace stanch::vault
