# `traction upgrade` and its way back, from the programs of the build to the same with a later svc-realtime, which has
# one more migration. From release 1.0.0, under load: tests/upgrade.
# shellcheck shell=bash

# The later programs, in $later.
stage_later() {
    later=$work/later
    mkdir "$later"
    cp -- "$build"/svc-* "$build/gateway" "$build/report-writer" "$later"
    cp -- "$build/tests/upgrade/later/svc-realtime" "$later"
}
# How often the later migration is recorded, and how many are set aside.
records() { "$traction" psql --data "$data" -qXAtc "SELECT (SELECT count(*) FROM realtime.schema_migrations WHERE name = '9000_later'), (SELECT count(*) FROM realtime.migrations_aside)"; }
title() {
    ask GET "/goals/$goal"
    jq -r .data.title <<<"$answer"
}

test_upgrade_and_back() {
    local out goal pid since
    stage_later
    up "$data"
    ask POST /goals -d '{"title":"Before","horizon":"year","owner_id":"u1"}'
    goal=$(jq -r .data.id <<<"$answer")
    out=$("$traction" upgrade --back --data "$data" 2>&1) && fail "there was something to go back to"
    contains "$out" "nothing to go back to"
    out=$("$traction" upgrade --programs "$build" --data "$data") || fail "it failed: $out"
    contains "$out" "nothing to do"
    pid=$(pid_of svc-goals "$data")
    out=$("$traction" upgrade --programs "$later" --data "$data" 2>&1) || fail "the upgrade failed: $out"
    contains "$out" "traction upgrade --back"
    replaced svc-goals "$pid" || fail "svc-goals was not replaced"
    same "the migration" "1|0" "$(records)"
    same "what was before" Before "$(title)"
    same "mode of the backup" 600 "$(stat -c %a "$data/previous/backup")"
    ask PUT "/goals/$goal" -d '{"title":"Above"}'
    "$traction" psql --data "$data" -qXc "INSERT INTO realtime.later VALUES ('kept')"

    # Of a wrong moment nothing is set aside, so the programs of before refuse, and the later ones go on.
    since=$(<"$data/previous/since")
    echo '2999-01-01 00:00:00+00' >"$data/previous/since"
    out=$("$traction" upgrade --back --data "$data" 2>&1) && fail "it went back: $out"
    contains "$out" "svc-realtime ends again and again: refusing to run on this database"
    contains "$out" "what ran before runs again"
    same "the record" "1|0" "$(records)"
    same "what is above" Above "$(title)"
    echo "$since" >"$data/previous/since"

    out=$("$traction" upgrade --back --data "$data" 2>&1) || fail "the way back failed: $out"
    contains "$out" "1 migrations are set aside"
    same "the record" "0|1" "$(records)"
    same "what was above" Above "$(title)"
    ask PUT "/goals/$goal" -d '{"title":"Below"}'
    # The programs of before start on it as ever.
    down "$data"
    up "$data"
    same "what is below" Below "$(title)"

    out=$("$traction" upgrade --programs "$later" --data "$data" 2>&1) || fail "forward again failed: $out"
    same "the record came back" "1|0" "$(records)"
    same "what it had made" "kept made once" "$("$traction" psql --data "$data" -qXAtc "SELECT string_agg(words, ' ' ORDER BY words) FROM realtime.later")"
    same "what was below" Below "$(title)"
}

# Whatever fails, the programs of before run afterwards, and start again when they end.
test_upgrade_that_fails_changes_nothing() {
    local out goal old name
    stage_later
    up "$data"
    ask POST /goals -d '{"title":"Kept","horizon":"year","owner_id":"u1"}'
    goal=$(jq -r .data.id <<<"$answer")
    # Of the later programs one migrates and does not start.
    mv -- "$later/svc-realtime" "$later/migrator"
    cat >"$later/svc-realtime" <<END
#!/bin/bash
[[ \${1-} ]] || { echo "cannot serve: planted" >&2 && exit 7; }
exec "$later/migrator" "\$@"
END
    chmod 755 "$later/svc-realtime" "$work" "$later"
    out=$("$traction" upgrade --programs "$later" --data "$data" 2>&1) && fail "it succeeded: $out"
    contains "$out" "svc-realtime ends again and again: cannot serve: planted"
    contains "$out" "what ran before runs again"
    same "the record" "0|1" "$(records)"
    eventually ready || fail "it does not run: $("$traction" status --data "$data")"
    same "what is kept" Kept "$(title)"
    for name in svc-realtime svc-goals; do
        old=$(pid_of "$name" "$data")
        kill -KILL "$old"
        # shellcheck disable=SC2317
        back() { replaced "$name" "$old" && ready; }
        eventually back || fail "$name does not start again"
    done
    # Another cannot migrate: nothing is replaced.
    mv -- "$later/migrator" "$later/svc-realtime"
    "$traction" psql --data "$data" -qXc "UPDATE realtime.migrations_aside SET checksum = 'x'"
    old=$(pid_of gateway "$data")
    out=$("$traction" upgrade --programs "$later" --data "$data" 2>&1) && fail "it succeeded: $out"
    contains "$out" "svc-realtime could not bring its tables up to date"
    contains "$out" "was changed after it was applied"
    same "the gateway" "$old" "$(pid_of gateway "$data")"
    same "the record" "0|1" "$(records)"
    same "what is kept" Kept "$(title)"
}
