# Stacks that run: starting, restarting, stopping, and what must survive all of it.
# shellcheck shell=bash

test_starts_and_keeps_data() {
    local id line
    data="$work/a folder, with 'quotes' é"
    up "$data"
    contains "$printed" "http://127.0.0.1:$port"
    contains "$printed" "$data/log"
    line=$(grep '^curl ' <<<"$printed") || fail "no curl line: $printed"
    same "the pasted line" true "$(bash -c "$line" | jq .success)"
    ask POST /goals -d '{"title":"Kept","horizon":"year","owner_id":"u1"}'
    id=$(jq -r .data.id <<<"$answer")
    down "$data"
    ! ready || fail "it answers after down"
    up "$data"
    ask GET "/goals/$id"
    same "title" Kept "$(jq -r .data.title <<<"$answer")"
    same "owner" Ann "$(jq -r .data.ownerName <<<"$answer")"
    same "psql" 1 "$("$traction" psql --data "$data" -XAtc 'SELECT 1')"
}

test_nobody_else_can_read_the_data() {
    local pid
    up "$data"
    same "mode of the secret" 600 "$(stat -c %a "$data/secret")"
    same "mode of the folder" 700 "$(stat -c %a "$data")"
    for pid in $(pid_of gateway "$data") $(pid_of svc-goals "$data") $(pid_of postgresql "$data"); do
        [[ $(stat -c %u "/proc/$pid") != 0 ]] || fail "process $pid runs as root"
    done
}

test_second_up_says_so() {
    local out
    up "$data"
    out=$("$traction" up --detach --programs "$build" --data "$data" --port $((port + 1)) 2>&1) && fail "it started twice"
    contains "$out" "already running"
    out=$("$traction" up --detach --programs "$build" --data "$work/other" --port "$port" 2>&1) && fail "a port twice"
    contains "$out" "something else listens"
    ready || fail "the first stack is gone"
}

test_two_stacks_side_by_side() {
    local first=$data
    up "$first"
    ask POST /goals -d '{"title":"First","horizon":"year","owner_id":"u1"}'
    data=$work/second
    port=$((port + 1))
    unset token
    up "$data"
    ask GET /goals
    same "goals of the second" 0 "$(jq .pagination.total <<<"$answer")"
    down "$first"
    ready || fail "stopping the first stopped the second"
}

# admin_of DATA: the admin ports, as status tells them.
admin_of() { "$traction" status --json --data "$1" | jq -c '[.processes[].adminPort | numbers]'; }

# Stacks whose usual admin ports are the same, started at the same moment; and one that comes back.
test_stacks_choose_admin_ports_that_are_free() {
    local first=$data second=$work/second third=$work/third ports job before out
    printf '%s\n' "$first" "$second" "$third" >>"$folder/started"
    for job in "$first $port" "$second $((port + 2000))" "$third $((port + 10000))"; do
        "$traction" up --detach --programs "$build" --data "${job% *}" --port "${job#* }" >"${job% *}.out" 2>&1 &
    done
    wait
    for job in "$first" "$second" "$third"; do
        contains "$(<"$job.out")" "ready on"
        contains "$(<"$job.out")" "admin ports: $(admin_of "$job" | jq -r '"\(min) to \(max)"') on 127.0.0.1"
    done
    ports=$({ admin_of "$first" && admin_of "$second" && admin_of "$third"; } | jq -sc 'add | unique | [length, max < 32768]')
    same "different admin ports below 32768" '[18,true]' "$ports"
    before=$(admin_of "$second")
    kill -9 "$(pid_of svc-kpis "$second")"
    # shellcheck disable=SC2317 # called by eventually
    back() { [[ $(curl -s --noproxy '*' --max-time 2 "http://127.0.0.1:$(jq '.[1]' <<<"$before")/readyz") == ready ]]; }
    eventually back || fail "svc-kpis is not back at its port"
    same "ports after a crash" "$before" "$(admin_of "$second")"
    # The choice is kept, though the usual ports are free now; and given up when somebody else has one of them.
    down "$first"
    down "$second"
    down "$third"
    data=$second port=$((port + 2000)) up "$second"
    same "ports of the next start" "$before" "$(admin_of "$second")"
    down "$second"
    TRACTION_PORT=$(jq '.[2]' <<<"$before") TRACTION_JWT_SECRET=$(printf '%32s' x) "$build/gateway" --hold-ports 1 sleep 100 &
    job=$!
    eventually bash -c "exec 3<>/dev/tcp/127.0.0.1/$(jq '.[2]' <<<"$before")" 2>/dev/null || fail "nothing listens"
    port=$((port + 2000)) up "$second"
    [[ $(admin_of "$second") != "$before" ]] || fail "it took a port that was taken"
    out=$(TRACTION_ADMIN_PORT=$(jq '.[0]' <<<"$before") "$traction" up --detach --programs "$build" --data "$first" --port "$port" 2>&1) &&
        fail "it took a configured port that was taken"
    contains "$out" "something else listens on 127.0.0.1:$(jq '.[2]' <<<"$before"); choose another TRACTION_ADMIN_PORT"
    same "lines" 1 "$(wc -l <<<"$out")"
    kill "$job"
}

