# What an operator sees of tenants and programs: `tenant list` and `top`.
# shellcheck shell=bash

# open_stream: a stream of the caller's tenant, until the test ends.
open_stream() {
    curl -sN --noproxy '*' --max-time 60 -H "Authorization: Bearer $token" \
        "http://127.0.0.1:$port/realtime/tenants/$1" >"$work/stream" &
    # shellcheck disable=SC2317 # called by eventually
    streams() { [[ -s $work/stream ]]; }
    eventually streams || fail "no stream"
}

# has_line PATTERN: among those of $out.
has_line() { grep -qE -- "^$1\$" <<<"$out" || fail "no line \"$1\": $out"; }

test_tenants_are_listed() {
    local out odd='o"ther \ é' objects events
    up "$data"
    fill
    open_stream scripts
    token=$("$traction" token --tenant "$odd" --user u9 --name Bo --data "$data")
    ask POST /goals -d '{"title":"Theirs","horizon":"year","owner_id":"u9"}'
    ask GET /goals
    out=$("$traction" tenant list --json --data "$data") || fail "$out"
    same "tenants" "$(jq -nc --arg odd "$odd" '["scripts", $odd]')" "$(jq -c '[.[].tenant]' <<<"$out")"
    objects=$(sql "$data" "SELECT (SELECT count(*) FROM goals.goals WHERE tenant_id = 'scripts' AND deleted_at IS NULL) +
        (SELECT count(*) FROM goals.strategies WHERE tenant_id = 'scripts' AND deleted_at IS NULL) + (SELECT count(*) FROM kpis.kpis WHERE tenant_id = 'scripts' AND deleted_at IS NULL) +
        (SELECT count(*) FROM operations.actions WHERE tenant_id = 'scripts') + (SELECT count(*) FROM operations.issues WHERE tenant_id = 'scripts')")
    events=$(sql "$data" "SELECT (SELECT count(*) FROM goals.event_log WHERE tenant_id = 'scripts') + (SELECT count(*) FROM kpis.event_log WHERE tenant_id = 'scripts') +
        (SELECT count(*) FROM operations.event_log WHERE tenant_id = 'scripts')")
    ((objects >= 5 && events >= 10)) || fail "$objects objects, $events events"
    same "what scripts has" "[$objects,$events,1,false]" "$(jq -c '.[0] | [.objects, .events, .streams, .estimated]' <<<"$out")"
    same "what the other has" '[1,1,0,2]' "$(jq -c '.[1] | [.objects, .events, .streams, .requests]' <<<"$out")"
    jq -e '.[0] | .rows > .objects + .events and .bytes > 1000 and .requests > 10' <<<"$out" >/dev/null || fail "$out"
    out=$("$traction" tenant list --data "$data") || fail "$out"
    has_line 'tenant +objects +rows +bytes +events +streams +requests'
    has_line "scripts +$objects +[1-9][0-9]* +[0-9.]+[ K] +$events +1 +[1-9][0-9]* *"
    contains "$out" "$odd "
    # Of a large table a part is read.
    sql "$data" "INSERT INTO goals.idempotency SELECT 'scripts', decode(lpad(to_hex(i), 64, '0'), 'hex'), decode(repeat('00', 32), 'hex'),
        decode(repeat('ab', 1000), 'hex'), now() + interval '1 hour' FROM generate_series(1, 40000) i"
    out=$("$traction" tenant list --json --data "$data") || fail "$out"
    jq -e '.[0] | .estimated and .rows > 30000 and .rows < 50000 and .bytes > 33000000 and .bytes < 56000000' <<<"$out" >/dev/null || fail "$out"
    out=$("$traction" tenant list more --data "$data" 2>&1) && fail "it lists more: $out"
    out=$("$traction" tenant erase scripts --json --data "$data" 2>&1) && fail "it takes --json: $out"
    contains "$out" "no option --json"
}

test_top_shows_what_happens() {
    local out load name
    out=$("$traction" top --once --data "$data" 2>&1) && fail "nothing runs: $out"
    contains "$out" "not running"
    up "$data"
    ask POST /goals -d '{"title":"Watched","horizon":"year","owner_id":"u1"}'
    open_stream scripts
    while ask GET /goals 2>/dev/null; do :; done &
    load=$!
    out=$("$traction" top --once --interval 2 --data "$data") || fail "$out"
    kill "$load"
    has_line 'program +requests/s +failed/s +p99 ms +CPU % +memory MB +in flight +queue +database +streams'
    for name in svc-goals svc-kpis svc-operations svc-analytics svc-realtime gateway; do
        has_line "$name +[0-9.]+ +[0-9.]+ +([0-9.]+|-) +[0-9.]+ +[1-9][0-9.]+ +[0-9]+ +[0-9]+ +([0-9]+|-) +([0-9]+|-)"
    done
    # Both work, without failures, and the tenant is who they work for.
    for name in svc-goals gateway; do
        has_line "$name +[1-9][0-9]*\\.[0-9] +0\\.0 +[0-9]+\\.[0-9] +[0-9]+\\.[0-9] .*"
    done
    has_line 'gateway .* 1'
    has_line 'tenant +requests/s +p99 ms +streams'
    has_line 'scripts +[1-9][0-9]*\.[0-9] +[0-9]+\.[0-9] +1'
    out=$("$traction" top --interval 0 --data "$data" 2>&1) && fail "it looks without a pause: $out"
    out=$("$traction" top --forever --data "$data" 2>&1) && fail "it takes anything: $out"
    contains "$out" "top has no option --forever"
}
