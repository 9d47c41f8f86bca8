/* What the migrations make of texts: that the database folds and cleans as Unicode says and as the
 * program does, and what becomes of rows that an older version has stored. The migrations are read
 * from the tree; the owner is no superuser. */
#include <glob.h>
#include <utf8proc.h>

#include "db_rig.h"
#include "migrate.h"
#include "text.h"

#define OWNER "text_owner"

enum { MIGRATIONS_MAX = 40, LAST_CHARACTER = 0x1FFFF };

static struct arena *arena;

static const char *read_file(const char *path)
{
    struct buffer text = buffer_in(arena, 8192);
    char part[4096];
    size_t size;
    FILE *file = fopen(path, "r");

    ck_assert_msg(file != NULL, "%s", path);
    while ((size = fread(part, 1, sizeof part, file)) > 0)
        buffer_append(&text, part, size);
    fclose(file);
    buffer_append(&text, "", 1);
    return text.data;
}

static size_t add_folder(struct migration *migrations, size_t count, const char *folder,
                         const char *prefix, bool all)
{
    glob_t found;

    ck_assert_int_eq(
        glob(arena_printf(arena, "%s/%s/*.sql", SOURCE_DIR, folder).data, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *base = strrchr(found.gl_pathv[i], '/') + 1;
        if (!all && strcmp(base, "0010") > 0)
            continue;
        ck_assert_uint_lt(count, MIGRATIONS_MAX - 1);
        struct str name = arena_printf(arena, "%s%.*s", prefix, (int)strcspn(base, "."), base);
        migrations[count++] = (struct migration){name.data, read_file(found.gl_pathv[i])};
    }
    globfree(&found);
    return count;
}

/* As the version before texts were clean, or as now. */
static void migrate_schema(const char *schema, bool all)
{
    struct migration migrations[MIGRATIONS_MAX] = {{NULL, NULL}};
    const char *folder = arena_printf(arena, "svc-%s/migrations", schema).data;
    size_t count = add_folder(migrations, 0, "runtime/service/migrations", "runtime/", all);

    add_folder(migrations, count, folder, "", all);
    ck_assert(migrate(postgres_url_as(rig_url, OWNER), schema, migrations));
}

static void open_rig(void)
{
    arena = arena_new();
    rig_open("DO $$ BEGIN CREATE ROLE " OWNER " LOGIN CREATEROLE;"
             " EXCEPTION WHEN duplicate_object THEN END $$");
    outside("CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gin");
    outside("DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO " OWNER "',"
            " current_database()); END $$");
}

static void close_rig(void)
{
    fiber_shutdown();
    loop_destroy(&rig_loop);
    PQfinish(rig_outside);
    arena_destroy(&arena);
}

/* --- The functions --- */

/* A longer answer than outside() keeps. */
static struct str answer(struct str sql)
{
    PGresult *result = PQexec(rig_outside, sql.data);

    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK, "%s", PQresultErrorMessage(result));
    struct str value = arena_copy(arena, str_of(PQgetvalue(result, 0, 0)));
    PQclear(result);
    return value;
}

/* Form C of the full case folding; of the character as UTF-8 with `fold` 0. */
static struct str written(utf8proc_int32_t character, utf8proc_option_t fold)
{
    utf8proc_uint8_t bytes[4], *mapped = NULL;
    utf8proc_ssize_t size = utf8proc_encode_char(character, bytes);

    if (fold == 0)
        return arena_copy(arena, (struct str){(const char *)bytes, (size_t)size});
    size = utf8proc_map(bytes, size, &mapped, UTF8PROC_STABLE | UTF8PROC_COMPOSE | fold);
    ck_assert_int_ge(size, 0);
    struct str text = arena_copy(arena, (struct str){(const char *)mapped, (size_t)size});
    free(mapped);
    return text;
}

static bool is_character(utf8proc_int32_t c)
{
    return (c < 0xD800 || c > 0xDFFF) && (c < 0xFDD0 || c > 0xFDEF) && (c & 0xFFFE) != 0xFFFE;
}

