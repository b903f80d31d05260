#include "env/code_names.h"

#include "os/directory.h"
#include "os/file.h"
#include "syntax/syntax.h"

#include <algorithm>
#include <array>
#include <set>

namespace stanch::env {
namespace {

using syntax::Kind;
using syntax::Node;

// What the file calls os, os.environ and os.getenv.
class OsNames {
  public:
    explicit OsNames(const syntax::Tree& tree) {
        for (const syntax::Import& import : syntax::imports(tree)) {
            if (import.module != "os") continue;
            const std::string& called = import.alias.empty() ? import.name : import.alias;
            if (import.name.empty())
                add_module(import.alias.empty() ? "os" : import.alias);
            else if (import.name == "environ")
                environs_.insert(called);
            else if (import.name == "getenv")
                functions_.insert(called);
            else if (import.name == "*")
                environs_.insert("environ"), functions_.insert("getenv");
        }
    }

    [[nodiscard]] bool any() const { return !environs_.empty() || !functions_.empty(); }
    [[nodiscard]] bool is_environ(const std::string& name) const {
        return environs_.contains(name);
    }
    [[nodiscard]] bool reads(const std::string& call) const {
        if (functions_.contains(call)) return true;
        const std::size_t dot = call.rfind('.');
        if (dot == std::string::npos || !is_environ(call.substr(0, dot))) return false;
        const std::string method = call.substr(dot + 1);
        return method == "get" || method == "pop" || method == "setdefault" ||
               method == "__getitem__";
    }

  private:
    void add_module(const std::string& name) {
        environs_.insert(name + ".environ");
        functions_.insert(name + ".getenv");
    }

    std::set<std::string> environs_;
    std::set<std::string> functions_;
};

class Collector {
  public:
    Collector(const syntax::Tree& tree, const std::string& file, std::vector<CodeName>& out)
        : tree_(tree), names_(tree), file_(file), out_(out) {}

    void run() {
        if (!names_.any()) return;
        for (const syntax::Call& call : syntax::calls(tree_))
            if (names_.reads(call.name))
                add(syntax::argument(call.arguments, "key", 0), has_second(call.arguments));
        for (std::uint32_t i = 0; i < tree_.size(); ++i) {
            const Node node = tree_.node(i);
            if (node.kind() == Kind::subscript)
                subscript(node);
            else if (node.kind() == Kind::comparison_operator)
                membership(node);
        }
    }

  private:
    static bool has_second(Node arguments) {
        return static_cast<bool>(syntax::argument(arguments, "default", 1));
    }

    // A target of an assignment writes; so does `del`.
    static bool is_written(Node node) {
        const Node parent = node.parent();
        return (parent.kind() == Kind::assignment && parent.child(syntax::Field::left) == node) ||
               parent.kind() == Kind::delete_statement;
    }

    void subscript(Node node) {
        if (!names_.is_environ(syntax::dotted_name(node.child(syntax::Field::value))) ||
            is_written(node))
            return;
        add(node.child(syntax::Field::subscript), false);
    }

    void membership(Node node) {
        Node first;
        Node last;
        for (const Node child : node.children()) {
            if (child.kind() == Kind::operator_token) continue;
            if (!first) first = child;
            last = child;
        }
        if (first && last && names_.is_environ(syntax::dotted_name(last))) add(first, true);
    }

    void add(Node literal, bool has_default) {
        if (!literal) return;
        const auto name = syntax::string_value(literal);
        if (name && !name->empty())
            out_.push_back({*name, file_, tree_.line(literal.begin()), has_default});
    }

    const syntax::Tree& tree_;
    OsNames names_;
    const std::string& file_;
    std::vector<CodeName>& out_;
};

bool is_installed(const std::string& name) {
    constexpr std::array<std::string_view, 10> names{
        ".git", "node_modules", "site-packages", ".venv", "venv",
        ".tox", "__pycache__",  ".nox",          "build", "dist"};
    return std::ranges::find(names, name) != names.end() || name.ends_with(".egg-info");
}

void walk(const std::string& directory, const std::string& shown, std::vector<CodeName>& names) {
    const auto entries = os::list_directory(directory);
    if (!entries) return;
    for (const os::DirectoryEntry& entry : *entries) {
        const std::string path = directory + "/" + entry.name;
        const std::string label = shown.empty() ? entry.name : shown + "/" + entry.name;
        if (entry.kind == os::FileKind::directory && !is_installed(entry.name) &&
            !os::exists(path + "/pyvenv.cfg"))
            walk(path, label, names);
        if (entry.kind != os::FileKind::regular || !entry.name.ends_with(".py")) continue;
        if (const auto text = os::read_file(path, std::uint64_t{8} << 20))
            collect_code_names(*text, label, names);
    }
}

} // namespace

void collect_code_names(std::string_view python, const std::string& file,
                        std::vector<CodeName>& names) {
    // Most files never speak of it: parsing them would be all the work.
    if (python.find("environ") == std::string_view::npos &&
        python.find("getenv") == std::string_view::npos)
        return;
    const auto tree = syntax::Tree::python(python);
    if (tree) Collector(*tree, file, names).run();
}

std::vector<CodeName> code_names_below(const std::string& directory) {
    std::vector<CodeName> names;
    walk(directory, "", names);
    return names;
}

} // namespace stanch::env
