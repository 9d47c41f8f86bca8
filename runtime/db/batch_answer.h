/* Batches on their way back. */
#ifndef TRACTION_BATCH_ANSWER_H
#define TRACTION_BATCH_ANSWER_H

#include "pg_connection.h"

void batch_answer(struct db_connection *connection, const struct expected_answer *answer,
                  PGresult *result);
/* An error instead of a Sync: the transaction could not be committed. */
void batch_error(struct db_connection *connection, const struct expected_answer *answer,
                 const PGresult *result);
/* Everything the connection owed will never come. */
void batches_lost(struct db_connection *connection);

#endif