/* Every character has the key of its folding, whether composed or not. */
START_TEST(folds_as_unicode_says)
{
    open_rig();
    migrate_schema("realtime", true);
    struct buffer sql = buffer_in(arena, 1 << 18);
    /* An ICU older than Unicode 15 leaves the characters as they are that it does not know. */
    struct str head = STR("WITH icu AS (SELECT split_part(collversion, '.', 2)::int >= 120 AS"
                          " knows_all FROM pg_collation WHERE collname = 'und-x-icu')"
                          " SELECT coalesce(string_agg(sent, ' '), 'none') FROM icu, (VALUES"
                          " ('a', 'A')"),
               tail =
                   STR(") AS pairs (sent, folded) WHERE (realtime.text_key(sent) <>"
                       " realtime.text_key(folded) OR realtime.text_key(normalize(sent, NFD))"
                       " <> realtime.text_key(folded)) AND (knows_all OR lower(sent COLLATE"
                       " \"und-x-icu\") <> sent OR upper(sent COLLATE \"und-x-icu\") <> sent)\0");
    size_t folded = 0;

    buffer_append(&sql, head.data, head.size);
    for (utf8proc_int32_t c = 0x80; c <= LAST_CHARACTER; c++) {
        if (!is_character(c))
            continue;
        struct str plain = written(c, 0), fold = written(c, UTF8PROC_CASEFOLD);
        if (str_equal(plain, fold))
            continue;
        struct str pair =
            arena_printf(arena, ",('" STR_FMT "','" STR_FMT "')", STR_ARG(plain), STR_ARG(fold));
        buffer_append(&sql, pair.data, pair.size);
        folded++;
    }
    ck_assert_uint_gt(folded, 1400);
    buffer_append(&sql, tail.data, tail.size);
    ck_assert_str_eq(answer(buffer_str(&sql)).data, "none");
    close_rig();
}
END_TEST

/* No two characters have one key whose foldings differ. */
START_TEST(folds_no_more_than_unicode_says)
{
    size_t groups = 0;

    open_rig();
    migrate_schema("realtime", true);
    struct str rest =
        answer(STR("SELECT string_agg(chars, '|') FROM (SELECT string_agg(c::text, ',') AS chars"
                   " FROM generate_series(1, 131071) AS c WHERE c NOT BETWEEN 55296 AND 57343"
                   " GROUP BY realtime.text_key(chr(c)) HAVING count(*) > 1) AS same"));
    while (rest.data) {
        struct str group = str_cut(&rest, '|'), first = STR_NONE;
        groups++;
        while (group.data) {
            int64_t c;
            ck_assert(str_to_int64(str_cut(&group, ','), &c));
            if (!is_character((utf8proc_int32_t)c))
                continue;
            struct str fold = written((utf8proc_int32_t)c, UTF8PROC_CASEFOLD);
            if (!first.data)
                first = fold;
            ck_assert_msg(str_equal(first, fold), "U+%04X is " STR_FMT, (unsigned)c,
                          STR_ARG(first));
        }
    }
    ck_assert_uint_gt(groups, 1300);
    close_rig();
}
END_TEST

START_TEST(folds_words)
{
    static const char *const same[][2] = {
        {"Stra\u00DFe", "STRASSE"},
        {"STRA\u1E9EE", "strasse"},
        {"\u00C4rger", "a\u0308RGER"},
        {"\u03A3\u03AF\u03C3\u03C5\u03C6\u03BF\u03C2",
         "\u03C3\u03AF\u03C3\u03C5\u03C6\u03BF\u03C3"},
        {"\uFB03x", "ffiX"},
        {"\u0130", "i\u0307"},
        {"\u01F0", "J\u030C"},
        {"\u0390", "\u03AA\u0301"},
        {"\u03B1\u0345\u0301", "\u1FB4"},
        {"K", "\u212A"},
    };
    static const char *const different[][2] = {
        {"\u0131", "i"}, {"a", "\u00E4"}, {"ss", "s"}, {"\u00B2", "2"}, {"a ", "a"}};

    open_rig();
    migrate_schema("realtime", true);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        ck_assert_msg(!strcmp(outside(arena_printf(arena,
                                                   "SELECT realtime.text_key('%s') ="
                                                   " realtime.text_key('%s')",
                                                   same[i][0], same[i][1])
                                          .data),
                              "t"),
                      "%s %s", same[i][0], same[i][1]);
    for (size_t i = 0; i < sizeof different / sizeof *different; i++)
        ck_assert_str_eq(outside(arena_printf(arena,
                                              "SELECT realtime.text_key('%s') ="
                                              " realtime.text_key('%s')",
                                              different[i][0], different[i][1])
                                     .data),
                         "f");
    close_rig();
}
END_TEST

