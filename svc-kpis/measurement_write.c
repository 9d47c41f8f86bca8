/* Recording measurements. */
#include "kpi_handlers.h"
#include "lookup.h"
#include "queries.h"
#include "recording.h"

/* A word of reading_source, or another one for integrations; else it is what the source is called.
 */
static void take_source(struct measurement *measurement, const struct measurement_input *input)
{
    static const char *const automatic[] = {"automated", "system", "import"};

    measurement->source_name = input->source_name;
    measurement->source = enum_value(&reading_source_names, input->source);
    for (size_t i = 0; i < sizeof automatic / sizeof *automatic; i++)
        if (enum_name_matches(input->source, automatic[i]))
            measurement->source = READING_INTEGRATION;
    if (measurement->source)
        return;
    measurement->source = READING_MANUAL;
    if (input->source.size > 0)
        measurement->source_name = input->source;
}

static struct measurement measurement_of(struct uuid kpi, const struct measurement_input *input)
{
    struct measurement measurement;

    model_clear(AS(measurement, &measurement));
    measurement.kpi_id = kpi;
    measurement.day = input->day;
    measurement.subtype = input->subtype ? input->subtype : MEASURED;
    measurement.value = input->value;
    measurement.source_id = input->source_id;
    measurement.rationale = input->rationale;
    measurement.period_start = input->period_start;
    take_source(&measurement, input);
    return measurement;
}

static bool read_input(struct op *op, struct measurement_input *input)
{
    if (!op_gather_body(op, AS(measurement_input, input)))
        return false;
    if (!timestamp_is_none(input->day))
        measurement_day_check(op, "measurementDate", input->day);
    if (timestamp_day_before(input->day, input->period_start))
        op_invalid(op, "periodStartDate", "must not be after measurementDate");
    return op_valid(op);
}

/* Below the KPI or the link that the caller named. */
static struct str location_in(struct op *op, struct uuid id)
{
    struct str kpi = plan_location(op), actual = location_of(op, "/actuals/", id);

    return arena_printf(op->arena, STR_FMT STR_FMT, STR_ARG(kpi), STR_ARG(actual));
}

static void reply_recorded(struct op *op, const struct recording *recorded)
{
    struct measurement_recorded answer = {
        .actual = recorded->measurement,
        .variance = {recorded->measurement.expected, recorded->measurement.variance,
                     recorded->measurement.variance_percentage},
        .adjustment = recorded->adjustment,
        .suggestions = recorded->suggestions,
    };

    if (!answer.suggestions.bytes.data)
        answer.suggestions.bytes = STR("\x90"); /* an empty array */
    if (recorded->measurement.version == 1)
        op_created(op, location_in(op, recorded->measurement.id));
    op_reply(op, AS(measurement_recorded, &answer), recorded->measurement.version);
}

/* POST /kpis/{id}/actuals: 201, or 200 when the day had one of that subtype already. */
void kpi_actual_create(struct op *op)
{
    struct measurement_input input;
    struct recording recorded;
    struct uuid kpi;

    if (!read_input(op, &input) || !kpi_of_path(op, &kpi))
        return;
    struct measurement measurement = measurement_of(kpi, &input);
    if (measurement_record(op, &measurement, input.wish, &recorded))
        reply_recorded(op, &recorded);
}

/* PUT /kpis/{id}/value: a measured one of that day. If-Match means the KPI's version. */
void kpi_value_set(struct op *op)
{
    struct kpi_value_input input;
    struct recording recorded;
    struct kpi kpi;
    struct row_id key;
    bool found = false;

    if (!op_path_uuid(op, "id", &key.id) || !op_gather_body(op, AS(kpi_value_input, &input)))
        return;
    if (timestamp_is_none(input.day))
        input.day = timestamp_start_of_day(op->now);
    measurement_day_check(op, "recordedAt", input.day);
    if (!op_valid(op))
        return;
    struct measurement measurement = measurement_of(key.id, &(struct measurement_input){
                                                                .day = input.day,
                                                                .value = input.value,
                                                                .source = STR_NONE,
                                                                .source_name = STR_NONE,
                                                                .source_id = STR_NONE,
                                                                .rationale = input.notes,
                                                                .period_start = TIMESTAMP_NONE,
                                                            });
    if (!measurement_record(op, &measurement, ADJUST_BY_RULE, &recorded) ||
        !op_version_ok(op, recorded.by.kpi.version))
        return;
    sql_queue_row(op, KPI_BY_ID, AS(row_id, &key), AS(kpi, &kpi), &found);
    if (!sql_wait(op))
        return;
    struct kpi_value_set set = {key.id, kpi.current_value, kpi.current_value_date,
                                recorded.measurement.updated_at};
    op_reply(op, AS(kpi_value_set, &set), -1);
}
