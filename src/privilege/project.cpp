// One walk over the flat tree: opens a scope at each definition, and binds names as it passes them.
#include "privilege/project.h"

#include <algorithm>

namespace stanch::privilege {
namespace {

class Indexer {
  public:
    explicit Indexer(Module& module) : module_(module), tree_(*module.tree) {}

    void run() {
        module_.scope = &module_.scopes.emplace_back();
        module_.scope->module = &module_;
        open_.push_back({module_.scope, static_cast<std::uint32_t>(tree_.size())});
        module_.scope_of.resize(tree_.size());
        for (std::uint32_t i = 0; i < tree_.size(); ++i) {
            while (open_.size() > 1 && open_.back().end <= i)
                open_.pop_back();
            module_.scope_of[i] = scope();
            visit(tree_.node(i), i);
        }
    }

  private:
    struct Open {
        Scope* scope;
        std::uint32_t end;
    };

    Scope* scope() { return open_.back().scope; }

    // Where a name is bound from here: comprehensions keep their own variables only.
    Scope* binding_scope() {
        for (auto open = open_.rbegin(); open != open_.rend(); ++open)
            if (!open->scope->comprehension) return open->scope;
        return module_.scope;
    }

    Scope* enter(Node node) {
        Scope& made = module_.scopes.emplace_back();
        made.module = &module_;
        made.outer = scope();
        open_.push_back({&made, node.after()});
        return &made;
    }

    // The class whose method this is, and the name of its first parameter.
    Function* current_method() {
        for (auto open = open_.rbegin(); open != open_.rend(); ++open)
            if (open->scope->function != nullptr && open->scope->function->bound())
                return open->scope->function;
        return nullptr;
    }

    void bind(std::string_view name, Binding binding) {
        Scope* target = binding_scope();
        if (target->globals.contains(name)) target = module_.scope;
        target->names[name].push_back(std::move(binding));
    }

    void bind_attribute(Node target, Binding binding) {
        const Node object = target.child(Field::object);
        const std::string_view name = target.child(Field::attribute).text();
        if (object.kind() != Kind::identifier) {
            if (binding.how == Binding::How::value && binding.index < 0)
                module_.foreign_attributes[name].emplace_back(object, binding.node);
            return;
        }
        const Function* method = current_method();
        if (method != nullptr && !method->parameters.empty() &&
            method->parameters[0].name == object.text()) {
            method->owner->attributes[name].push_back(std::move(binding));
        } else if (binding.how == Binding::How::value && binding.index < 0) {
            module_.foreign_attributes[name].emplace_back(object, binding.node);
        }
    }

    void bind_target(Node target, Node value, Binding::How how, int index = -1, int depth = 0) {
        if (depth > 20) return;
        switch (target.kind()) {
        case Kind::identifier:
            return bind(target.text(), {.how = how, .node = value, .index = index});
        case Kind::attribute:
            return bind_attribute(target, {.how = how, .node = value, .index = index});
        case Kind::subscript: {
            const Node object = target.child(Field::value);
            if (object.kind() == Kind::identifier || object.kind() == Kind::attribute)
                bind_target(object, value, Binding::How::store, -1, depth + 1);
            return;
        }
        case Kind::as_pattern_target:
        case Kind::parenthesized_expression:
            return bind_target(target.first(), value, how, index, depth + 1);
        case Kind::pattern_list:
        case Kind::tuple_pattern:
        case Kind::tuple:
        case Kind::expression_list:
        case Kind::list_pattern: {
            const bool values =
                how == Binding::How::value && index < 0 &&
                (value.kind() == Kind::expression_list || value.kind() == Kind::tuple);
            Node part = values ? value.first() : value;
            int at = 0;
            for (const Node child : target.children()) {
                if (values)
                    bind_target(child, part, how, -1, depth + 1);
                else
                    bind_target(child, value, how, at, depth + 1);
                ++at;
                if (values && part) part = part.next();
            }
            return;
        }
        default:
            return;
        }
    }

    void read_parameters(Function& function, Node list) {
        for (const Node child : list.children()) {
            Parameter parameter;
            Node name = child;
            if (child.kind() == Kind::default_parameter ||
                child.kind() == Kind::typed_default_parameter) {
                name = child.child(Field::name);
                parameter.fallback = child.child(Field::value);
                parameter.annotation = child.child(Field::type);
            } else if (child.kind() == Kind::typed_parameter) {
                name = child.first();
                parameter.annotation = child.child(Field::type);
            } else if (child.kind() == Kind::comment) {
                continue;
            }
            if (name.kind() == Kind::list_splat_pattern ||
                name.kind() == Kind::dictionary_splat_pattern) {
                parameter.star = true;
                name = name.first();
            }
            if (name.kind() != Kind::identifier) {
                if (child.kind() == Kind::other) continue; // "/" and "*"
            }
            parameter.name = name.text();
            function.parameters.push_back(parameter);
        }
    }

