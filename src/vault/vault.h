// Strategy 5: a team's credentials in a Bitwarden vault, at hand in milliseconds.
//
//     STANCH_TRY(auto vault, vault::Vault::open(place));
//     STANCH_CHECK(vault.resume());                          // the keys that an unlock left in the
//     keyring STANCH_TRY(auto item, vault.find({.item = "billing-stripe", .collection =
//     "Engineering"})); STANCH_TRY(Secret value, item.value("password"));
//
// A Vault is locked until resume(), unlock() or login(). Reading works from the cache and offline;
// where there is no cache, or a damaged one, it syncs first. Writing always goes to the server, and
// the cache follows.
//
// Errors: refused (wrong password, server's no, weak key derivation), not_found, invalid (damaged,
// unknown format), unavailable (network). They never hold a value. Not thread-safe.
#pragma once

#include "vault/account/login.h"
#include "vault/item/item.h"
#include "vault/store/cache.h"

#include <chrono>
#include <memory>

namespace stanch::vault {

// How an item is named; empty parts don't matter.
struct Query {
    std::string item{};       // its id, its exact name, or (if only one matches) a part of its name
    std::string collection{}; // a collection's or a folder's name
    bool deleted = false;     // look in the trash instead
    bool exact = false;       // no part of a name
};

// One line of a listing.
struct Listed {
    std::size_t slot = 0;
    std::string id;
    int type = 0;
    bool deleted = false;
    bool readable = true;
    Secret name;
    Secret username;
    std::string organization; // its name
    std::string folder;
    std::vector<std::string> collections;
};

struct Organization {
    std::string id;
    std::string name;
    int type = 2; // 0 owner, 1 admin, 2 user, 3 manager, 4 custom
    std::string membership_id;
};

struct Collection {
    std::string id;
    std::string organization_id;
    std::string name;
};

struct Folder {
    std::string id;
    std::string name;
};

struct VaultOptions {
    std::function<void(std::chrono::milliseconds)> sleep{}; // see net::Options
    std::string session{}; // an explicit session's key (STANCH_VAULT_SESSION); empty: the keyring
};

class Vault {
  public:
    static Result<Vault> open(Place place, VaultOptions options = {});

    [[nodiscard]] const Account& account() const { return account_; }
    [[nodiscard]] bool unlocked() const { return key_ != nullptr; }

    // --- sessions
    // `server` and `ca_file` as given by the person. Replaces an account that was logged in before.
    Result<void> login(const std::string& server, const std::string& ca_file,
                       const LoginRequest& request, const Prompts& prompts);
    Result<void> unlock(const Secret& password);
    // ErrorKind::not_found: locked.
    Result<void> resume();
    // Leaves the keys in the system's keyring for so long.
    Result<void> keep(std::chrono::seconds lifetime);
    // Where there is no keyring: a file that only the returned text opens. For
    // STANCH_VAULT_SESSION.
    Result<Secret> keep_explicit(std::chrono::seconds lifetime);
    Result<void> lock();
    Result<void> logout();
    // Whether the password is the account's, for items that ask for it again.
    Result<void> check_password(const Secret& password);

    // --- reading
    // Fetches what has changed; `force` fetches all. True where something was fetched.
    Result<bool> sync(bool force = false);
    // Without `usernames` a third faster.
    Result<std::vector<Listed>> list(bool usernames = true);
    // The item of a line of this vault's listing, where nothing was fetched or written since.
    Result<Item> item(const Listed& one) { return open_slot(one.slot); }
    Result<Item> find(const Query& query);
    Result<std::vector<Organization>> organizations();
    Result<std::vector<Collection>> collections();
    Result<std::vector<Folder>> folders();
    // By id or name; ErrorKind::not_found names those that there are.
    Result<Collection> find_collection(const std::string& name);
    Result<Folder> find_folder(const std::string& name);
    Result<Organization> find_organization(const std::string& name);
    // Whether a collection, folder or organization is called so.
    Result<bool> has_place(const std::string& name);
    // Unix seconds; ErrorKind::not_found or invalid where there is no cache.
    Result<std::int64_t> last_sync();
    // Everything that is not an item, as it came from the server.
    Result<Json> places();
    Result<Secret> download(const Item& item, std::string_view attachment);

