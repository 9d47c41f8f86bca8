/* What the files of the OpenAPI document share: the document being written. Nobody else includes
 * this. Each function writes one JSON value, unless it says that it writes members of an object. */
#ifndef TRACTION_OPENAPI_PARTS_H
#define TRACTION_OPENAPI_PARTS_H

#include <stdbool.h>

#include "arena.h"
#include "json.h"
#include "model.h"
#include "operation.h"
#include "status.h"
#include "str.h"

/* The same field table means something else in each direction. */
enum use {
    USE_ANSWER, /* every field is there */
    USE_CREATE, /* writable fields; those that are required must be there */
    USE_PATCH,  /* writable fields, all of them optional */
    USE_QUERY,  /* parameters */
};

/* A table in one direction: one entry of components.schemas. */
struct schema {
    const struct model *model;
    enum use use;
    const char *name;
    struct schema *next;
};

/* The codes that an operation may answer with one HTTP status: one entry of components.responses.
 */
struct fault_group {
    int http;
    const char *name;
    struct str codes; /* separated by spaces */
    struct fault_group *next;
};

struct document {
    struct json *json;
    struct arena *arena;
    struct str base_path;
    struct schema *schemas;     /* in the order in which they were referred to */
    struct fault_group *faults; /* likewise */
};

/* --- openapi_writer.c --- */

/* {"key": "text"} and so on: one member. */
void openapi_put(struct document *document, const char *key, const char *text);
void openapi_put_int(struct document *document, const char *key, int64_t number);
void openapi_put_bool(struct document *document, const char *key, bool value);
void openapi_put_raw(struct document *document, const char *key, const char *json);
/* "key": { */
void openapi_open(struct document *document, const char *key);
void openapi_close(struct document *document);
/* {"$ref": "#/components/<kind>/<name>"} */
void openapi_ref(struct document *document, const char *kind, const char *name);

/* --- openapi_schema.c --- */

/* Whether the document shows an operation. */
bool openapi_has(const struct operation *operation);

/* Names the schema of an answer, and those inside; before anything refers to one. */
void openapi_collect_model(struct document *document, const struct model *model);
/* Of all answers. */
void openapi_collect(struct document *document);
void openapi_schema_ref(struct document *document, const struct model *model, enum use use);
void openapi_field_schema(struct document *document, const struct field *field, enum use use);
/* Members: such a schema without what people read. */
void openapi_field_form(struct document *document, const struct field *field, enum use use);
/* What is said of a field; of one that is read with its other names and words, too. */
const char *openapi_doc(struct document *document, const struct field *field, enum use use);
/* Whether a field is seen in this direction. */
bool openapi_shows(const struct field *field, enum use use);
/* Whether a body without any field is refused. */
bool openapi_requires(const struct model *model, enum use use);
/* Member "required": the fields that are always there; with "success" if so. */
void openapi_required(struct document *document, const struct model *model, enum use use,
                      bool with_success);
/* Members of a schema: the object that a table describes, with "success" among its fields if so. */
void openapi_object(struct document *document, const struct model *model, enum use use,
                    bool with_success);
/* Members: every schema that was referred to until now, and those that these refer to. */
void openapi_schemas(struct document *document);

/* --- openapi_example.c --- */

void openapi_example(struct document *document, const struct model *model, enum use use);
/* Whether an example shows the field; and its value in it. */
bool openapi_example_has(const struct field *field, enum use use);
void openapi_example_value(struct document *document, const struct model *model,
                           const struct field *field, enum use use);
/* Members: its fields. */
void openapi_example_fields(struct document *document, const struct model *model, enum use use);

/* --- openapi_headers.c --- */

/* Member "securitySchemes"; `query_type` is what the document calls a token in the address. */
void openapi_security_schemes(struct document *document, const char *query_type);

/* Members of components.headers; and of a response's headers: X-Request-Id and those `named`,
 * separated by spaces. */
void openapi_headers(struct document *document);
void openapi_header_refs(struct document *document, const char *named);
/* One reference. */
void openapi_header_ref(struct document *document, struct str name);

/* --- openapi_faults.c --- */

/* Members of an operation's responses: what it answers when it fails. */
void openapi_faults(struct document *document, const struct operation *operation);
/* Members: what each HTTP status says and the schema of its body, without references to responses.
 */
void openapi_refusals(struct document *document, const struct operation *operation);
/* Whether it may answer this code. */
bool openapi_may_fail(const struct operation *operation, enum status status);
/* Members: the responses that were referred to, and the schema of their bodies. */
void openapi_fault_responses(struct document *document);
void openapi_fault_schema(struct document *document);

/* --- asyncapi_messages.c --- */

/* Members of components.schemas and components.messages: every event that clients get. */
void asyncapi_schemas(struct document *document);
void asyncapi_messages(struct document *document);
/* Members: references to those that a channel has, as the channel's own; or to the channel's. */
void asyncapi_channel_messages(struct document *document, bool of_goal);
void asyncapi_operation_messages(struct document *document, const char *channel, bool of_goal);

/* --- openapi_answer.c, openapi_own.c --- */

/* Members of an operation's responses: what it answers when it succeeds; and the schemas that all
 * of them share. */
void openapi_success(struct document *document, const struct operation *operation);
void openapi_answer_schemas(struct document *document);
/* Whether it may answer 304. */
bool openapi_may_be_unchanged(const struct operation *operation);
/* The same of what the gateway answers by itself, but for 304. */
void openapi_own_success(struct document *document, const struct operation *operation);
void openapi_own_schemas(struct document *document);

/* --- openapi_operation.c --- */

void openapi_operation(struct document *document, const struct operation *operation);
/* Members of components.parameters. */
void openapi_parameters(struct document *document);

#endif
