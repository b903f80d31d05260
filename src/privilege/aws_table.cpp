#include "privilege/aws_table.h"

#include "privilege/tables.h"

#include <memory>
#include <mutex>

namespace stanch::privilege {
namespace {

class Words {
  public:
    explicit Words(std::string_view line) : rest_(line) {}
    std::string_view next() {
        const auto space = rest_.find(' ');
        const std::string_view word = rest_.substr(0, space);
        rest_ = space == std::string_view::npos ? std::string_view() : rest_.substr(space + 1);
        return word;
    }
    [[nodiscard]] bool more() const { return !rest_.empty(); }

  private:
    std::string_view rest_;
};

std::string_view cut(std::string_view& text, char at) {
    const auto end = text.find(at);
    const std::string_view head = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    return head;
}

void add_operation(AwsService& service, std::string_view name, bool reads,
                   std::vector<std::string> actions) {
    std::string method =
        service.method_of.contains(name) ? service.method_of[name] : aws_method_name(name);
    service.method_of[name] = method;
    service.methods[std::move(method)] = {name, reads, std::move(actions), {}};
}

void add_plain(AwsService& service, Words words, bool reads) {
    while (words.more()) {
        const std::string_view name = words.next();
        add_operation(service, name, reads,
                      {std::string(service.prefix) + ":" + std::string(name)});
    }
}

void add_corrected(AwsService& service, Words words, bool reads) {
    const std::string_view name = words.next();
    std::vector<std::string> actions;
    while (words.more())
        actions.emplace_back(words.next());
    add_operation(service, name, reads, std::move(actions));
}

void add_given(AwsService& service, Words words, bool anywhere) {
    const std::string_view argument = words.next();
    const std::string_view actions = words.next();
    while (words.more()) {
        const auto known = service.method_of.find(words.next());
        if (known != service.method_of.end())
            service.methods[known->second].given.push_back({argument, actions, anywhere});
    }
}

void add_actions(std::unordered_map<std::string_view, AwsResource::Action>& out, Words words) {
    while (words.more()) {
        std::string_view rest = words.next();
        const std::string_view name = cut(rest, '=');
        const std::string_view operation = cut(rest, '>');
        out[name] = {operation, rest};
    }
}

void add_pairs(std::unordered_map<std::string_view, std::string_view>& out, Words words) {
    while (words.more()) {
        std::string_view rest = words.next();
        const std::string_view name = cut(rest, '=');
        out[name] = rest;
    }
}

void add_resource(AwsService& service, Words words) {
    AwsResource& resource = service.resources[words.next()];
    const std::string_view load = words.next().substr(5);
    if (load != "-") resource.load = load;
    while (words.more())
        resource.identifiers.push_back(words.next());
}

void add_line(AwsService& service, std::string_view line) {
    Words words(line);
    const char letter = words.next()[0];
    switch (letter) {
    case 'r':
    case 'w':
        return add_plain(service, words, letter == 'r');
    case 'R':
    case 'W':
        return add_corrected(service, words, letter == 'R');
    case '=': {
        const std::string_view operation = words.next();
        const std::string method(words.next());
        if (auto old = service.method_of.find(operation); old != service.method_of.end()) {
            auto moved = service.methods.extract(old->second);
            moved.key() = method;
            service.methods.insert(std::move(moved));
        }
        service.method_of[operation] = method;
        return;
    }
    case 'g':
    case 'n':
        return add_given(service, words, letter == 'n');
    case 'u':
        while (words.more())
            service.nameless.insert(words.next());
        return;
    case 't':
        return add_pairs(service.waiters, words);
    case 'k':
        while (words.more())
            service.members.insert(words.next());
        return;
    case 'o':
        return add_resource(service, words);
    case 'a':
        return add_actions(service.resources[words.next()].actions, words);
    case 'c':
        return add_actions(service.resources[words.next()].collections, words);
    case 's':
        return add_pairs(service.resources[words.next()].parts, words);
    case 'b':
        return add_pairs(service.resources[words.next()].batch, words);
    default:
        return;
    }
}

// Where each service's lines begin.
struct Index {
    std::vector<std::string_view> names;
    std::unordered_map<std::string_view, std::string_view> texts; // from behind '!'

    Index() {
        const std::string_view all = aws_text();
        for (std::size_t at = all.find("\n!"); at != std::string_view::npos;) {
            const std::size_t next = all.find("\n!", at + 2);
            const std::string_view text =
                all.substr(at + 2, next == std::string_view::npos ? next : next - at - 1);
            names.push_back(text.substr(0, text.find(' ')));
            texts[names.back()] = text;
            at = next;
        }
    }
};

const Index& index() {
    static const Index built;
    return built;
}

std::unique_ptr<AwsService> parse(std::string_view text) {
    auto service = std::make_unique<AwsService>();
    Words head(cut(text, '\n'));
    service->name = head.next();
    service->prefix = head.next();
    while (!text.empty())
        if (const std::string_view line = cut(text, '\n'); !line.empty()) add_line(*service, line);
    return service;
}

bool lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool upper(char c) {
    return c >= 'A' && c <= 'Z';
}
bool digit(char c) {
    return c >= '0' && c <= '9';
}

} // namespace

const AwsOperation* AwsService::method(std::string_view wanted) const {
    const auto found = methods.find(wanted);
    return found == methods.end() ? nullptr : &found->second;
}

const AwsOperation* AwsService::operation(std::string_view wanted) const {
    const auto found = method_of.find(wanted);
    return found == method_of.end() ? nullptr : method(found->second);
}

const AwsResource* AwsService::resource(std::string_view type) const {
    const auto found = resources.find(type);
    return found == resources.end() ? nullptr : &found->second;
}

const AwsService* aws_service(std::string_view name) {
    static std::mutex lock;
    static std::unordered_map<std::string_view, std::unique_ptr<AwsService>> parsed;
    const auto known = index().texts.find(name);
    if (known == index().texts.end()) return nullptr;
    const std::lock_guard guard(lock);
    auto& slot = parsed[known->first];
    if (!slot) slot = parse(known->second);
    return slot.get();
}

const std::vector<std::string_view>& aws_service_names() {
    return index().names;
}

// The two regular expressions of botocore.xform_name: (.)([A-Z][a-z]+) and ([a-z0-9])([A-Z]) get a
// '_' between.
std::string aws_method_name(std::string_view operation) {
    std::string first;
    for (std::size_t i = 0; i < operation.size(); ++i) {
        const bool word =
            upper(operation[i]) && i + 1 < operation.size() && lower(operation[i + 1]);
        if (word && i > 0) first += '_';
        first += operation[i];
    }
    std::string out;
    for (std::size_t i = 0; i < first.size(); ++i) {
        if (i > 0 && upper(first[i]) && (lower(first[i - 1]) || digit(first[i - 1]))) out += '_';
        out += upper(first[i]) ? static_cast<char>(first[i] - 'A' + 'a') : first[i];
    }
    return out;
}

} // namespace stanch::privilege