# Every process, one after the other, also the database.
test_killed_processes_come_back() {
    local name old services
    mapfile -t services < <(sed -n 's/^SERVICE([A-Z]*, \([a-z]*\),.*/svc-\1/p' "$root/proto/base/services.def")
    up "$data"
    ask POST /goals -d '{"title":"Survivor","horizon":"year","owner_id":"u1"}'
    for name in gateway "${services[@]}" postgresql; do
        old=$(pid_of "$name" "$data")
        kill -9 "$old" || fail "$name has no process"
        # shellcheck disable=SC2317 # called by eventually
        back() { replaced "$name" "$old" && ready; }
        eventually back || fail "$name did not come back"
        grep -q "$name was ended by signal 9 (KILL)" "$data/log/traction.log" || fail "no reason for $name"
    done
    # Sessions with a database that has just come back may still be opened: 503 is an answer then.
    # shellcheck disable=SC2317
    answered() { ask GET /goals && [[ $(jq -r .code <<<"$answer") != SERVICE_UNAVAILABLE ]]; }
    eventually answered || fail "no answer but 503"
    same "title" Survivor "$(jq -r '.data[0].title' <<<"$answer")"
    same "restarts" "$((${#services[@]} + 2))" "$("$traction" status --json --data "$data" | jq '[.processes[].restarts] | add')"
}

# A server process that cannot notice the postmaster's death, as one that waits for a lock of another
# that was killed: as long as it has the shared memory, no new postmaster starts.
test_hanging_session_does_not_keep_the_database_away() {
    local postmaster session
    up "$data"
    postmaster=$(pid_of postgresql "$data")
    session=$(pgrep -P "$postmaster" -f svc_goals | head -n 1)
    kill -STOP "$session" && kill -9 "$postmaster" || fail "nothing to kill"
    # shellcheck disable=SC2317 # called by eventually
    back() { replaced postgresql "$postmaster" && ready; }
    eventually back || fail "the database did not come back: $(tail -n 3 "$data/log/postgresql.log")"
    [[ ! -e /proc/$session/exe ]] ||
        fail "the old session is still there: $(ps -o pid,ppid,stat,lstart,args -p "$session"; grep -a PostgreSQL "$data/log/traction.log")"
    contains "$(<"$data/log/traction.log")" "ended a process of the former PostgreSQL"

    postmaster=$(pid_of postgresql "$data")
    session=$(pgrep -P "$postmaster" -f svc_goals | head -n 1)
    kill -STOP "$session" && kill -9 "$postmaster" || fail "nothing to kill"
    down "$data"
    [[ ! -e /proc/$session/exe ]] || fail "it outlived the stack"
}

