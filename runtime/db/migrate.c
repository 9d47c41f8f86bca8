/* Migrations, with blocking libpq calls: run by --migrate as the owner, and checked by every
 * service before it serves. It must not be used while the loop runs. Names reach SQL only through
 * the server's own format(). */
#include "migrate.h"

#include <assert.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"
#include "memory.h"
#include "pg_blocking.h"
#include "pg_fault.h"
#include "pooler.h"

enum {
    CHECKSUM_SIZE = 65,     /* hex of SHA-256, with NUL */
    ATTEMPTS = 8,           /* of a migration that meets the locks of others */
    SECONDS_IN_BETWEEN = 1, /* in which these get on */
};

/* Migrations of all services run one at a time, because roles belong to the whole server. */
#define MIGRATION_LOCK "SELECT pg_advisory_lock(7250148129)"

/* `traction up` knows this sentence and adds how. */
#define OTHER_VERSION "; use that version's programs, or start anew"
#define WAS_CHANGED "was changed after it was applied" OTHER_VERSION
/* The first value is a pattern for the other three. */
#define FORMAT "SELECT format($1::text, $2::text, $3::text, $4::text)"

struct migrator {
    PGconn *pg;
    const char *schema;
    char role[80];
    char conflict[200]; /* what the server said of a lock that was not to be had; "" without one */
};

/* --- Statements --- */

static bool complain(const struct migrator *m, const char *what, const char *detail)
{
    fprintf(stderr, "migrate %s: %s: %.*s\n", m->schema, what, (int)strcspn(detail, "\n"), detail);
    return false;
}

/* A deadlock, or a lock that others kept for too long. */
static bool is_conflict(const PGresult *result)
{
    enum db_fault_kind kind = fault_kind(fault_sqlstate(result), false);
    return kind == DB_RETRY || kind == DB_LOCKED;
}

/* Without a complaint when m->conflict says why. */
static bool attempt(struct migrator *m, const char *what, const char *sql)
{
    PGresult *result = PQexec(m->pg, sql);
    ExecStatusType status = PQresultStatus(result);
    bool good =
        status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
    const char *said = PQresultErrorMessage(result);
    if (!good && is_conflict(result))
        snprintf(m->conflict, sizeof m->conflict, "%.*s", (int)strcspn(said, "\n"), said);
    else if (!good)
        complain(m, what, said);
    PQclear(result);
    return good;
}

static bool execute(struct migrator *m, const char *what, const char *sql)
{
    m->conflict[0] = '\0';
    return attempt(m, what, sql) || (m->conflict[0] && complain(m, what, m->conflict));
}

/* The first column of the first row, to be freed; NULL after a complaint or without a row. */
static char *fetch(const struct migrator *m, const char *what, const char *sql,
                   const char *const *values, int count)
{
    PGresult *result = PQexecParams(m->pg, sql, count, NULL, values, NULL, NULL, 0);
    char *value = NULL;
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        complain(m, what, PQresultErrorMessage(result));
    else if (PQntuples(result) > 0)
        value = xstrdup(PQgetvalue(result, 0, 0));
    PQclear(result);
    return value;
}

/* Runs `pattern` with %1$I the schema, %2$I the role and %3$I the database, quoted by the server.
 */
static bool execute_named(struct migrator *m, const char *what, const char *pattern)
{
    const char *const values[] = {pattern, m->schema, m->role};
    char *sql = fetch(m, what, "SELECT format($1::text, $2::text, $3::text, current_database())",
                      values, 3);
    bool good = sql && execute(m, what, sql);
    free(sql);
    return good;
}

/* --- The schema and its role --- */

