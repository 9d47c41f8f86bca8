/* The catalogue is the product's: its entries are rows that nobody changes. A KPI keeps the id of
 * its entry and is the tenant's own from then on. */
#include "catalog.h"

#include "kpi_insert.h"
#include "lookup.h"
#include "queries.h"

#define TEXT(member_) FIELD(kpi, member_, #member_, .flags = FIELD_INTERNAL)
#define WORD(member_, names_) \
    FIELD(kpi, member_, #member_, .flags = FIELD_INTERNAL, .enum_names = &(names_))

static const struct field catalog_entry_fields[] = {
    TEXT(catalog_id),
    TEXT(name),
    TEXT(description),
    TEXT(category),
    TEXT(unit),
    TEXT(formula),
    WORD(direction, kpi_direction_names),
    WORD(type, kpi_type_names),
    WORD(value_type, value_type_names),
    WORD(aggregation_type, aggregation_type_names),
    WORD(aggregation_period, aggregation_period_names),
};
const struct model catalog_entry_model = MODEL("CatalogEntry", kpi, catalog_entry_fields);

static struct bound entry_row(struct kpi *entry)
{
    model_clear(AS(kpi, entry));
    return (struct bound){&catalog_entry_model, entry};
}

static void take_text(struct str *text, struct str otherwise)
{
    if (!text->data)
        *text = otherwise;
}

static void fill(struct kpi *kpi, const struct kpi *entry)
{
    kpi->catalog_id = entry->catalog_id;
    take_text(&kpi->name, entry->name);
    take_text(&kpi->description, entry->description);
    take_text(&kpi->category, entry->category);
    take_text(&kpi->unit, entry->unit);
    take_text(&kpi->formula, entry->formula);
    if (!kpi->direction)
        kpi->direction = entry->direction;
    if (!kpi->type)
        kpi->type = entry->type;
    if (!kpi->value_type)
        kpi->value_type = entry->value_type;
    if (!kpi->aggregation_type)
        kpi->aggregation_type = entry->aggregation_type;
    if (!kpi->aggregation_period)
        kpi->aggregation_period = entry->aggregation_period;
}

static void unknown(struct op *op)
{
    op_invalid(op, "catalogId", "is not an entry of the catalogue");
}

bool catalog_complete(struct op *op, struct kpi *kpi)
{
    struct row_id key;
    struct kpi entry;
    bool found = false;

    if (kpi->catalog_id.data) {
        if (uuid_parse(kpi->catalog_id, &key.id) &&
            !sql_read_unlocked(op, CATALOG_ENTRY, AS(row_id, &key), entry_row(&entry), &found))
            return false;
        if (found)
            fill(kpi, &entry);
        else
            unknown(op);
    }
    if (!kpi->name.data)
        op_invalid(op, "name", "is required");
    if (!kpi->direction)
        op_invalid(op, "direction", "is required");
    return true;
}

bool catalog_check(struct op *op, const struct kpi *before, struct kpi *kpi)
{
    struct row_id key;
    struct kpi entry;
    bool found = false;

    if (!kpi->catalog_id.data || str_equal(before->catalog_id, kpi->catalog_id))
        return true;
    if (uuid_parse(kpi->catalog_id, &key.id) &&
        !sql_find(op, CATALOG_ENTRY, AS(row_id, &key), entry_row(&entry), &found))
        return false;
    if (found)
        kpi->catalog_id = entry.catalog_id;
    else
        unknown(op);
    return true;
}

bool catalog_take(struct op *op, struct uuid entry, struct uuid *kpi)
{
    struct row_id key = {entry}, row;
    struct kpi made, of;
    bool there = false, known = false;

    sql_queue_row(op, CATALOG_ENTRY, AS(row_id, &key), entry_row(&of), &known);
    sql_queue_row(op, KPI_OF_ENTRY, AS(row_id, &key), AS(row_id, &row), &there);
    if (!sql_wait(op) || !known)
        return false;
    if (!there) {
        if (!op_limit(op, LIMIT_KPIS, KPIS_COUNT, NOTHING))
            return false;
        model_clear(AS(kpi, &made));
        fill(&made, &of);
        kpi_insert(op, &made);
        row.id = made.id;
    }
    *kpi = row.id;
    return true;
}
