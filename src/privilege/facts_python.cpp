// Where Python reads the environment: os.environ and os.getenv, pydantic-settings, django-environ
// and environs, decouple.
#include "privilege/facts.h"
#include "syntax/syntax.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

namespace stanch::privilege {
namespace {

using syntax::Field;
using syntax::Kind;
using syntax::Node;

bool contains(std::string_view text, std::string_view word) {
    return memmem(text.data(), text.size(), word.data(), word.size()) != nullptr;
}

bool worth_parsing(std::string_view text) {
    return contains(text, "environ") || contains(text, "getenv") ||
           contains(text, "BaseSettings") || contains(text, "decouple");
}

std::string upper(std::string_view text) {
    std::string out;
    for (const char c : text)
        out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, word) != words.end();
}

class PythonReads {
  public:
    PythonReads(const Source& source, const syntax::Tree& tree, Facts& out)
        : source_(source), tree_(tree), out_(out) {
        for (const syntax::Import& import : syntax::imports(tree)) {
            decouple_ = decouple_ || import.module == "decouple";
            environ_ = environ_ || import.module == "environ" || import.module == "environs";
            if (import.module == "os" && import.name == "environ")
                environ_names_.push_back(import.alias);
            if (import.module == "os" && import.name == "getenv")
                getenv_names_.push_back(import.alias);
            if (import.module == "os" && import.name.empty()) os_names_.push_back(import.alias);
        }
        for (const syntax::Assignment& each : syntax::assignments(tree)) {
            if (each.node.kind() != Kind::assignment) continue;
            if (auto text = syntax::string_value(each.value)) constants_[each.target] = *text;
            // env = environ.Env(…)
            if (each.value.kind() == Kind::call) {
                const std::string made = syntax::dotted_name(each.value.child(Field::function));
                if (environ_ &&
                    (made == "environ.Env" || made == "Env" || made == "environ.FileAwareEnv"))
                    env_names_.push_back(each.target);
            }
        }
    }

    void run() {
        for (std::uint32_t i = 0; i < tree_.size(); ++i) {
            const Node node = tree_.node(i);
            if (node.kind() == Kind::call)
                call(node);
            else if (node.kind() == Kind::subscript)
                subscript(node);
            else if (node.kind() == Kind::comparison_operator)
                membership(node);
            else if (node.kind() == Kind::class_definition)
                settings(node);
        }
    }

  private:
    void add(Node name, Node at) {
        auto text = syntax::string_value(name);
        if (!text && name.kind() == Kind::identifier)
            if (const auto known = constants_.find(std::string(name.text()));
                known != constants_.end())
                text = known->second;
        if (text) add(*text, at);
    }

    void add(const std::string& name, Node at) {
        const bool word = !name.empty() && std::ranges::all_of(name, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                   (c >= '0' && c <= '9');
        });
        if (word)
            out_.reads.push_back({name, source_.path, tree_.line(at.begin()), Reader::code,
                                  service_of(source_.path)});
    }

    [[nodiscard]] bool is_environ(std::string_view name) const {
        if (std::ranges::find(environ_names_, name) != environ_names_.end()) return true;
        return name.ends_with(".environ") &&
               std::ranges::find(os_names_, name.substr(0, name.size() - 8)) != os_names_.end();
    }

