// One item of a vault: the server's own document, and the key that opens it.
//
// The document is the model. Reading opens one ciphertext; writing replaces one; everything else,
// members that only newer clients know included, goes back to the server as it came.
//
// Fields are named as people write them, without regard to case, '-', '_' and ' ':
//     login      username  password  totp (the code)  totp-seed  uri
//     card       cardholder-name brand number exp-month exp-year code
//     identity   title first-name … license-number
//     SSH key    private-key  public-key  key-fingerprint
//     every item name  notes  attachment:FILE (its name only here)  and custom fields; `field:NAME`
//     means a custom one
// The empty name is the type's main field: password, notes, number, private-key.
//
// Not thread-safe.
#pragma once

#include "vault/crypto/sealed.h"
#include "vault/wire/json.h"

#include <optional>
#include <string>
#include <vector>

namespace stanch::vault {

enum class ItemType : std::uint8_t { login = 1, note = 2, card = 3, identity = 4, ssh_key = 5 };

// "login", "note", "card", "identity", "ssh-key"; "type 7" for one that is newer than this program.
std::string type_name(int type);
std::optional<ItemType> parse_type(std::string_view name);

struct Attachment {
    std::string id;
    std::string file_name;
    std::string key; // EncString under the item's key; empty: a very old one
    std::int64_t size = 0;
};

class Item {
  public:
    // `owner_key` is the user's or the organization's. Fails where the item's own key can't be
    // opened, and where the item is in a form that this program can't read (then it is never
    // written either).
    static Result<Item> open(Json document, const Key& owner_key);
    static Item create(ItemType type, const Secret& name, const Key& owner_key, bool own_key);

    [[nodiscard]] std::string id() const { return std::string(document_["id"].text()); }
    [[nodiscard]] int type() const {
        return static_cast<int>(document_["type"].integer().value_or(0));
    }
    [[nodiscard]] std::string organization_id() const {
        return std::string(document_["organizationId"].text());
    }
    [[nodiscard]] std::string folder_id() const {
        return std::string(document_["folderId"].text());
    }
    [[nodiscard]] std::vector<std::string> collection_ids() const;
    [[nodiscard]] bool deleted() const { return !document_["deletedDate"].is_null(); }
    [[nodiscard]] bool asks_password_again() const { return document_["reprompt"].integer() == 1; }
    [[nodiscard]] const Json& document() const { return document_; }
    [[nodiscard]] const Key& key() const { return key_; }

    [[nodiscard]] Result<Secret> name() const;
    // ErrorKind::not_found names the fields that there are.
    [[nodiscard]] Result<Secret> value(std::string_view field) const;
    // The names of all fields that hold something, custom ones last.
    [[nodiscard]] Result<std::vector<std::string>> fields() const;
    [[nodiscard]] Result<std::vector<Attachment>> attachments() const;
    [[nodiscard]] Result<Json> plain() const;

    // Keeps a replaced password (and hidden field) in the history, five at most, as the official
    // client does. A custom field that isn't there is added, hidden.
    Result<void> set(std::string_view field, const Secret& value);
    // A plain member: favorite, reprompt, folderId.
    void set_plain(std::string_view member, Json value) { document_.set(member, std::move(value)); }
    // Adds a custom field of a given type: 0 text, 1 hidden, 2 boolean.
    void add_custom(const Secret& name, const Secret& value, int type);
    // From plain documents. The addresses become these; entries that are there already stay as they
    // are. Custom fields are matched by name, the second of a name with the second; others stay.
    Result<void> set_uris(const Json& plain);
    Result<void> set_fields(const Json& plain);
    Result<void> remove(std::string_view field);

    // Moves it under another owner's key (into an organization).
    Result<void> rewrap(const Key& new_owner_key, std::string_view organization_id);

    // What PUT and POST take. `encrypted_for` is the user's id.
    [[nodiscard]] Json request(std::string_view encrypted_for) const;

  private:
    Item(Json document, Key key) : document_(std::move(document)), key_(std::move(key)) {}
    Json* builtin(std::string_view field, bool create);
    [[nodiscard]] const Json* find_builtin(std::string_view field) const;
    [[nodiscard]] Result<std::optional<std::size_t>> find_custom(std::string_view name) const;
    void remember_old(std::string_view old);
    [[nodiscard]] std::unexpected<Error> no_field(std::string_view field) const;
    Result<void> set_uri(const Secret& value);
    Json& login();
    void add_field(const Json& plain);
    Result<void> set_custom(std::size_t index, const Json& value);

    Json document_;
    Key key_;
};

} // namespace stanch::vault
