/* libcurl's multi interface: it says which sockets to watch and when to come back. */
#include "fetch.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "memory.h"

enum { CONNECT_MS = 3000 };

struct fetcher {
    struct loop *loop;
    const char *ca_file;
    CURLM *multi;
    CURL *easy; /* NULL: nothing is under way */
    struct loop_timer *timer;
    fetched_fn *done;
    void *argument;
    char *body;
    size_t size;
    bool too_large;
    char why[CURL_ERROR_SIZE];
};

struct watched {
    struct fetcher *fetcher;
    curl_socket_t socket;
    struct loop_fd *fd;
};

/* --- The end of a transfer --- */

/* A directive's number: "max-age=600". */
static int64_t directive(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    char *end;

    if (!at)
        return -1;
    long long seconds = strtoll(at + strlen(name), &end, 10);
    return end == at + strlen(name) || seconds < 0 ? -1 : (int64_t)seconds;
}

static int64_t max_age_of(CURL *easy)
{
    struct curl_header *header;
    char text[256];

    if (curl_easy_header(easy, "Cache-Control", 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return -1;
    snprintf(text, sizeof text, "%s", header->value);
    for (char *at = text; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    if (strstr(text, "no-store") || strstr(text, "no-cache"))
        return 0;
    return directive(text, "max-age=");
}

static void drop(struct fetcher *fetcher)
{
    if (!fetcher->easy)
        return;
    curl_multi_remove_handle(fetcher->multi, fetcher->easy);
    curl_easy_cleanup(fetcher->easy);
    fetcher->easy = NULL;
    free(fetcher->body);
    fetcher->body = NULL;
    fetcher->size = 0;
}

static const char *failure_of(struct fetcher *fetcher, CURLcode code)
{
    long http = 0;

    curl_easy_getinfo(fetcher->easy, CURLINFO_RESPONSE_CODE, &http);
    if (fetcher->too_large || code == CURLE_FILESIZE_EXCEEDED)
        return "the answer is larger than 256 KiB";
    if (code != CURLE_OK)
        return fetcher->why[0] ? fetcher->why : curl_easy_strerror(code);
    if (http == 200)
        return NULL;
    snprintf(fetcher->why, sizeof fetcher->why, "it is answered %ld", http);
    return fetcher->why;
}

static void finish(struct fetcher *fetcher, CURLcode code)
{
    char why[CURL_ERROR_SIZE];
    const char *failure = failure_of(fetcher, code);
    int64_t max_age_s = failure ? -1 : max_age_of(fetcher->easy);
    char *body = fetcher->body;
    struct str text = {body ? body : "", fetcher->size};

    if (failure)
        snprintf(why, sizeof why, "%s", failure);
    fetcher->body = NULL;
    drop(fetcher);
    fetcher->done(fetcher->argument, failure ? why : NULL, text, max_age_s);
    free(body);
}

static void look(struct fetcher *fetcher)
{
    CURLMsg *message;
    int left;

    while (fetcher->easy && (message = curl_multi_info_read(fetcher->multi, &left)) != NULL)
        if (message->msg == CURLMSG_DONE) {
            finish(fetcher, message->data.result);
            return; /* it may be destroyed, or have begun the next */
        }
}

/* --- What libcurl wants of the loop --- */

static void on_socket(void *argument, int events)
{
    struct watched *watched = argument;
    struct fetcher *fetcher = watched->fetcher;
    int running, what = (events & LOOP_READ ? CURL_CSELECT_IN : 0) |
                        (events & LOOP_WRITE ? CURL_CSELECT_OUT : 0);

    curl_multi_socket_action(fetcher->multi, watched->socket, what, &running);
    look(fetcher);
}

static int watch(CURL *easy, curl_socket_t socket, int what, void *argument, void *data)
{
    struct fetcher *fetcher = argument;
    struct watched *watched = data;
    int events = what == CURL_POLL_IN    ? LOOP_READ
                 : what == CURL_POLL_OUT ? LOOP_WRITE
                                         : LOOP_READ | LOOP_WRITE;

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (watched)
            loop_fd_destroy(&watched->fd);
        free(watched);
    } else if (watched) {
        loop_fd_watch(watched->fd, events);
    } else {
        watched = xcalloc(1, sizeof *watched);
        watched->fetcher = fetcher;
        watched->socket = socket;
        watched->fd = loop_fd_new(fetcher->loop, socket, events, on_socket, watched);
        curl_multi_assign(fetcher->multi, socket, watched);
    }
    return 0;
}

static void on_time(void *argument)
{
    struct fetcher *fetcher = argument;
    int running;

    curl_multi_socket_action(fetcher->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    look(fetcher);
}

static int set_timer(CURLM *multi, long delay_ms, void *argument)
{
    struct fetcher *fetcher = argument;

    (void)multi;
    if (delay_ms < 0)
        loop_timer_stop(fetcher->timer);
    else
        loop_timer_set(fetcher->timer, delay_ms, 0);
    return 0;
}

/* --- Transfers --- */

static size_t take(char *bytes, size_t one, size_t count, void *argument)
{
    struct fetcher *fetcher = argument;
    size_t size = one * count;

    fetcher->too_large = size > FETCH_BYTES_MAX - fetcher->size;
    if (fetcher->too_large)
        return 0;
    if (!fetcher->body)
        fetcher->body = xmalloc(FETCH_BYTES_MAX);
    memcpy(fetcher->body + fetcher->size, bytes, size);
    fetcher->size += size;
    return size;
}

void fetch(struct fetcher *fetcher, const char *url, fetched_fn *done, void *argument)
{
    CURL *easy = curl_easy_init();

    if (!easy)
        abort();
    fetcher->easy = easy;
    fetcher->done = done;
    fetcher->argument = argument;
    fetcher->too_large = false;
    fetcher->why[0] = '\0';
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)FETCH_MS);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE, (long)FETCH_BYTES_MAX);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (fetcher->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, fetcher->ca_file);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L); /* it is minutes until the next */
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "traction/" TRACTION_VERSION);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, fetcher->why);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetcher);
    if (curl_multi_add_handle(fetcher->multi, easy) != CURLM_OK)
        abort();
}

