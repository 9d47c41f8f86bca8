/* Rows that are sorted by an id, which is their first member. */
#ifndef TRACTION_ID_ROWS_H
#define TRACTION_ID_ROWS_H

#include "model.h"

/* The index of the first row, of `size` bytes each, whose id is not before `id`. */
size_t id_rows_begin(const struct list *rows, size_t size, struct uuid id);
/* The row of that id; NULL: there is none. */
void *id_row(const struct list *rows, size_t size, struct uuid id);

#endif
