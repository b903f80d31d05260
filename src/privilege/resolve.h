// What an expression may be: values followed through a project without regard to the order of
// statements.
//
// On demand: nothing is evaluated but what somebody asks for, and what that needs. A function is
// looked into per call (its parameters are that call's arguments), an object per construction, both
// to a small depth; beyond it, parameters mean whatever any call site passes. Cycles are cut where
// they close.
#pragma once

#include "privilege/aws_table.h"
#include "privilege/project.h"

#include <deque>
#include <memory_resource>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace stanch::privilege {

struct Context;

struct Value {
    enum class What : std::uint8_t {
        external,   // `name`: "redis.Redis()" is the result of calling redis.Redis
        module,     // a module of the project
        function,   // a function of the project; of an object, where `self` is set
        class_,     // a class of the project
        instance,   // an object of a class of the project
        super,      // super() in a class
        text,       // a string; hole stands for a part that is not known
        container,  // a list, tuple, dictionary, set or comprehension
        holder,     // something that was put into a container
        elements,   // a container's get, pop, values, …
        client,     // of an AWS service; service null: of some
        resource,   // type `name` of a service
        collection, // of resources of type `name`
        operation,  // `name`: a method of a client or resource; `extra`: the type it returns
        factory,    // makes a resource of type `name`
    };
    What what = What::external;
    std::string_view name = {};
    std::string_view extra = {};
    const AwsService* service = nullptr;
    const void* ref = nullptr; // Module, Function or Class
    std::uint32_t node = 0;    // of a container or holder, in module `ref`
    const Context* context = nullptr;
    const Class* self = nullptr;

    friend bool operator==(const Value&, const Value&) = default;
};

constexpr char hole = '\x01';
// `extra` of a resource that holds its service's answer already.
constexpr std::string_view loaded = "loaded";
// `extra` of the operation that gives a table's batch: what is put there goes by BatchWriteItem.
constexpr std::string_view batch_writer = "batch_writer";

using Values = std::vector<Value>;

// Where a function body or an object's attributes are looked at from.
struct Context {
    const Function* function = nullptr; // whose parameters are `call`'s arguments
    Module* module = nullptr;           // of the call
    Node call = {};
    const Context* caller = nullptr;
    const Class* self = nullptr;   // the class of self
    const Context* site = nullptr; // the construction of self
    int depth = 0;
};

class Resolver {
  public:
    void add(Module& module);
    // Call before the first question, and after each batch of add().
    void link();

    // Everything that an expression may be.
    const Values& evaluate(Module& module, Node node, const Context* context = nullptr);
    // What `value.name` is.
    Values attribute(const Value& value, std::string_view name);

    // The clients that an object with __getattr__ gives `name` of.
    Values wrapped(const Value& object, std::string_view name);

    // A string for good: a copy that lives as long as the resolver.
    std::string_view intern(std::string_view text) {
        const auto known = strings_.find(text);
        return known != strings_.end() ? *known : *strings_.emplace(text).first;
    }
    [[nodiscard]] const std::vector<Module*>& modules() const { return modules_; }
    [[nodiscard]] std::vector<const Class*> ancestors(const Class* from);
    // Every way in which a function is called: contexts in which its parameters are one call's
    // arguments, and those of the calls around it. Just null where it is called nowhere.
    std::vector<const Context*> contexts(const Function* function, int depth = 3);
    // The literal text of an expression, holes included; empty where it has none or several.
    std::string_view text_of(Module& module, Node node);

  private:
    struct Key {
        const Module* module;
        std::uint32_t node;
        const Context* context;
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const {
            return (reinterpret_cast<std::size_t>(key.module) ^ key.node * 0x9e3779b97f4a7c15ULL) +
                   reinterpret_cast<std::size_t>(key.context) * 31;
        }
    };
    struct Site {
        Module* module;
        Node call;
        int shift =
            0; // how many of the call's positional arguments stand before those of the function
        const Class* self = nullptr; // the class that a base's call is looked at for
    };

