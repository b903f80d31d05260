#include "git/repository.h"

#include "git/config_file.h"
#include "git/made_repository.h"

namespace git = stanch::git;
namespace made = stanch::made;

TEST_CASE("a repository is found from below, from a file and from its git dir") {
    const made::Folder folder;
    made::git(folder.path, {"init", "-q"});
    made::write(folder.path + "/a/b/file", "x");
    const std::string root = std::filesystem::canonical(folder.path);
    for (const char* from : {"", "/a/b", "/a/b/file", "/.git"}) {
        const auto found = git::Repository::discover(folder.path + from);
        REQUIRE(found);
        CHECK(found->git_dir == root + "/.git");
        CHECK(found->work_tree == root);
        CHECK(found->object_directories == std::vector{root + "/.git/objects"});
    }
    CHECK(git::Repository::discover("/").error().kind == stanch::ErrorKind::not_found);
}

TEST_CASE("a linked worktree has its own index and the shared store") {
    const made::Folder folder;
    made::git(folder.path, {"init", "-q", "main"});
    const std::string main = std::filesystem::canonical(folder.path + "/main");
    made::git(main, {"commit", "-q", "--allow-empty", "-m", "one"});
    made::git(main, {"worktree", "add", "-q", "../other"});
    const auto found = git::Repository::discover(folder.path + "/other");
    REQUIRE(found);
    CHECK(found->git_dir == main + "/.git/worktrees/other");
    CHECK(found->common_dir == main + "/.git");
    CHECK(found->work_tree == std::filesystem::canonical(folder.path + "/other"));
    CHECK(found->index_file == found->git_dir + "/index");
    CHECK(found->worktree_git_dirs().size() == 2);
}

TEST_CASE("bare, SHA-256, alternates, shallow and partial are seen") {
    const made::Folder folder;
    made::git(folder.path, {"init", "-q", "--object-format=sha256", "origin"});
    const std::string origin = folder.path + "/origin";
    made::git(origin, {"commit", "-q", "--allow-empty", "-m", "one"});
    made::git(origin, {"commit", "-q", "--allow-empty", "-m", "two"});
    made::git(folder.path, {"clone", "-q", "--bare", "--shared", "origin", "bare.git"});
    const auto bare = git::Repository::discover(folder.path + "/bare.git");
    REQUIRE(bare);
    CHECK(bare->work_tree.empty());
    CHECK(bare->format == git::ObjectFormat::sha256);
    REQUIRE(bare->object_directories.size() == 2);
    CHECK_FALSE(bare->shallow);
    made::git(folder.path, {"clone", "-q", "--depth=1", "file://" + origin, "shallow"});
    CHECK(git::Repository::discover(folder.path + "/shallow")->shallow);
    made::git(origin, {"config", "uploadpack.allowFilter", "true"});
    made::git(folder.path, {"clone", "-q", "--filter=blob:none", "file://" + origin, "partial"});
    CHECK(git::Repository::discover(folder.path + "/partial")->promisor);
    std::filesystem::remove_all(origin);
    CHECK(git::Repository::discover(folder.path + "/bare.git")->missing_alternates.size() == 1);
}

TEST_CASE("the environment of a hook moves index, store and alternates") {
    const made::Folder folder;
    made::git(folder.path, {"init", "-q"});
    made::write(folder.path + "/quarantine/pack/x", "");
    git::Environment environment;
    environment.git_dir = folder.path + "/.git";
    environment.index_file = folder.path + "/other-index";
    made::write(environment.index_file, "");
    environment.object_directory = folder.path + "/quarantine";
    environment.alternate_object_directories = {folder.path + "/.git/objects"};
    const auto found = git::Repository::discover("/", environment);
    REQUIRE(found);
    CHECK(found->index_file == environment.index_file);
    REQUIRE(found->object_directories.size() == 2);
    CHECK(found->object_directories[0].ends_with("/quarantine"));
    std::filesystem::remove(environment.index_file);
    CHECK(git::Repository::discover("/", environment).error().kind ==
          stanch::ErrorKind::incomplete);
}

TEST_CASE("git's configuration syntax") {
    const auto file = git::ConfigFile::parse("\xEF\xBB\xBF# c\n[core] bare = YES ; c\n"
                                             "[remote \"a \\\"b\"]\n\turl = \"x;y\" z\\\n w \n"
                                             "[Old.Style]\nkey\n",
                                             "config");
    REQUIRE(file);
    CHECK(file->boolean("core.bare") == true);
    CHECK(file->value("remote.a \"b.url") == "x;y z w");
    CHECK(file->boolean("old.style.key") == true);
    CHECK_FALSE(git::ConfigFile::parse("[core\nbare = true\n", "config"));
    CHECK_FALSE(git::ConfigFile::parse("[core]\nbare = \"true\n", "config"));
    CHECK_FALSE(git::ConfigFile::parse("bare = true\n", "config"));
}