# No strays when the supervisor itself is killed, and the next start is none the worse.
test_killed_supervisor_takes_all_along() {
    local name pids=() pid
    up "$data"
    for name in gateway svc-goals svc-realtime postgresql; do pids+=("$(pid_of "$name" "$data")"); done
    kill -9 "$(sed -n 's/^pid=\([1-9][0-9]*\)$/\1/p' "$data/state/stack")"
    up "$data"
    ready || fail "not ready"
    for pid in "${pids[@]}"; do
        [[ ! -e /proc/$pid/exe ]] || [[ $(readlink "/proc/$pid/exe") != "$data"* ]] || fail "process $pid is left"
    done
}

test_foreground_stops_in_order() {
    local front out=$work/out
    printf '%s\n' "$data" >>"$folder/started"
    "$traction" up --programs "$build" --data "$data" --port "$port" >"$out" 2>&1 &
    front=$!
    eventually grep -q 'Ctrl-C' "$out" || fail "not ready: $(<"$out")"
    kill -TERM "$front"
    wait "$front" || fail "it ended with status $?: $(<"$out")"
    contains "$(<"$out")" "stopped"
    contains "$(tail -n 1 "$data/log/postgresql.log")" "database system is shut down"
    ! ready || fail "it answers"
}

test_failed_start_says_why() {
    local out broken=$work/broken
    mkdir "$broken" && cp -- "$build"/{gateway,svc-*,report-writer} "$broken/"
    printf '#!/bin/sh\n[ "$1" = --migrate ] && exit 0\necho "cannot find my hat" >&2\nexit 7\n' >"$broken/svc-kpis"
    out=$("$traction" up --detach --programs "$broken" --data "$data" --port "$port" 2>&1) && fail "it started"
    contains "$out" "svc-kpis does not start: cannot find my hat"
    out=$("$traction" status --data "$data") && fail "something is left"
    contains "$out" "not running"
}

# Data of another branch or a newer version: what to type is in the refusal, and it helps.
test_data_of_another_version_say_how_to_start_anew() {
    local out change place
    data="$work/my data"
    up "$data"
    for change in "INSERT INTO kpis.schema_migrations VALUES ('9999_future', 'x')" \
        "DELETE FROM kpis.schema_migrations WHERE name LIKE '9999%'; UPDATE kpis.schema_migrations SET checksum = 'x' WHERE name = '0001_kpis'"; do
        "$traction" psql --data "$data" -qXc "$change" || fail "psql failed"
        down "$data"
        out=$("$traction" up --detach --programs "$build" --data "$data" --port "$port" 2>&1) && fail "it started"
        [[ $out =~ (was applied by a newer program|was changed after it was applied) ]] || fail "no reason: $out"
        [[ $out =~ "start anew: traction up --data "([^;]*)\;.*(mv [^$'\n']*) ]] || fail "no command: $out"
        place=${BASH_REMATCH[1]}
        same "the new folder" "$(printf %q "$data-new")" "$place"
        bash -c "${BASH_REMATCH[2]}" || fail "it cannot be moved: ${BASH_REMATCH[2]}"
        up "$data"
        down "$data"
        rm -rf -- "$data"
        up "$data"
    done
}

