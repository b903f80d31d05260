// The functions of libcurl that this room calls, loaded on first use. Private to the room.
#pragma once

#include "core/result.h"

#include <curl/curl.h>

namespace stanch::net {

struct Curl {
    decltype(curl_global_init)* global_init;
    CURL* (*easy_init)();
    // curl.h makes a macro of this name; the function itself is variadic.
    CURLcode (*easy_setopt)(CURL*, CURLoption, ...);
    decltype(curl_easy_perform)* easy_perform;
    CURLcode (*easy_getinfo)(CURL*, CURLINFO, ...);
    decltype(curl_easy_reset)* easy_reset;
    decltype(curl_easy_cleanup)* easy_cleanup;
    decltype(curl_easy_strerror)* easy_strerror;
    decltype(curl_slist_append)* slist_append;
    decltype(curl_slist_free_all)* slist_free_all;

    // Loaded and initialized once for the process; thread-safe.
    static Result<const Curl*> get();
};

} // namespace stanch::net
