#include "net/curl.h"
#include "net/http.h"
#include "net/retry.h"

#include "os/file.h"

#include <algorithm>
#include <cctype>
#include <thread>

namespace stanch::net {
namespace {

// One try's answer while it arrives.
struct Incoming {
    Response response;
    std::uint64_t limit = 0;
    bool too_large = false;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* target) {
    auto& incoming = *static_cast<Incoming*>(target);
    const std::size_t bytes = size * count;
    if (incoming.response.body.size() + bytes > incoming.limit) {
        incoming.too_large = true;
        return 0;
    }
    append(incoming.response.body, {data, bytes});
    return bytes;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* target) {
    auto& headers = static_cast<Incoming*>(target)->response.headers;
    const std::string_view line(data, size * count);
    if (line.starts_with("HTTP/")) headers.clear(); // an interim answer (100) came before
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return line.size();
    Header header{std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))};
    std::ranges::transform(header.name, header.name.begin(),
                           [](unsigned char c) { return std::tolower(c); });
    headers.push_back(std::move(header));
    return line.size();
}

class HeaderList {
  public:
    explicit HeaderList(const Curl& curl) : curl_(curl) {}
    HeaderList(const HeaderList&) = delete;
    HeaderList& operator=(const HeaderList&) = delete;
    ~HeaderList() {
        for (curl_slist* at = list_; at != nullptr; at = at->next)
            wipe(at->data, length(at->data));
        curl_.slist_free_all(list_);
    }
    void add(const std::string& line) { list_ = curl_.slist_append(list_, line.c_str()); }
    [[nodiscard]] curl_slist* get() const { return list_; }

  private:
    static std::size_t length(const char* text) { return std::string_view(text).size(); }
    const Curl& curl_;
    curl_slist* list_ = nullptr;
};

bool is_connection_failure(CURLcode code) {
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
        return true;
    default:
        return false;
    }
}

Error failure(CURLcode code, const std::string& where, const Curl& curl, bool custom_ca) {
    const std::string reason = curl.easy_strerror(code);
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        return {ErrorKind::refused, "the server's certificate is not trusted", where,
                custom_ca ? "check that the CA file signed it and that it names this host"
                          : "for a private CA give its certificate (--ca-file)"};
    if (code == CURLE_SSL_CACERT_BADFILE)
        return {ErrorKind::usage, "the CA file holds no certificate that can be read", where, {}};
    if (code == CURLE_OPERATION_TIMEDOUT)
        return {ErrorKind::unavailable, "the server took too long", where, "try again later"};
    return {ErrorKind::unavailable, "no answer: " + reason, where,
            "check the address and the network"};
}

} // namespace

std::optional<std::string_view> Response::header(std::string_view name) const {
    const auto at = std::ranges::find(headers, name, &Header::name);
    if (at == headers.end()) return std::nullopt;
    return at->value;
}

struct Client::State {
    const Curl* curl;
    CURL* handle;
    Options options;

    State(const Curl* loaded, CURL* opened, Options chosen)
        : curl(loaded), handle(opened), options(std::move(chosen)) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { curl->easy_cleanup(handle); }

    template <class Value>
    void set(CURLoption option, Value value) {
        curl->easy_setopt(handle, option, value);
    }

    void prepare(const Request& request, const HeaderList& headers, Incoming& incoming);
    void prepare_body(const Request& request);
    Result<Response> once(const Request& request, Attempt& attempt);
};

void Client::State::prepare(const Request& request, const HeaderList& headers, Incoming& incoming) {
    curl->easy_reset(handle); // keeps the connections
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "https,http"); // check_url has said which hosts may have the latter
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
    if (!options.proxy.empty()) {
        set(CURLOPT_PROXY, options.proxy.c_str());
        set(CURLOPT_NOPROXY, "");
    }
    if (!options.user_agent.empty()) set(CURLOPT_USERAGENT, options.user_agent.c_str());
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
    set(CURLOPT_HTTPHEADER, headers.get());
    set(CURLOPT_ACCEPT_ENCODING, "");
    set(CURLOPT_WRITEFUNCTION, take_body);
    set(CURLOPT_WRITEDATA, &incoming);
    set(CURLOPT_HEADERFUNCTION, take_header);
    set(CURLOPT_HEADERDATA, &incoming);
    prepare_body(request);
}

void Client::State::prepare_body(const Request& request) {
    const bool carries = request.method == "POST" || request.method == "PUT" ||
                         request.method == "PATCH" || !request.body.empty();
    if (carries) {
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        set(CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.data());
    }
    // libcurl repeats a request by itself where a kept connection turns out to be dead, a POST too,
    // which the server may have taken already. Over a connection of its own it doesn't.
    if (request.method == "POST" || request.method == "PATCH") set(CURLOPT_FRESH_CONNECT, 1L);
    if (request.method == "HEAD") set(CURLOPT_NOBODY, 1L);
    if (request.method != "GET" || carries) set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

Result<Response> Client::State::once(const Request& request, Attempt& attempt) {
    HeaderList headers(*curl);
    for (const Header& header : request.headers) {
        std::string line = header.name + ": " + header.value;
        headers.add(line);
        wipe(line);
    }
    headers.add("Expect:"); // no pause for a 100 Continue
    Incoming incoming{.response = {}, .limit = options.response_limit};
    prepare(request, headers, incoming);
    const CURLcode code = curl->easy_perform(handle);
    long status = 0;
    long sent = 0;
    curl->easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    curl->easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &sent);
    attempt = {.status = code == CURLE_OK ? static_cast<int>(status) : 0,
               .sent = sent > 0,
               .broken = is_connection_failure(code),
               .retry_after = {}};
    if (incoming.too_large)
        return fail(ErrorKind::incomplete,
                    "the answer is larger than " + std::to_string(options.response_limit) +
                        " bytes",
                    origin(request.url));
    if (code != CURLE_OK)
        return std::unexpected(failure(code, origin(request.url), *curl, !options.ca_file.empty()));
    incoming.response.status = static_cast<int>(status);
    return std::move(incoming.response);
}

Client::Client(std::unique_ptr<State> state) : state_(std::move(state)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<Client> Client::open(Options options) {
    if (!options.ca_file.empty() && !os::exists(options.ca_file))
        return fail(ErrorKind::not_found, "there is no such CA file", options.ca_file);
    if (!options.sleep)
        options.sleep = [](std::chrono::milliseconds wait) { std::this_thread::sleep_for(wait); };
    if (!options.proxy.empty()) STANCH_CHECK(check_proxy(options.proxy));
    STANCH_TRY(const Curl* curl, Curl::get());
    CURL* handle = curl->easy_init();
    if (handle == nullptr) return fail(ErrorKind::unavailable, "libcurl cannot be started");
    return Client(std::make_unique<State>(curl, handle, std::move(options)));
}

Result<Response> Client::send(const Request& request) {
    if (state_->options.proxy.empty() || !request.url.starts_with("http://"))
        STANCH_CHECK(check_url(request.url));
    for (int next = 2;; ++next) {
        Attempt attempt;
        auto response = state_->once(request, attempt);
        if (response) attempt.retry_after = response->header("retry-after");
        const auto wait = pause_before(next, request, attempt, state_->options);
        if (!wait) return response;
        state_->options.sleep(*wait);
    }
}

} // namespace stanch::net
