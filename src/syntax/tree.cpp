// From tree-sitter's tree, or the quick reader's, to one flat array by a single walk.
#include "syntax/syntax.h"

#include "syntax/pool.h"
#include "syntax/quick.h"

#include <algorithm>
#include <array>
#include <memory>
#include <tree_sitter/api.h>

extern "C" const TSLanguage* tree_sitter_python(void);

namespace stanch::syntax {
namespace {

constexpr std::size_t size_limit = std::size_t{64} << 20;
constexpr std::uint64_t time_limit_microseconds = 10'000'000;

constexpr std::array kind_names{
#define X(name) std::pair<std::string_view, Kind>{#name, Kind::name},
    STANCH_PYTHON_KINDS(X)
#undef X
};

constexpr std::array field_names{
#define X(name) std::pair<std::string_view, Field>{#name, Field::name},
    STANCH_PYTHON_FIELDS(X)
#undef X
};

// The grammar's symbol and field numbers, translated once.
struct Translation {
    std::vector<Kind> kinds;
    std::vector<Field> fields;

    Translation() {
        const TSLanguage* language = tree_sitter_python();
        kinds.resize(ts_language_symbol_count(language), Kind::other);
        for (const auto& [name, kind] : kind_names)
            for (std::size_t symbol = 0; symbol < kinds.size(); ++symbol)
                if (ts_language_symbol_type(language, static_cast<TSSymbol>(symbol)) ==
                        TSSymbolTypeRegular &&
                    name == ts_language_symbol_name(language, static_cast<TSSymbol>(symbol)))
                    kinds[symbol] = kind;
        fields.resize(ts_language_field_count(language) + 1, Field::none);
        for (const auto& [name, field] : field_names)
            set(language, name, field);
        set(language, "operator", Field::operator_);
    }

    [[nodiscard]] Kind kind(TSSymbol symbol) const {
        return symbol < kinds.size() ? kinds[symbol] : Kind::error;
    }

  private:
    void set(const TSLanguage* language, std::string_view name, Field field) {
        const TSFieldId id = ts_language_field_id_for_name(language, name.data(),
                                                           static_cast<uint32_t>(name.size()));
        if (id < fields.size()) fields[id] = field;
    }
};

const Translation& translation() {
    static const Translation table;
    return table;
}

struct Cursor {
    TSTreeCursor state;
    explicit Cursor(TSNode root) : state(ts_tree_cursor_new(root)) {}
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;
    ~Cursor() { ts_tree_cursor_delete(&state); }
};

using Parser = std::unique_ptr<TSParser, decltype(&ts_parser_delete)>;
using ParsedTree = std::unique_ptr<TSTree, decltype(&ts_tree_delete)>;

// A parser's buffers are worth keeping from file to file.
TSParser* thread_parser() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    // Sanitizers look at blocks of the system only.
    static const bool pooled = (use_pool(), true);
    static_cast<void>(pooled);
#endif
    thread_local const Parser parser = [] {
        Parser made(ts_parser_new(), ts_parser_delete);
        ts_parser_set_language(made.get(), tree_sitter_python());
        ts_parser_set_timeout_micros(made.get(), time_limit_microseconds);
        return made;
    }();
    return parser.get();
}

} // namespace

Result<Tree> Tree::python(std::string_view text, Reading reading) {
    if (text.size() > size_limit)
        return fail(ErrorKind::incomplete, "the source is larger than 64 MiB");
    if (reading == Reading::any)
        if (const auto drafts = quick_parse(text)) return from(text, *drafts);
    return by_grammar(text);
}

void Tree::find_lines() {
    line_starts_.push_back(0);
    for (std::size_t at = text_.find('\n'); at != std::string_view::npos;
         at = text_.find('\n', at + 1))
        line_starts_.push_back(static_cast<std::uint32_t>(at + 1));
}

// The order of the text, with the extras in the smallest node around them.
Tree Tree::from(std::string_view text, const Drafts& drafts) {
    Tree tree;
    tree.text_ = text;
    tree.nodes_.reserve(drafts.nodes.size() + drafts.extras.size());
    struct Open {
        std::uint32_t index;
        std::uint32_t end;
        std::uint32_t child; // the next draft
    };
    std::vector<Open> open;
    auto extra = drafts.extras.begin();
    const auto enter = [&](const Draft& draft) {
        const auto index = static_cast<std::uint32_t>(tree.nodes_.size());
        tree.nodes_.push_back({draft.begin, draft.end, open.empty() ? 0 : open.back().index,
                               index + 1, draft.kind, draft.field});
        if (draft.first != 0 || (extra != drafts.extras.end() && extra->begin < draft.end) ||
            open.empty())
            open.push_back({index, draft.end, draft.first});
    };
    enter(drafts.nodes[drafts.root]);
    while (!open.empty()) {
        Open& now = open.back();
        const std::uint32_t until = now.child != 0 ? drafts.nodes[now.child].begin : now.end;
        while (extra != drafts.extras.end() && extra->begin < until) {
            const auto index = static_cast<std::uint32_t>(tree.nodes_.size());
            tree.nodes_.push_back(
                {extra->begin, extra->end, now.index, index + 1, extra->kind, Field::none});
            ++extra;
        }
        if (now.child == 0) {
            tree.nodes_[now.index].after = static_cast<std::uint32_t>(tree.nodes_.size());
            open.pop_back();
            continue;
        }
        const Draft& child = drafts.nodes[now.child];
        now.child = child.next;
        enter(child);
    }
    tree.find_lines();
    return tree;
}

