/* The documentation: the start page with links to it, the OpenAPI and AsyncAPI documents, the page
 * that shows the first,
 * and the files of that page. */
#ifndef TRACTION_DOCS_H
#define TRACTION_DOCS_H

#include "console.h"
#include "own_handlers.h"

struct docs;

/* Makes all documents. `folder` holds the files of swagger-ui-dist; NULL or a folder without them:
 * the page says how to add them. Files are read once, by this call. The start leads browsers to
 * `console` when it is installed; it must live as long. */
struct docs *docs_new(const char *folder, struct str base_path, const struct console *console);
void docs_destroy(struct docs **docs); /* after the last answer was sent */

/* Of /, /openapi.json, /asyncapi.json, /docs and /docs/{file}; their module is a struct docs. */
extern const struct own_handler docs_handlers[];

#endif
