# Events that cannot be applied: an operator sees them, tries them again, skips one; and what a tenant's
# export and erasure make of them.
# shellcheck shell=bash

# analytics refuses goals of this title from now on.
poison() { sql "$data" "ALTER TABLE analytics.goals ADD CONSTRAINT no_such CHECK (title <> 'Refused') NOT VALID"; }
repair() { sql "$data" 'ALTER TABLE analytics.goals DROP CONSTRAINT no_such'; }
goal_titled() {
    ask POST /goals -d "{\"title\":\"$1\",\"horizon\":\"year\",\"owner_id\":\"u1\"}"
    [[ $(jq -r .data.id <<<"$answer") != null ]] || fail "no goal: $answer"
}
# shellcheck disable=SC2317 # called by eventually
parked() { [[ $(sql "$data" "SELECT count(*) FROM analytics.parked_events WHERE tenant_id = '$1'") == "$2" ]]; }
# shellcheck disable=SC2317
known() { [[ $(sql "$data" "SELECT count(*) FROM analytics.goals WHERE tenant_id = '$1'") == "$2" ]]; }

test_events_that_cannot_be_applied_are_an_operators() {
    local out attempts
    up "$data"
    same "none" "traction: no events wait" "$("$traction" events parked --data "$data" 2>&1)"
    poison
    goal_titled Refused
    goal_titled Behind
    token=$("$traction" token --tenant other --user u9 --data "$data")
    goal_titled Other
    eventually known other 1 || fail "another tenant waits, too"
    eventually parked scripts 2 || fail "nothing is parked"
    out=$("$traction" events parked --data "$data") || fail "$out"
    [[ $out =~ svc-analytics' '*'|'' '*svc-goals' '*'|'' '*scripts' '*'|'' '*2' '.*no_such ]] || fail "not in the table: $out"
    out=$("$traction" doctor --data "$data") && fail "the doctor finds nothing: $out"
    contains "$out" "svc-analytics applies none of svc-goals for tenant \"scripts\""
    out=$("$traction" events retry other --data "$data" 2>&1) && fail "nothing of it has failed: $out"
    # Its own next time is far away, so it is this attempt.
    sql "$data" "UPDATE analytics.parked_events SET next_at = now() + interval '1 hour', attempts = 9 WHERE attempts > 0"
    attempts=$("$traction" events retry scripts --data "$data" 2>&1) || fail "$attempts"
    # shellcheck disable=SC2317
    tried() { [[ $(sql "$data" 'SELECT max(attempts) FROM analytics.parked_events') == 10 ]]; }
    eventually tried || fail "it is not tried again"
    repair
    "$traction" events retry scripts --data "$data" >/dev/null 2>&1 || fail "no second attempt"
    eventually parked scripts 0 || fail "it still waits"
    eventually known scripts 2 || fail "not applied"
}

test_one_event_is_skipped() {
    local out
    up "$data"
    poison
    goal_titled Refused
    goal_titled Behind
    eventually parked scripts 2 || fail "nothing is parked"
    out=$("$traction" events skip scripts --data "$data" </dev/null 2>&1) && fail "it did not ask: $out"
    contains "$out" "event 1 of svc-goals (goal.created) in svc-analytics"
    out=$("$traction" events skip scripts svc-analytics svc-kpis --yes --data "$data" 2>&1) && fail "it skipped another: $out"
    out=$("$traction" events skip scripts --yes --data "$data" 2>&1) || fail "$out"
    contains "$out" "event 1 of svc-goals (goal.created) is skipped in svc-analytics"
    eventually parked scripts 0 || fail "what was behind it still waits"
    same "goals" Behind "$(sql "$data" 'SELECT string_agg(title, $$,$$) FROM analytics.goals')"
    out=$("$traction" events skip scripts --yes --data "$data" 2>&1) && fail "there is none: $out"
    contains "$out" "no event of tenant \"scripts\" waits there"
}

test_waiting_events_are_exported_and_erased() {
    local out
    up "$data"
    poison
    goal_titled Refused
    goal_titled Behind
    eventually parked scripts 2 || fail "nothing is parked"
    "$traction" tenant export scripts "$work/export" --data "$data" >/dev/null || fail "export failed"
    same "exported" 2 "$(jq -c 'select(.table == "analytics.parked_events")' "$work/export" | wc -l)"
    "$traction" tenant erase scripts --yes --data "$data" >/dev/null || fail "erase failed"
    parked scripts 0 || fail "they are left"
    goal_titled New
    eventually known scripts 1 || fail "what comes after the erasure is not applied"
    parked scripts 0 || fail "it waits"
}