struct fetcher *fetcher_new(struct loop *loop, const char *ca_file)
{
    struct fetcher *fetcher = xcalloc(1, sizeof *fetcher);

    fetcher->loop = loop;
    fetcher->ca_file = ca_file;
    fetcher->timer = loop_timer_new(loop, 0, 0, on_time, fetcher);
    fetcher->multi = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_multi_init() : NULL;
    if (!fetcher->multi)
        abort();
    curl_multi_setopt(fetcher->multi, CURLMOPT_SOCKETFUNCTION, watch);
    curl_multi_setopt(fetcher->multi, CURLMOPT_SOCKETDATA, fetcher);
    curl_multi_setopt(fetcher->multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(fetcher->multi, CURLMOPT_TIMERDATA, fetcher);
    return fetcher;
}

void fetcher_destroy(struct fetcher **fetcher)
{
    if (!*fetcher)
        return;
    drop(*fetcher);
    curl_multi_cleanup((*fetcher)->multi);
    curl_global_cleanup();
    loop_timer_destroy(&(*fetcher)->timer);
    free(*fetcher);
    *fetcher = NULL;
}

/* --- Addresses --- */

static bool copy_part(CURLU *parsed, CURLUPart part, char *text, size_t size)
{
    char *found = NULL;
    bool fits = curl_url_get(parsed, part, &found, 0) == CURLUE_OK &&
                (size_t)snprintf(text, size, "%s", found) < size;

    curl_free(found);
    for (char *at = text; fits && *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return fits;
}

bool fetch_host(const char *url, char *host, size_t size, bool *is_plain)
{
    CURLU *parsed = curl_url();
    char scheme[16], *user = NULL;
    bool is = parsed && curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK &&
              copy_part(parsed, CURLUPART_SCHEME, scheme, sizeof scheme) &&
              copy_part(parsed, CURLUPART_HOST, host, size) &&
              curl_url_get(parsed, CURLUPART_USER, &user, 0) == CURLUE_NO_USER;

    curl_free(user);
    curl_url_cleanup(parsed);
    if (!is)
        return false;
    *is_plain = strcmp(scheme, "http") == 0;
    return *is_plain || strcmp(scheme, "https") == 0;
}