# Whatever has happened: starts, deaths, words of a dying process that are no UTF-8, an end.
test_lines_of_the_logs_are_json() {
    local broken=$work/broken
    mkdir "$broken" && cp -- "$build"/{gateway,svc-*,report-writer} "$broken/"
    printf '#!/bin/sh\n[ "$1" = --migrate ] && exit 0\nprintf "error: \\377 \\\\ \\" \\t \\303\\251\\n"\nexit 1\n' >"$broken/svc-kpis"
    "$traction" up --detach --programs "$broken" --data "$data" --port "$port" >/dev/null 2>&1 && fail "it started"
    up "$data"
    kill -9 "$(pid_of svc-goals "$data")"
    # shellcheck disable=SC2317 # called by eventually
    told() { grep -q "svc-goals was ended by signal 9" "$data/log/traction.log"; }
    eventually told || fail "it does not tell of a death"
    "$traction" psql --data "$data" -qXc 'SELECT 1/0 AS "é"' 2>/dev/null
    down "$data"
    jq -se 'all(.[]; (.message | length > 0)) and ([.[] | select(.process == "postgresql") | .level] | unique == ["error", "info"])' \
        "$data/log/postgresql.log" >/dev/null || fail "not JSON: $(<"$data/log/postgresql.log")"
    contains "$(jq -r 'select(.level == "error").message' "$data/log/postgresql.log")" 'ERROR:  division by zero'
    jq -se 'all(.[]; (.time | test("^[0-9-]{10}T[0-9:]{8}\\.[0-9]{3}Z$")) and .process == "traction" and (.message | length > 0))' \
        "$data/log/traction.log" >/dev/null || fail "not JSON: $(<"$data/log/traction.log")"
    same "levels" '["error","info","warning"]' "$(jq -sc 'map(.level) | unique' "$data/log/traction.log")"
    contains "$(jq -r .message "$data/log/traction.log")" $'it said: error:  \\ "   é'
}

test_deep_folder_has_its_sockets_elsewhere() {
    data=$work/$(printf 'deep-%.0s' {1..30})/data
    up "$data"
    ready || fail "not ready"
    contains "$("$traction" status --data "$data")" "sockets in /tmp/traction-"
}

test_database_port_wants_a_password() {
    local pg_port=$((port + 5000)) password
    up "$data" --pg-port "$pg_port"
    password=$("$traction" status --data "$data" | sed -n 's/.*password //p')
    same "with the password" 1 "$(PGPASSWORD=$password psql -h 127.0.0.1 -p "$pg_port" -U postgres -d traction -XAtc 'SELECT 1')"
    ! PGPASSWORD=wrong psql -h 127.0.0.1 -p "$pg_port" -U postgres -d traction -XAtc 'SELECT 1' 2>/dev/null ||
        fail "any password will do"
    ready || fail "not ready"
}

test_logs_are_rotated() {
    local name
    up "$data"
    for name in gateway postgresql; do # by itself, and by the supervisor
        head -c 11000000 /dev/zero | tr '\0' 'x' >>"$data/log/$name.log"
    done
    ask GET /nothing
    # shellcheck disable=SC2317
    rotated() { [[ -s $data/log/$1.log.1 && $(stat -c %s "$data/log/$1.log") -lt 1000000 ]]; }
    for name in gateway postgresql; do
        eventually rotated "$name" || fail "$name: not rotated"
    done
    contains "$(<"$data/log/gateway.log")" ROUTE_NOT_FOUND
    contains "$("$traction" logs svc-goals --data "$data")" svc-goals
}

