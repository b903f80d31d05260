// Python source as a tree: strings, calls, assignments, definitions, and edits that keep the rest
// byte for byte.
//
//     STANCH_TRY(auto tree, syntax::Tree::python(text));
//     for (const syntax::Call& call : syntax::calls(tree))
//         if (call.name == "os.getenv") …
//
// The parser is tree-sitter with the grammar of Python 3 (and most of 2): it never refuses a file,
// a broken part becomes a node of Kind::error and the rest stays readable. The result is flat: one
// array of nodes in the order of the text, a node's children behind it; the parser's own tree is
// gone when python() returns. Only named nodes are kept, and the operators of expressions.
//
// Offsets are bytes of the text that was parsed. The text must outlive the Tree, which must outlive
// its Nodes. Thread-safety: any number of threads may parse; a Tree is immutable.
#pragma once

#include "core/result.h"
#include "core/span.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::syntax {

// Names are the grammar's own; what is not listed is `other`. Operators ("+", "and") are
// `operator_token`.
// clang-format off: it can't make up its mind about lists like these
#define STANCH_PYTHON_KINDS(X) \
    X(module) X(identifier) X(string) X(string_start) X(string_content) X(string_end) \
    X(interpolation) X(escape_sequence) X(escape_interpolation) X(concatenated_string) \
    X(integer) X(none) X(call) X(argument_list) X(keyword_argument) X(attribute) X(subscript) \
    X(assignment) X(augmented_assignment) X(named_expression) X(expression_statement) \
    X(expression_list) X(return_statement) X(yield) X(await) X(lambda) X(lambda_parameters) \
    X(function_definition) X(class_definition) X(decorated_definition) X(decorator) \
    X(parameters) X(default_parameter) X(typed_parameter) X(typed_default_parameter) \
    X(list_splat_pattern) X(dictionary_splat_pattern) X(list_splat) X(dictionary_splat) X(type) \
    X(block) X(if_statement) X(for_statement) X(with_statement) X(with_item) X(with_clause) \
    X(as_pattern) X(as_pattern_target) X(for_in_clause) X(list_comprehension) \
    X(set_comprehension) X(dictionary_comprehension) X(generator_expression) \
    X(conditional_expression) X(boolean_operator) X(binary_operator) X(comparison_operator) \
    X(not_operator) X(unary_operator) X(parenthesized_expression) X(tuple) X(list) X(set) \
    X(dictionary) X(pair) X(pattern_list) X(tuple_pattern) X(list_pattern) X(import_statement) \
    X(import_from_statement) X(future_import_statement) X(aliased_import) X(dotted_name) \
    X(relative_import) X(import_prefix) X(wildcard_import) X(global_statement) \
    X(nonlocal_statement) X(delete_statement) X(try_statement) X(raise_statement) \
    X(assert_statement) X(comment)

// The role that a node has in its parent.
#define STANCH_PYTHON_FIELDS(X) \
    X(alias) X(alternative) X(argument) X(arguments) X(attribute) X(body) X(condition) \
    X(consequence) X(definition) X(function) X(key) X(left) X(module_name) X(name) X(object) \
    X(operators) X(parameters) X(return_type) X(right) X(subscript) X(superclasses) X(type) \
    X(value) X(expression)
// clang-format on

enum class Kind : std::uint8_t {
    other,
    error,
    operator_token,
#define X(name) name,
    STANCH_PYTHON_KINDS(X)
#undef X
};

enum class Field : std::uint8_t {
    none,
    operator_,
#define X(name) name,
    STANCH_PYTHON_FIELDS(X)
#undef X
};

class Tree;
struct Drafts;

// any: ordinary text is read by a quick reader, the rest by the grammar; grammar: all of it. The
// trees are the same.
enum class Reading : std::uint8_t { any, grammar };

// One node. A null Node (false) stands for "none": every question about it has an empty answer.
class Node {
  public:
    Node() = default;
    [[nodiscard]] explicit operator bool() const { return tree_ != nullptr; }
    [[nodiscard]] Kind kind() const;
    [[nodiscard]] Field field() const;
    [[nodiscard]] std::size_t begin() const;
    [[nodiscard]] std::size_t end() const;
    [[nodiscard]] std::string_view text() const;

    [[nodiscard]] Node parent() const;
    [[nodiscard]] Node first() const; // child
    [[nodiscard]] Node next() const;  // sibling
    [[nodiscard]] Node child(Field field) const;

    // for (Node child : node.children())
    class Children;
    [[nodiscard]] Children children() const;

    // Position in the tree's array: a key for maps. Children have larger ones than their parent.
    [[nodiscard]] std::uint32_t index() const { return index_; }
    // The first position behind this node and all below it.
    [[nodiscard]] std::uint32_t after() const;
    friend bool operator==(const Node& a, const Node& b) {
        return a.tree_ == b.tree_ && a.index_ == b.index_;
    }

  private:
    friend class Tree;
    Node(const Tree* tree, std::uint32_t index) : tree_(tree), index_(index) {}
    const Tree* tree_ = nullptr;
    std::uint32_t index_ = 0;
};

