/* Whether a statement keeps what queries.sql says of it: that its rows fill a struct, that it
 * stores a struct, that it knows the fields a list may be sorted by. A column that is forgotten
 * would read as null, and a change would write that null back, so it is looked for when a program
 * starts. */
#ifndef TRACTION_STATEMENT_CHECK_H
#define TRACTION_STATEMENT_CHECK_H

#include <stdbool.h>

#include "statement.h"

/* The statement was described. False after a log line for each mistake: statement, struct, column.
 */
bool statement_check(struct statement *statement);

#endif
