#include "cli/keys_shared.h"

#include "vault/vault.h"

#include <charconv>

namespace stanch::cli {
namespace {

// "2026-01-31T…Z" of the server's document; the day is enough for an age.
std::optional<std::chrono::system_clock::time_point> day_of(std::string_view text) {
    if (text.size() < 10) return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t size) {
        int value = 0;
        std::from_chars(text.data() + at, text.data() + at + size, value);
        return value; // no date where it is none: `ok()` says so
    };
    const std::chrono::year_month_day day{std::chrono::year{number(0, 4)},
                                          std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                          std::chrono::day{static_cast<unsigned>(number(8, 2))}};
    if (!day.ok()) return std::nullopt;
    return std::chrono::sys_days{day};
}

Result<void> add_item(vault::Vault& vault, const vault::Listed& listed,
                      std::vector<privilege::Stored>& out) {
    STANCH_TRY(const vault::Item item,
               vault.find({.item = listed.id, .collection = {}, .deleted = false, .exact = true}));
    STANCH_TRY(const std::vector<std::string> fields, item.fields());
    const std::string name(listed.name.reveal());
    const std::string& place = !listed.collections.empty() ? listed.collections[0] : listed.folder;
    const std::string folder = place.empty() ? "" : place + "/";
    for (const std::string& field : fields) {
        if (field == "name" || field == "username" || field == "uri" || field == "totp" ||
            field.starts_with("attachment:"))
            continue;
        auto value = item.value(field);
        if (!value || value->empty()) continue;
        privilege::Stored stored;
        stored.name = name;
        stored.value = std::move(*value);
        stored.path = "bw://" + folder + name + "/" + field;
        stored.store = privilege::Store::vault;
        stored.changed = day_of(item.document()["revisionDate"].text());
        stored.sensitive = field != "notes";
        out.push_back(std::move(stored));
    }
    return {};
}

} // namespace

Result<void> read_vault(std::vector<privilege::Stored>& out) {
    STANCH_TRY(vault::Place place, vault::Place::standard());
    STANCH_TRY(vault::Vault vault, vault::Vault::open(std::move(place)));
    if (const auto resumed = vault.resume(); !resumed)
        return fail(ErrorKind::unavailable, "the vault is locked", {}, "stanch vault unlock");
    STANCH_TRY(const std::vector<vault::Listed> items, vault.list());
    for (const vault::Listed& listed : items)
        if (!listed.deleted && listed.readable) STANCH_CHECK(add_item(vault, listed, out));
    return {};
}

} // namespace stanch::cli