test_demo_is_filled_once() {
    local statuses
    up "$data" --demo
    token=$("$traction" token --tenant demo --user zoe.mueller --data "$data")
    ask GET '/goals?size=100'
    statuses=$(jq -c '[.data[].status] | unique' <<<"$answer")
    same "statuses" '["active","archived","cancelled","completed","draft","paused"]' "$statuses"
    same "horizons" '["month","quarter","year"]' "$(jq -c '[.data[].horizon] | unique' <<<"$answer")"
    same "strategies" '["adopted","draft","validated"]' "$(jq -c '[.data[].strategies[].status] | unique' <<<"$answer")"
    contains "$(jq -c '[.data[].ownerName] | unique' <<<"$answer")" '"Zoë Müller","Łukasz Żak","مريم","田中 健"'
    ask GET '/operations/issues?size=100'
    same "categories of issues" '["active","closed","inactive","open"]' "$(jq -c '[.data[].status.category] | unique' <<<"$answer")"
    contains "$(jq -c '[.data[].statusReason]' <<<"$answer")" 'No box without a kit for a month.'
    ask GET '/operations/issue-statuses'
    local statuses_there
    statuses_there=$(jq -c '[.data[].name] | unique' <<<"$answer")
    ask GET '/operations/issues?size=100'
    same "statuses that have issues" "$statuses_there" "$(jq -c '[.data[].status.name] | unique' <<<"$answer")"
    same "an analysis, tags, actions, resolution notes" '[true,true,true,true]' "$(jq -c '[.data | any(.rootCauseAnalysis | objects | .method == "fishbone"), any(.tags != []),
        any(.connections.actionIds != []), any(.resolutionNotes != null)]' <<<"$answer")"
    same "first of the board" '"The laboratory lost a sample of the lights"' "$(jq '.data[] | select(.displayOrder == 0).title' <<<"$answer")"
    ask GET '/activity/recent?type=issue_updated&size=50'
    for verb in Started Resolved Closed Reopened Assigned Put; do
        contains "$(jq -c '[.data[].description]' <<<"$answer")" "\"$verb "
    done
    ask GET '/operations/actions?size=500'
    same "statuses of actions" '["blocked","cancelled","completed","in_progress","not_started"]' "$(jq -c '[.data[].status] | unique' <<<"$answer")"
    same "what an issue was converted into" 2 "$(jq '[.data[] | select(.title | test("^(Run the pads|Ask the supplier)"))] | length' <<<"$answer")"
    ask GET '/operations/issues/stats'
    same "issues by status" true "$(jq '.data | .totalIssues == .openIssues + .inProgressIssues + .onHoldIssues + .resolvedIssues + .closedIssues and .totalIssues > 15' <<<"$answer")"
    ask GET '/dashboard/command-center'
    same "lists of the command center that are empty" '[]' "$(jq -c '.data | {goals, myTasks} + .alerts | to_entries | map(select(.value == []).key)' <<<"$answer")"
    ask GET '/goals?size=100'
    local before
    before=$(jq .pagination.total <<<"$answer")
    ((before >= 12)) || fail "only $before goals"
    # Plans of KPIs: one to judge by words, one that was adjusted, one that should be.
    ask GET '/kpis?type=qualitative'
    same "qualitative KPIs" 1 "$(jq .pagination.total <<<"$answer")"
    ask GET '/kpis?size=100&search=pre-series'
    ask GET "/kpis/$(jq -r '.data[0].id' <<<"$answer")/adjustments"
    same "adjusted" '["maintain_final_goal"]' "$(jq -c '[.data[].adjustmentStrategy]' <<<"$answer")"
    ask GET '/kpis?size=100&search=best-sellers'
    ask GET "/kpis/$(jq -r '.data[0].id' <<<"$answer")/actuals?size=1"
    same "off its plan" 'true true false' "$(jq -r '.data[0] | "\(.replanThresholdExceeded) \(.triggersReplan) \(.autoAdjustmentApplied)"' <<<"$answer")"
    down "$data"
    rm "$data/state/demo.json" # as if the end of the first time had been lost
    up "$data" --demo
    ask GET '/goals?size=100'
    same "goals" "$before" "$(jq .pagination.total <<<"$answer")"
    ask GET '/operations/actions?assignedTo=ines.costa'
    contains "$(jq -c '[.data[].assignedPersonName] | unique' <<<"$answer")" '["Inês Costa"]'
}

test_nothing_is_left_in_tmp() {
    local sockets
    data=$work/$(printf 'deep-%.0s' {1..30})/data
    sockets=/tmp/traction-$(cksum <<<"$data") && sockets=${sockets%% *}
    TRACTION_DRAIN_MS=soon "$traction" up --detach --programs "$build" --data "$data" --port "$port" >/dev/null 2>&1 &&
        fail "a bad value did not stop the start"
    [[ ! -e $sockets ]] || fail "a refused start left $sockets"
    up "$data"
    [[ -d $sockets ]] || fail "there is no $sockets"
    down "$data"
    [[ ! -e $sockets ]] || fail "a stopped stack left $sockets"
}
