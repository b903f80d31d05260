// Calls whose receiver could not be followed. The method, its keyword arguments and the receiver's
// name may leave one reading among the services that the project uses.
#include "privilege/collect_shape.h"

#include "privilege/collect.h"

#include <algorithm>
#include <array>

namespace stanch::privilege {
namespace {

bool upper(char c) {
    return c >= 'A' && c <= 'Z';
}

std::string folded(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != '_' && c != '-') out += upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

// "describe_instances" says more than "query" or "publish" does.
bool telling(std::string_view method) {
    return method.size() >= 8 && method.find('_') != std::string_view::npos;
}

// What unittest.mock and its like make may stand for anything.
bool is_mock(std::string_view external) {
    return external.starts_with("mock.") || external.starts_with("unittest.") ||
           external.starts_with("pretend.") || external.find("Mock(") != std::string_view::npos;
}

std::string_view folder_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash + 1);
}

} // namespace

Node call_of(Node attribute) {
    const Node outer = attribute.parent();
    return outer.kind() == Kind::call && attribute.field() == Field::function ? outer : Node();
}

bool hints_at(std::string_view receiver, std::string_view service) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> usual{{
        {"cloudformation", "cfn"},
        {"cloudformation", "cf_client"},
        {"secretsmanager", "secret"},
        {"stepfunctions", "sfn"},
        {"dynamodb", "ddb"},
        {"dynamodb", "dynamo"},
        {"cognito-idp", "cognito"},
        {"apigateway", "apigw"},
        {"logs", "cwl"},
        {"elbv2", "alb"},
        {"events", "eventbridge"},
        {"cloudwatch", "cw"},
        {"lambda", "awslambda"},
        {"stepfunctions", "step"},
    }};
    const std::string text = folded(receiver);
    if (text.find(folded(service)) != std::string::npos) return true;
    return std::ranges::any_of(usual, [&](const auto& each) {
        return each.first == service && receiver.find(each.second) != std::string_view::npos;
    });
}

int fit(const AwsService& service, Node call) {
    int known = 0;
    bool foreign = false;
    for (const Node argument : call.child(Field::arguments).children()) {
        // A client's methods take keywords only.
        if (argument.kind() != Kind::keyword_argument) {
            if (argument.kind() != Kind::dictionary_splat && argument.kind() != Kind::comment)
                return -1;
            continue;
        }
        const std::string_view name = argument.child(Field::name).text();
        if (service.members.contains(name) || (service.members.empty() && upper(name[0])))
            ++known;
        else if (name.find('_') != std::string_view::npos)
            foreign = true; // aws_retry=True: a wrapper's own; AWS' names have no '_'
        else if (!service.members.empty())
            return -1;
    }
    return foreign && known == 0 ? -1 : known;
}

namespace {

// Keeps those that a condition holds for, unless it holds for none.
template <typename Condition>
void prefer(std::vector<const AwsService*>& candidates, Condition condition) {
    if (candidates.size() > 1 && std::ranges::any_of(candidates, condition))
        std::erase_if(candidates, [&](const AwsService* service) { return !condition(service); });
}

// The method is handed on: an argument, a value, something in a container.
bool passed_on(Node attribute) {
    const Node outer = attribute.parent();
    return outer.kind() == Kind::argument_list || outer.kind() == Kind::keyword_argument ||
           outer.kind() == Kind::list || outer.kind() == Kind::tuple ||
           (outer.kind() == Kind::pair && attribute.field() == Field::value);
}

// What boto3 adds to S3's clients, buckets and objects takes its arguments by position.
bool is_transfer(std::string_view method) {
    return method == "upload_file" || method == "upload_fileobj" || method == "download_file" ||
           method == "download_fileobj";
}

} // namespace

std::vector<const AwsService*> Collector::aws_narrow(std::vector<const AwsService*> candidates,
                                                     std::string_view method, Node call,
                                                     std::string_view receiver) {
    std::erase_if(candidates,
                  [&](const AwsService* service) { return service->method(method) == nullptr; });
    if (candidates.size() > 1 && call)
        std::erase_if(candidates,
                      [&](const AwsService* service) { return fit(*service, call) < 0; });
    prefer(candidates,
           [&](const AwsService* service) { return hints_at(receiver, service->name); });
    // "elbv2" tells elbv2, though "elb" is in it.
    std::size_t longest = 0;
    for (const AwsService* service : candidates)
        if (hints_at(receiver, service->name)) longest = std::max(longest, service->name.size());
    prefer(candidates, [&](const AwsService* service) {
        return service->name.size() == longest && hints_at(receiver, service->name);
    });
    return candidates;
}

