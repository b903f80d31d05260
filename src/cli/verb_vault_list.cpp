#include "cli/say.h"
#include "cli/vault_shared.h"
#include "cli/vault_verbs.h"

#include <algorithm>
#include <array>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{"--collection", 'c', "NAME", "only what is in this collection, folder or organization"},
    Flag{"--long", 'l', "", "id, type, user name and place as well, separated by tabs"},
    Flag{"--json", 0, "", "as JSON, one array"},
    Flag{"--trash", 0, "", "what is in the trash"},
    password_fd_flag,
    password_keyring_flag,
    timeout_flag,
};

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return out;
}

bool is_in(const vault::Listed& item, const std::string& place) {
    return item.folder == place || item.organization == place ||
           std::ranges::find(item.collections, place) != item.collections.end();
}

Result<void> check_place(vault::Vault& vault, const std::string& place) {
    auto found = vault.has_place(place);
    if (!found) return std::unexpected(std::move(found).error());
    if (*found) return {};
    return fail(ErrorKind::not_found,
                "there is no collection, folder or organization '" + place + "'", {},
                "'stanch vault collection' and 'stanch vault folder' list them");
}

std::string place_of(const vault::Listed& item) {
    if (item.collections.empty()) return item.folder.empty() ? item.organization : item.folder;
    std::string places;
    for (const std::string& name : item.collections)
        places += (places.empty() ? "" : ", ") + name;
    return item.organization + ": " + places;
}

// A name is somebody else's text: it may not move the cursor.
void append_clean(std::string& out, std::string_view text) {
    for (const char c : text)
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
}

vault::Json to_json(const vault::Listed& item) {
    using vault::Json;
    Json json = Json::object();
    json.set("id", Json::string(item.id));
    json.set("name", item.readable ? Json::string(item.name.reveal()) : Json());
    json.set("type", Json::string(vault::type_name(item.type)));
    json.set("username", item.username.empty() ? Json() : Json::string(item.username.reveal()));
    json.set("organization", Json::string(item.organization));
    json.set("folder", Json::string(item.folder));
    Json& collections = json.set("collections", Json::array());
    for (const std::string& name : item.collections)
        collections.push(Json::string(name));
    return json;
}

Result<int> print(const Arguments& arguments, std::string_view part) {
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    STANCH_TRY(auto all,
               vault.list(arguments.has("--long") || arguments.has("--json") || !part.empty()));
    const auto place = arguments.value("--collection");
    if (place) STANCH_CHECK(check_place(vault, *place));
    const bool trash = arguments.has("--trash");
    std::erase_if(all, [&](const vault::Listed& l) {
        const bool found = part.empty() || lower(l.name.reveal()).find(part) != std::string::npos ||
                           lower(l.username.reveal()).find(part) != std::string::npos;
        // Types of newer clients are left alone.
        return l.deleted != trash || l.type < 1 || l.type > 5 || !found ||
               (place && !is_in(l, *place));
    });
    std::ranges::sort(all, {}, [](const vault::Listed& l) { return l.name.reveal(); });
    std::string out;
    vault::Json json = vault::Json::array();
    std::size_t unreadable = 0;
    for (const vault::Listed& l : all) {
        unreadable += l.readable ? 0 : 1;
        if (arguments.has("--json")) {
            json.push(to_json(l));
            continue;
        }
        if (!l.readable) continue;
        if (arguments.has("--long")) out += l.id + "\t" + vault::type_name(l.type) + "\t";
        append_clean(out, l.name.reveal());
        if (arguments.has("--long")) {
            out += '\t';
            append_clean(out, l.username.reveal());
            out += '\t';
            append_clean(out, place_of(l));
        }
        out += '\n';
    }
    if (arguments.has("--json")) {
        answer(view(json.dump()));
        answer("\n");
    } else {
        answer(out);
    }
    if (unreadable == 0) return exit_clean;
    tell("stanch: " + std::to_string(unreadable) +
         " items cannot be read (damaged, in a newer format, or without their organization's key)");
    return exit_incomplete;
}

Result<int> list(const Arguments& arguments) {
    if (!arguments.positional().empty())
        return fail(ErrorKind::usage, "this takes no argument", {},
                    "'stanch vault search WORDS' looks for a part of a name");
    return print(arguments, "");
}

Result<int> search(const Arguments& arguments) {
    STANCH_TRY(const std::string* words, only_argument(arguments, "a part of a name or user name"));
    return print(arguments, lower(*words));
}

} // namespace

const Verb vault_list_verb{
    .name = "vault list",
    .summary = "the names of all items",
    .usage = "[--collection NAME] [--long]",
    .text = "From the cache, offline. 'stanch vault sync' fetches what is new.",
    .flags = flags,
    .run = list,
};

const Verb vault_search_verb{
    .name = "vault search",
    .summary = "items by a part of their name or user name",
    .usage = "WORDS",
    .text = "From the cache, offline; without regard to case.",
    .flags = flags,
    .run = search,
};

} // namespace stanch::cli
