/* Configuration: TRACTION_* environment variables, read once at start through one table
 * (config.def) that all programs share. An unknown TRACTION_* variable or a bad value stops the
 * start with one line that names it, what was wrong and an example. */
#ifndef TRACTION_CONFIG_H
#define TRACTION_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "str.h"

enum config_key {
#define CONFIG(name, ...) CONFIG_##name,
#include "config.def"
#undef CONFIG
    CONFIG_COUNT
};

/* Reads the environment. On a mistake prints the line to standard error and answers false.
 * Values live as long as the process. */
bool config_load(void);

int64_t config_int(enum config_key key);      /* asserts that the key is an INT */
struct str config_text(enum config_key key);  /* TEXT, WORD or SECRET; absent when unset */
const char *config_cstr(enum config_key key); /* NUL-terminated; NULL when unset */

/* The whole table, for `--help-config`: name, type, default, limits, sentence. No secrets. */
void config_print(FILE *out);

#endif