// Whether what is known of a receiver leaves open that it is a client: another one than was found
// too, where that has no such method.
bool Collector::may_be_client(Module& module, Node object) {
    return std::ranges::all_of(resolver_.evaluate(module, object), [](const Value& value) {
        if (value.what == Value::What::client) return true;
        return value.what == Value::What::external &&
               (value.name.find('(') == std::string_view::npos || is_mock(value.name));
    });
}

void Collector::aws_by_shape(Module& module, Node node) {
    const std::string_view method = node.child(Field::attribute).text();
    if (!telling(method)) return;
    const Node call = call_of(node);
    if (!call && !passed_on(node)) return;
    const std::string_view written = node.child(Field::object).text();
    const std::string_view last = written.substr(written.rfind('.') + 1);
    if (!call && !last.empty() && upper(last[0])) return; // of a class: @patch(Backend.get_object)
    if (!may_be_client(module, node.child(Field::object))) return;
    if (is_transfer(method)) return transfer_by_shape(module, node);
    const std::string_view receiver = written;
    const bool client_like = folded(receiver).find("client") != std::string::npos;
    std::vector<const AwsService*> candidates;
    const AwsService* named = aws_service(last);
    if (const AwsService* injected = decorated_with(module, node); injected != nullptr)
        candidates = {injected};
    else if (named != nullptr && named->method(method) != nullptr && used_.contains(named))
        candidates = {named}; // factory.scheduler.create_schedule(…)
    else
        candidates = {used_.begin(), used_.end()};
    std::erase_if(candidates, [&](const AwsService* service) {
        if (service->method(method) == nullptr) return true;
        if (!call) return !hints_at(receiver, service->name);
        const int known = fit(*service, call);
        if (known < 0) return true;
        return known == 0 && !client_like && !hints_at(receiver, service->name) &&
               decorated_with(module, node) == nullptr;
    });
    candidates = aws_narrow(std::move(candidates), method, call, receiver);
    // A large project uses many services; this file or folder fewer.
    prefer(candidates, [&](const AwsService* service) { return named_in(service, module.path); });
    prefer(candidates,
           [&](const AwsService* service) { return named_in(service, folder_of(module.path)); });
    if (candidates.size() == 1)
        aws_emit(module, node, candidates[0], *candidates[0]->method(method), Certainty::by_shape);
}

void Collector::transfer_by_shape(Module& module, Node node) {
    const AwsService* s3 = aws_service("s3");
    const std::string receiver = folded(node.child(Field::object).text());
    const bool plain =
        receiver.ends_with("client") && module.tree->text().find("boto") != std::string_view::npos;
    if (!used_.contains(s3) || (receiver.find("s3") == std::string::npos &&
                                receiver.find("bucket") == std::string::npos && !plain))
        return;
    for (const Value& method : resolver_.attribute({.what = Value::What::client, .service = s3},
                                                   node.child(Field::attribute).text()))
        if (const AwsOperation* operation = s3->method(method.name))
            aws_emit(module, node, s3, *operation, Certainty::by_shape);
}

bool Collector::named_in(const AwsService* service, std::string_view place) const {
    const auto known = used_in_.find(service);
    return known != used_in_.end() && known->second.contains(place);
}

void Collector::use(const AwsService* service, std::string_view path) {
    use(service);
    used_in_[service].insert(path);
    used_in_[service].insert(folder_of(path));
}

// @sts_client("elbv2") above a function: what gives it a client, and of which service.
const AwsService* Collector::decorated_with(Module& module, Node node) {
    for (const Scope* scope = module.scope_of[node.index()]; scope != nullptr;
         scope = scope->outer) {
        if (scope->function == nullptr) continue;
        for (const Node call : scope->function->decorator_calls) {
            const std::string name = folded(call.child(Field::function).text());
            if (name.find("client") == std::string::npos &&
                name.find("resource") == std::string::npos &&
                name.find("boto") == std::string::npos)
                continue;
            for (const Node argument : call.child(Field::arguments).children())
                if (const auto text = syntax::string_value(argument.kind() == Kind::keyword_argument
                                                               ? argument.child(Field::value)
                                                               : argument))
                    if (const AwsService* service = aws_service(*text)) return service;
        }
    }
    return nullptr;
}

} // namespace stanch::privilege
