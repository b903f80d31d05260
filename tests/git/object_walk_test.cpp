#include "git/object_walk.h"

#include "git/hash.h"
#include "git/made_repository.h"
#include "git/object_table.h"

#include <map>
#include <mutex>
#include <random>

namespace git = stanch::git;
namespace made = stanch::made;

namespace {

git::ObjectId name_of(git::ObjectFormat format, git::ObjectType type, std::string_view content) {
    std::string header(to_string(type));
    header += ' ' + std::to_string(content.size());
    git::Hasher hasher(format);
    hasher.add({header.c_str(), header.size() + 1});
    hasher.add(content);
    return hasher.finish();
}

// Checks each object against its name and each delta's copy runs against its base.
class Checker : public git::ObjectVisitor {
  public:
    explicit Checker(git::ObjectFormat format) : format_(format) {}

    void visit(const git::WalkedObject& object) override {
        if (name_of(format_, object.type, object.content).raw() != object.id) ++wrong;
        for (const git::CopyRun& run : object.copies)
            if (object.content.substr(run.to, run.size) != object.base.substr(run.from, run.size))
                ++wrong;
        if (object.is_delta) ++deltas;
        if (object.type == git::ObjectType::tree) {
            git::TreeEntries whole;
            whole.read(object.content, object.id.size());
            if (object.entries == nullptr || object.entries->size() != whole.size() ||
                object.entries->damaged())
                ++wrong;
        }
        ++seen[git::ObjectId(object.id).hex()];
    }
    void visit_large(git::ObjectType type, std::string_view id,
                     git::ObjectStream& stream) override {
        std::string content;
        std::string buffer(10'000, '\0');
        for (std::size_t got = buffer.size(); got == buffer.size();) {
            got = stream.read(buffer).value_or(0);
            content.append(buffer, 0, got);
        }
        if (name_of(format_, type, content).raw() != id) ++wrong;
        ++large;
        ++seen[git::ObjectId(id).hex()];
    }
    void miss(std::string_view, const stanch::Error& error) override {
        missed.push_back(error.what);
    }

    std::map<std::string, int> seen;
    std::vector<std::string> missed;
    int wrong = 0;
    int deltas = 0;
    int large = 0;

  private:
    git::ObjectFormat format_;
};

Checker walk(const std::string& directory, git::WalkOptions options = {}) {
    const auto repository = git::Repository::discover(directory);
    REQUIRE(repository);
    const auto store = git::ObjectStore::open(*repository);
    options.threads = 2;
    Checker first(repository->format);
    Checker second(repository->format);
    std::vector<git::ObjectVisitor*> visitors{&first, &second};
    git::ObjectWalk walk(store);
    walk.run(visitors, options);
    first.seen.merge(second.seen);
    for (const auto& [id, times] : second.seen)
        first.seen[id] += times;
    first.missed.insert(first.missed.end(), second.missed.begin(), second.missed.end());
    first.wrong += second.wrong;
    first.deltas += second.deltas;
    first.large += second.large;
    for (const auto& problem : store.problems())
        first.missed.push_back(problem.what);
    return first;
}

std::size_t count(const std::string& directory) {
    return made::lines(made::git(directory, {"cat-file", "--batch-all-objects", "--batch-check"}))
        .size();
}

// Commits that change a few files a little, so that packs have deltas.
void fill(const std::string& directory) {
    std::mt19937 random(7);
    std::vector<std::string> texts(6);
    for (std::string& text : texts)
        for (int i = 0; i < 300; ++i)
            text += "line " + std::to_string(random()) + "\n";
    for (int round = 0; round < 15; ++round) {
        std::string& text = texts[random() % texts.size()];
        text.insert(text.size() / 3, "inserted " + std::to_string(random()) + "\n");
        text.erase(random() % 1000, 40);
        for (std::size_t i = 0; i < texts.size(); ++i)
            made::write(directory + "/f" + std::to_string(i), texts[i]);
        made::git(directory, {"add", "-A"});
        made::git(directory, {"commit", "-qm", "round " + std::to_string(round)});
    }
    made::git(directory, {"tag", "-am", "a tag", "v1"});
}

} // namespace

TEST_CASE("packs of every making give each object once, as its name says") {
    struct Making {
        const char* format;
        std::vector<std::string> settings;
        std::vector<std::string> repack;
    };
    const std::vector<Making> makings{
        {"sha1", {}, {"repack", "-adq"}},
        {"sha256", {}, {"repack", "-adq"}},
        {"sha1", {}, {"repack", "-adfq", "--depth=250", "--window=50"}},
        {"sha1", {"repack.useDeltaBaseOffset=false"}, {"repack", "-adfq"}},
        {"sha1", {"pack.indexVersion=1"}, {"repack", "-adq"}},
        {"sha1", {}, {"repack", "-adfq", "--window=0"}},
        {"sha1", {"pack.compression=0"}, {"repack", "-adFq"}},
        {"sha1", {}, {"status", "-s"}}, // all loose
    };
    int streamed_objects = 0;
    for (const Making& making : makings) {
        const made::Folder folder;
        made::git(folder.path, {"init", "-q", std::string("--object-format=") + making.format});
        fill(folder.path);
        std::vector<std::string> words;
        for (const auto& setting : making.settings)
            words.insert(words.end(), {"-c", setting});
        words.insert(words.end(), making.repack.begin(), making.repack.end());
        made::git(folder.path, words);
        const Checker checked = walk(folder.path);
        CHECK(checked.wrong == 0);
        CHECK(checked.missed == std::vector<std::string>());
        CHECK(checked.seen.size() == count(folder.path));
        CHECK(std::ranges::all_of(checked.seen, [](const auto& one) { return one.second == 1; }));
        git::WalkOptions tiny;
        tiny.large = 3000;
        const Checker streamed = walk(folder.path, tiny);
        CHECK(streamed.wrong == 0);
        streamed_objects += streamed.large;
        CHECK(streamed.seen.size() == checked.seen.size());
    }
    CHECK(streamed_objects > 10);
}

TEST_CASE("a multi-pack-index stands in for an index that is gone; without it that is said") {
    const made::Folder folder;
    made::git(folder.path, {"init", "-q"});
    fill(folder.path);
    made::git(folder.path, {"repack", "-q"});
    made::git(folder.path, {"commit", "-q", "--allow-empty", "-m", "more"});
    made::git(folder.path, {"repack", "-q"});
    made::git(folder.path, {"multi-pack-index", "write"});
    const std::size_t all = count(folder.path);
    const std::string packs = folder.path + "/.git/objects/pack";
    made::git(folder.path, {"prune-packed"});
    for (const auto& file : std::filesystem::directory_iterator(packs))
        if (file.path().extension() == ".idx") std::filesystem::remove(file.path());
    CHECK(walk(folder.path).seen.size() == all);
    CHECK(walk(folder.path).missed.empty());
    std::filesystem::remove(packs + "/multi-pack-index");
    CHECK(walk(folder.path).missed.size() == 2);
}

TEST_CASE("a table has what its packs and loose objects have, in order, and nothing else") {
    const made::Folder folder;
    made::git(folder.path, {"init", "-q"});
    fill(folder.path);
    made::git(folder.path, {"repack", "-q"});
    for (int i = 0; i < 3; ++i) {
        made::git(folder.path, {"commit", "-q", "--allow-empty", "-m", std::to_string(i)});
        if (i < 2) made::git(folder.path, {"repack", "-q"});
    }
    const auto store = git::ObjectStore::open(*git::Repository::discover(folder.path));
    REQUIRE(store.packs().size() == 3);
    std::vector<stanch::Error> problems;
    std::vector<std::string> left_over;
    const auto loose = store.list_loose(problems, left_over);
    const git::ObjectTable table(store, loose);
    CHECK(table.size() == count(folder.path));
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        CHECK((i == 0 || table.id(i - 1) < table.id(i)));
        CHECK(table.find(table.id(i)) == i);
        CHECK(table.has(table.id(i)));
        std::string other(table.id(i));
        other.back() ^= 1;
        CHECK(table.has(other) == table.find(other).has_value());
    }
    for (const char c : {'\0', '\xff'})
        CHECK_FALSE(table.has(std::string(20, c)));
}

