#include "scan/pattern/automaton.h"

#include <algorithm>
#include <map>
#include <utility>

namespace stanch::scan {
namespace {

using States = std::vector<std::uint16_t>; // ascending: nodes that read a byte, and the end

constexpr std::size_t most_copies = 12; // of what is repeated, before it counts as endless
constexpr std::size_t most_options = 4; // repetitions up to here are counted

// Thompson's construction, from the end to the beginning: a node reads a byte and goes on, or goes
// on in two ways. Node 0 is the end.
class Net {
  public:
    Net() : nodes_(1) {}

    std::uint16_t add(const Tree& tree, std::uint16_t next) {
        switch (tree.kind) {
        case Tree::Kind::bytes:
            return node({tree.set, next, next, false});
        case Tree::Kind::sequence:
            for (auto part = tree.parts.rbegin(); part != tree.parts.rend(); ++part)
                next = add(*part, next);
            return next;
        case Tree::Kind::choice:
            return add_choice(tree, next);
        case Tree::Kind::repeat:
            return add_repeat(tree, next);
        default:
            return next;
        }
    }
    [[nodiscard]] std::size_t size() const { return nodes_.size(); }

    // The nodes in [begin, end) that read a byte.
    [[nodiscard]] States reading(std::size_t begin, std::size_t end) const {
        States states;
        for (std::size_t i = std::max<std::size_t>(1, begin); i < end; ++i)
            if (!nodes_[i].fork) states.push_back(static_cast<std::uint16_t>(i));
        return states;
    }
    // Where a byte of `set` leads.
    [[nodiscard]] States after(const States& states, const ByteSet& set) const {
        States out;
        std::vector<bool> seen(nodes_.size(), false);
        for (const std::uint16_t state : states)
            if (state != 0 && (nodes_[state].set & set).any()) close(nodes_[state].next, seen, out);
        std::ranges::sort(out);
        return out;
    }
    [[nodiscard]] const ByteSet& set(std::uint16_t state) const { return nodes_[state].set; }

  private:
    struct Node {
        ByteSet set;
        std::uint16_t next = 0;
        std::uint16_t other = 0;
        bool fork = false;
    };

    std::uint16_t node(const Node& one) {
        nodes_.push_back(one);
        return static_cast<std::uint16_t>(nodes_.size() - 1);
    }
    std::uint16_t fork(std::uint16_t one, std::uint16_t other) {
        return node({{}, one, other, true});
    }

    std::uint16_t add_choice(const Tree& tree, std::uint16_t next) {
        if (tree.parts.empty()) return next;
        std::uint16_t entry = add(tree.parts[0], next);
        for (std::size_t i = 1; i < tree.parts.size(); ++i)
            entry = fork(add(tree.parts[i], next), entry);
        return entry;
    }

    std::uint16_t add_repeat(const Tree& tree, std::uint16_t next) {
        const Tree& part = tree.parts[0];
        const std::size_t least = std::min(tree.least, most_copies);
        if (tree.most <= most_options) {
            const std::uint16_t end = next;
            for (std::size_t i = tree.least; i < tree.most; ++i)
                next = fork(add(part, next), end);
        } else {
            const std::uint16_t loop = fork(0, next);
            const std::uint16_t body = add(part, loop);
            nodes_[loop].next = body;
            next = loop;
        }
        for (std::size_t i = 0; i < least; ++i)
            next = add(part, next);
        return next;
    }

    void close(std::uint16_t from, std::vector<bool>& seen, States& out) const {
        std::vector<std::uint16_t> open{from};
        while (!open.empty()) {
            const std::uint16_t at = open.back();
            open.pop_back();
            if (seen[at]) continue;
            seen[at] = true;
            if (!nodes_[at].fork) {
                out.push_back(at);
                continue;
            }
            open.push_back(nodes_[at].next);
            open.push_back(nodes_[at].other);
        }
    }

