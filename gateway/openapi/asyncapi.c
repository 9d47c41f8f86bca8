/* The top level of the document: info, servers, the two channels and who may open them. */
#include "asyncapi.h"

#include <assert.h>

#include "openapi_parts.h"
#include "stream.h"

static const char about[] =
    "What happens to the goals, strategies, KPIs, actions and issues of one organisation, as it"
    " happens. `/openapi.json` describes everything else.\n\n"
    "**Form.** A stream is the answer to a GET: `text/event-stream` (server-sent events). Each"
    " event is `id:` (a cursor), `event:` (its type) and `data:` (one line of JSON, the message's"
    " payload here; `type` in it says the same as `event:`). Comment lines come at least every 15 s"
    " while nothing happens; who has had neither for 30 s may take the connection for lost.\n\n"
    "**Going on.** What follows a cursor is sent, in order and once, when the cursor is sent as the"
    " header field `Last-Event-ID` or as `lastEventId` in the address; of both, the newer one"
    " counts. Without one a stream begins now. `GET /goals/{id}` and `GET /goals/{id}/activity`"
    " answer `X-Last-Event-Id`: a stream from there misses nothing that the page does not show, but"
    " may repeat some of it. Events are kept for 7 days, and 10,000 of a tenant, unless it is"
    " configured otherwise. After a cursor that is not kept any more the stream begins with "
    "`reset`:"
    " load everything anew.\n\n"
    "**Ends.** A stream ends when its token expires, when its goal is deleted, when the client does"
    " not read what is sent, and when the server is restarted. Then it is opened again from its "
    "last"
    " cursor, after the time that `retry:` says (%d ms at first).\n\n"
    "**Versions.** Later versions may send more fields and, to who does not choose, more types."
    " Events that an earlier version has stored may lack fields that are new.";

struct channel_doc {
    const char *name, *operation, *title, *parameter, *doc;
    bool of_goal;
};
static const struct channel_doc channels[] = {
    {"goal", "subscribeToGoalActivity", "A goal's stream", "id of the goal",
     "What happens to one goal.", true},
    {"tenant", "subscribeToTenant", "The tenant's stream", "the tenant of the token",
     "Everything that happens; `types` chooses.", false},
};
enum { CHANNELS = sizeof channels / sizeof *channels };

static const struct operation *operation_of(const struct channel_doc *channel)
{
    const struct operation *operation = operation_find(str_of(channel->operation));

    assert(operation);
    return operation;
}

static void put_info(struct document *document)
{
    openapi_open(document, "info");
    openapi_put(document, "title", "Traction");
    openapi_put(document, "version", TRACTION_VERSION);
    openapi_put(document, "description",
                arena_printf(document->arena, about, STREAM_RETRY_MS).data);
    openapi_close(document);
}

/* --- Servers --- */

static void put_server(struct document *document, const char *name, const char *pathname,
                       const char *description)
{
    openapi_open(document, name);
    openapi_put(document, "host", "{host}");
    openapi_put(document, "protocol", "http");
    openapi_put(document, "pathname", pathname);
    openapi_put(document, "description", description);
    openapi_put_raw(document, "variables",
                    "{\"host\": {\"default\": \"localhost:8002\","
                    " \"description\": \"name and port that this document came from\"}}");
    openapi_close(document);
}

static void put_servers(struct document *document)
{
    struct str base = document->base_path;

    openapi_open(document, "servers");
    put_server(document, "gateway", "/", "this gateway");
    if (base.size > 0)
        put_server(document, "basePath", arena_copy(document->arena, base).data,
                   "the same under its base path");
    openapi_close(document);
}

/* --- Channels --- */

static const char *describe(struct document *document, const struct channel_doc *channel)
{
    const char *list = "";

    if (!channel->of_goal)
        return channel->doc;

    for (size_t i = 0; i < event_type_count; i++)
        if (event_types[i].streams == STREAM_FEED)
            list = arena_printf(document->arena, "%s%s`%s`", list, *list ? ", " : "",
                                event_types[i].type)
                       .data;
    return arena_printf(document->arena,
                        "%s Without `types` it carries what appears in the goal's feed: %s. The"
                        " others come only when they are named.",
                        channel->doc, list)
        .data;
}

