// Annotations: what they say a name is.
#include "privilege/resolve_parts.h"

#include <algorithm>

namespace stanch::privilege {
namespace {

// typing.Any, collections.abc.Callable: of which library an object is remains open.
bool says_nothing(std::string_view type) {
    return type.starts_with("typing.") || type.starts_with("typing_extensions.") ||
           type.starts_with("collections.") || type.starts_with("types.");
}

} // namespace

// What a dotted name of a type is in a module.
Values Resolver::type_named(Module& module, std::string_view text) {
    Values named = lookup(module.scope, text.substr(0, text.find('.')), nullptr, false);
    for (std::size_t dot = text.find('.'); dot != std::string_view::npos;
         dot = text.find('.', dot + 1)) {
        Values next;
        const std::string_view part = text.substr(dot + 1, text.find('.', dot + 1) - dot - 1);
        for (const Value& value : named)
            privilege::add(next, attribute(value, part));
        named = std::move(next);
    }
    return named;
}

Values Resolver::from_annotation(Module& module, Node annotation) {
    Node type = annotation;
    if (type.kind() == Kind::type) type = type.first();
    // Optional["X"], X | None, list[X]: the first name that means something.
    Values out;
    std::vector<Node> pending{type};
    for (std::size_t i = 0; i < pending.size() && i < 12; ++i) {
        const Node node = pending[i];
        if (node.kind() != Kind::string && node.kind() != Kind::identifier &&
            node.kind() != Kind::attribute) {
            for (const Node child : node.children())
                pending.push_back(child);
            continue;
        }
        Values named;
        if (node.kind() != Kind::string) {
            named = type_named(module, node.text());
        } else {
            // "Connection[Any]", "s3.Client | None": the first name that means something.
            const std::string_view text = intern(syntax::string_value(node).value_or(""));
            for (std::size_t at = 0; at < text.size() && named.empty();) {
                const std::size_t end = std::min(text.find_first_of("[]|, ", at), text.size());
                if (end > at) named = type_named(module, text.substr(at, end - at));
                if (!named.empty() && named[0].what == Value::What::external &&
                    (named[0].name.find('.') == std::string_view::npos ||
                     says_nothing(named[0].name)))
                    named.clear();
                at = end + 1;
            }
        }
        for (const Value& value : named) {
            if (value.what == Value::What::class_)
                privilege::add(out, {.what = Value::What::instance, .ref = value.ref});
            if (value.what != Value::What::external) continue;
            if (const auto stub = value.name.find("boto3_");
                stub != std::string_view::npos ||
                value.name.find("aiobotocore_") != std::string_view::npos) {
                const auto start = stub == std::string_view::npos
                                       ? value.name.find("aiobotocore_") + 12
                                       : stub + 6;
                std::string service(value.name.substr(start, value.name.find('.') - start));
                std::ranges::replace(service, '_', '-');
                const std::string_view last = last_part(value.name);
                const AwsService* known = aws_service(service);
                if (known == nullptr) continue;
                if (last.ends_with("Client"))
                    privilege::add(out, {.what = Value::What::client, .service = known});
                else if (last.ends_with("ServiceResource"))
                    privilege::add(out,
                                   {.what = Value::What::resource, .name = ".", .service = known});
                else if (known->resource(last) != nullptr)
                    privilege::add(
                        out,
                        {.what = Value::What::resource, .name = intern(last), .service = known});
            } else if (value.name.find('.') != std::string_view::npos &&
                       !says_nothing(value.name) && value.name.size() < longest_name) {
                privilege::add(out, {.what = Value::What::external,
                                     .name = intern(std::string(value.name) + "()")});
            }
        }
        if (!out.empty()) return out;
    }
    return out;
}

} // namespace stanch::privilege
