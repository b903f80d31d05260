#include "vault/item/merge.h"

#include "vault/item/sealed_json.h"

#include <algorithm>
#include <array>

namespace stanch::vault {
namespace {

// A sealed value beside its plain form.
struct Side {
    const Json& sealed;
    const Json& plain;
};

constexpr std::array<std::string_view, 14> server_owned{
    "id",   "object",       "creationDate",  "revisionDate",        "deletedDate",
    "edit", "viewPassword", "permissions",   "organizationUseTotp", "attachments",
    "key",  "uriChecksum",  "collectionIds", "passwordRevisionDate"};

bool is_server_owned(std::string_view name) {
    return std::ranges::find(server_owned, name) != server_owned.end();
}

Side member(const Side& side, std::string_view name) {
    return {side.sealed[name], side.plain[name]};
}

std::unexpected<Error> conflict(const std::string& path) {
    return fail(ErrorKind::refused,
                "the item was changed elsewhere at the same time, in the same field (" + path + ")",
                {}, "run 'stanch vault sync', look at the item, and try again");
}

Result<Json> merged(const Side& base, const Side& mine, const Side& theirs,
                    const std::string& path);

Result<Json> merged_object(const Side& base, const Side& mine, const Side& theirs,
                           const std::string& path) {
    Json out = theirs.sealed;
    for (const auto& [name, unused] : mine.sealed.members()) {
        if (is_server_owned(name)) continue;
        STANCH_TRY(Json value, merged(member(base, name), member(mine, name), member(theirs, name),
                                      path.empty() ? name : path + "." + name));
        if (!(value.is_null() && theirs.sealed[name].is_null())) out.set(name, std::move(value));
    }
    return out;
}

// Custom fields and addresses, matched by what names them.
std::string label(const Json& plain) {
    const Json& name = plain["name"].is_null() ? plain["uri"] : plain["name"];
    return std::string(name.text());
}

std::optional<std::size_t> labelled(const Json& plain_list, const std::string& name) {
    const auto& all = plain_list.items();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (label(all[i]) == name) return i;
    return std::nullopt;
}

Result<Json> merged_fields(const Side& base, const Side& mine, const Side& theirs,
                           const std::string& path) {
    static const Json none;
    const auto at = [](const Side& side, std::optional<std::size_t> i) {
        return i ? Side{side.sealed.items()[*i], side.plain.items()[*i]} : Side{none, none};
    };
    Json out = Json::array();
    for (std::size_t i = 0; i < theirs.sealed.items().size(); ++i) {
        const std::string name = label(theirs.plain.items()[i]);
        STANCH_TRY(Json value,
                   merged(at(base, labelled(base.plain, name)),
                          at(mine, labelled(mine.plain, name)), at(theirs, i), path + "." + name));
        if (!value.is_null()) out.push(std::move(value));
    }
    for (std::size_t i = 0; i < mine.sealed.items().size(); ++i) {
        const std::string name = label(mine.plain.items()[i]);
        if (labelled(theirs.plain, name)) continue;
        STANCH_TRY(Json value, merged(at(base, labelled(base.plain, name)), at(mine, i),
                                      Side{none, none}, path + "." + name));
        if (!value.is_null()) out.push(std::move(value));
    }
    return out;
}

// Old values are never lost: theirs, with those in front that only we have.
Json merged_history(const Side& mine, const Side& theirs) {
    Json out = theirs.sealed;
    std::size_t added = 0;
    for (std::size_t i = 0; i < mine.sealed.items().size(); ++i) {
        const auto same = [&](const Json& entry) {
            return entry["password"] == mine.plain.items()[i]["password"];
        };
        if (std::ranges::any_of(theirs.plain.items(), same)) continue;
        auto& all = out.items();
        all.insert(all.begin() + static_cast<std::ptrdiff_t>(added++), mine.sealed.items()[i]);
    }
    if (out.items().size() > 5) out.items().resize(5);
    return out;
}

Result<Json> merged(const Side& base, const Side& mine, const Side& theirs,
                    const std::string& path) {
    if (mine.plain == base.plain || mine.plain == theirs.plain) return theirs.sealed;
    if (theirs.plain == base.plain) return mine.sealed;
    if (path == "passwordHistory") return merged_history(mine, theirs);
    if (path == "fields" || path == "login.uris") return merged_fields(base, mine, theirs, path);
    if (mine.plain.is_object() && theirs.plain.is_object())
        return merged_object(base, mine, theirs, path);
    return conflict(path);
}

// A document under another item key than theirs.
Result<Json> under(const Item& item, const Key& key) {
    Json document = item.document();
    if (item.key().reveal() == key.reveal()) return document;
    const Json wrapped = document["key"];
    document.erase("key"); // it wraps the item's key, and is under the owner's
    STANCH_CHECK(transcrypt(document, item.key(), key));
    return document;
}

// Absent and null are the same.
bool same_plain(const Json& one, const Json& other) {
    if (!one.is_object() || !other.is_object()) return one == other;
    const auto covered = [](const Json& from, const Json& to) {
        return std::ranges::all_of(from.members(), [&](const auto& member) {
            return is_server_owned(member.first) || same_plain(member.second, to[member.first]);
        });
    };
    return covered(one, other) && covered(other, one);
}

} // namespace

Result<bool> same_content(const Item& one, const Item& other) {
    STANCH_TRY(const Json plain, opened(one.document(), one.key()));
    STANCH_TRY(const Json other_plain, opened(other.document(), other.key()));
    return same_plain(plain, other_plain);
}

Result<Item> merge(const Item& base, const Item& mine, const Item& theirs, const Key& owner_key) {
    STANCH_TRY(const Json base_sealed, under(base, theirs.key()));
    STANCH_TRY(const Json mine_sealed, under(mine, theirs.key()));
    STANCH_TRY(const Json base_plain, opened(base_sealed, theirs.key()));
    STANCH_TRY(const Json mine_plain, opened(mine_sealed, theirs.key()));
    STANCH_TRY(const Json theirs_plain, opened(theirs.document(), theirs.key()));
    STANCH_TRY(Json out, merged_object({base_sealed, base_plain}, {mine_sealed, mine_plain},
                                       {theirs.document(), theirs_plain}, ""));
    return Item::open(std::move(out), owner_key);
}

} // namespace stanch::vault