    std::vector<Node> nodes_;
};

constexpr std::size_t most_nodes = 4000;

std::size_t nodes_in(const Tree& tree) {
    std::size_t sum = 1;
    for (const Tree& part : tree.parts)
        sum += nodes_in(part);
    if (tree.kind == Tree::Kind::repeat) sum *= std::min(tree.least, most_copies) + most_options;
    return std::min<std::size_t>(sum, 1 << 20);
}

Tree turned(Tree tree) {
    for (Tree& part : tree.parts)
        part = turned(std::move(part));
    if (tree.kind == Tree::Kind::sequence) std::ranges::reverse(tree.parts);
    return tree;
}

ByteSet read_as(char c, bool any_case) {
    ByteSet set;
    set.set(static_cast<unsigned char>(c));
    if (any_case && c >= 'a' && c <= 'z') set.set(static_cast<unsigned char>(c - 32));
    return set;
}

// The subset construction. States beyond the limit are taken for accepted: no telling any more.
class Builder {
  public:
    explicit Builder(const Net& net) : net_(net) {
        numbers_[{}] = Automaton::dead;
        sets_.resize(2);
        add_classes();
    }

    std::uint16_t number(States states) {
        if (!states.empty() && states.front() == 0) return Automaton::accepted;
        const auto at = numbers_.find(states);
        if (at != numbers_.end()) return at->second;
        if (sets_.size() == Automaton::most_states) return Automaton::accepted;
        const auto fresh = static_cast<std::uint16_t>(sets_.size());
        numbers_[states] = fresh;
        sets_.push_back(std::move(states));
        return fresh;
    }

    Automaton finish() {
        automaton_.next.assign(2 * std::size_t{automaton_.width}, Automaton::dead);
        std::fill_n(automaton_.next.begin() + automaton_.width, automaton_.width,
                    Automaton::accepted);
        for (std::size_t state = 2; state < sets_.size(); ++state)
            for (const ByteSet& one : examples_) {
                const States states = sets_[state]; // number() may move sets_
                automaton_.next.push_back(number(net_.after(states, one)));
            }
        return std::move(automaton_);
    }

  private:
    // Bytes that the same nodes read.
    void add_classes() {
        std::map<std::vector<bool>, std::uint8_t> known;
        for (std::size_t byte = 0; byte < 256; ++byte) {
            std::vector<bool> readers;
            for (const std::uint16_t node : net_.reading(1, net_.size()))
                readers.push_back(net_.set(node)[byte]);
            const auto [at, fresh] =
                known.try_emplace(readers, static_cast<std::uint8_t>(known.size()));
            automaton_.classes[byte] = at->second;
            if (fresh) examples_.push_back(ByteSet().set(byte));
        }
        automaton_.width = static_cast<std::uint16_t>(examples_.size());
    }

    const Net& net_;
    Automaton automaton_;
    std::vector<ByteSet> examples_; // a byte of each class
    std::map<States, std::uint16_t> numbers_;
    std::vector<States> sets_;
};

} // namespace

Started automaton_of(const std::vector<Tree>& parts, std::size_t first, std::size_t last,
                     const TextSet& texts, Direction direction) {
    const bool backward = direction == Direction::backward;
    std::size_t nodes = 0;
    for (const Tree& part : parts)
        nodes += nodes_in(part);
    Started started;
    if (nodes > most_nodes) {
        started.starts.assign(texts.size(), Automaton::accepted);
        return started;
    }
    Net net;
    std::vector<std::size_t> begins(parts.size() + 1); // of the nodes of each part, and their ends
    std::vector<std::size_t> ends(parts.size() + 1);
    std::uint16_t entry = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::size_t part = backward ? i : parts.size() - 1 - i;
        begins[part] = net.size();
        entry = net.add(backward ? turned(parts[part]) : parts[part], entry);
        ends[part] = net.size();
    }
    const std::size_t lowest = backward ? begins[first] : begins[last - 1];
    const std::size_t highest = backward ? ends[last - 1] : ends[first];
    Builder builder(net);
    for (const Text& text : texts) {
        States states = net.reading(lowest, highest);
        for (std::size_t i = 0; i < text.bytes.size(); ++i) {
            const char c = text.bytes[backward ? text.bytes.size() - 1 - i : i];
            states = net.after(states, read_as(c, text.any_case));
        }
        started.starts.push_back(states.empty() ? Automaton::accepted
                                                : builder.number(std::move(states)));
    }
    started.automaton = builder.finish();
    return started;
}

} // namespace stanch::scan