TEST_CASE("a thin pack's deltas find their bases elsewhere") {
    const made::Folder folder;
    made::git(folder.path, {"init", "-q"});
    fill(folder.path);
    made::git(folder.path, {"repack", "-adq"});
    made::write(folder.path + "/f0", *stanch::os::read_file(folder.path + "/f0") + "more\n");
    made::git(folder.path, {"commit", "-qam", "thin"});
    const std::string packs = folder.path + "/.git/objects/pack/";
    // What `git push` sends, kept as it is, with an index made by hand: version 1.
    made::git(folder.path, {"config", "pack.threads", "1"});
    stanch::os::Command command;
    command.arguments = {"git", "pack-objects", "--revs", "--thin", "--stdout", "-q"};
    command.directory = folder.path;
    command.input = "HEAD\n^HEAD~1\n";
    const auto thin = stanch::os::run(command);
    REQUIRE(thin);
    const Checker before = walk(folder.path);
    REQUIRE(thin->output.size() > 32);
    // The index: only one entry of the thin pack is named, the delta (type 7).
    std::string index("\377tOc\0\0\0\2", 8);
    const std::string& pack = thin->output;
    std::size_t at = std::string::npos;
    for (std::size_t i = 12; i + 1 < pack.size(); ++i)
        if ((static_cast<unsigned char>(pack[i]) >> 4 & 7) == 7 &&
            git::ObjectId(std::string_view(pack).substr(i + 1, 20)).hex() ==
                made::git(folder.path, {"rev-parse", "HEAD~1:f0"}))
            at = i;
    // Delta headers of one byte have their base's id directly behind them; two bytes otherwise.
    if (at == std::string::npos) {
        for (std::size_t i = 12; i + 22 < pack.size(); ++i)
            if (git::ObjectId(std::string_view(pack).substr(i + 2, 20)).hex() ==
                made::git(folder.path, {"rev-parse", "HEAD~1:f0"}))
                at = i;
    }
    REQUIRE(at != std::string::npos);
    const auto id = git::ObjectId::parse(made::git(folder.path, {"rev-parse", "HEAD:f0"}));
    const auto number = [](std::uint32_t value) {
        value = __builtin_bswap32(value);
        return std::string(reinterpret_cast<const char*>(&value), 4);
    };
    for (unsigned i = 0; i < 256; ++i)
        index += number(i >= static_cast<unsigned char>(id->raw()[0]) ? 1 : 0);
    std::string one = pack.substr(at, pack.size() - 20 - at);
    std::string alone("PACK\0\0\0\2\0\0\0\1", 12);
    alone += one;
    alone += git::hash_of(git::ObjectFormat::sha1, alone).raw();
    // Index of version 1: no CRC to compute; the walker hashes the whole pack instead.
    std::string first = index.substr(8);
    first += number(12);
    first += id->raw();
    first += std::string_view(alone).substr(alone.size() - 20);
    first += git::hash_of(git::ObjectFormat::sha1, first).raw();
    const std::string name = packs + "pack-" + std::string(40, 'a');
    made::write(name + ".pack", alone);
    made::write(name + ".idx", first);
    std::filesystem::remove(folder.path + "/.git/objects/" + id->hex().substr(0, 2) + "/" +
                            id->hex().substr(2));
    const Checker after = walk(folder.path);
    CHECK(after.missed == std::vector<std::string>());
    CHECK(after.wrong == 0);
    CHECK(after.seen.size() == before.seen.size());
    CHECK(after.seen.contains(id->hex()));
    CHECK(after.deltas == before.deltas); // its base was no visited object's
}

