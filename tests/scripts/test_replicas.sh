# Several of each program on one machine.
# shellcheck shell=bash

# Asks the gateways in turn until told to stop; what was not answered as it should is in $work/failures.
load() {
    local i=0 status
    while [[ ! -e $work/stop ]]; do
        i=$((i + 1))
        status=$(curl -s --noproxy '*' --max-time 15 -o "$work/answer.$1" -w '%{http_code}' -H "Authorization: Bearer $token" \
            -H 'Content-Type: application/json' -X POST -d '{"title":"Again","horizon":"month","owner_id":"u1"}' \
            "http://127.0.0.1:$((port + i % 2))/goals")
        [[ $status == 201 ]] || echo "POST $status $(head -c 300 "$work/answer.$1")" >>"$work/failures"
        status=$(curl -s --noproxy '*' --max-time 15 -o "$work/answer.$1" -w '%{http_code}' -H "Authorization: Bearer $token" \
            "http://127.0.0.1:$((port + 1 - i % 2))/goals?size=5")
        [[ $status == 200 ]] || echo "GET $status $(head -c 300 "$work/answer.$1")" >>"$work/failures"
        echo >>"$work/asked"
    done
}

# Every service ends, in turn, and comes back, under requests; then each is killed.
test_replicas_end_and_nobody_notices() {
    local name old signal admin
    data="$work/a, b"
    up "$data" --replicas 2
    contains "$printed" "2 of each"
    same "processes" 13 "$("$traction" status --json --data "$data" | jq '[.processes[] | select(.pid)] | length')"
    ask GET /goals
    : >"$work/failures"
    load 1 &
    load 2 &
    for signal in TERM KILL; do
        for name in svc-goals svc-goals-2 svc-kpis svc-kpis-2 svc-realtime-2; do
            old=$(pid_of "$name" "$data")
            admin=$(sed -n "s/^admin_$name=//p" "$data/state/stack")
            kill -s "$signal" "$old"
            # shellcheck disable=SC2317 # called by eventually
            back() { replaced "$name" "$old" && [[ $(curl -s --noproxy '*' "http://127.0.0.1:$admin/readyz") == ready ]]; }
            eventually back || fail "$name did not come back"
            sleep 0.3 # until the gateways have seen it, too
        done
    done
    touch "$work/stop"
    wait
    same "failures" "" "$(head -n 3 "$work/failures")"
    (($(wc -l <"$work/asked") > 20)) || fail "only $(wc -l <"$work/asked") rounds"
    "$traction" doctor --data "$data" >/dev/null || fail "the doctor is not content: $("$traction" doctor --data "$data")"
    # One of each again, on the same data.
    down "$data"
    up "$data"
    same "processes" 7 "$("$traction" status --json --data "$data" | jq '.processes | length')"
}

# Five rounds of `restart` under requests and streams, of all processes, gateways too.
test_rolling_restarts_go_unnoticed() {
    local out
    out=$(TMPDIR=$work "$root/tests/rolling/run" --programs "$build" --rounds 5 --clients 8 --pause 200 --think 400) ||
        fail "$(tail -n 25 <<<"$out")"
    contains "$out" "round 5: all restarted"
    contains "$out" "nobody noticed"
    [[ $out =~ ([0-9]+)\ requests,\ 0\ failed ]] && ((BASH_REMATCH[1] > 300)) || fail "too few requests: $out"
}

# The socket outlives its gateway: who connects while there is none waits.
test_a_killed_gateway_refuses_nobody() {
    local old
    up "$data"
    ask GET /goals
    old=$(pid_of gateway "$data")
    kill -9 "$old"
    for _ in 1 2 3; do
        ask GET /goals
        same "answer" true "$(jq .success <<<"$answer")"
    done
    replaced gateway "$old" || fail "it was not killed"
}

# Its state changes while it is looked at; so does the length of what Linux says of it.
test_a_busy_process_is_known_as_ours() {
    local supervisor=$BASHPID busy others i
    # shellcheck source=deploy/local/restart.sh
    source "$root/deploy/local/restart.sh"
    while :; do read -r -t 0.0001 _ <> <(:); done &
    busy=$!
    while :; do :; done &
    others=$!
    for ((i = 0; i < 10000; i++)); do is_child "$busy" || break; done
    kill "$busy" "$others"
    ((i == 10000)) || fail "look $i took it for a stranger"
    ! is_child $$ || fail "a stranger is taken for ours"
    ! is_child 0 || fail "who is not there is taken for ours"
}

test_restart_of_some_processes() {
    local out before name
    out=$("$traction" restart --data "$data" 2>&1) && fail "it restarted nothing"
    contains "$out" "not running"
    up "$data"
    out=$("$traction" restart svc-goals-2 --data "$data" 2>&1) && fail "it restarted what is not there"
    contains "$out" 'no process "svc-goals-2"'
    before=$(<"$data/state/stack")
    out=$("$traction" restart svc-kpis gateway --data "$data") || fail "restart failed: $out"
    contains "$out" "one of each"
    for name in svc-goals svc-realtime postgresql; do
        same "$name" "$(sed -n "s/^pid_$name=//p" <<<"$before")" "$(pid_of "$name" "$data")"
    done
    for name in svc-kpis gateway; do
        [[ $(pid_of "$name" "$data") != "$(sed -n "s/^pid_$name=//p" <<<"$before")" ]] || fail "$name was left alone"
    done
    grep -q "gateway ended as it was told to" "$data/log/traction.log" || fail "no word of it in the log"
    ready || fail "not ready"
}
