#include "scan/container/git_objects.h"

#include "git/embedded.h"
#include "scan/streams.h"

#include <algorithm>
#include <cstring>

namespace stanch::scan {
namespace {

constexpr std::uint64_t most_held = std::uint64_t{256} << 20;
constexpr std::uint64_t object_limit = std::uint64_t{256} << 20;

class Bytes : public ByteStream {
  public:
    explicit Bytes(std::string_view bytes) : left_(bytes) {}
    Result<std::size_t> read(std::span<char> buffer) override {
        const std::size_t size = std::min(buffer.size(), left_.size());
        std::memcpy(buffer.data(), left_.data(), size);
        left_.remove_prefix(size);
        return size;
    }

  private:
    std::string_view left_;
};

// A tree's names, one a line; anything else as it is.
std::string_view text_of(const git::ObjectId& id, const git::Object& object, std::string& names) {
    if (object.type != git::ObjectType::tree) return object.content;
    names.clear();
    git::TreeEntry entry;
    for (git::TreeCursor at(object.content, id.raw().size()); at.next(entry);)
        names.append(entry.name) += '\n';
    return names;
}

class Visit {
  public:
    Visit(Worker::State& worker, const Place& place, Outcome& outcome)
        : worker_(worker), place_(place), outcome_(outcome) {}

    bool use(const git::ObjectId& id, const git::Object& object) {
        Budget& budget = worker_.budget;
        if (budget.members == 0 || object.content.size() > budget.bytes) {
            outcome_.miss(place_.shown,
                          "unpacks to more than the limit; the rest of it was not looked at",
                          "raise archive_bytes and archive_members in [scan] if it is no bomb");
            return false;
        }
        --budget.members;
        budget.bytes -= object.content.size();
        Bytes bytes(text_of(id, object, names_));
        worker_.member(place_.inside(id.hex()), bytes, outcome_);
        return true;
    }

  private:
    Worker::State& worker_;
    const Place& place_;
    Outcome& outcome_;
    std::string names_;
};

} // namespace

bool look_at_git_objects(Worker::State& worker, const Place& place, std::string_view content,
                         ByteStream* rest, Outcome& outcome) {
    if (worker.level >= worker.options.limits.depth) {
        outcome.miss(place.shown,
                     "a pack more than " + std::to_string(worker.options.limits.depth) +
                         " levels deep",
                     "raise archive_depth in [scan]");
        return true;
    }
    std::string held;
    if (rest != nullptr) {
        // Of what is large, only a signature tells enough to hold it.
        if (git::embedded_kind(content) == git::Embedded::loose) return false;
        auto all = hold(content, *rest, most_held,
                        {ErrorKind::incomplete, "a pack or bundle too large to be read as a file",
                         place.shown, "clone it, and scan the clone's history"});
        if (!all) {
            outcome.miss(place.shown, all.error().what, all.error().hint);
            return true;
        }
        held = std::move(*all);
        content = held;
    }
    Visit visit(worker, place, outcome);
    const auto read = git::read_embedded(
        content, object_limit,
        [&](const git::ObjectId& id, const git::Object& object) { return visit.use(id, object); });
    if (read) return true;
    if (read.error().kind == ErrorKind::invalid) return false;
    outcome.miss(place.shown, read.error().what, read.error().hint);
    return true;
}

} // namespace stanch::scan