/* The one parameter of the path. */
static void put_parameter(struct document *document, const struct channel_doc *channel)
{
    struct str rest = str_of(operation_of(channel)->path), name;

    str_cut(&rest, '{');
    name = str_cut(&rest, '}');
    openapi_open(document, "parameters");
    json_key(document->json, name);
    json_object_begin(document->json);
    openapi_put(document, "description", channel->parameter);
    json_object_end(document->json);
    openapi_close(document);
}

static void put_channels(struct document *document)
{
    openapi_open(document, "channels");
    for (size_t i = 0; i < CHANNELS; i++) {
        openapi_open(document, channels[i].name);
        openapi_put(document, "address", operation_of(&channels[i])->path);
        openapi_put(document, "title", channels[i].title);
        openapi_put(document, "description", describe(document, &channels[i]));
        put_parameter(document, &channels[i]);
        openapi_open(document, "messages");
        asyncapi_channel_messages(document, channels[i].of_goal);
        openapi_close(document);
        openapi_close(document);
    }
    openapi_close(document);
}

/* --- Operations --- */

static void put_query(struct document *document, const struct model *query)
{
    openapi_open(document, "query");
    openapi_put(document, "type", "object");
    openapi_open(document, "properties");
    for (size_t i = 0; i < query->count; i++) {
        if (!openapi_shows(&query->fields[i], USE_QUERY))
            continue;
        openapi_open(document, query->fields[i].name);
        openapi_field_form(document, &query->fields[i], USE_QUERY);
        openapi_put(document, "description", openapi_doc(document, &query->fields[i], USE_QUERY));
        openapi_close(document);
    }
    openapi_close(document);
    openapi_close(document);
}

static void put_operation(struct document *document, const struct channel_doc *channel)
{
    const struct operation *operation = operation_of(channel);

    openapi_open(document, operation->name);
    openapi_put(document, "action", "send");
    openapi_put_raw(
        document, "channel",
        arena_printf(document->arena, "{\"$ref\": \"#/channels/%s\"}", channel->name).data);
    openapi_put(document, "title", operation->summary);
    json_key(document->json, STR("security"));
    json_array_begin(document->json);
    openapi_ref(document, "securitySchemes", "bearer");
    openapi_ref(document, "securitySchemes", "streamToken");
    json_array_end(document->json);
    openapi_open(document, "bindings");
    openapi_open(document, "http");
    openapi_put(document, "method", "GET");
    put_query(document, operation->query);
    openapi_put(document, "bindingVersion", "0.3.0");
    openapi_close(document);
    openapi_close(document);
    json_key(document->json, STR("messages"));
    json_array_begin(document->json);
    asyncapi_operation_messages(document, channel->name, channel->of_goal);
    json_array_end(document->json);
    /* By HTTP status: answered as JSON, instead of the stream. */
    openapi_open(document, "x-refusals");
    openapi_refusals(document, operation);
    openapi_close(document);
    openapi_close(document);
}

/* --- Components --- */

static void put_components(struct document *document)
{
    openapi_open(document, "components");
    openapi_open(document, "messages");
    asyncapi_messages(document);
    openapi_close(document);
    openapi_security_schemes(document, "httpApiKey");
    openapi_open(document, "schemas");
    asyncapi_schemas(document);
    openapi_schemas(document); /* after them, which find out what is referred to */
    json_key(document->json, STR("Failure"));
    openapi_fault_schema(document);
    openapi_close(document);
    openapi_close(document);
}

struct str asyncapi_text(struct arena *arena, struct json *json, struct str base_path)
{
    struct document document = {.json = json, .arena = arena, .base_path = base_path};
    struct buffer out = buffer_in(arena, (size_t)256 * 1024);

    json_start(json, &out);
    json_object_begin(json);
    openapi_put(&document, "asyncapi", "3.0.0");
    put_info(&document);
    openapi_put(&document, "defaultContentType", "application/json");
    put_servers(&document);
    put_channels(&document);
    openapi_open(&document, "operations");
    for (size_t i = 0; i < CHANNELS; i++)
        put_operation(&document, &channels[i]);
    openapi_close(&document);
    put_components(&document);
    json_object_end(json);
    return buffer_str(&out);
}
