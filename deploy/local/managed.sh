# What `traction doctor` looks for in a database that somebody else operates: that of
# TRACTION_MIGRATE_DATABASE_URL, asked as its owner. Sourced by `doctor`, whose `good`, `wrong` and `note` it calls.
# shellcheck shell=bash

managed() { PGCONNECT_TIMEOUT=5 PGOPTIONS="${options-}" "$postgres_bin/psql" -qXAt -v ON_ERROR_STOP=1 -d "$owner_url" "$@" </dev/null; }

# A pooler takes no options at the start of a session, or drops them. In a pool by transaction two clients at rest have one
# session, so that one gets the lock that the other has taken.
check_pooler() {
    local options='-c app.doctor=here' said key=$((RANDOM * 32768 + RANDOM))
    said=$(managed -c "SELECT current_setting('app.doctor', true)" 2>/dev/null)
    [[ $said != here ]] || { good "managed: no pooler is between" && return; }
    options=''
    said=$(managed -c "SELECT pg_advisory_lock($key)" -c '\! '"$(printf '%q ' "$postgres_bin/psql" -qXAt -d "$owner_url" -c \
        "SELECT CASE WHEN pg_try_advisory_lock($key) THEN pg_advisory_unlock($key) ELSE false END") </dev/null" \
        -c "SELECT pg_advisory_unlock($key)" 2>/dev/null)
    if [[ $said == $'\n'f$'\n't ]]; then
        note "managed: a pooler is between; it has to keep sessions (PgBouncer: pool_mode = session)"
    else
        wrong "managed: a pooler is between that does not keep sessions; PgBouncer needs pool_mode = session"
    fi
}

# Each line is a fault. $connections: what all services together may open.
faults_of_managed() {
    managed -c "
        WITH me AS (SELECT * FROM pg_roles WHERE rolname = current_user),
        ours(role) AS (SELECT 'svc_' || unnest(string_to_array('${services[*]#svc-}', ' '))),
        had AS (SELECT least(current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
                             nullif(datconnlimit, -1)) AS connections, pg_encoding_to_char(encoding) AS encoding
                  FROM pg_database WHERE datname = current_database())
        SELECT 'PostgreSQL is ' || current_setting('server_version') || '; 15 is the oldest that is supported'
          FROM me WHERE current_setting('server_version_num')::int < 150000
        UNION ALL SELECT 'its encoding is ' || encoding || ', not UTF8' FROM had WHERE encoding <> 'UTF8'
        UNION ALL SELECT 'it allows ' || connections || ' connections; the services may open $connections'
          FROM had WHERE connections < $connections
        UNION ALL SELECT rolname || ' may not make roles; ALTER ROLE ' || quote_ident(rolname) || ' CREATEROLE'
          FROM me WHERE NOT (rolsuper OR rolcreaterole)
        UNION ALL SELECT me.rolname || ' may not change ' || role || '; GRANT ' || role || ' TO ' || quote_ident(me.rolname) ||
                         ' WITH ADMIN OPTION'
          FROM me, ours JOIN pg_roles r ON r.rolname = role
         WHERE current_setting('server_version_num')::int >= 160000 AND NOT me.rolsuper
           AND NOT EXISTS (SELECT FROM pg_auth_members m WHERE m.roleid = r.oid AND m.member = me.oid AND m.admin_option)
        UNION ALL SELECT rolname || ' may not make schemas; it has to own the database'
          FROM me WHERE NOT has_database_privilege(current_database(), 'CREATE')
        UNION ALL SELECT 'the extension ' || name || ' cannot be made'
          FROM me, unnest(ARRAY['pg_trgm', 'btree_gin']) name
         WHERE NOT EXISTS (SELECT FROM pg_extension WHERE extname = name)
           AND NOT EXISTS (SELECT FROM pg_available_extension_versions v WHERE v.name = name AND (v.trusted OR rolsuper))"
}

# setting NAME: of the environment, or else the default.
setting() {
    local variable=TRACTION_$1
    [[ ${!variable-} ]] || sed -nE "s/^CONFIG\($1, INT, \"([0-9]+)\".*/\1/p" "$root/proto/base/config.def"
    [[ ! ${!variable-} ]] || echo "${!variable}"
}

check_managed() {
    local owner_url=${TRACTION_MIGRATE_DATABASE_URL-} file=${TRACTION_MIGRATE_DATABASE_URL_FILE-} said line found='' connections
    [[ $owner_url$file ]] || return 0
    if [[ ! $owner_url ]]; then
        IFS= read -r owner_url <"$file" || [[ $owner_url ]] || { wrong "managed: cannot read $file" && return; }
    fi
    said=$(managed -c 'SELECT version()' 2>&1) || { wrong "managed: ${said%%$'\n'*}" && return; }
    good "managed: ${said%% on *}"
    [[ $owner_url != *@[^/]* || $owner_url == *sslmode=verify-full* ]] ||
        note "managed: without sslmode=verify-full nobody knows whose server answers"
    check_pooler
    connections=$((($(setting DATABASE_READERS) + $(setting DATABASE_LONG_READERS) + $(setting DATABASE_WRITERS)) * ${#services[@]}))
    while IFS= read -r line; do
        found=1
        wrong "managed: $line"
    done < <(faults_of_managed 2>&1)
    [[ $found ]] || good "managed: its owner has all rights that are needed"
}