    void call(Node node) {
        const Node function = node.child(Field::function);
        const std::string name = syntax::dotted_name(function);
        if (name.empty()) return;
        const Node arguments = node.child(Field::arguments);
        const Node first = syntax::argument(arguments, "key", 0);
        const auto dot = name.rfind('.');
        const std::string object = dot == std::string::npos ? "" : name.substr(0, dot);
        const std::string method = dot == std::string::npos ? name : name.substr(dot + 1);
        if (is_environ(object) && one_of(method, {"get", "pop", "setdefault", "__getitem__"}))
            return add(first, node);
        if (method == "getenv" && std::ranges::find(os_names_, object) != os_names_.end())
            return add(first, node);
        if (std::ranges::find(getenv_names_, name) != getenv_names_.end()) return add(first, node);
        if (decouple_ && (name == "config" || name == "decouple.config"))
            return add(syntax::argument(arguments, "option", 0), node);
        if (!environ_) return;
        const bool itself = std::ranges::find(env_names_, name) != env_names_.end();
        if (!itself && std::ranges::find(env_names_, object) == env_names_.end()) return;
        if (const Node given = syntax::argument(arguments, "var", 0)) return add(given, node);
        if (method == "db" || method == "db_url") add("DATABASE_URL", node);
        if (method == "cache" || method == "cache_url") add("CACHE_URL", node);
        if (method == "email" || method == "email_url") add("EMAIL_URL", node);
    }

    void subscript(Node node) {
        if (!is_environ(syntax::dotted_name(node.child(Field::value)))) return;
        // A variable that is set or deleted here is not read.
        if (node.field() == Field::left || node.parent().kind() == Kind::delete_statement) return;
        add(node.child(Field::subscript), node);
    }

    // "X" in os.environ
    void membership(Node node) {
        Node last;
        for (const Node child : node.children())
            last = child;
        if (node.first().kind() == Kind::string && is_environ(syntax::dotted_name(last)))
            add(node.first(), node);
    }

    // class Settings(BaseSettings): api_key: str = Field(alias="KEY"), with an env_prefix.
    void settings(Node node) {
        bool derived = false;
        for (const Node base : node.child(Field::superclasses).children()) {
            std::string_view text = base.text();
            text = text.substr(text.rfind('.') + 1);
            derived = derived || text == "BaseSettings" ||
                      (text.ends_with("Settings") && contains(tree_.text(), "pydantic"));
        }
        if (!derived) return;
        std::string prefix;
        for (std::uint32_t i = node.index(); i < node.after(); ++i) {
            const Node at = tree_.node(i);
            if (at.kind() == Kind::pair &&
                syntax::string_value(at.child(Field::key)) == "env_prefix")
                prefix = syntax::string_value(at.child(Field::value)).value_or("");
            if ((at.kind() == Kind::keyword_argument &&
                 at.child(Field::name).text() == "env_prefix") ||
                (at.kind() == Kind::assignment && at.child(Field::left).text() == "env_prefix"))
                prefix =
                    syntax::string_value(at.kind() == Kind::assignment ? at.child(Field::right)
                                                                       : at.child(Field::value))
                        .value_or("");
        }
        for (const Node statement : node.child(Field::body).children()) {
            const Node field = statement.first();
            if (statement.kind() != Kind::expression_statement ||
                field.kind() != Kind::assignment || !field.child(Field::type))
                continue;
            const std::string name(field.child(Field::left).text());
            if (name == "model_config" || name.starts_with('_') ||
                field.child(Field::type).text().find("ClassVar") != std::string_view::npos)
                continue;
            const Node value = field.child(Field::right);
            std::string alias;
            if (value.kind() == Kind::call)
                for (const std::string_view keyword : {"validation_alias", "alias", "env"})
                    if (alias.empty())
                        alias = syntax::string_value(
                                    syntax::argument(value.child(Field::arguments), keyword))
                                    .value_or("");
            add(upper(alias.empty() ? prefix + name : alias), field);
        }
    }

    const Source& source_;
    const syntax::Tree& tree_;
    Facts& out_;
    bool decouple_ = false;
    bool environ_ = false;
    std::vector<std::string> environ_names_;
    std::vector<std::string> getenv_names_;
    std::vector<std::string> os_names_;
    std::vector<std::string> env_names_;
    std::map<std::string, std::string, std::less<>> constants_;
};

} // namespace

void python_reads(const Source& source, Facts& out) {
    if (!worth_parsing(source.text)) return;
    const auto tree = syntax::Tree::python(source.text);
    if (!tree) {
        out.broken.push_back(source.path);
        return;
    }
    PythonReads(source, *tree, out).run();
}

} // namespace stanch::privilege
