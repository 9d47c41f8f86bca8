/* Batches on their way back. */
#ifndef TRACTION_WAVE_ANSWER_H
#define TRACTION_WAVE_ANSWER_H

#include "pg_link.h"

void wave_answer(struct link *link, const struct answer *answer, PGresult *result);
/* An error instead of a Sync: the transaction could not be committed. */
void wave_error(struct link *link, const struct answer *answer, const PGresult *result);
/* Everything the link owed will never come. */
void waves_lost(struct link *link);

#endif
