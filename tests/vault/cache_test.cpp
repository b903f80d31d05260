#include "vault/crypto/sealed.h"
#include "vault/store/cache.h"

#include "os/file.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <unistd.h>

using namespace stanch;
using namespace stanch::vault;

namespace {

struct Folder {
    Folder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        unlink(file().c_str());
        rmdir(path.c_str());
    }
    [[nodiscard]] std::string file() const { return path + "/vault.cache"; }
    std::string path = "/tmp/stanch-cache-XXXXXX";
};

CacheContent two_items(const Key& key) {
    CacheContent content;
    content.revision = 7;
    content.places = Json::object();
    for (const char* name : {"one", "two"}) {
        CacheItem item;
        item.entry.id = std::string("id-") + name;
        item.entry.type = 1;
        item.entry.readable = true;
        item.entry.name = seal_bytes(name, key);
        item.plain_name = Secret(name);
        item.body = to_bytes(std::string(R"({"id":"id-)") + name + "\"}");
        content.items.push_back(std::move(item));
    }
    return content;
}

} // namespace

TEST_CASE("an item is found by name and id, and its body is its own") {
    const Folder folder;
    const Key key = Key::random();
    REQUIRE(write_cache(folder.file(), two_items(key), key, "user"));
    const auto cache = Cache::open(folder.file(), key, "user");
    REQUIRE(cache);
    CHECK(cache->revision() == 7);
    CHECK(cache->named("two") == std::vector<std::size_t>{1});
    CHECK(cache->with_id("id-one") == std::vector<std::size_t>{0});
    CHECK(cache->named("three").empty());
    CHECK(cache->body(1).value()["id"].text() == "id-two");
    CHECK(cache->entries().value().size() == 2);
    CHECK(!cache->body(2));
}

TEST_CASE("another key, another account, every changed byte and every shorter file are refused") {
    const Folder folder;
    const Key key = Key::random();
    REQUIRE(write_cache(folder.file(), two_items(key), key, "user"));
    const std::string whole = os::read_file(folder.file()).value();
    CHECK(whole.find("one\"") != std::string::npos); // the id
    CHECK(!Cache::open(folder.file(), Key::random(), "user"));
    CHECK(!Cache::open(folder.file(), key, "another"));
    const auto still_reads = [&](const std::string& content) {
        REQUIRE(os::write_file(folder.file(), content));
        const auto cache = Cache::open(folder.file(), key, "user");
        return cache && cache->entries() && cache->places() && cache->body(0) && cache->body(1);
    };
    CHECK(still_reads(whole));
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string changed = whole;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        CHECK_MESSAGE(!still_reads(changed), i);
    }
    for (std::size_t size = 0; size < whole.size(); size += 7)
        CHECK(!still_reads(whole.substr(0, size)));
}
