#include "privilege/collect.h"

#include <algorithm>

namespace stanch::privilege {

std::string evidence_of(Node node) {
    constexpr std::size_t longest = 160;
    std::string out;
    const bool call = node.kind() == Kind::call;
    const Node outer = node.parent();
    const Node whole =
        !call && outer.kind() == Kind::call && node.field() == Field::function ? outer : node;
    const Node function = whole.kind() == Kind::call ? whole.child(Field::function) : whole;
    for (const char c : function.text()) {
        if (c == '\n' || c == ' ' || c == '\t' || c == '\r') continue;
        if (c == '"' || c == '\'') break; // a literal in the chain may be a secret
        out += c;
        if (out.size() > longest) break;
    }
    if (function.text().find_first_of("\"'") != std::string_view::npos) {
        out += "…";
        if (function.kind() == Kind::attribute)
            (out += ").") += function.child(Field::attribute).text();
    }
    if (whole.kind() != Kind::call) return out;
    out += '(';
    bool first = true;
    for (const Node argument : whole.child(Field::arguments).children()) {
        if (argument.kind() == Kind::comment) continue;
        if (out.size() > longest) break;
        out += first ? "" : ", ";
        first = false;
        if (argument.kind() == Kind::keyword_argument)
            (out += argument.child(Field::name).text()) += "=";
        else if (argument.kind() == Kind::identifier)
            out += argument.text();
        else
            out += "…";
    }
    return out + ")";
}

Need Collector::need(Module& module, Node at, std::string_view provider) const {
    Need made;
    made.path = module.path;
    Node place = at.kind() == Kind::call ? at.child(Field::function) : at;
    if (place.kind() == Kind::attribute) place = place.child(Field::attribute);
    made.line = module.tree->line(place.begin());
    made.provider = std::string(provider);
    made.evidence = evidence_of(at);
    return made;
}

void Collector::emit(Need made) {
    std::string key = made.path + ":" + std::to_string(made.line) + ":" + made.provider + ":" +
                      made.service + ":" + made.operation + ":";
    for (const std::string& resource : made.resources)
        key += resource + ",";
    if (seen_.insert(std::move(key)).second) out_.push_back(std::move(made));
}

void Collector::collect(Module& module, bool aws) {
    if (aws) {
        for (const Node node : module.attributes)
            aws_attribute(module, node);
        for (const Node call : module.calls)
            aws_call(module, call);
    }
    for (const Node call : module.calls)
        external_call(module, call);
}

} // namespace stanch::privilege