class Node::Children {
  public:
    struct End {};
    class Iterator {
      public:
        explicit Iterator(Node node) : node_(node) {}
        Node operator*() const { return node_; }
        Iterator& operator++() {
            node_ = node_.next();
            return *this;
        }
        bool operator!=(End) const { return static_cast<bool>(node_); }

      private:
        Node node_;
    };
    explicit Children(Node first) : first_(first) {}
    [[nodiscard]] Iterator begin() const { return Iterator(first_); }
    [[nodiscard]] static End end() { return {}; }

  private:
    Node first_;
};

class Tree {
  public:
    // Errors: `incomplete` for a text of more than 64 MiB, or one that takes the parser more than
    // ten seconds and ten times as long as any ordinary text of its size (no input known does).
    static Result<Tree> python(std::string_view text, Reading reading = Reading::any);

    [[nodiscard]] Node root() const { return node(0); }
    [[nodiscard]] std::size_t size() const { return nodes_.size(); }
    [[nodiscard]] Node node(std::uint32_t index) const { return {this, index}; }
    [[nodiscard]] std::string_view text() const { return text_; }
    // Whether any part could not be parsed.
    [[nodiscard]] bool broken() const { return broken_; }
    // The smallest node that holds bytes [begin, end).
    [[nodiscard]] Node covering(std::size_t begin, std::size_t end) const;
    // 1-based line of a byte offset; O(log lines).
    [[nodiscard]] std::size_t line(std::size_t offset) const;

    Tree(Tree&&) = default;
    Tree& operator=(Tree&&) = default;
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;
    ~Tree() = default;

  private:
    friend class Node;
    struct Entry {
        std::uint32_t begin;
        std::uint32_t end;
        std::uint32_t parent;
        std::uint32_t after; // first index behind this node and all below it
        Kind kind;
        Field field;
    };
    Tree() = default;
    static Result<Tree> by_grammar(std::string_view text);
    static Tree from(std::string_view text, const Drafts& drafts);
    void find_lines();
    std::string_view text_;
    std::vector<Entry> nodes_;
    std::vector<std::uint32_t> line_starts_;
    bool broken_ = false;
};

// ---- What the text says
// -------------------------------------------------------------------------------------------

// A name with dots, as written: "os.environ.get" for such an attribute, identifier or dotted name;
// empty for anything else (a call or a subscript in the chain).
std::string dotted_name(Node node);

struct StringLiteral {
    Node node; // the literal with prefix and quotes; one part of an implicit concatenation
    std::size_t content_begin; // between the quotes
    std::size_t content_end;
    bool bytes = false;     // b"…"
    bool raw = false;       // r"…"
    bool formatted = false; // f"…", whether or not anything is interpolated
    bool docstring = false; // an expression statement of its own
};

// Every string literal, in the order of the text.
std::vector<StringLiteral> strings(const Tree& tree);
// What `node` (a string, a concatenation of strings, or either in parentheses) means: escapes
// resolved, parts joined. nullopt where something is interpolated or it is no string. Bytes outside
// ASCII stay as they are; a \N{…} escape stays as written.
std::optional<std::string> string_value(Node node);

struct Call {
    Node node;
    std::string name; // dotted_name of what is called, or empty
    Node arguments;   // the argument list: positional children, and keyword_argument with name and
                      // value
};

std::vector<Call> calls(const Tree& tree);
// The argument with this name, or else the one in this position (counted from 0; negative: by name
// only).
Node argument(Node argument_list, std::string_view keyword, int position = -1);

struct Assignment {
    Node node;          // assignment, keyword_argument, default parameter or dictionary pair
    std::string target; // "password", "self.password", "config[\"password\"]" as written; a pair's
                        // key without quotes
    Node value;
};

// Every place where a name is given to a value: assignments (a tuple's targets matched one by one),
// keyword arguments, parameters' defaults, dictionary pairs with literal keys.
std::vector<Assignment> assignments(const Tree& tree);

enum class DefinitionKind { function, class_, variable };

struct Definition {
    DefinitionKind kind;
    std::string name;       // qualified: "Client.fetch", "Client.fetch.inner"
    Node node;              // with its decorators
    std::size_t name_begin; // the name itself
    std::size_t name_end;
};

// Functions and classes anywhere, and variables of a module's or class's own level.
std::vector<Definition> definitions(const Tree& tree);

struct Import {
    Node node;          // the whole statement
    std::string module; // "a.b"; relative ones with their dots: "..a"
    std::string name;   // "from module import name"; empty: the module itself; "*": all of it
    std::string alias;  // what the file calls it
};

std::vector<Import> imports(const Tree& tree);

// ---- Edits
// --------------------------------------------------------------------------------------------------------

struct Edit {
    std::size_t begin;
    std::size_t end; // == begin: an insertion
    std::string replacement;
};

// The text with all edits made, whatever their order. Errors: `internal` where two overlap or one
// is out of the text.
Result<std::string> apply(std::string_view text, std::vector<Edit> edits);

// Where a new "import x" line goes: behind the module's docstring, its __future__ imports, and the
// imports that open the file. Always the start of a line (or the end of the text).
std::size_t import_position(const Tree& tree);

} // namespace stanch::syntax