    void read_decorators(Function& function, Node node) {
        const Node outer = node.parent();
        if (outer.kind() != Kind::decorated_definition) return;
        for (const Node child : outer.children()) {
            if (child.kind() != Kind::decorator) continue;
            Node named = child.first();
            if (named.kind() == Kind::call) {
                function.decorator_calls.push_back(named);
                named = named.child(Field::function);
            }
            std::string_view text = named.text();
            text = text.substr(text.rfind('.') + 1);
            function.decorators.push_back(text);
            if (text == "staticmethod") function.is_static = true;
            if (text == "classmethod") function.is_class_method = true;
            if (text.ends_with("property") || text == "reify") function.property = true;
        }
    }

    void define_function(Node node, std::uint32_t index) {
        Class* owner = scope()->class_ptr;
        Function& function = module_.functions.emplace_back();
        function.module = &module_;
        function.node = node;
        function.owner = owner;
        module_.function_at[index] = &function;
        const bool lambda = node.kind() == Kind::lambda;
        if (!lambda) {
            function.name = node.child(Field::name).text();
            read_decorators(function, node);
            // An @overload only says types; the definition behind it is the function.
            if (std::ranges::find(function.decorators, "overload") == function.decorators.end())
                bind(function.name,
                     {.how = Binding::How::function, .node = node, .function_ptr = &function});
        } else {
            function.owner = nullptr;
            function.results.push_back(node.child(Field::body));
        }
        read_parameters(function, node.child(Field::parameters));
        function.scope = enter(node);
        function.scope->function = &function;
        for (std::size_t i = 0; i < function.parameters.size(); ++i) {
            const bool self = i == 0 && function.bound();
            Binding binding{.how = self ? Binding::How::self : Binding::How::parameter,
                            .index = static_cast<int>(i)};
            binding.function_ptr = &function;
            binding.class_ptr = function.owner;
            function.scope->names[function.parameters[i].name].push_back(std::move(binding));
        }
    }

    void define_class(Node node, std::uint32_t index) {
        Class& made = module_.classes.emplace_back();
        made.module = &module_;
        made.node = node;
        made.name = node.child(Field::name).text();
        for (const Node base : node.child(Field::superclasses).children())
            if (base.kind() != Kind::keyword_argument)
                made.bases.push_back(base);
            else if (base.child(Field::name).text() == "metaclass")
                made.metaclass = base.child(Field::value);
        module_.class_at[index] = &made;
        bind(made.name, {.how = Binding::How::class_, .node = node, .class_ptr = &made});
        made.scope = enter(node);
        made.scope->class_ptr = &made;
    }

    void add_result(Node node) {
        if (!node) return;
        for (auto open = open_.rbegin(); open != open_.rend(); ++open) {
            if (open->scope->comprehension) continue;
            if (open->scope->function != nullptr) open->scope->function->results.push_back(node);
            return;
        }
    }

    void import_names(Node node) {
        std::string module;
        if (node.kind() == Kind::import_from_statement)
            module = std::string(node.child(Field::module_name).text());
        for (const Node item : node.children()) {
            if (item.field() == Field::module_name) continue;
            const bool aliased = item.kind() == Kind::aliased_import;
            const Node name = aliased ? item.child(Field::name) : item;
            if (item.kind() == Kind::wildcard_import) {
                module_.star_modules.push_back(module);
            } else if (name.kind() == Kind::dotted_name) {
                import_one(module, name.text(),
                           aliased ? item.child(Field::alias).text() : std::string_view(), node);
            }
        }
    }

    void import_one(const std::string& module, std::string_view name, std::string_view alias,
                    Node node) {
        Binding binding{.how = Binding::How::module, .node = node};
        if (module.empty()) {
            // "import a.b" binds a; "import a.b as c" binds a.b.
            binding.module = std::string(alias.empty() ? name.substr(0, name.find('.')) : name);
            bind(alias.empty() ? name.substr(0, name.find('.')) : alias, binding);
            return;
        }
        binding.how = Binding::How::member;
        binding.module = module;
        binding.name = std::string(name);
        bind(alias.empty() ? name : alias, binding);
    }