static bool make_role(struct migrator *m)
{
    const char *const values[] = {m->role};
    char *powers = fetch(m, "role",
                         "SELECT coalesce((SELECT rolsuper OR rolbypassrls OR rolcreaterole"
                         " FROM pg_roles WHERE rolname = $1)::text, 'none')",
                         values, 1);
    bool missing = powers && !strcmp(powers, "none"),
         privileged = powers && !strcmp(powers, "true");
    bool known = powers != NULL;
    free(powers);
    if (privileged)
        return complain(m, m->role, "the role may bypass row level security; that must not be");
    return known && (!missing || execute_named(m, "role",
                                               "CREATE ROLE %2$I LOGIN NOSUPERUSER NOCREATEDB"
                                               " NOCREATEROLE NOREPLICATION NOBYPASSRLS"));
}

static const char *const before_migrations[] = {
    "CREATE SCHEMA IF NOT EXISTS %1$I",
    "REVOKE ALL ON SCHEMA %1$I FROM PUBLIC",
    "GRANT USAGE ON SCHEMA %1$I TO %2$I",
    "ALTER ROLE %2$I IN DATABASE %3$I SET search_path = %1$I, public",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA %1$I"
    " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %2$I",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA %1$I GRANT USAGE, SELECT ON SEQUENCES TO %2$I",
    "CREATE TABLE IF NOT EXISTS %1$I.schema_migrations (name text PRIMARY KEY,"
    " checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())",
    "REVOKE INSERT, UPDATE, DELETE ON %1$I.schema_migrations FROM %2$I",
    "CREATE TABLE IF NOT EXISTS %1$I.migrations_aside (name text PRIMARY KEY,"
    " checksum text NOT NULL, aside_at timestamptz NOT NULL DEFAULT now())",
    "REVOKE ALL ON %1$I.migrations_aside FROM %2$I",
    NULL,
};

/* --- What was applied --- */

