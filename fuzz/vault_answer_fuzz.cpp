// rooms: vault os net text core
#include "vault/account/account.h"
#include "vault/edit.h"
#include "vault/item/item.h"
#include "vault/item/merge.h"
#include "vault/item/sealed_json.h"
#include "vault/store/snapshot.h"
#include "vault/wire/api.h"
#include "vault/wire/jwt.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace stanch;
using namespace stanch::vault;

namespace {

// Plain strings that begin with '!' are sealed, so that the input reaches what lies behind the MAC.
void seal_marked(Json& value, const Key& key) {
    if (value.text().starts_with('!')) value = Json::string(seal_text(value.text().substr(1), key));
    if (value.is_array())
        for (Json& item : value.items())
            seal_marked(item, key);
    if (value.is_object())
        for (auto& [name, member] : value.members())
            seal_marked(member, key);
}

void use_item(const Json& document, const Key& key) {
    auto item = Item::open(document, key);
    if (!item) return;
    (void)item->value("");
    (void)item->value("totp");
    (void)item->value("uri");
    (void)item->fields();
    (void)item->attachments();
    (void)item->plain();
    const auto base = Item::open(document, key);
    (void)item->set("password", Secret("new"));
    (void)item->set("field:x", Secret("new"));
    if (const auto plain = item->plain()) (void)apply_plain(*item, *plain);
    if (const auto merged = merge(*base, *item, *base, key)) (void)merged->request("user").dump();
}

} // namespace

// Every answer of a server: JSON into each of its readers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Key key = Key::random();
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    (void)claims(input);
    auto json = Json::parse(input, "the input");
    if (!json) return 0;
    const auto again = Json::parse(view(json->dump()), "its copy");
    if (!again || !(*again == *json)) std::abort();
    seal_marked(*json, key);
    (void)kdf_from_json(*json);
    (void)Tokens::from_json(*json);
    const Answer answer{400, *json};
    (void)answer_error(answer, "");
    (void)snapshot(*json, key, Secret());
    use_item(*json, key);
    for (const Json& cipher : (*json)["ciphers"].items())
        use_item(cipher, key);
    return 0;
}