    Values compute(Module& module, Node node, const Context* context);
    Values name(Module& module, Node node, const Context* context);
    Values lookup(Scope* scope, std::string_view name, const Context* context, bool skip_classes,
                  Node use = {});
    Values module_member(Module& module, std::string_view name);
    Values find_member(Module& module, std::string_view name);
    Values bound(const Binding& binding, Scope& scope, const Context* context);
    Values imported(Module& from, const std::string& module, const std::string& name);
    Values parameter(const Function& function, int index, const Context* context);
    Values argument_of(const Function& function, int index, Module& module, Node call,
                       const Context* context, int shift);
    Values passed(const Function& function, int index, bool tests);
    std::optional<Values> called_back(const Function& function, int index, Module& module,
                                      Node call, int shift);
    Values called_within(const Function& outer, std::string_view callee, const Function& function,
                         int index);
    Values decorated(const Function& function, int index);
    Values dispatched(const Function& function, int index);
    Values handed_over(const Function& function, int index, Module& module, Node call, int shift);
    Values from_annotation(Module& module, Node annotation);
    Values type_named(Module& module, std::string_view text);
    Values self_value(const Class& owner, const Context* context);
    Values call(Module& module, Node node, const Context* context);
    Values call_value(const Value& value, Module& module, Node node, const Context* context);
    Values call_function(const Value& value, Module& module, Node node, const Context* context);
    Values call_external(const Value& value, Module& module, Node node, const Context* context);
    Values make_client(Module& module, Node call, const Context* context, bool resource);
    Values guess_client(Module& module, Node node, const Context* context, std::string_view callee);
    Values instance_attribute(const Class* type, const Context* site, std::string_view name,
                              const Class* after);
    Values field(const Class* type, const Context* site, std::string_view name);
    Values set_by_text(const Class* type, std::string_view name);
    const Class* metaclass_of(const Class* type);
    Values fixture(const Function& function, std::string_view name);
    Values left_on(const Value& external, std::string_view name);
    Values class_attribute(const Class* type, const Context* site, const Class* self,
                           std::string_view name);
    Values results(const Function& function, const Context* context);
    Values elements(const Value& value, int index, std::string_view key);
    Values aws_attribute(const Value& value, std::string_view name);
    Values format(Module& module, Node node, const Context* context);
    Values literal_sum(Module& module, Node left, Node right, const Context* context);
    const Context* intern(const Context& context);
    static Node called_at(const Site& site);
    using Callees = std::unordered_map<const void*, std::vector<Site>>; // Function or Class
    const Callees& callees(std::string_view name);
    // Adds the sites that call `callee` by `name`, or by another name that an import gave it.
    void add_sites(std::vector<Site>& out, std::string_view name, const void* callee);
    std::vector<Site> find_sites(const Function& function);
    void add_inherited_sites(std::vector<Site>& out, const Function& function);
    Values spread(Module& module, Node arguments, std::string_view name, const Context* context);
    const std::vector<Site>& sites(const Function& function);
    const std::vector<const Class*>& subclasses(const Class* type);
    const Class* class_of(Module& module, Node base);
    Module* find_module(const Module& from, std::string_view dotted);
    Module* named_module(std::string_view dotted);

    std::vector<Module*> modules_;
    std::unordered_map<std::string_view, std::vector<Module*>>
        by_last_; // last part of the dotted name
    std::unordered_map<std::string_view, std::vector<Site>> calls_by_name_;
    struct CalleesAnswer {
        Callees callees;
        bool whole = false;
    };
    std::unordered_map<std::string_view, CalleesAnswer> callees_;
    // Other names that imports give: "from m import f as g" is g under f.
    std::unordered_map<std::string_view, std::set<std::string_view>> aliases_;
    std::unordered_map<std::string_view, std::vector<const Function*>> fixtures_; // of pytest
    std::unordered_map<std::string_view, std::vector<std::pair<Module*, std::pair<Node, Node>>>>
        foreign_;
    struct SiteAnswer {
        std::vector<Site> sites;
        int open_at = -1;
        std::uint8_t tries = 0;
        bool cut = false;
    };
    std::unordered_map<const Function*, SiteAnswer> sites_;
    std::unordered_map<const Class*, std::vector<const Class*>> subclasses_;
    std::unordered_map<const Class*, std::vector<const Class*>> ancestors_;
    // An answer, and whether it can be relied on: one that a closing cycle or the depth limit cut
    // short is worked out again when it is asked for next, a few times at most.
    struct Answer {
        Values values;
        int open_at = -1; // the depth at which it is being worked out now
        std::uint8_t tries = 0;
        std::uint16_t fresh_starts = 0;
        bool cut = false;
    };
    static constexpr int not_cut = 1 << 30;
    // An answer's place, made where it is asked for first.
    std::pair<Answer*, bool> answer(Module& module, std::uint32_t node, const Context* context);
    std::deque<Answer> plain_; // without a context: Module::answers says which
    // Answers and contexts come by the hundred thousand and go together.
    std::pmr::monotonic_buffer_resource memory_{std::size_t{1} << 20};
    std::pmr::unordered_map<Key, Answer, Hash> memo_{&memory_};
    std::vector<Answer*> waiting_; // answers that were cut short, below those that are open
    int cut_ = not_cut;            // the shallowest answer that the current one waits for
    std::unordered_set<std::string, TextHash, std::equal_to<>> strings_;
    std::pmr::unordered_multimap<std::size_t, Context> contexts_{&memory_};
    int depth_ = 0;
    struct OpenMember {
        const Module* module;
        std::string_view name;
        int depth;
    };
    std::vector<OpenMember> members_open_; // being looked up now, outermost first
    const Values nothing_;
};

} // namespace stanch::privilege
