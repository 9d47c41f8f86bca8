/* How large an answer may be: TRACTION_MAX_ANSWER. What would be larger is refused before it is
 * built. The gateway measures the JSON itself; here it is msgpack, or the bytes of rows, which are
 * not more than that. */
#include "config.h"
#include "op_state.h"

int64_t op_answer_max(void)
{
    return config_int(CONFIG_MAX_ANSWER);
}

bool op_too_large(struct op *op, const char *field)
{
    return op_invalid(op, field,
                      "would make an answer of more than %lld bytes; ask for fewer at once",
                      (long long)op_answer_max());
}

bool op_page_too_large(struct op *op, size_t fits)
{
    struct op_state *state = op->state;
    struct str name = STR("size");

    if (state->query_model)
        name = model_sent_path(state->query_model, &state->query, name, op->arena);
    field_errors_add(&state->errors, name,
                     "would make an answer of more than %lld bytes; ask for fewer at once, such "
                     "as %zu",
                     (long long)op_answer_max(), fits > 0 ? fits : 1);
    return op_valid(op);
}

bool op_call_too_large(const struct op_call *call)
{
    return call->reached && call->reply.http == status_http(STATUS_VALIDATION_ERROR);
}
