// rooms: git core text os
#include "git/object_walk.h"
#include "git/repository.h"
#include "os/directory.h"
#include "os/file.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace git = stanch::git;

namespace {

struct Ignore : git::ObjectVisitor {
    void visit(const git::WalkedObject&) override {}
    void visit_large(git::ObjectType, std::string_view, git::ObjectStream& stream) override {
        std::string buffer(4096, '\0');
        for (auto got = stream.read(buffer); got && *got == buffer.size();)
            got = stream.read(buffer);
    }
    void miss(std::string_view, const stanch::Error&) override {}
};

// One folder for the whole run: a store with one pack.
const std::string& folder() {
    static const std::string path = *stanch::os::make_temporary_directory();
    return path;
}

} // namespace

// The first two bytes say how long the index is; then index, then pack.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
    const std::size_t index = std::min<std::size_t>(data[0] * 256U + data[1], bytes.size());
    const std::string base = folder() + "/objects/pack/pack-a";
    if (!stanch::os::make_directories(folder() + "/objects/pack")) return 0;
    (void)stanch::os::write_file(base + ".idx", bytes.substr(0, index));
    (void)stanch::os::write_file(base + ".pack", bytes.substr(index));
    git::Repository repository;
    repository.object_directories = {folder() + "/objects"};
    const auto store = git::ObjectStore::open(repository);
    Ignore ignore;
    git::ObjectVisitor* visitor = &ignore;
    git::WalkOptions options;
    options.large = 1 << 16;
    git::ObjectWalk(store).run({&visitor, 1}, options);
    git::ObjectReader reader(store);
    for (const git::Pack& pack : store.packs())
        for (std::uint32_t i = 0; i < std::min(pack.index.size(), 16U); ++i)
            (void)reader.read(git::ObjectId(pack.index.oid(i)));
    return 0;
}
