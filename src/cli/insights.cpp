#include "cli/insights.h"

#include "net/http.h"

#include <string>
#include <vector>

namespace stanch::cli {
namespace {

constexpr std::size_t annotations_a_call = 100;

Result<std::string> needed(const Variables& variables, const char* name) {
    auto value = variables(name);
    if (value && !value->empty()) return *std::move(value);
    return fail(ErrorKind::not_found, std::string(name) + " is not set");
}

Result<void> call(net::Client& client, std::string method, const std::string& url,
                  std::string_view json) {
    net::Request request{.method = std::move(method), .url = url};
    request.headers = {{"Content-Type", "application/json"}};
    request.body.assign(json.begin(), json.end());
    STANCH_TRY(const net::Response answer, client.send(request));
    if (answer.status >= 200 && answer.status < 300) return {};
    return fail(ErrorKind::refused,
                "Bitbucket answered " + std::to_string(answer.status) + " to " + request.method,
                net::origin(url));
}

std::vector<std::string_view> split(std::string_view lines) {
    std::vector<std::string_view> list;
    while (!lines.empty()) {
        list.push_back(lines.substr(0, lines.find('\n')));
        lines.remove_prefix(std::min(lines.size(), list.back().size() + 1));
    }
    return list;
}

} // namespace

Result<void> send_insights(std::string_view lines, const Variables& variables) {
    STANCH_TRY(const std::string repository, needed(variables, "BITBUCKET_REPO_FULL_NAME"));
    STANCH_TRY(const std::string commit, needed(variables, "BITBUCKET_COMMIT"));
    std::vector<std::string_view> annotations = split(lines);
    if (annotations.empty()) return fail(ErrorKind::incomplete, "there is no report");
    const std::string_view report = annotations.back();
    annotations.pop_back();
    net::Options options;
    options.proxy = variables("STANCH_BITBUCKET_PROXY").value_or("http://localhost:29418");
    options.tries = 2;
    STANCH_TRY(net::Client client, net::Client::open(std::move(options)));
    const std::string url = "http://api.bitbucket.org/2.0/repositories/" + repository + "/commit/" +
                            commit + "/reports/stanch";
    STANCH_CHECK(call(client, "PUT", url, report));
    for (std::size_t i = 0; i < annotations.size(); i += annotations_a_call) {
        std::string list;
        for (std::size_t j = i; j < std::min(i + annotations_a_call, annotations.size()); ++j)
            list += (list.empty() ? "[" : ",") + std::string(annotations[j]);
        STANCH_CHECK(call(client, "POST", url + "/annotations", list + "]"));
    }
    return {};
}

} // namespace stanch::cli