TEST_CASE("single objects read as git prints them") {
    const made::Folder folder;
    made::git(folder.path, {"init", "-q"});
    fill(folder.path);
    made::git(folder.path, {"repack", "-adq"});
    made::write(folder.path + "/loose", "loose");
    made::git(folder.path, {"add", "-A"});
    made::git(folder.path, {"commit", "-qm", "loose"});
    const auto store = git::ObjectStore::open(*git::Repository::discover(folder.path));
    git::ObjectReader reader(store);
    const auto ids = made::lines(
        made::git(folder.path, {"cat-file", "--batch-all-objects", "--batch-check=%(objectname)"}));
    for (const std::string& id : ids) {
        const auto object = reader.read(*git::ObjectId::parse(id));
        REQUIRE(object);
        CHECK(name_of(store.format(), object->type, object->content).hex() == id);
    }
    const auto absent = git::ObjectId::parse(std::string(40, '1'));
    CHECK(reader.read(*absent).error().kind == stanch::ErrorKind::not_found);
    CHECK_FALSE(reader.has(*absent));
}

TEST_CASE("a byte changed anywhere in a pack or its index is noticed") {
    const made::Folder folder;
    made::git(folder.path, {"init", "-q"});
    fill(folder.path);
    made::git(folder.path, {"repack", "-adq"});
    std::filesystem::path pack;
    std::filesystem::path index;
    for (const auto& file :
         std::filesystem::directory_iterator(folder.path + "/.git/objects/pack")) {
        if (file.path().extension() == ".pack") pack = file.path();
        if (file.path().extension() == ".idx") index = file.path();
    }
    std::mt19937 random(3);
    for (const auto& path : {pack, index}) {
        const std::string whole = *stanch::os::read_file(path);
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        for (int round = 0; round < 60; ++round) {
            std::string bad = whole;
            const std::size_t at = random() % bad.size();
            bad[at] = static_cast<char>(bad[at] ^ (1U << random() % 8));
            if (round % 10 == 9) bad.resize(at);
            made::write(path, bad);
            INFO(path.string() << " " << at);
            CHECK_FALSE(walk(folder.path).missed.empty());
        }
        made::write(path, whole);
    }
    CHECK(walk(folder.path).missed.empty());
}
