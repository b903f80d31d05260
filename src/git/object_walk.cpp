#include "git/object_walk.h"

#include "git/family_walker.h"
#include "os/file.h"

#include <algorithm>
#include <optional>
#include <thread>

namespace stanch::git {
namespace {

constexpr std::uint32_t small_pack = 4096; // objects; such packs go to one thread each
constexpr std::size_t family_batch = 32;
constexpr std::size_t loose_batch = 64;

} // namespace

struct ObjectWalk::State {
    explicit State(const ObjectStore& from) : store(from), layouts(from.packs().size()) {}

    const ObjectStore& store;
    std::vector<std::optional<PackLayout>> layouts;
    std::optional<std::vector<LooseObject>> loose;
    std::vector<ObjectType> loose_types; // as far as a walk has seen them
    std::vector<Error> loose_problems;
    std::vector<std::string> left_over;

    // Runs `work(walker)` once on each thread, the calling one included.
    void on_all(std::vector<FamilyWalker>& walkers,
                const std::function<void(FamilyWalker&)>& work) {
        std::vector<std::jthread> threads;
        for (std::size_t i = 1; i < walkers.size(); ++i)
            threads.emplace_back([&work, &walker = walkers[i]] { work(walker); });
        work(walkers[0]);
    }

    // What is wrong with the pack as a whole is told to the visitor; what can be read of it is
    // read all the same.
    std::optional<OpenPack> open(std::uint32_t number, std::optional<os::RandomFile>& file,
                                 unsigned threads, ObjectVisitor& visitor) {
        auto opened = try_open(number, file, threads, visitor);
        if (opened) return *opened;
        miss_pack(number, opened.error(), visitor);
        return std::nullopt;
    }

    Result<OpenPack> try_open(std::uint32_t number, std::optional<os::RandomFile>& file,
                              unsigned threads, ObjectVisitor& visitor) {
        const Pack& pack = store.packs()[number];
        STANCH_TRY(file, open_pack(pack, store.format()));
        if (!layouts[number]) {
            for (const auto& sound :
                 {verify_pack(pack, *file, store.format()), pack.index.verify()})
                if (!sound) miss_pack(number, sound.error(), visitor);
            STANCH_TRY(layouts[number], PackLayout::read(pack, *file, store.format(), threads));
        }
        return OpenPack{&pack, number, &*file, &*layouts[number]};
    }

    void miss_lost(const OpenPack& pack, ObjectVisitor& visitor) const {
        for (const std::uint32_t node : pack.layout->lost())
            visitor.miss(pack.pack->index.oid(pack.layout->position(node)),
                         Error{ErrorKind::incomplete, "a damaged object: no base leads to it",
                               pack.pack->path, "run 'git fsck', or clone again"});
    }

    void miss_pack(std::uint32_t number, const Error& error, ObjectVisitor& visitor) const {
        Error said = error;
        if (said.where.empty()) said.where = store.packs()[number].path;
        said.kind = ErrorKind::incomplete;
        visitor.miss({}, said);
    }

    void large_pack(std::uint32_t number, std::vector<FamilyWalker>& walkers, ObjectVisitor& first,
                    const WalkOptions& options) {
        std::optional<os::RandomFile> file;
        const auto pack = open(number, file, options.threads, first);
        if (!pack) return;
        miss_lost(*pack, first);
        const auto roots = pack->layout->roots();
        std::atomic<std::size_t> next{0};
        on_all(walkers, [&](FamilyWalker& walker) {
            for (;;) {
                const std::size_t begin = next.fetch_add(family_batch);
                const std::size_t end = std::min(begin + family_batch, roots.size());
                for (std::size_t i = begin; i < end; ++i) {
                    if (walker.stopped()) return;
                    walker.walk(*pack, roots[i]);
                }
                if (begin >= roots.size()) return;
            }
        });
        for (FamilyWalker& walker : walkers)
            walker.forget_window();
    }

    void pack_alone(std::uint32_t number, FamilyWalker& walker, ObjectVisitor& visitor) {
        std::optional<os::RandomFile> file;
        const auto pack = open(number, file, 1, visitor);
        if (!pack) return;
        miss_lost(*pack, visitor);
        for (const std::uint32_t root : pack->layout->roots()) {
            if (walker.stopped()) return;
            walker.walk(*pack, root);
        }
        walker.forget_window();
    }
};

ObjectWalk::ObjectWalk(const ObjectStore& store) : state_(std::make_unique<State>(store)) {}
ObjectWalk::~ObjectWalk() = default;

const std::vector<LooseObject>& ObjectWalk::loose() {
    if (!state_->loose) {
        state_->loose = state_->store.list_loose(state_->loose_problems, state_->left_over);
        state_->loose_types.resize(state_->loose->size());
    }
    return *state_->loose;
}

const std::vector<std::string>& ObjectWalk::left_over() {
    (void)loose();
    return state_->left_over;
}

void ObjectWalk::run(std::span<ObjectVisitor* const> visitors, const WalkOptions& options) {
    std::vector<FamilyWalker> walkers;
    walkers.reserve(visitors.size());
    for (ObjectVisitor* visitor : visitors)
        walkers.emplace_back(state_->store, *visitor, options);
    const auto packs = static_cast<std::uint32_t>(state_->store.packs().size());
    std::vector<std::uint32_t> small;
    for (std::uint32_t number = 0; number < packs; ++number) {
        if (state_->store.packs()[number].index.size() < small_pack)
            small.push_back(number);
        else
            state_->large_pack(number, walkers, *visitors[0], options);
    }
    const auto visitor_of = [&](const FamilyWalker& walker) -> ObjectVisitor& {
        return *visitors[static_cast<std::size_t>(&walker - walkers.data())];
    };
    std::atomic<std::size_t> next{0};
    state_->on_all(walkers, [&](FamilyWalker& walker) {
        for (std::size_t i = next++; i < small.size() && !walker.stopped(); i = next++)
            state_->pack_alone(small[i], walker, visitor_of(walker));
    });
    if (!options.loose) return;
    const std::vector<LooseObject>& all = loose();
    for (const Error& problem : state_->loose_problems)
        visitors[0]->miss({}, problem);
    next = 0;
    state_->on_all(walkers, [&](FamilyWalker& walker) {
        for (std::size_t begin = next.fetch_add(loose_batch); begin < all.size();
             begin = next.fetch_add(loose_batch))
            for (std::size_t i = begin; i < std::min(begin + loose_batch, all.size()); ++i) {
                if (walker.stopped()) return;
                walker.loose(all[i], state_->loose_types[i]);
            }
    });
}

} // namespace stanch::git