    // --- writing
    // Many changes in a row: the cache follows at finish_batch() only.
    void begin_batch() { deferred_ = true; }
    Result<void> finish_batch();
    Result<Item> create(Item item, const std::vector<std::string>& collection_ids = {});
    // For an item that shall be the only one of its name in its place. Where another client made
    // one at the same moment, after_write() leaves the elder of the two (store/vault_twins.cpp):
    // the other goes to the trash, and where their content differs, this is refused.
    Result<Item> create_only(Item item, const std::vector<std::string>& collection_ids = {});
    // A stale revision is merged with what changed meanwhile (item/merge.h), or refused. Takes up
    // to two seconds where the item was changed a moment ago (store/vault_edit.cpp). An edit that
    // didn't outlive another's is written again or refused, where after_write() looks: at once, or
    // at finish_batch().
    Result<Item> update(const Item& before, Item after);
    Result<Item> move_to(const Item& item, const Collection& collection);
    Result<void> set_collections(const Item& item, const std::vector<std::string>& collection_ids);
    Result<void> trash(const Item& item);
    Result<void> restore(const Item& item);
    Result<void> destroy(const Item& item);
    Result<Folder> create_folder(const std::string& name);
    Result<void> rename_folder(const Folder& folder, const std::string& name);
    Result<void> delete_folder(const Folder& folder);
    Result<void> attach(const Item& item, const std::string& file_name, std::string_view content);

    // A new item of this owner (empty: the user), not yet written.
    Result<Item> make(ItemType type, const Secret& name, const std::string& organization_id = {});

    // --- for the rest of this room
    Result<Api*> online();
    Result<const Key*> owner_key(const std::string& organization_id);
    Result<const Key*> user_key() const;
    Result<Secret> private_key();

  private:
    Vault(Place place, Account account, VaultOptions options)
        : place_(std::move(place)), account_(std::move(account)), options_(std::move(options)) {}
    Result<void> connect();
    Result<const Cache*> cache();
    Result<void> store(const Json& answer, std::int64_t revision);
    Result<void> take_account(const Json& answer);
    Result<Item> open_slot(std::size_t slot);
    Result<std::vector<std::size_t>> candidates(const Query& query);
    Result<std::vector<std::size_t>> by_part(const Query& query);
    Result<bool> is_in(const Json& body, const std::string& place);
    Result<void> after_write();
    Result<Item> answered_item(Json answer);
    Result<Item> written(Json answer, const std::string& id);
    // What the server took, to be looked at once more.
    struct Edit {
        Item before;
        Item after;
        int tries = 0;
        std::chrono::milliseconds took{0}; // the call
    };
    struct Creation {
        Item item;
        std::chrono::milliseconds took{0};
    };
    Result<Item> post(const Item& item, const std::vector<std::string>& collection_ids);
    Result<void> confirm_creations();
    Result<void> confirm(const Creation& creation);
    Result<std::vector<Item>> twins_of(const Item& item);
    Result<void> yield_to(const Item& twin, const Item& ours);
    Result<void> outlive(const std::vector<Item>& twins, const Item& ours);
    Result<Item> settled(const std::string& id);
    // `after`, merged with what the server has by now.
    Result<Item> merged_edit(const Item& before, const Item& after, const Item& theirs);
    Result<Item> copied(const Item& item);
    Result<Item> write_edit(const Item& before, const Item& after, int tries);
    void wait_for_others();
    void pause(std::chrono::milliseconds time) const;
    Result<void> confirm_edits();
    Result<void> confirm(const Edit& edit);

    Place place_;
    Account account_;
    VaultOptions options_;
    bool deferred_ = false;
    std::vector<Edit> edits_;
    std::vector<Creation> creations_;
    std::unique_ptr<Key> key_;
    std::unique_ptr<Cache> cache_;
    std::unique_ptr<Api> api_;
    std::map<std::string, Key> organization_keys_;
};

} // namespace stanch::vault
