#include "git/index.h"

#include "git/made_repository.h"

namespace git = stanch::git;
namespace made = stanch::made;

namespace {

// What `git ls-files --stage` prints, from our reader.
std::vector<std::string> listing(const std::string& directory) {
    const auto repository = git::Repository::discover(directory);
    REQUIRE(repository);
    const auto index = git::Index::read(*repository);
    REQUIRE(index);
    std::vector<std::string> out;
    for (const git::IndexEntry& entry : index->entries()) {
        char mode[16];
        REQUIRE(std::snprintf(mode, sizeof mode, "%06o", entry.mode) == 6);
        out.push_back(std::string(mode) + " " + git::ObjectId(entry.oid).hex() + " " +
                      std::to_string(entry.stage) + "\t" + std::string(entry.path));
    }
    return out;
}

std::vector<std::string> oracle(const std::string& directory) {
    return made::lines(made::git(directory, {"-c", "core.quotepath=off", "ls-files", "--stage"}));
}

void fill(const std::string& directory) {
    for (int i = 0; i < 40; ++i)
        made::write(directory + "/d" + std::to_string(i % 5) + "/a file " + std::to_string(i),
                    "content " + std::to_string(i));
    made::write(directory + "/d1/deeper/still/x", "x");
    std::filesystem::create_symlink("d1", directory + "/link");
    made::git(directory, {"add", "-A"});
}

} // namespace

TEST_CASE("every version of the index reads as git lists it") {
    for (const char* format : {"sha1", "sha256"})
        for (const char* version : {"2", "3", "4"}) {
            const made::Folder folder;
            made::git(folder.path, {"init", "-q", std::string("--object-format=") + format});
            made::git(folder.path, {"config", "index.version", version});
            fill(folder.path);
            made::write(folder.path + "/new", "n");
            made::git(folder.path, {"add", "-N", "new"});
            CHECK(listing(folder.path) == oracle(folder.path));
            const auto index = git::Index::read(*git::Repository::discover(folder.path));
            REQUIRE(index->find("new") != nullptr);
            CHECK(index->find("new")->intent_to_add);
            CHECK(index->find("d1") == nullptr);
        }
}

TEST_CASE("a split index is put together with its shared file") {
    const made::Folder folder;
    made::git(folder.path, {"init", "-q"});
    fill(folder.path);
    made::git(folder.path, {"update-index", "--split-index"});
    CHECK(listing(folder.path) == oracle(folder.path));
    made::git(folder.path, {"config", "splitIndex.maxPercentChange", "100"});
    made::write(folder.path + "/d2/a file 2", "changed");
    made::write(folder.path + "/zz", "added");
    std::filesystem::remove(folder.path + "/d3/a file 3");
    made::git(folder.path, {"add", "-A"});
    CHECK(listing(folder.path) == oracle(folder.path));
    REQUIRE(made::git(folder.path, {"ls-files", "zz"}) == "zz");
}

TEST_CASE("a sparse index keeps its directory entries") {
    const made::Folder folder;
    made::git(folder.path, {"init", "-q"});
    fill(folder.path);
    made::git(folder.path, {"commit", "-qm", "one"});
    made::git(folder.path, {"sparse-checkout", "set", "--cone", "--sparse-index", "d1"});
    const auto index = git::Index::read(*git::Repository::discover(folder.path));
    REQUIRE(index);
    const auto sparse =
        std::ranges::find_if(index->entries(), &git::IndexEntry::is_sparse_directory);
    REQUIRE(sparse != index->entries().end());
    CHECK(sparse->path == "d0/");
}

TEST_CASE("the cached trees are those of the commit") {
    const made::Folder folder;
    made::git(folder.path, {"init", "-q"});
    fill(folder.path);
    made::git(folder.path, {"commit", "-qm", "one"});
    const auto index = git::Index::read(*git::Repository::discover(folder.path));
    REQUIRE(index);
    REQUIRE_FALSE(index->cached_trees().empty());
    const git::CachedTree& root = index->cached_trees().front();
    CHECK(git::ObjectId(root.oid).hex() == made::git(folder.path, {"rev-parse", "HEAD^{tree}"}));
    CHECK(root.entries == index->entries().size());
    CHECK(root.following + 1 == index->cached_trees().size());
}

TEST_CASE("a damaged or cut index is an error, an absent one is empty") {
    const made::Folder folder;
    made::git(folder.path, {"init", "-q"});
    const auto repository = git::Repository::discover(folder.path);
    CHECK(git::Index::read(*repository)->entries().empty());
    fill(folder.path);
    const std::string path = folder.path + "/.git/index";
    const std::string whole = *stanch::os::read_file(path);
    for (std::size_t at = 0; at < whole.size(); at += 97) {
        std::string bad = whole;
        bad[at] = static_cast<char>(bad[at] ^ 0x10);
        made::write(path, bad);
        CHECK_FALSE(git::Index::read(*repository));
        made::write(path, whole.substr(0, at));
        CHECK_FALSE(git::Index::read(*repository));
    }
}
