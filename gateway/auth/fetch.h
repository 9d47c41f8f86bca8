/* Small documents over HTTP with libcurl, on the loop: one at a time, bounded in size and time. TLS
 * is verified; redirects are not followed and no proxy is used. The only file pair that includes
 * curl. */
#ifndef TRACTION_FETCH_H
#define TRACTION_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop.h"
#include "str.h"

struct fetcher;

enum { FETCH_BYTES_MAX = 256 * 1024, FETCH_MS = 5000 };

/* `ca_file` holds the certificates of the trusted authorities; NULL: the system's. It must outlive
 * the fetcher. */
struct fetcher *fetcher_new(struct loop *loop, const char *ca_file);
/* Ends what is under way, without calling back. */
void fetcher_destroy(struct fetcher **fetcher);

/* `why` is NULL when it was answered 200, else a sentence's part for the log. `body` lives as long
 * as the call. max_age_s is what Cache-Control says; -1: nothing; 0: that it must not be kept. */
typedef void fetched_fn(void *argument, const char *why, struct str body, int64_t max_age_s);
/* Nothing else is under way. Calls back once, in a later turn of the loop. */
void fetch(struct fetcher *fetcher, const char *url, fetched_fn *done, void *argument);

/* The host of an address whose scheme is http or https, in lower case; false when it is no such
 * address, or has a name and password, which would be logged. `is_plain` receives whether it is
 * http. */
bool fetch_host(const char *url, char *host, size_t size, bool *is_plain);

#endif
