// Swift cannot call functions that take "...". These are the options of curl_easy_setopt that the mailer sets.
#ifndef BELLWETHER_CCURL_SHIM_H
#define BELLWETHER_CCURL_SHIM_H

#include <curl/curl.h>

// curl type-checks its variadic calls by macros; here the C types say it.
#undef curl_easy_setopt
#undef curl_easy_getinfo

static inline CURLcode bellwether_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode bellwether_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode bellwether_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode bellwether_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

typedef size_t (*bellwether_reader)(char *buffer, size_t size, size_t count, void *context);

static inline CURLcode bellwether_set_reader(CURL *handle, bellwether_reader reader) {
    return curl_easy_setopt(handle, CURLOPT_READFUNCTION, reader);
}

static inline CURLcode bellwether_set_writer(CURL *handle, bellwether_reader writer) {
    return curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, writer);
}

typedef int (*bellwether_progress)(
    void *context, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up);

static inline CURLcode bellwether_set_progress(CURL *handle, bellwether_progress progress) {
    return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, progress);
}

static inline long bellwether_response_code(CURL *handle) {
    long code = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
    return code;
}

#endif