Result<Tree> Tree::by_grammar(std::string_view text) {
    TSParser* parser = thread_parser();
    const ParsedTree parsed(
        ts_parser_parse_string(parser, nullptr, text.data(), static_cast<uint32_t>(text.size())),
        ts_tree_delete);
    if (!parsed) {
        ts_parser_reset(parser);
        return fail(ErrorKind::incomplete, "the source takes too long to parse");
    }
    Tree tree;
    tree.text_ = text;
    tree.nodes_.reserve(text.size() / 5 + 1);
    const TSNode root = ts_tree_root_node(parsed.get());
    tree.broken_ = ts_node_has_error(root);
    const Translation& table = translation();
    Cursor cursor(root);
    std::vector<std::uint32_t> open; // the kept nodes above the cursor
    std::vector<bool> kept;          // for every level of the cursor
    for (bool down = true;;) {
        if (down) {
            const TSNode node = ts_tree_cursor_current_node(&cursor.state);
            const bool named = ts_node_is_named(node);
            const Field field = table.fields[ts_tree_cursor_current_field_id(&cursor.state)];
            const bool keep = named || field == Field::operator_ || field == Field::operators;
            kept.push_back(keep);
            if (keep) {
                const auto index = static_cast<std::uint32_t>(tree.nodes_.size());
                const Kind kind = named ? table.kind(ts_node_symbol(node)) : Kind::operator_token;
                // The module begins at the first token; for us it is the whole text.
                const bool whole = index == 0;
                tree.nodes_.push_back(
                    {whole ? 0
                           : std::min(ts_node_start_byte(node), static_cast<uint32_t>(text.size())),
                     whole ? static_cast<uint32_t>(text.size())
                           : std::min(ts_node_end_byte(node), static_cast<uint32_t>(text.size())),
                     open.empty() ? 0 : open.back(), 0, kind, field});
                open.push_back(index);
            }
            if (ts_tree_cursor_goto_first_child(&cursor.state)) continue;
        }
        if (kept.back()) {
            tree.nodes_[open.back()].after = static_cast<std::uint32_t>(tree.nodes_.size());
            open.pop_back();
        }
        kept.pop_back();
        if (kept.empty()) break;
        down = ts_tree_cursor_goto_next_sibling(&cursor.state);
        if (!down) ts_tree_cursor_goto_parent(&cursor.state);
    }
    tree.find_lines();
    return tree;
}

std::size_t Tree::line(std::size_t offset) const {
    const auto after = std::ranges::upper_bound(line_starts_, offset);
    return static_cast<std::size_t>(after - line_starts_.begin());
}

Node Tree::covering(std::size_t begin, std::size_t end) const {
    Node best = root();
    for (Node child = best.first(); child;) {
        if (child.begin() <= begin && child.end() >= end) {
            best = child;
            child = child.first();
        } else {
            child = child.next();
        }
    }
    return best;
}

Kind Node::kind() const {
    return tree_ == nullptr ? Kind::other : tree_->nodes_[index_].kind;
}
Field Node::field() const {
    return tree_ == nullptr ? Field::none : tree_->nodes_[index_].field;
}
std::size_t Node::begin() const {
    return tree_ == nullptr ? 0 : tree_->nodes_[index_].begin;
}
std::size_t Node::end() const {
    return tree_ == nullptr ? 0 : tree_->nodes_[index_].end;
}

std::string_view Node::text() const {
    return tree_ == nullptr ? std::string_view() : tree_->text_.substr(begin(), end() - begin());
}

Node Node::parent() const {
    return tree_ == nullptr || index_ == 0 ? Node() : Node(tree_, tree_->nodes_[index_].parent);
}

Node Node::first() const {
    if (tree_ == nullptr || tree_->nodes_[index_].after == index_ + 1) return {};
    return {tree_, index_ + 1};
}

Node Node::next() const {
    if (tree_ == nullptr || index_ == 0) return {};
    const auto& own = tree_->nodes_[index_];
    return own.after < tree_->nodes_[own.parent].after ? Node(tree_, own.after) : Node();
}

std::uint32_t Node::after() const {
    return tree_ == nullptr ? 0 : tree_->nodes_[index_].after;
}

Node Node::child(Field field) const {
    for (const Node child : children())
        if (child.field() == field) return child;
    return {};
}

Node::Children Node::children() const {
    return Children(first());
}

} // namespace stanch::syntax
