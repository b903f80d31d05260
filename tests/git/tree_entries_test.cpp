#include "git/tree_entries.h"

#include "git/object.h"

#include <doctest/doctest.h>
#include <random>
#include <string>

namespace git = stanch::git;

namespace {

std::string entry(std::mt19937& random) {
    std::string id;
    for (int i = 0; i < 20; ++i)
        id += static_cast<char>(random() % 256);
    return "100644 file" + std::to_string(random() % 1000) + std::string(1, '\0') + id;
}

// A version: runs of the base anywhere, also within an entry, and new bytes between them.
struct Version {
    std::string content;
    std::vector<git::CopyRun> copies;

    void copy(const std::string& base, std::size_t from, std::size_t size) {
        copies.push_back({content.size(), from, size});
        content += base.substr(from, size);
    }
};

Version edited(const std::string& base, std::mt19937& random) {
    Version version;
    for (std::size_t at = 0; at < base.size();) {
        const std::size_t size = std::min<std::size_t>(base.size() - at, 1 + random() % 300);
        version.copy(base, at, size);
        at += size;
        if (random() % 3 == 0) version.content += entry(random);
        if (random() % 4 == 0) at = std::min(base.size(), at + random() % 80);
    }
    return version;
}

std::vector<std::uint32_t> starts(const git::TreeEntries& entries) {
    std::vector<std::uint32_t> all;
    for (std::uint32_t i = 0; i <= entries.size(); ++i)
        all.push_back(entries.start(i));
    return all;
}

} // namespace

TEST_CASE("entries taken over from a base are those that parsing finds") {
    std::mt19937 random(3);
    std::size_t copied = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string base;
        for (std::size_t i = random() % 40; i > 0; --i)
            base += entry(random);
        git::TreeEntries of_base;
        of_base.read(base, 20);
        const Version version = edited(base, random);
        git::TreeEntries told;
        told.read(version.content, 20, of_base, version.copies);
        git::TreeEntries parsed;
        parsed.read(version.content, 20);
        REQUIRE(starts(told) == starts(parsed));
        REQUIRE(told.damaged() == parsed.damaged());
        for (const auto& part : told.copied())
            for (std::uint32_t i = 0; i < part.count; ++i)
                REQUIRE(version.content.substr(told.start(part.first + i),
                                               told.start(part.first + i + 1) -
                                                   told.start(part.first + i)) ==
                        base.substr(of_base.start(part.base_first + i),
                                    of_base.start(part.base_first + i + 1) -
                                        of_base.start(part.base_first + i)));
        copied += told.copied().size();
    }
    CHECK(copied > 3000);
}