/* What the database calls clean is what the program stores. */
START_TEST(cleans_as_the_program_does)
{
    struct buffer expected = buffer_in(arena = arena_new(), 1 << 16);

    for (utf8proc_int32_t c = 1; c <= LAST_CHARACTER; c++) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        struct str text = arena_printf(arena, STR_FMT "x" STR_FMT, STR_ARG(written(c, 0)),
                                       STR_ARG(written(c, 0)));
        struct str clean = text_normalized(arena, text_trimmed(text));
        if (str_equal(clean, text))
            continue;
        struct str line = arena_printf(arena, "%d=" STR_FMT ";", (int)c, STR_ARG(clean));
        buffer_append(&expected, line.data, line.size);
    }
    struct str wanted = arena_copy(arena, buffer_str(&expected));
    struct arena *kept = arena;
    open_rig();
    migrate_schema("realtime", true);
    struct str got = answer(
        STR("SELECT string_agg(c || '=' || clean || ';', '' ORDER BY c) FROM (SELECT c, chr(c) ||"
            " 'x' || chr(c) AS words, realtime.text_clean(chr(c) || 'x' || chr(c)) AS clean"
            " FROM generate_series(1, 131071) AS c WHERE c NOT BETWEEN 55296 AND 57343) AS all_of"
            " WHERE words <> clean"));
    ck_assert_uint_gt(wanted.size, 5000);
    ck_assert(str_equal(got, wanted));
    close_rig();
    arena_destroy(&kept);
}
END_TEST

/* --- Rows --- */

#define RECORD "1, '2025-01-0%d', '2025-01-09', 'u', 'u'"

static void plant_kpi(const char *tenant, int day, const char *name, const char *deleted)
{
    outside(arena_printf(arena,
                         "INSERT INTO kpis.kpis (tenant_id, id, name, description, unit, direction,"
                         " is_shared, deleted_at, version, created_at, updated_at, created_by,"
                         " updated_by) VALUES ('%s', gen_random_uuid(), %s, E' A\\u0308 ', '',"
                         " 'up', false, %s, " RECORD ")",
                         tenant, name, deleted, day)
                .data);
}

static const char *kpi_names(const char *tenant)
{
    return outside(
        arena_printf(arena,
                     "SELECT string_agg(name || ' v' || version, ',' ORDER BY created_at)"
                     " FROM kpis.kpis WHERE tenant_id = '%s' AND deleted_at IS NULL",
                     tenant)
            .data);
}

/* As the service's role, in its own transaction. */
static const char *as_service(const char *schema, const char *sql)
{
    outside(arena_printf(arena,
                         "BEGIN; SET LOCAL ROLE svc_%s; SET LOCAL search_path = %s;"
                         " SET LOCAL app.tenant = 'a'",
                         schema, schema)
                .data);
    struct str value = arena_copy(arena, str_of(outside(sql)));
    outside("COMMIT");
    return value.data;
}

