#include "net/curl.h"

#include "os/library.h"

namespace stanch::net {
namespace {

#ifdef __APPLE__
constexpr const char* soname = "libcurl.4.dylib";
#else
constexpr const char* soname = "libcurl.so.4";
#endif

Result<Curl> load() {
    STANCH_TRY(const auto library,
               os::SharedLibrary::open(soname, "install libcurl (Debian: libcurl4)"));
    const Curl curl{
        .global_init = library.function<decltype(curl_global_init)>("curl_global_init"),
        .easy_init = library.function<CURL*()>("curl_easy_init"),
        .easy_setopt = library.function<CURLcode(CURL*, CURLoption, ...)>("curl_easy_setopt"),
        .easy_perform = library.function<decltype(curl_easy_perform)>("curl_easy_perform"),
        .easy_getinfo = library.function<CURLcode(CURL*, CURLINFO, ...)>("curl_easy_getinfo"),
        .easy_reset = library.function<decltype(curl_easy_reset)>("curl_easy_reset"),
        .easy_cleanup = library.function<decltype(curl_easy_cleanup)>("curl_easy_cleanup"),
        .easy_strerror = library.function<decltype(curl_easy_strerror)>("curl_easy_strerror"),
        .slist_append = library.function<decltype(curl_slist_append)>("curl_slist_append"),
        .slist_free_all = library.function<decltype(curl_slist_free_all)>("curl_slist_free_all"),
    };
    const bool whole = curl.global_init && curl.easy_init && curl.easy_setopt &&
                       curl.easy_perform && curl.easy_getinfo && curl.easy_reset &&
                       curl.easy_cleanup && curl.easy_strerror && curl.slist_append &&
                       curl.slist_free_all;
    if (!whole || curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return fail(ErrorKind::unavailable, "this libcurl cannot be used", soname);
    return curl;
}

} // namespace

Result<const Curl*> Curl::get() {
    static const Result<Curl> loaded = load();
    if (!loaded) return std::unexpected(loaded.error());
    return &*loaded;
}

} // namespace stanch::net
