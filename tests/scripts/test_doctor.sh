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

# By a provider that answers each address with the text behind "/".
test_doctor_asks_the_identity_provider() {
    local out port_file=$work/provider-port server address fault
    node -e "const server = require('http').createServer((request, response) => response.end(decodeURIComponent(request.url.slice(1))))
        .listen(0, '127.0.0.1', () => require('fs').writeFileSync(process.argv[1], String(server.address().port)))" "$port_file" &
    server=$!
    eventually test -s "$port_file" || fail "the provider did not start"
    address=http://127.0.0.1:$(<"$port_file")
    out=$(TRACTION_JWT_JWKS_URL="$address/%7B%22keys%22:%5B1%5D%7D" "$traction" doctor --data "$data")
    contains "$out" "ok     keys: $address/"
    out=$(TRACTION_JWT_JWKS_URL="$address/%7B%22keys%22:%5B%5D%7D" "$traction" doctor --data "$data") && fail "no key is well: $out"
    contains "$out" "has no keys"
    out=$(TRACTION_JWT_DISCOVERY=on TRACTION_JWT_ISSUER="$address/%7B%7D" "$traction" doctor --data "$data") && fail "no address is well: $out"
    contains "$out" "names no jwks_uri"
    kill "$server"
    out=$(TRACTION_JWT_JWKS_URL="$address/" "$traction" doctor --data "$data") && fail "no answer is well: $out"
    contains "$out" "is not answered"
}