START_TEST(kpis_become_clean_and_unique)
{
    open_rig();
    migrate_schema("kpis", false);
    plant_kpi("a", 1, "'MRR'", "NULL");
    plant_kpi("a", 2, "'MRR '", "NULL");
    plant_kpi("a", 3, "E'\\u3000mrr'", "NULL");
    plant_kpi("a", 4, "'MRR (2)'", "NULL");
    plant_kpi("a", 5, "' MRR'", "now()");
    plant_kpi("a", 6, "E'Stra\\u00DFe'", "NULL");
    plant_kpi("a", 7, "repeat(' ', 3) || 'STRASSE'", "NULL");
    plant_kpi("b", 1, "'MRR '", "NULL");
    plant_kpi("b", 2, "repeat('x', 199) || E'\\u00C4'", "NULL");
    plant_kpi("b", 3, "repeat('x', 199) || E'A\\u0308'", "NULL");
    migrate_schema("kpis", true);
    ck_assert_str_eq(kpi_names("a"), "MRR v2,MRR (3) v3,mrr (4) v3,MRR (2) v2,Stra\u00DFe v2,"
                                     "STRASSE (2) v3");
    ck_assert_str_eq(outside("SELECT string_agg(name, ',' ORDER BY created_at) ="
                             " 'MRR,' || repeat('x', 199) || E'\\u00C4,' || repeat('x', 196) ||"
                             " ' (2)' FROM kpis.kpis WHERE tenant_id = 'b'"),
                     "t");
    ck_assert_str_eq(outside("SELECT DISTINCT description FROM kpis.kpis"), "\u00C4");
    ck_assert_str_eq(as_service("kpis", "SELECT count(*) FROM kpis_found('strasse')"), "2");
    /* The older version, which may still run, writes what is not clean. */
    outside("CREATE FUNCTION refused(statement text) RETURNS text LANGUAGE plpgsql AS $$"
            " DECLARE name text; BEGIN EXECUTE statement; RETURN 'nothing'; EXCEPTION WHEN OTHERS"
            " THEN GET STACKED DIAGNOSTICS name = CONSTRAINT_NAME; RETURN name; END $$");
    ck_assert_str_eq(outside("SELECT refused($$INSERT INTO kpis.kpis (tenant_id, id, name,"
                             " direction, is_shared, version, created_at, updated_at, created_by,"
                             " updated_by) VALUES ('a', gen_random_uuid(), E'MRR\\u00A0', 'up',"
                             " false, 1, now(), now(), 'u', 'u')$$)"),
                     "kpis_name");
    close_rig();
}
END_TEST

