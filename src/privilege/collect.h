// Turns what the resolver knows into Needs: one function a family of libraries.
#pragma once

#include "privilege/resolve.h"

#include <map>
#include <set>
#include <span>

namespace stanch::privilege {

class Collector {
  public:
    Collector(Resolver& resolver, std::vector<Need>& out) : resolver_(resolver), out_(out) {}
    // Services that any file of the project names; fallback readings choose among them.
    void use(const AwsService* service);
    // Of a file that names it.
    void use(const AwsService* service, std::string_view path);
    // A library that some file imports: "redis", "github", … Calls of others are not looked at.
    void use_library(std::string_view name);
    // boto3's resources are made in the project.
    void use_resources();
    static bool names_resources(std::string_view text);
    void collect(Module& module, bool aws);

  private:
    void use_resources(const AwsService& service);
    // AWS
    void aws_attribute(Module& module, Node node);
    void aws_call(Module& module, Node call);
    void aws_named_in(Module& module, Node call, Node object, Node named, bool waiter,
                      const Context* context);
    const AwsService* decorated_with(Module& module, Node node);
    void aws_by_shape(Module& module, Node node);
    void transfer_by_shape(Module& module, Node node);
    bool may_be_client(Module& module, Node object);
    [[nodiscard]] bool named_in(const AwsService* service, std::string_view place) const;
    void aws_emit(Module& module, Node node, const AwsService* service,
                  const AwsOperation& operation, Certainty certainty,
                  std::span<const Value> objects = {});
    std::vector<const AwsService*> aws_narrow(std::vector<const AwsService*> candidates,
                                              std::string_view method, Node call,
                                              std::string_view receiver);
    void aws_named(Module& module, Node call, const std::vector<const AwsService*>& services,
                   std::string_view receiver, const std::vector<std::string_view>& methods,
                   bool waiter);
    // ARNs that a call names; `objects` are what its receiver may be. Empty where any is not known.
    std::vector<std::string> aws_resources(Module& module, Node call, const AwsService* service,
                                           const AwsOperation& operation,
                                           std::span<const Value> objects);
    std::vector<std::string> identifiers_of(const Value& resource, int depth = 0);
    std::string named_argument(Module& module, Node arguments, std::string_view name, int position);
    std::optional<std::string> copy_source(Module& module, Node arguments);

    // The others
    void external_call(Module& module, Node call);
    bool github_call(Module& module, Node call, std::string_view name);
    bool http_call(Module& module, Node call, std::string_view name);
    bool slack_call(Module& module, Node call, std::string_view name);
    bool stripe_call(Module& module, Node call, std::string_view name);
    bool redis_call(Module& module, Node call, std::string_view name);
    void sql_call(Module& module, Node call, const Values& functions);
    std::string table_of(Module& module, Node node);

    Need need(Module& module, Node at, std::string_view provider) const;
    void emit(Need need);

    Resolver& resolver_;
    std::vector<Need>& out_;
    [[nodiscard]] bool may_matter(std::string_view method) const;

    std::set<const AwsService*> used_;
    // Files and folders ("src/app/") that name a service.
    std::map<const AwsService*, std::unordered_set<std::string_view>> used_in_;
    std::unordered_set<std::string_view> aws_names_; // methods of the services in use
    bool resources_ = false;
    bool any_method_ = false; // a library is in use whose methods are too many to list
    std::unordered_set<std::string_view> methods_; // of the libraries in use
    std::set<std::string> seen_;
};

// A call in one line, without the values of its arguments: "client.put_object(Bucket=, Key=)".
std::string evidence_of(Node node);

} // namespace stanch::privilege