    void visit_call(Node node) {
        module_.calls.push_back(node);
        // name.append(value), name.add(value), name.setdefault(key, value): elements of a
        // container.
        const Node function = node.child(Field::function);
        if (function.kind() == Kind::identifier && function.text() == "setattr")
            return visit_setattr(node.child(Field::arguments));
        if (function.kind() != Kind::attribute) return;
        const std::string_view method = function.child(Field::attribute).text();
        const Node arguments = node.child(Field::arguments);
        const Node object = function.child(Field::object);
        if (object.kind() != Kind::identifier && object.kind() != Kind::attribute) return;
        if (method == "append" || method == "add")
            bind_target(object, syntax::argument(arguments, "", 0), Binding::How::store);
        else if (method == "setdefault")
            bind_target(object, syntax::argument(arguments, "", 1), Binding::How::store);
    }

    // setattr(self, name, value)
    void visit_setattr(Node arguments) {
        const Node object = syntax::argument(arguments, "", 0);
        const Node name = syntax::argument(arguments, "", 1);
        const Node value = syntax::argument(arguments, "", 2);
        const Function* method = current_method();
        if (!value || method == nullptr || method->parameters.empty() ||
            method->parameters[0].name != object.text())
            return;
        method->owner->set_by_text.emplace_back(name, value);
    }

    void visit(Node node, std::uint32_t index) {
        switch (node.kind()) {
        case Kind::call:
            return visit_call(node);
        case Kind::attribute:
            module_.attributes.push_back(node);
            return;
        case Kind::function_definition:
        case Kind::lambda:
            return define_function(node, index);
        case Kind::class_definition:
            return define_class(node, index);
        case Kind::list_comprehension:
        case Kind::set_comprehension:
        case Kind::dictionary_comprehension:
        case Kind::generator_expression:
            enter(node)->comprehension = true;
            return;
        case Kind::assignment:
            if (const Node value = node.child(Field::right))
                bind_target(node.child(Field::left), value, Binding::How::value);
            if (const Node type = node.child(Field::type))
                bind_target(node.child(Field::left), type, Binding::How::annotation);
            return;
        case Kind::augmented_assignment:
            bind_target(node.child(Field::left), node.child(Field::right), Binding::How::value);
            return;
        case Kind::named_expression:
            bind_target(node.child(Field::name), node.child(Field::value), Binding::How::value);
            return;
        case Kind::for_statement:
            bind_target(node.child(Field::left), node.child(Field::right), Binding::How::element);
            return;
        case Kind::for_in_clause:
            return visit_comprehension_for(node);
        case Kind::with_item:
            return visit_with(node);
        case Kind::return_statement:
        case Kind::yield:
            return add_result(node.first());
        case Kind::import_statement:
        case Kind::import_from_statement:
            return import_names(node);
        case Kind::global_statement:
            for (const Node name : node.children())
                scope()->globals.insert(name.text());
            return;
        default:
            return;
        }
    }

    void visit_comprehension_for(Node node) {
        const Node left = node.child(Field::left);
        const Node right = node.child(Field::right);
        Scope* own = scope();
        int at = 0;
        if (left.kind() == Kind::identifier) {
            own->names[left.text()].push_back({.how = Binding::How::element, .node = right});
            return;
        }
        for (const Node part : left.children())
            if (part.kind() == Kind::identifier)
                own->names[part.text()].push_back(
                    {.how = Binding::How::element, .node = right, .index = at++});
    }

    void visit_with(Node node) {
        const Node pattern = node.child(Field::value);
        if (pattern.kind() != Kind::as_pattern) return;
        const Node value = pattern.first();
        const Node target = pattern.child(Field::alias);
        if (target) bind_target(target, value, Binding::How::context);
    }

    Module& module_;
    const syntax::Tree& tree_;
    std::vector<Open> open_;
};

} // namespace

std::string module_name(std::string_view path, bool& package) {
    std::string name(path.substr(0, path.rfind('.')));
    while (name.starts_with("./"))
        name.erase(0, 2);
    std::ranges::replace(name, '/', '.');
    package = name == "__init__" || name.ends_with(".__init__");
    if (package) name.erase(name.size() - std::min<std::size_t>(name.size(), 9));
    return name;
}

bool is_test(std::string_view path) {
    const std::string_view file = path.substr(path.rfind('/') + 1);
    return file.starts_with("test_") || file.ends_with("_test.py") || file == "conftest.py" ||
           path.starts_with("tests/") || path.starts_with("test/") ||
           path.find("/tests/") != std::string_view::npos ||
           path.find("/test/") != std::string_view::npos;
}

std::unique_ptr<Module> index_module(const Source& source) {
    auto tree = syntax::Tree::python(source.text);
    if (!tree) return nullptr;
    auto module = std::make_unique<Module>();
    module->path = source.path;
    module->dotted = module_name(source.path, module->package);
    module->test = is_test(source.path);
    module->tree = std::make_unique<syntax::Tree>(std::move(*tree));
    Indexer(*module).run();
    return module;
}

} // namespace stanch::privilege
