// Delta-aware matching against matching every byte, on whole histories: this project's own, and
// those that STANCH_HISTORIES names (separated by ':').
#include "scan/history_visitor.h"

#include "git/made_repository.h"
#include "git/repository.h"
#include "support/made.h"
#include "text/encoding.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <map>
#include <random>
#include <sstream>

namespace git = stanch::git;
namespace made = stanch::made;
namespace scan = stanch::scan;

namespace {

scan::HistoryFinds look(const std::string& path, bool every_byte) {
    const auto repository = git::Repository::discover(path);
    REQUIRE(repository);
    const auto store = git::ObjectStore::open(*repository);
    git::ObjectWalk walk(store);
    const git::ObjectTable table(store, walk.loose());
    const auto engine = scan::Engine::built_in();
    REQUIRE(engine);
    scan::SeenObjects seen(table.size());
    scan::SeenTexts texts(table.size());
    const scan::ScanOptions how; // the visitors keep a reference
    scan::HistoryVisitor one(*engine, table, store.format(), seen, texts, how);
    scan::HistoryVisitor two(*engine, table, store.format(), seen, texts, how);
    one.without_deltas = two.without_deltas = every_byte;
    std::vector<git::ObjectVisitor*> visitors{&one, &two};
    git::WalkOptions options;
    options.threads = 2;
    walk.run(visitors, options);
    scan::HistoryFinds finds = one.finish();
    finds.add(two.finish());
    for (auto* all : {&finds.blobs, &finds.commits, &finds.tags})
        for (auto& [fingerprint, numbers] : *all)
            std::ranges::sort(numbers);
    return finds;
}

using Numbers = std::map<stanch::Fingerprint, std::vector<std::uint32_t>>;

// What only one of them has: "fingerprint: numbers", a line each.
std::string only_in(const Numbers& one, const Numbers& other) {
    std::string text;
    for (const auto& [fingerprint, numbers] : one) {
        std::vector<std::uint32_t> rest;
        const auto found = other.find(fingerprint);
        const auto there = found == other.end() ? std::vector<std::uint32_t>() : found->second;
        std::ranges::set_difference(numbers, there, std::back_inserter(rest));
        if (rest.empty()) continue;
        text += fingerprint.hex() + ":";
        for (const std::uint32_t number : rest)
            text += " " + std::to_string(number);
        text += '\n';
    }
    return text;
}

void compare(const std::string& path, std::size_t least) {
    INFO(path);
    const scan::HistoryFinds deltas = look(path, false);
    const scan::HistoryFinds bytes = look(path, true);
    CHECK(only_in(deltas.blobs, bytes.blobs) == "");
    CHECK(only_in(bytes.blobs, deltas.blobs) == "");
    CHECK(deltas.commits == bytes.commits);
    CHECK(deltas.names == bytes.names);
    CHECK(deltas.counts.bytes == bytes.counts.bytes);
    CHECK(bytes.blobs.size() >= least);
}

// A secret, plain or encoded in one of the ways that the decoders know.
std::string secret(std::mt19937& random) {
    std::string plain = "token = \"" +
                        made::token("gh"
                                    "p_",
                                    36, random()) +
                        "\"\n";
    switch (random() % 4) {
    case 0:
        return plain;
    case 1:
        return stanch::text::base64_encode(plain + "and more of it") + "\n";
    case 2:
        return stanch::text::hex_encode(plain) + "\n";
    default:
        return made::random(made::alnum, 300, random()) + "\n";
    }
}

// One file that grows, shrinks and is put in another order, round by round.
void write_history(const std::string& directory) {
    std::mt19937 random(21);
    std::vector<std::string> pieces;
    for (int i = 0; i < 60; ++i)
        pieces.push_back("line " + std::to_string(random()) + "\n");
    for (int round = 0; round < 60; ++round) {
        const std::size_t at = random() % pieces.size();
        switch (random() % 4) {
        case 0:
            pieces.insert(pieces.begin() + static_cast<int>(at), secret(random));
            break;
        case 1:
            pieces.erase(pieces.begin() + static_cast<int>(at));
            break;
        case 2:
            std::swap(pieces[at], pieces[random() % pieces.size()]);
            break;
        default:
            pieces[at].insert(pieces[at].size() / 2, "xy");
            break;
        }
        std::string text;
        for (const std::string& piece : pieces)
            text += piece;
        made::write(directory + "/file", text);
        made::git(directory, {"add", "file"});
        made::git(directory, {"commit", "-qm", "round"});
    }
    made::git(directory, {"repack", "-adfq", "--depth=60"});
}

} // namespace

TEST_CASE("a made history of plain and encoded secrets") {
    const made::Folder folder;
    made::git(folder.path, {"init", "-q"});
    write_history(folder.path);
    compare(folder.path, 5);
}

TEST_CASE("real histories") {
    if (const char* source = std::getenv("STANCH_SOURCE"))
        if (git::Repository::discover(source)) compare(source, 0);
    std::istringstream more(
        std::getenv("STANCH_HISTORIES") != nullptr ? std::getenv("STANCH_HISTORIES") : "");
    for (std::string path; std::getline(more, path, ':');)
        compare(path, 1);
}
