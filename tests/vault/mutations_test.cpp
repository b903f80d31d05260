// Answers of a server and caches with bytes changed, cut out, doubled and moved: nothing crashes,
// and no value that comes out is another than the one that was sealed. STANCH_MUTATIONS=10000 for
// many.
#include "vault/crypto/rsa.h"
#include "vault/crypto/sealed.h"
#include "vault/item/item.h"
#include "vault/store/snapshot.h"

#include "os/file.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <functional>
#include <random>
#include <unistd.h>

using namespace stanch;
using namespace stanch::vault;

namespace {

constexpr std::array<const char*, 4> fields{"password", "username", "notes", "field:f"};

std::string value_of(std::string_view item, std::string_view field) {
    return "canary " + std::string(item) + " " + std::string(field);
}

Json login(const std::string& id, const Key& owner, bool own_key) {
    Item item = Item::create(ItemType::login, Secret(id), owner, own_key);
    for (const char* field : fields)
        REQUIRE(item.set(field, Secret(value_of(id, field))));
    Json document = item.document();
    document.set("id", Json::string(id));
    return document;
}

struct World {
    Key user = Key::random();
    RsaPair pair = generate_rsa().value();
    Json answer = Json::object();

    World() {
        const Key team = Key::random();
        Json organization = Json::object();
        organization.set("id", Json::string("org"));
        organization.set("key", Json::string(seal_rsa(team, pair.public_key).value()));
        answer.set("profile", Json::object())
            .set("organizations", Json::array())
            .push(std::move(organization));
        Json& ciphers = answer.set("ciphers", Json::array());
        ciphers.push(login("one", user, false));
        ciphers.push(login("two", user, true));
        Json shared = login("three", team, true);
        shared.set("organizationId", Json::string("org"));
        ciphers.push(std::move(shared));
    }
};

std::size_t below(std::mt19937& random, std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}

void mutate_once(std::string& bytes, std::mt19937& random) {
    if (bytes.size() < 2) return;
    const std::size_t at = below(random, bytes.size());
    const std::size_t size = 1 + below(random, std::min<std::size_t>(bytes.size() - at, 40));
    const std::size_t other = below(random, bytes.size());
    const std::string part = bytes.substr(at, size);
    switch (below(random, 6)) {
    case 0:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(random, 8)));
        break;
    case 1:
        bytes[at] = static_cast<char>(below(random, 256));
        break;
    case 2:
        bytes.erase(at, size);
        break;
    case 3:
        bytes.insert(other, part);
        break;
    case 4:
        bytes.resize(at);
        break;
    default:
        std::swap(bytes[at], bytes[other]);
        break;
    }
}

std::string mutated(std::string bytes, std::mt19937& random) {
    for (std::size_t times = 1 + below(random, 3); times > 0; --times)
        mutate_once(bytes, random);
    return bytes;
}

std::size_t rounds() {
    const char* number = std::getenv("STANCH_MUTATIONS");
    return number != nullptr ? std::strtoul(number, nullptr, 10) : 300;
}

// Values that came out. Another than was sealed fails; so does one under an item's name that isn't
// its own.
std::size_t true_values(const Item& item) {
    std::size_t found = 0;
    const auto name = item.name();
    for (const char* field : fields) {
        const auto value = item.value(field);
        if (!value || value->empty()) continue;
        ++found;
        const bool known = value->reveal() == value_of("one", field) ||
                           value->reveal() == value_of("two", field) ||
                           value->reveal() == value_of("three", field);
        CHECK_MESSAGE(known, field);
        if (name && known) CHECK(value->reveal() == value_of(name->reveal(), field));
    }
    return found;
}

std::size_t values_in(const std::string& file, const World& world) {
    std::size_t found = 0;
    const auto cache = Cache::open(file, world.user, "user");
    if (!cache) return 0;
    (void)cache->places();
    (void)cache->entries();
    std::map<std::string, Key> owners;
    for (const CachedOrganization& organization : cache->organizations())
        if (const auto bytes = open_bytes(organization.wrapped_key, world.user))
            if (auto key = Key::from(bytes->reveal()))
                owners.emplace(organization.id, std::move(*key));
    for (std::size_t slot = 0; slot < cache->size(); ++slot) {
        auto body = cache->body(slot);
        if (!body) continue;
        const auto owner = owners.find(std::string((*body)["organizationId"].text()));
        const auto item =
            Item::open(std::move(*body), owner == owners.end() ? world.user : owner->second);
        if (item) found += true_values(*item);
    }
    return found;
}

class Folder {
  public:
    Folder() { REQUIRE(mkdtemp(path_.data()) != nullptr); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        unlink(file().c_str());
        rmdir(path_.c_str());
    }
    [[nodiscard]] std::string file() const { return path_ + "/vault.cache"; }

  private:
    std::string path_ = "/tmp/stanch-mutations-XXXXXX";
};

} // namespace

TEST_CASE("a changed answer gives true values or none") {
    const World world;
    const Folder folder;
    const Bytes whole = world.answer.dump();
    std::mt19937 random(1);
    std::size_t unchanged = 0;
    for (std::size_t i = 0; i < rounds(); ++i) {
        const auto answer = Json::parse(mutated(std::string(view(whole)), random), "the answer");
        if (!answer) continue;
        const CacheContent content = snapshot(*answer, world.user, world.pair.private_key);
        if (!write_cache(folder.file(), content, world.user, "user")) continue;
        unchanged += values_in(folder.file(), world);
    }
    CHECK(unchanged > 0); // most changes hit one value, not all
}

TEST_CASE("a changed cache is refused where it was changed") {
    const World world;
    const Folder folder;
    const CacheContent content = snapshot(world.answer, world.user, world.pair.private_key);
    REQUIRE(write_cache(folder.file(), content, world.user, "user"));
    const std::string whole = os::read_file(folder.file()).value();
    CHECK(values_in(folder.file(), world) == 3 * fields.size());
    std::mt19937 random(2);
    for (std::size_t i = 0; i < rounds(); ++i) {
        const std::string changed = mutated(whole, random);
        REQUIRE(os::write_file(folder.file(), changed));
        const std::size_t found = values_in(folder.file(), world);
        const auto cache = Cache::open(folder.file(), world.user, "user");
        const bool all = cache && cache->places() && cache->entries() && found == 3 * fields.size();
        CHECK(all == (changed == whole));
    }
}
