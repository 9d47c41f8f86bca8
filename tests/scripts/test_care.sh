# Care for the data: backup and restore, a tenant's export and erasure.
# shellcheck shell=bash

# Every table with all its rows, as one checksum a line; what may differ after a restore is left out.
fingerprint() { # DATA
    "$traction" psql --data "$1" -qXAt -f - <<'END'
SELECT format('SELECT %L, md5(coalesce(string_agg(t::text, E''\n'' ORDER BY t::text), '''')) FROM %I.%I t',
              n.nspname || '.' || c.relname, n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE EXISTS (SELECT FROM pg_class l WHERE l.relnamespace = n.oid AND l.relname = 'event_log') AND c.relkind = 'r'
   AND (n.nspname, c.relname) NOT IN (('realtime', 'epoch'),
       ('analytics', 'figures'), ('analytics', 'scores')) -- computed from the others as time goes by
   AND c.relname NOT IN ('consumers', 'lease_holders') -- told anew every minute; processes that run
 ORDER BY 1 \gexec
END
}
# sql DATA TEXT
sql() { "$traction" psql --data "$1" -qXAtc "$2"; }

# Something of everything, as `token` says.
fill() {
    local goal kpi action
    ask POST /goals -d '{"title":"Kept \\ \"quoted\" é\nline","horizon":"year","owner_id":"u1","metadata":{"a":[1]}}'
    goal=$(jq -r .data.id <<<"$answer")
    ask POST "/goals/$goal/strategies" -d '{"description":"By post"}'
    ask POST "/goals/$goal/activity" -H 'Idempotency-Key: fill-1' -d '{"type":"note","text":"Well"}'
    ask POST /kpis -d '{"name":"Letters","direction":"up","targetValue":10}'
    kpi=$(jq -r .data.id <<<"$answer")
    ask POST "/goals/$goal/kpis:link" -d "{\"kpi_id\":\"$kpi\",\"threshold_pct\":50}"
    ask POST "/kpis/$kpi/readings" -d '{"period":"2025-01","value":4}'
    ask POST "/kpis/$kpi/actuals" -d '{"measurementDate":"2025-02-01","actualValue":5,"source":"Post office"}'
    ask POST "/kpis/$kpi/targets" -d '{"targetDate":"2025-12-31","targetValue":10}'
    ask POST "/kpis/$kpi/targets" -d '{"targetDate":"2026-12-31","targetValue":20}'
    ask POST "/kpis/$kpi/adjust" -d '{"strategy":"maintain_final_goal","rationale":"Late","effectiveDate":"2026-06-30"}'
    ask PUT "/kpis/$kpi/replan-rule" -d '{"notificationRecipients":["u1"]}'
    ask POST /api/operations/actions -d "{\"title\":\"Do\",\"connections\":{\"goalIds\":[\"$goal\"]}}"
    action=$(jq -r .data.id <<<"$answer")
    ask POST /api/operations/issues -d "{\"title\":\"Trouble\",\"connections\":{\"actionIds\":[\"$action\"]}}"
    ask POST /goals -d '{"title":"Gone","horizon":"month","owner_id":"u1"}'
    ask DELETE "/goals/$(jq -r .data.id <<<"$answer")"
    # shellcheck disable=SC2317 # called by eventually
    settled() { [[ $(sql "$data" "SELECT (SELECT sum(c.pos) FROM realtime.consumed c) = (SELECT count(*) FROM goals.event_log) + (SELECT count(*) FROM kpis.event_log) + (SELECT count(*) FROM operations.event_log) AND NOT EXISTS (SELECT FROM goals.outbox UNION ALL SELECT FROM kpis.outbox UNION ALL SELECT FROM operations.outbox)") == t ]]; }
    eventually settled || fail "the events do not arrive: $(sql "$data" 'TABLE realtime.consumed')"
    filled=$goal
}

test_backup_is_restored_whole() {
    local before old new=$work/restored file="$work/a backup" out cursor
    up "$data"
    fill
    ask GET "/goals/$filled" -D "$work/head"
    cursor=$(sed -n 's/^X-Last-Event-Id: *\([^\r]*\).*/\1/ip' "$work/head")
    [[ $cursor ]] || fail "no cursor"
    # shellcheck disable=SC2317
    quiet() { before=$(fingerprint "$data") && sleep 0.5 && [[ $before == "$(fingerprint "$data")" ]]; }
    eventually quiet || fail "the database does not come to rest"
    "$traction" backup "$file" --data "$data" >/dev/null || fail "backup failed"
    same "mode" 600 "$(stat -c %a "$file")"
    (($(wc -l <<<"$before") > 30)) || fail "few tables: $before"
    old=$(sql "$data" 'SELECT epoch FROM realtime.epoch')
    out=$("$traction" restore "$file" --data "$data" --programs "$build" 2>&1) && fail "it restored into what runs"
    down "$data"
    out=$("$traction" restore "$file" --data "$data" --programs "$build" 2>&1) && fail "it overwrote a database"
    contains "$out" "has a database"
    "$traction" restore "$file" --data "$new" --programs "$build" >/dev/null || fail "restore failed"
    cp -- "$data/secret" "$new/secret" && chown --reference="$new/pg" "$new/secret"
    data=$new
    up "$data"
    same "tables whose rows differ" "" "$(diff <(echo "$before") <(fingerprint "$data"))"
    [[ $(sql "$data" 'SELECT epoch FROM realtime.epoch') != "$old" ]] || fail "the epoch is the same"
    ask GET "/goals/$filled"
    same "strategies" 1 "$(jq '.data.strategies | length' <<<"$answer")"
    # Who comes back with a place of before is told to load anew; then new events come.
    curl -sN --noproxy '*' --max-time 3 -H "Authorization: Bearer $token" -H "Last-Event-ID: $cursor" \
        "http://127.0.0.1:$port/realtime/goals/$filled/activity" >"$work/stream" &
    # shellcheck disable=SC2317
    was_reset() { grep -q '^event: reset' "$work/stream"; }
    eventually was_reset || fail "no reset: $(<"$work/stream")"
    ask POST "/goals/$filled/activity" -d '{"type":"note","text":"after"}'
    # shellcheck disable=SC2317
    went_on() { grep -q '"after"' "$work/stream"; }
    eventually went_on || fail "no event: $(<"$work/stream")"
    wait
}

test_a_broken_backup_leaves_nothing() {
    local out
    printf 'PGDMPxxxxxxxxxxxxxxx' >"$work/file"
    out=$("$traction" restore "$work/file" --data "$data" --programs "$build" 2>&1) && fail "it restored nonsense"
    contains "$out" "the restore failed"
    [[ ! -e $data/pg ]] || fail "a database is left"
    out=$("$traction" restore "$work/no-such" --data "$data" --programs "$build" 2>&1) && fail "it restored nothing"
    out=$("$traction" backup "$work/file" --data "$data" 2>&1) && fail "it backed up what does not run"
    contains "$out" "not running"
}

# Rows of a tenant in every table that has tenants: "goals.goals 2", by the catalogue.
rows_of() { # TENANT
    "$traction" psql --data "$data" -qXAt -F ' ' -v tenant="$1" -f - <<'END'
SELECT format('SELECT %L, count(*) FROM %I.%I WHERE tenant_id = %L HAVING count(*) > 0',
              n.nspname || '.' || c.relname, n.nspname, c.relname, :'tenant')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE EXISTS (SELECT FROM pg_class l WHERE l.relnamespace = n.oid AND l.relname = 'event_log') AND c.relkind = 'r' AND a.attname = 'tenant_id'
 ORDER BY 1 \gexec
END
}

test_tenant_is_exported_and_erased_whole() {
    local file=$work/export rows other out tenant=$'o\'Neil "\\\\" é'
    up "$data"
    # The catalogue says where a tenant can be; these are nobody's. A new table is in one of the two.
    same "tables without a tenant" "catalog consumed consumers epoch generations lease_holders log_begin migrations_aside schema_migrations" "$(sql "$data" "
        SELECT string_agg(DISTINCT c.relname, ' ' ORDER BY c.relname)
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE EXISTS (SELECT FROM pg_class l WHERE l.relnamespace = n.oid AND l.relname = 'event_log') AND c.relkind IN ('r', 'p')
           AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')")"
    same "schemas" "analytics goals kpis operations realtime" "$(sql "$data" "
        SELECT string_agg(nspname, ' ' ORDER BY nspname) FROM pg_namespace
         WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')")"
    token=$("$traction" token --tenant other --user u9 --name Bo --data "$data")
    fill
    token=$("$traction" token --tenant "$tenant" --user u1 --name 'Ann' --data "$data")
    fill
    other=$(rows_of other)
    rows=$(rows_of "$tenant")
    for out in goals.goals goals.strategies goals.activity goals.event_log kpis.readings kpis.links kpis.replan_rules kpis.plan_anchors kpis.plan_adjustments operations.actions \
        operations.issues realtime.stream realtime.heads goals.people goals.idempotency; do
        contains "$rows" "$out "
    done
    out=$("$traction" tenant export "$tenant" "$file" --data "$data") || fail "export failed: $out"
    contains "$out" "$(awk '{ n += $NF } END { print n }' <<<"$rows") rows"
    same "mode" 600 "$(stat -c %a "$file")"
    same "rows by table" "$rows" "$(jq -r 'select(.table).table' "$file" | sort | uniq -c | awk '{ print $2, $1 }')"
    same "tenants" "[\"${tenant//\"/\\\"}\"]" "$(jq -sc 'map(.row.tenant_id // .tenant) | unique' "$file" | sed 's/\\\\\\\\/\\\\/g')"
    same "title" $'Kept \\ "quoted" é\nline' "$(jq -r 'select(.table == "goals.goals" and .row.deleted_at == null).row.title' "$file")"
    out=$("$traction" tenant erase "$tenant" --data "$data" </dev/null 2>&1) && fail "it did not ask"
    same "rows after no answer" "$rows" "$(rows_of "$tenant")"
    out=$("$traction" tenant erase "$tenant" --yes --data "$data" 2>&1) || fail "erase failed: $out"
    same "rows after" "" "$(rows_of "$tenant")"
    same "rows of the other" "$other" "$(rows_of other)"
    ask GET /goals
    same "goals" 0 "$(jq .pagination.total <<<"$answer")"
    same "holes in the logs" 0 "$(sql "$data" 'SELECT (SELECT max(pos) - count(*) FROM goals.event_log) + (SELECT max(pos) - count(*) FROM kpis.event_log) + (SELECT max(pos) - count(*) FROM operations.event_log)')"
}

# Consumers that have not been told yet find events that say nothing, and go on.
test_erased_events_stop_nobody() {
    up "$data"
    fill
    down "$data"
    up "$data"
    # As if nobody had consumed anything yet.
    "$traction" tenant erase scripts --yes --data "$data" >/dev/null || fail "erase failed"
    sql "$data" 'UPDATE goals.consumed SET pos = 0; UPDATE kpis.consumed SET pos = 0; UPDATE operations.consumed SET pos = 0; UPDATE realtime.consumed SET pos = 0'
    down "$data"
    up "$data"
    # shellcheck disable=SC2317
    consumed() {
        [[ $(sql "$data" "SELECT (SELECT pos FROM realtime.consumed WHERE source = 'svc-goals') = (SELECT count(*) FROM goals.event_log) AND (SELECT pos FROM kpis.consumed WHERE source = 'svc-goals') = (SELECT count(*) FROM goals.event_log)") == t ]]
    }
    eventually consumed || fail "stopped: $(tail -n 3 "$data/log/svc-realtime.log")"
    same "rows" "" "$(rows_of scripts)"
    token=$("$traction" token --tenant scripts --user u1 --data "$data")
    fill
}

test_backups_are_kept_and_pruned() {
    local kept="$work/back ups" out names
    mkdir "$kept"
    touch "$kept"/traction-20250101T000000Z.dump "$kept"/traction-20250102T000000Z.dump "$kept/mine.dump" "$kept/traction-notes.dump"
    out=$("$traction" backup --keep 2 "$kept" --data "$data" 2>&1) && fail "it backed up what does not run"
    same "files" 4 "$(find "$kept" -type f | wc -l)"
    up "$data"
    out=$("$traction" backup --keep 0 "$kept" --data "$data" 2>&1) && fail "it kept none"
    contains "$out" "from 1 to 9999"
    out=$("$traction" backup --keep 2 "$work/nowhere" --data "$data" 2>&1) && fail "it made a folder"
    contains "$out" "no folder"
    out=$("$traction" backup --keep 2 "$kept" --data "$data") || fail "backup failed: $out"
    mapfile -t names < <(cd "$kept" && ls)
    same "names" "mine.dump traction-20250102T000000Z.dump traction-notes.dump" "${names[0]} ${names[1]} ${names[3]}"
    [[ ${names[2]} =~ ^traction-$(date -u +%Y)[0-9]{4}T[0-9]{6}Z\.dump$ ]] || fail "name: ${names[2]}"
    contains "$out" "$kept/${names[2]}"
    same "mode" 600 "$(stat -c %a "$kept/${names[2]}")"
    contains "$("$traction" doctor --data "$data")" "backup: made just now"
    touch -d '3 days ago' "$data/state/backup"
    out=$("$traction" doctor --data "$data") && fail "an old backup is well"
    contains "$out" "WRONG  backup: the newest is 3 days old"
}

test_a_restore_is_rehearsed() {
    local out
    up "$data"
    fill
    out=$("$traction" drill restore --data "$data" 2>&1) || fail "the drill failed: $out"
    contains "$out" "the same rows in all "
    contains "$out" "restored, and ready"
    [[ -z $(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'traction-drill-*') ]] || fail "something stayed behind"
    # What is an extension's is in no backup, so this table is missed.
    sql "$data" 'CREATE TABLE goals.missed AS SELECT 1; ALTER EXTENSION pg_trgm ADD TABLE goals.missed' >/dev/null
    out=$("$traction" drill restore --data "$data" 2>&1) && fail "a table that is not restored was not missed: $out"
    contains "$out" "< goals.missed 1"
    [[ -z $(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'traction-drill-*') ]] || fail "something stayed behind"
    out=$("$traction" drill 2>&1) && fail "drill of nothing"
    contains "$out" "drill needs: restore or failover"
    out=$("$traction" drill restore --rounds 2 2>&1) && fail "drill restore with rounds"
    contains "$out" "drill restore takes --data alone"
}
