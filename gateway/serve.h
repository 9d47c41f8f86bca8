/* Serves calls: what the HTTP listener calls back (http.h). */
#ifndef TRACTION_SERVE_H
#define TRACTION_SERVE_H

#include "http.h"

bool serve_head(void *gateway, struct exchange *exchange);
void serve_arrived(void *gateway, struct exchange *exchange);
void serve_ended(void *gateway, struct exchange *exchange);
void serve_cancelled(void *gateway, struct exchange *exchange);

#endif
