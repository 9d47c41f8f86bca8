/* Rows of the history, for pages and files. */
#ifndef TRACTION_HISTORY_ROWS_H
#define TRACTION_HISTORY_ROWS_H

#include "bounded_rows.h"
#include "history.h"

/* For the page that `query`, a struct history_query, asks for, the newest first. Each row tells how
 * many there are, up to SEARCH_TOTAL_MAX + 1. */
struct bounded_rows history_rows(struct bound query);
/* The entityType of what was read. */
void history_name_entities(struct list *entries);

#endif