START_TEST(system_names_win)
{
    open_rig();
    migrate_schema("operations", false);
    static const char *const names[] = {"'Open '", "E'General\\u200B'", "' Waiting'", "'WAITING'",
                                        "'Won''t Fix '"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        outside(arena_printf(arena,
                             "INSERT INTO operations.issue_statuses (tenant_id, id, name, category,"
                             " order_index, is_active, version, created_at, updated_at, created_by,"
                             " updated_by) VALUES ('a', gen_random_uuid(), %s, 'open', 1, %s,"
                             " " RECORD ")",
                             names[i], i == 2 ? "false" : "true", (int)i + 1)
                    .data);
    outside(arena_printf(arena,
                         "INSERT INTO operations.issue_types (tenant_id, id, name, order_index,"
                         " is_active, version, created_at, updated_at, created_by, updated_by)"
                         " VALUES ('a', gen_random_uuid(), E'General\\u200B', 1, true, " RECORD ")",
                         1)
                .data);
    outside(
        arena_printf(arena,
                     "INSERT INTO operations.issues (tenant_id, id, title, description,"
                     " type_config_id, status_config_id, reporter_id, tags, version, created_at,"
                     " updated_at, created_by, updated_by) VALUES ('a', gen_random_uuid(),"
                     " E' Stra\\u00DFe\\t', NULL, gen_random_uuid(), gen_random_uuid(), 'u',"
                     " ARRAY[E'a\\u0308 ', ' ', 'b'], " RECORD ")",
                     1)
            .data);
    migrate_schema("operations", true);
    ck_assert_str_eq(outside("SELECT string_agg(name, ',' ORDER BY created_at)"
                             " FROM operations.issue_statuses"),
                     "Open (2),General,Waiting,WAITING (2),Won't Fix (2)");
    ck_assert_str_eq(outside("SELECT name FROM operations.issue_types"), "General (2)");
    ck_assert_str_eq(outside("SELECT title || array_to_string(tags, '|') || version"
                             " FROM operations.issues"),
                     "Stra\u00DFe\u00E4|b2");
    ck_assert_str_eq(as_service("operations", "SELECT count(*) FROM issues_found('STRASSE')"), "1");
    close_rig();
}
END_TEST

START_TEST(goals_become_clean)
{
    open_rig();
    migrate_schema("goals", false);
    outside(
        arena_printf(arena,
                     "INSERT INTO goals.goals (tenant_id, id, title, intent, owner_id, horizon,"
                     " status, value_tags, metadata, version, created_at, updated_at,"
                     " created_by, updated_by) SELECT 'a', gen_random_uuid(), title, NULL, ' o ',"
                     " 'year', 'draft', tags, '\\x80', " RECORD
                     " FROM (VALUES (E' Stra\\u00DFe', '{}'::text[]), ('clean', '{b}'),"
                     " ('shows', '{}'), ('tags', ARRAY[' t'])) AS g (title, tags)",
                     1)
            .data);
    outside(arena_printf(arena,
                         "INSERT INTO goals.strategies (tenant_id, id, goal_id, description,"
                         " status, order_index, version, created_at, updated_at, created_by,"
                         " updated_by) SELECT 'a', gen_random_uuid(), id, E'e\\u0301 ', 'draft', 1,"
                         " " RECORD " FROM goals.goals WHERE title = 'shows'",
                         1)
                .data);
    outside("INSERT INTO goals.activity (tenant_id, id, goal_id, type, text, title, metadata,"
            " attachments, user_id, created_at) SELECT 'a', gen_random_uuid(), id, 'note', ' n ',"
            " NULL, '\\x80', 0, 'u', now() FROM goals.goals WHERE title = 'clean'");
    migrate_schema("goals", true);
    ck_assert_str_eq(
        outside("SELECT string_agg(title || array_to_string(value_tags, '|') || ' v' ||"
                " version || owner_id, ',' ORDER BY title) FROM goals.goals"),
        "Stra\u00DFe v2 o ,cleanb v1 o ,shows v2 o ,tagst v2 o ");
    ck_assert_str_eq(outside("SELECT description || version FROM goals.strategies"), "\u00E92");
    ck_assert_str_eq(outside("SELECT text FROM goals.activity"), "n");
    ck_assert_str_eq(as_service("goals", "SELECT count(*) FROM goals_found('strasse')"), "1");
    close_rig();
}
END_TEST

START_TEST(projections_become_clean)
{
    open_rig();
    migrate_schema("analytics", false);
    outside("INSERT INTO analytics.kpis (tenant_id, generation, id, name, direction, is_shared,"
            " created_at, version) SELECT 'a', generation, gen_random_uuid(), name, 'up', false,"
            " at::timestamptz, 1 FROM (VALUES ('MRR ', '2025-01-02'), ('MRR', '2025-01-01')) AS k"
            " (name, at), generate_series(1, 2) AS generation");
    outside("INSERT INTO analytics.actions (tenant_id, generation, id, title, status, goal_ids,"
            " version) VALUES ('a', 1, gen_random_uuid(), E'A\\u0308 ', 'blocked', '{}', 1)");
    migrate_schema("analytics", true);
    ck_assert_str_eq(outside("SELECT string_agg(name, ',' ORDER BY generation, created_at)"
                             " FROM analytics.kpis"),
                     "MRR,MRR (2),MRR,MRR (2)");
    ck_assert_str_eq(outside("SELECT title FROM analytics.actions"), "\u00C4");
    close_rig();
}
END_TEST

POSTGRES_SUITE_MAIN("text migrations", folds_as_unicode_says, folds_no_more_than_unicode_says,
                    folds_words, cleans_as_the_program_does, kpis_become_clean_and_unique,
                    system_names_win, goals_become_clean, projections_become_clean)