static void checksum(const char *text, char hex[CHECKSUM_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (!EVP_Digest(text, strlen(text), digest, &size, EVP_sha256(), NULL) || size != 32)
        abort();
    for (size_t i = 0; i < size; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

static const struct migration *find(const struct migration *migrations, const char *name)
{
    for (; migrations->name; migrations++) {
        if (!strcmp(migrations->name, name))
            return migrations;
    }
    return NULL;
}

static bool is_applied(const PGresult *applied, const char *name)
{
    for (int i = 0; i < PQntuples(applied); i++) {
        if (!strcmp(PQgetvalue(applied, i, 0), name))
            return true;
    }
    return false;
}

/* *name becomes the one that differs; it belongs to `applied` or the table. */
static enum schema_state compare(const PGresult *applied, const struct migration *migrations,
                                 const char **name)
{
    for (int i = 0; i < PQntuples(applied); i++) {
        char expected[CHECKSUM_SIZE];
        *name = PQgetvalue(applied, i, 0);
        const struct migration *known = find(migrations, *name);
        if (!known)
            return SCHEMA_NEWER;
        checksum(known->text, expected);
        if (strcmp(PQgetvalue(applied, i, 1), expected) != 0)
            return SCHEMA_CHANGED;
    }
    for (; migrations->name; migrations++) {
        *name = migrations->name;
        if (!is_applied(applied, migrations->name))
            return SCHEMA_OLDER;
    }
    return SCHEMA_CURRENT;
}

/* NULL when the table cannot be read; the connection has the server's error message. */
static PGresult *read_applied(const struct migrator *m)
{
    const char *const values[] = {"SELECT name, checksum FROM %1$I.schema_migrations", m->schema};
    PGresult *result =
        PQexecParams(m->pg, "SELECT format($1::text, $2::text)", 2, NULL, values, NULL, NULL, 0);
    if (PQresultStatus(result) == PGRES_TUPLES_OK) {
        PGresult *applied = PQexec(m->pg, PQgetvalue(result, 0, 0));
        PQclear(result);
        result = applied;
    }
    if (PQresultStatus(result) == PGRES_TUPLES_OK)
        return result;
    PQclear(result);
    return NULL;
}

/* --- Applying --- */

/* The migration's text, and its record. */
static bool run(struct migrator *m, const struct migration *migration, const char *sum)
{
    const char *const record[] = {"INSERT INTO %1$I.schema_migrations VALUES (%2$L, %3$L)",
                                  m->schema, migration->name, sum};
    bool good = attempt(m, migration->name, migration->text);
    if (good && PQtransactionStatus(m->pg) != PQTRANS_INTRANS)
        return complain(m, migration->name, "a migration must not end its transaction");
    char *insert = good ? fetch(m, migration->name, FORMAT, record, 4) : NULL;
    good = insert && attempt(m, migration->name, insert);
    free(insert);
    return good;
}

/* Whoever went back to programs before this migration has set its record aside and kept what it
 * made (deploy/care/migrations-aside.sql): then the record comes back. *taken: it was so. */
static bool take_back(struct migrator *m, const struct migration *migration, const char *sum,
                      bool *taken)
{
    const char *const move[] = {
        "WITH aside AS (DELETE FROM %1$I.migrations_aside WHERE name = %2$L RETURNING *)"
        " INSERT INTO %1$I.schema_migrations SELECT name, checksum FROM aside RETURNING checksum",
        m->schema, migration->name, ""};
    char *sql = fetch(m, migration->name, FORMAT, move, 4);
    char *was = sql ? fetch(m, migration->name, sql, NULL, 0) : NULL;
    bool same = was && !strcmp(was, sum);
    bool good = PQtransactionStatus(m->pg) == PQTRANS_INTRANS &&
                (!was || same || complain(m, migration->name, WAS_CHANGED));
    *taken = same;
    free(was);
    free(sql);
    return good;
}

static bool apply_once(struct migrator *m, const struct migration *migration, const char *patience)
{
    char sum[CHECKSUM_SIZE];
    bool taken = false;
    checksum(migration->text, sum);
    return execute(m, migration->name, "BEGIN") && execute(m, migration->name, patience) &&
           execute_named(m, migration->name, "SET LOCAL search_path = %1$I, public") &&
           take_back(m, migration, sum, &taken) && (taken || run(m, migration, sum)) &&
           attempt(m, migration->name, "COMMIT");
}

/* Services write meanwhile, and take their locks in another order: so a conflict says nothing of
 * the next attempt. Whoever wants a table for which a migration waits, waits as well, so the first
 * attempts wait for less than the 200 ms that svc-goals gives svc-kpis for the KPIs of a page. */
static bool apply(struct migrator *m, const struct migration *migration)
{
    static const struct timespec pause = {.tv_sec = SECONDS_IN_BETWEEN};

    for (int number = 1;; number++) {
        m->conflict[0] = '\0';
        if (apply_once(m, migration,
                       number < ATTEMPTS ? "SET LOCAL lock_timeout = '100ms'"
                                         : "SET LOCAL lock_timeout = '10s'")) {
            log_info("migrated", LOG_CSTR("schema", m->schema),
                     LOG_CSTR("migration", migration->name));
            return true;
        }
        PQclear(PQexec(m->pg, "ROLLBACK"));
        if (!m->conflict[0])
            return false;
        if (number == ATTEMPTS)
            break;
        log_warning("migration met a lock; trying again", LOG_CSTR("schema", m->schema),
                    LOG_CSTR("migration", migration->name), LOG_INT("attempt", number),
                    LOG_CSTR("reason", m->conflict));
        nanosleep(&pause, NULL);
    }
    char why[sizeof m->conflict + 80];
    snprintf(why, sizeof why, "%s, %d times; nothing of it was applied, so try again later",
             m->conflict, ATTEMPTS);
    return complain(m, migration->name, why);
}

static bool apply_missing(struct migrator *m, const struct migration *migrations)
{
    PGresult *applied = read_applied(m);
    if (!applied)
        return complain(m, "schema_migrations", PQerrorMessage(m->pg));
    const char *name = "";
    bool good = true;
    enum schema_state state = compare(applied, migrations, &name);
    if (state == SCHEMA_NEWER)
        good = complain(m, name, "was applied by a newer program than this one" OTHER_VERSION);
    else if (state == SCHEMA_CHANGED)
        good = complain(m, name, WAS_CHANGED);
    for (; good && migrations->name; migrations++) {
        if (!is_applied(applied, migrations->name))
            good = apply(m, migrations);
    }
    PQclear(applied);
    return good;
}

/* --- The owner --- */

/* FORCE binds the owner to the tenants' policies, too, unless it is a superuser or has BYPASSRLS,
 * which managed servers seldom grant: then it would migrate, dump, export and erase nothing,
 * without an error. It is lifted from the tables of such an owner. Services are no owners, so they
 * stay bound. */
static bool unbind_owner(struct migrator *m)
{
    static const char bound[] =
        "SELECT format('ALTER TABLE %I.%I NO FORCE ROW LEVEL SECURITY', n.nspname, c.relname)"
        "  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = $1 AND c.relforcerowsecurity AND EXISTS"
        "       (SELECT FROM pg_roles WHERE rolname = current_user AND NOT (rolsuper OR "
        "rolbypassrls))";
    const char *const values[] = {m->schema};
    PGresult *found = PQexecParams(m->pg, bound, 1, NULL, values, NULL, NULL, 0);
    bool good = PQresultStatus(found) == PGRES_TUPLES_OK;

    if (!good)
        complain(m, "row level security", PQresultErrorMessage(found));
    for (int i = 0; good && i < PQntuples(found); i++)
        good = execute(m, "row level security", PQgetvalue(found, i, 0));
    PQclear(found);
    return good;
}

static bool migrate_connected(struct migrator *m, const struct migration *migrations)
{
    bool good = execute(m, "settings", "SET client_min_messages = warning") &&
                execute(m, "lock", MIGRATION_LOCK) &&
                execute(m, "settings", "SET lock_timeout = '10s'") && make_role(m);
    for (size_t i = 0; good && before_migrations[i]; i++)
        good = execute_named(m, "schema", before_migrations[i]);
    /* Before, for what migrations change in tables that are there; after, for those they make. */
    return good && unbind_owner(m) && apply_missing(m, migrations) && unbind_owner(m);
}

bool migrate(const char *url, const char *schema, const struct migration *migrations)
{
    struct migrator m = {.schema = schema};
    assert(strlen(schema) <= 50);
    snprintf(m.role, sizeof m.role, "svc_%s", schema);
    m.pg = pg_connect_blocking(url, "traction migrate");
    const char *reason = PQerrorMessage(m.pg);
    bool good =
        PQstatus(m.pg) == CONNECTION_OK && pooler_check(url, m.pg, &reason) == POOLER_HARMLESS;
    good = good ? migrate_connected(&m, migrations) : complain(&m, "connect", reason);
    PQfinish(m.pg); /* lets go of the lock */
    return good;
}

enum schema_state migrate_check(const char *url, const char *schema,
                                const struct migration *migrations, const char **reason)
{
    static const char *const reasons[] = {
        [SCHEMA_CURRENT] = "the schema is current",
        [SCHEMA_OLDER] = "the schema is older than this program; run it with --migrate",
        [SCHEMA_NEWER] = "the schema is newer than this program",
        [SCHEMA_CHANGED] = "a migration was changed after it was applied",
    };
    struct migrator m = {.schema = schema, .pg = pg_connect_blocking(url, "traction check")};
    enum schema_state state = SCHEMA_UNREACHABLE;
    const char *name;
    if (PQstatus(m.pg) == CONNECTION_OK) {
        PGresult *applied = read_applied(&m);
        if (applied)
            state = compare(applied, migrations, &name);
        else if (PQstatus(m.pg) == CONNECTION_OK)
            state = SCHEMA_OLDER; /* no schema, no table, or no right to it yet */
        PQclear(applied);
    }
    *reason = state == SCHEMA_UNREACHABLE ? fault_unreachable(m.pg) : reasons[state];
    PQfinish(m.pg);
    return state;
}
