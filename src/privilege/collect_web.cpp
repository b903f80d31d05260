// SDKs and plain HTTP beside AWS: GitHub, Slack, Stripe.
#include "privilege/collect.h"
#include "privilege/github_table.h"
#include "privilege/tables.h"

#include <algorithm>
#include <array>

namespace stanch::privilege {
namespace {

std::string_view last_part(std::string_view name) {
    return name.substr(name.rfind('.') + 1);
}

std::string upper(std::string_view text) {
    std::string out;
    for (const char c : text)
        out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

std::string dashed(std::string_view text) {
    std::string out(text);
    std::ranges::replace(out, '_', '-');
    return out;
}

bool is_verb(std::string_view name) {
    static constexpr std::array<std::string_view, 6> verbs{"get",   "post",   "put",
                                                           "patch", "delete", "head"};
    return std::ranges::find(verbs, name) != verbs.end();
}

struct SlackMethod {
    std::string_view name;
    bool reads = false;
    std::vector<std::string> scopes;
};

// "chat.postMessage" is chat_postMessage in slack_sdk; files.uploadV2 is files_upload_v2.
const std::unordered_map<std::string, SlackMethod>& slack_methods() {
    static const auto table = [] {
        std::unordered_map<std::string, SlackMethod> built;
        std::string_view text = slack_text();
        while (!text.empty()) {
            std::string_view line = text.substr(0, text.find('\n'));
            text.remove_prefix(std::min(text.size(), line.size() + 1));
            if (line.empty() || line[0] == '#') continue;
            SlackMethod method{.name = line.substr(0, line.find(' ')), .scopes = {}};
            line.remove_prefix(method.name.size() + 1);
            method.reads = line[0] == 'r';
            for (line.remove_prefix(1); !line.empty();) {
                line.remove_prefix(1);
                method.scopes.emplace_back(line.substr(0, line.find(' ')));
                line.remove_prefix(method.scopes.back().size());
            }
            std::string python(method.name);
            std::ranges::replace(python, '.', '_');
            built[method.name == "files.uploadV2" ? "files_upload_v2" : python] = method;
            built[std::string(method.name)] = method;
        }
        return built;
    }();
    return table;
}

Need filled(Need made, const GithubOperation& operation) {
    made.service = std::string(operation.operation.substr(0, operation.operation.find('/')));
    made.operation = std::string(operation.operation);
    const bool reads = operation.verb == "GET" || operation.verb == "HEAD";
    made.access = reads ? Access::read : Access::write;
    if (!operation.permission.empty()) made.permissions.emplace_back(operation.permission);
    return made;
}

} // namespace

bool Collector::github_call(Module& module, Node call, std::string_view name) {
    if (name.starts_with("ghapi.")) {
        // GhApi().issues.create
        const std::string_view method = last_part(name);
        const std::string_view group =
            last_part(name.substr(0, name.size() - std::min(name.size(), method.size() + 1)));
        if (const auto found = github_operation(dashed(group) + "/" + dashed(method)))
            emit(filled(need(module, call, "github"), *found));
        return true;
    }
    if (!name.starts_with("github.") || name.find('(') == std::string_view::npos) return false;
    if (const auto found = pygithub_method(last_part(name)))
        emit(filled(need(module, call, "github"), *found));
    return true;
}

bool Collector::http_call(Module& module, Node call, std::string_view name) {
    static constexpr std::array<std::string_view, 5> clients{"requests.", "httpx.", "aiohttp.",
                                                             "urllib3.", "urllib."};
    if (std::ranges::none_of(clients,
                             [&](std::string_view client) { return name.starts_with(client); }))
        return false;
    const Node arguments = call.child(Field::arguments);
    std::string_view method = last_part(name);
    Node url = syntax::argument(arguments, "url", 0);
    std::string verb = upper(method);
    if (method == "request" || method == "stream" || method == "Request") {
        const bool standard = method == "Request" && name.starts_with("urllib");
        verb = upper(
            resolver_.text_of(module, syntax::argument(arguments, "method", standard ? -1 : 0)));
        if (!standard) url = syntax::argument(arguments, "url", 1);
        if (verb.empty())
            verb = standard && !syntax::argument(arguments, "data", 1) ? "GET" : "POST";
    } else if (method == "urlopen") {
        verb = syntax::argument(arguments, "data", 1) ? "POST" : "GET";
    } else if (!is_verb(method)) {
        return false;
    }
    if (verb == "HEAD") verb = "GET";
    const Values& texts = resolver_.evaluate(module, url);
    for (const Value& text : texts) {
        if (text.what != Value::What::text) continue;
        constexpr std::string_view host = "api.github.com";
        const auto at = text.name.find(host);
        if (at == std::string_view::npos || at > 10) continue;
        if (const auto found = github_route(verb, text.name.substr(at + host.size())))
            emit(filled(need(module, call, "github"), *found));
    }
    return true;
}

bool Collector::slack_call(Module& module, Node call, std::string_view name) {
    const bool client = name.starts_with("slack_sdk.") || name.starts_with("slack.") ||
                        name.starts_with("slack_bolt.");
    if (!client || name.find('(') == std::string_view::npos) return false;
    std::string method(last_part(name));
    if (method == "api_call")
        method = std::string(resolver_.text_of(
            module, syntax::argument(call.child(Field::arguments), "api_method", 0)));
    const auto known = slack_methods().find(method);
    if (known == slack_methods().end()) return true;
    Need made = need(module, call, "slack");
    made.service = std::string(known->second.name.substr(0, known->second.name.find('.')));
    made.operation = std::string(known->second.name);
    made.access = known->second.reads ? Access::read : Access::write;
    made.permissions = known->second.scopes;
    emit(std::move(made));
    return true;
}

bool Collector::stripe_call(Module& module, Node call, std::string_view name) {
    if (!name.starts_with("stripe.")) return false;
    static constexpr std::array<std::string_view, 8> reads{
        "retrieve",        "list",     "search",       "auto_paging_iter",
        "list_line_items", "upcoming", "list_sources", "preview"};
    static constexpr std::array<std::string_view, 22> writes{
        "create",       "modify",       "delete",  "update",       "cancel",
        "confirm",      "capture",      "pay",     "void_invoice", "finalize_invoice",
        "send_invoice", "attach",       "detach",  "expire",       "approve",
        "close",        "reject",       "reverse", "verify",       "mark_uncollectible",
        "resume",       "create_source"};
    const std::string_view method = last_part(name);
    const bool read = std::ranges::find(reads, method) != reads.end() ||
                      method.starts_with("retrieve_") || method.starts_with("list_");
    const bool write =
        std::ranges::find(writes, method) != writes.end() || method.starts_with("create_");
    if (!read && !write) return true;
    const std::string_view before =
        name.substr(0, name.size() - std::min(name.size(), method.size() + 1));
    std::string_view object = last_part(before);
    if (object == "stripe" || object.ends_with(')')) return true;
    // StripeClient().payment_intents and stripe.PaymentIntent are one thing.
    std::string resource = aws_method_name(object);
    if (object[0] >= 'A' && object[0] <= 'Z')
        resource += resource.ends_with('s') ? "" : resource.ends_with('y') ? "" : "s";
    if (resource.ends_with('y')) resource.replace(resource.size() - 1, 1, "ies");
    const bool checkout = before.find(".checkout.") != std::string_view::npos;
    if (checkout) resource = "checkout_sessions";
    Need made = need(module, call, "stripe");
    made.service = resource;
    made.operation = std::string(name.substr(name.find('.') + 1));
    made.operation = resource + "." + std::string(method);
    made.access = read ? Access::read : Access::write;
    made.permissions = {resource + (read ? ":read" : ":write")};
    emit(std::move(made));
    return true;
}

} // namespace stanch::privilege
