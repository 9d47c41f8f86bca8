# The doctor: silent about what is well, and not about what is not.
# shellcheck shell=bash

test_doctor_finds_what_is_wrong() {
    local out fault
    out=$("$traction" doctor --data "$data") || fail "without a stack: $out"
    contains "$out" "not running"
    up "$data"
    out=$("$traction" doctor --data "$data") || fail "of a new stack: $out"
    contains "$out" "all is well"
    contains "$out" "stream: a note was there after"
    "$traction" psql --data "$data" -qXAt -f - <<'END'
ALTER SYSTEM SET synchronous_commit = off;
ALTER SYSTEM SET full_page_writes = off;
SELECT pg_reload_conf();
GRANT svc_kpis TO svc_goals;
ALTER ROLE svc_realtime BYPASSRLS;
GRANT USAGE ON SCHEMA goals TO svc_operations;
ALTER TABLE kpis.links NO FORCE ROW LEVEL SECURITY;
END
    chmod 644 "$data/secret"
    kill -STOP "$(pid_of svc-analytics "$data")"
    out=$("$traction" doctor --data "$data") && fail "nothing was found: $out"
    kill -CONT "$(pid_of svc-analytics "$data")"
    for fault in 'synchronous_commit is off' 'full_page_writes is off' 'svc_goals is a member of svc_kpis' \
        'svc_realtime bypasses row level security' 'svc_operations may use the schema goals' \
        'kpis.links has no forced row level security' 'secret may be read by others' 'ports: svc-analytics'; do
        [[ $out =~ WRONG[^$'\n']*"$fault" ]] || fail "it did not find \"$fault\": $out"
    done
}
