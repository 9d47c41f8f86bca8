/* The console: the page at /console/ with which people work. Its files are built from console/ and
 * read once, at the start. */
#ifndef TRACTION_CONSOLE_H
#define TRACTION_CONSOLE_H

#include "own_handlers.h"

struct console;

/* Where people sign in. Absent texts: by a token only. */
struct console_provider {
    struct str authority; /* OpenID Connect issuer, an http(s) address */
    struct str client_id;
    struct str scope;
};

/* Whether the authority is an http or https address that a policy may name. */
bool console_authority_usable(struct str authority);

/* `folder` holds the built files; NULL or a folder without them: the page says how to build them.
 */
struct console *console_new(const char *folder, const struct console_provider *provider);
void console_destroy(struct console **console); /* after the last answer was sent */
bool console_installed(const struct console *console);
/* Redirects a call of the start to the console. */
void console_lead(struct call *call);

/* Of /console, /console/{file} and /console/assets/{file}; their module is a struct console. */
extern const struct own_handler console_handlers[];

#endif
