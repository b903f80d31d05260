#include "cli/say.h"
#include "cli/vault_plan.h"
#include "cli/vault_verbs.h"

#include <array>
#include <map>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{"--to", 0, "COLLECTION",
         "where names go that stanch.toml gives no place: a collection, or a folder of your own"},
    env_file_flag,
    config_flag,
    Flag{"--dry-run", 0, "", "only show the plan"},
    yes_flag,
    password_fd_flag,
    password_keyring_flag,
    timeout_flag,
};

std::string action(const Planned& planned) {
    if (!planned.here) return planned.there ? "vault only" : "no value";
    if (planned.same()) return "unchanged";
    return planned.item_id.empty() ? "create" : "update";
}

bool acts(const Planned& planned) {
    return planned.here && !planned.same();
}

struct Target {
    std::vector<std::string> collections;
    std::string organization;
    std::string folder;
};

Result<Target> target_of(vault::Vault& vault, const std::string& place) {
    if (place.empty()) return Target{};
    auto collection = vault.find_collection(place);
    if (collection) return Target{{collection->id}, collection->organization_id, ""};
    if (collection.error().kind != ErrorKind::not_found) return std::unexpected(collection.error());
    const auto folder = vault.find_folder(place);
    if (folder) return Target{{}, "", folder->id};
    Error error = std::move(collection).error();
    error.what = "there is no collection and no folder '" + place + "'";
    return std::unexpected(std::move(error));
}

// All that goes into one item, in one call: a killed push leaves whole items, and the next one
// finds them by name.
Result<void> write_item(vault::Vault& vault, const std::vector<const Planned*>& parts) {
    const Planned& first = *parts.front();
    if (first.item_id.empty()) {
        STANCH_TRY(const Target target, target_of(vault, first.place.collection));
        STANCH_TRY(vault::Item item, vault.make(vault::ItemType::login, Secret(first.place.item),
                                                target.organization));
        if (!target.folder.empty()) item.set_plain("folderId", vault::Json::string(target.folder));
        for (const Planned* part : parts)
            STANCH_CHECK(item.set(part->place.field, *part->here));
        STANCH_CHECK(vault.create_only(std::move(item), target.collections));
        return {};
    }
    STANCH_TRY(const vault::Item before, vault.find({.item = first.item_id}));
    STANCH_TRY(vault::Item item, vault.find({.item = first.item_id}));
    for (const Planned* part : parts)
        STANCH_CHECK(item.set(part->place.field, *part->here));
    STANCH_CHECK(vault.update(before, std::move(item)));
    return {};
}

Result<void> write_all(vault::Vault& vault, const std::vector<Planned>& all) {
    std::map<std::pair<std::string, std::string>, std::vector<const Planned*>> items;
    for (const Planned& planned : all)
        if (acts(planned))
            items[{planned.place.collection, planned.place.item}].push_back(&planned);
    vault.begin_batch();
    Result<void> done;
    for (const auto& [name, parts] : items) {
        done = write_item(vault, parts);
        if (!done) break;
    }
    const auto synced = vault.finish_batch();
    if (!done) {
        done.error().hint =
            "what was written so far is whole; run the same push again to finish it";
        return done;
    }
    return synced;
}

// Before anybody is asked: places that aren't there can't be written to.
Result<void> check_targets(vault::Vault& vault, const std::vector<Planned>& all) {
    for (const Planned& planned : all)
        if (acts(planned) && planned.item_id.empty())
            STANCH_CHECK(target_of(vault, planned.place.collection));
    return {};
}

Result<int> run(const Arguments& arguments) {
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    STANCH_CHECK(vault.sync());
    STANCH_TRY(const auto all, plan(vault, arguments, arguments.positional(),
                                    arguments.value("--to").value_or("")));
    std::size_t changes = 0;
    for (const Planned& planned : all) {
        changes += acts(planned) ? 1 : 0;
        answer(action(planned) + "\t" + planned.name + "\t" + planned.reference() + "\n");
    }
    if (all.empty())
        return fail(ErrorKind::usage, "there is nothing to push", {},
                    "declare credentials in stanch.toml, or say --to COLLECTION");
    if (changes == 0) {
        tell("The vault has it all.");
        return exit_clean;
    }
    STANCH_CHECK(check_targets(vault, all));
    if (arguments.has("--dry-run")) return exit_clean;
    STANCH_TRY(const bool yes, confirmed(arguments, "Write " + std::to_string(changes) +
                                                        " value(s) to the vault?"));
    if (!yes) return exit_found;
    STANCH_CHECK(write_all(vault, all));
    tell("Pushed.");
    return exit_clean;
}

} // namespace

const Verb vault_push_verb{
    .name = "vault push",
    .summary = "values from .env into the vault, where stanch.toml says",
    .usage = "[NAME…] [--to COLLECTION]",
    .text =
        R"(Shows what it would do, without values, then asks. Each credential goes where stanch.toml says (vault =
"bw://Collection/Item/field"); with --to, names without a place (and those that are only in .env) become an item of their
own in that collection. What is there already and the same is left alone, so a push may be repeated, and an interrupted
one finished, without duplicates.)",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
