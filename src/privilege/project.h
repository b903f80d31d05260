// The parsed part of a project: modules, their scopes, functions and classes, and everything a name
// is bound to.
#pragma once

#include "privilege/needs.h"
#include "syntax/syntax.h"

#include <deque>
#include <memory>
#include <unordered_map>
#include <unordered_set>

namespace stanch::privilege {

using syntax::Field;
using syntax::Kind;
using syntax::Node;

struct Module;
struct Class;
struct Function;

// One way in which a name gets a value.
struct Binding {
    enum class How : std::uint8_t {
        value,      // name = value (index ≥ 0: that part of it)
        element,    // for name in value
        context,    // with value as name
        annotation, // name: type
        store,      // name[…] = value, name.append(value): an element of it
        module,     // import a.b
        member,     // from module import name
        function,   // def
        class_,     // class
        parameter,  // position `index` of `function`
        self,       // the first parameter of a method
    };
    How how = How::value;
    Node node = {}; // the value, or the import statement
    int index = -1;
    Function* function_ptr = nullptr;
    Class* class_ptr = nullptr;
    std::string module = {}; // of an import
    std::string name = {};
};

struct Scope {
    Module* module = nullptr;
    Scope* outer = nullptr;
    Function* function = nullptr; // of a function's or lambda's scope
    Class* class_ptr = nullptr;   // of a class's scope
    bool comprehension = false;
    std::unordered_map<std::string_view, std::vector<Binding>> names;
    std::unordered_set<std::string_view> globals;
};

struct Parameter {
    std::string_view name;
    Node fallback; // default value
    Node annotation;
    bool star = false;
};

struct Function {
    Module* module = nullptr;
    Node node; // function_definition or lambda
    std::string_view name;
    Scope* scope = nullptr;
    Class* owner = nullptr;
    std::vector<Parameter> parameters; // with self
    std::vector<Node> results;         // of return and yield
    std::vector<std::string_view> decorators;
    std::vector<Node> decorator_calls; // those with arguments
    bool property = false;
    bool is_static = false;
    bool is_class_method = false;

    [[nodiscard]] bool bound() const { return owner != nullptr && !is_static; }
};

struct Class {
    Module* module = nullptr;
    Node node;
    std::string_view name;
    Scope* scope = nullptr;
    std::vector<Node> bases;
    Node metaclass = {};
    std::vector<std::pair<Node, Node>> set_by_text; // setattr(self, NAME, VALUE)
    // self.name = …, in any method
    std::unordered_map<std::string_view, std::vector<Binding>> attributes;
};

struct Module {
    std::string path;
    std::string dotted; // "src.app.aws"; a package's __init__ is the package
    bool package = false;
    bool test = false; // by its path
    std::unique_ptr<syntax::Tree> tree;
    std::vector<Scope*> scope_of;       // for every node
    std::vector<std::uint32_t> answers; // for every node, the resolver's; 0: none yet
    Scope* scope = nullptr;
    std::deque<Scope> scopes;
    std::deque<Function> functions;
    std::deque<Class> classes;
    std::unordered_map<std::uint32_t, Function*> function_at; // by node index
    std::unordered_map<std::uint32_t, Class*> class_at;
    std::vector<std::string_view> stars; // from X import *
    std::vector<std::string> star_modules;
    std::vector<Node> calls;
    std::vector<Node> attributes;
    // other.name = value, where `other` is not self
    std::unordered_map<std::string_view, std::vector<std::pair<Node, Node>>> foreign_attributes;
};

// Builds a module's index; nullptr where the text can't be parsed at all.
std::unique_ptr<Module> index_module(const Source& source);

// tests/…, test_x.py, x_test.py, conftest.py
bool is_test(std::string_view path);

// "src/app/aws.py" → "src.app.aws"
std::string module_name(std::string_view path, bool& package);

} // namespace stanch::privilege
