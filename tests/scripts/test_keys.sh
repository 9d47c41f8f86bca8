# The keys of the bus over TCP.
# shellcheck shell=bash

test_keys_are_made_once() {
    local out before file
    out=$("$traction" keys "$data") || fail "no keys: $out"
    contains "$out" "made $data/gateway.key"
    same "files" 12 "$(find "$data" -type f | wc -l)"
    for file in "$data"/*.key; do same "mode of $file" 400 "$(stat -c %a "$file")"; done
    for file in "$data"/*.key; do same "keys in $file" 2 "$(grep -cE '^    (public|secret)-key = "[^" ]{40}"$' "$file")"; done
    same "listed" 6 "$(grep -lE '^    public-key = "[^" ]{40}"$' "$data"/public-keys/*.cert | wc -l)"
    same "secrets" "" "$(grep -l secret-key "$data"/public-keys/*)"
    before=$(sha256sum "$data"/*.key "$data"/public-keys/*)
    same "the second time" "" "$("$traction" keys "$data")"
    same "keys" "$before" "$(sha256sum "$data"/*.key "$data"/public-keys/*)"
    "$traction" keys --check "$data" || fail "they are not right"
    rm -f "$data/svc-kpis.key"
    out=$("$traction" keys "$data")
    same "made anew" "made $data/svc-kpis.key made $data/public-keys/svc-kpis.cert" "${out//$'\n'/ }"
    same "other keys" "$(grep -v 'svc-kpis\|public' <<<"$before")" "$(sha256sum "$data"/*.key | grep -v svc-kpis)"
    "$traction" keys --check "$data" || fail "they are not right again"
}

test_wrong_keys_are_found() {
    local out
    "$traction" keys "$data" >/dev/null
    chmod 755 "$data"
    chmod 644 "$data/svc-goals.key"
    sed 's/secret-key = "/&x/' "$data/gateway.key" >"$data/new" && mv -f "$data/new" "$data/gateway.key"
    "$traction" keys "$folder/other" >/dev/null
    mv -f "$folder/other/svc-realtime.key" "$data/svc-realtime.key"
    out=$("$traction" keys --check "$data") && fail "nothing was found"
    contains "$out" "svc-goals.key may be read by others (mode 644)"
    contains "$out" "gateway.key is no private key"
    contains "$out" "does not have the public key of svc-realtime"
    same "faults" 3 "$(wc -l <<<"$out")"
    out=$("$traction" keys "$data" 2>&1) && fail "a broken key was taken"
    contains "$out" "gateway.key is no private key; remove it"
}

# Keys as release 1.0.0 made them: they are used, kept and added to.
test_old_keys_are_read() {
    local out role key before
    export TRACTION_JWT_SECRET=0123456789012345678901234567890123456789
    export TRACTION_GOALS_ENDPOINTS=tcp://127.0.0.1:7101
    mkdir "$data"
    for role in gateway svc-goals svc-operations svc-analytics svc-realtime; do
        key=$(openssl genpkey -algorithm X25519 -outform DER | tee "$folder/key" | tail -c 32 | od -An -v -tx1 | tr -d ' \n')
        (umask 077 && printf '%s\n' "$key" >"$data/$role.key")
        key=$(openssl pkey -inform DER -in "$folder/key" -pubout -outform DER | tail -c 32 | od -An -v -tx1 | tr -d ' \n')
        printf '%s %s\n' "$role" "$key" >>"$data/public-keys"
    done
    before=$(sha256sum "$data"/*.key)
    out=$("$traction" keys --check "$data") && fail "no key of svc-kpis, and nothing was found"
    same "what is missing" "$data/svc-kpis.key is no private key" "$out"
    out=$("$traction" keys "$data") || fail "no keys: $out"
    same "made" "made $data/svc-kpis.key made $data/public-keys" "${out//$'\n'/ }"
    same "other keys" "$before" "$(sha256sum "$data"/*.key | grep -v svc-kpis)"
    "$traction" keys --check "$data" || fail "they are not right"
    same "the second time" "" "$("$traction" keys "$data")"
    export TRACTION_BUS_PUBLIC_KEYS=$data/public-keys
    TRACTION_BUS_KEY_FILE=$data/gateway.key "$build/gateway" --check-config || fail "the old key was refused"
    TRACTION_DATABASE_URL=postgresql:///traction TRACTION_BUS_KEY_FILE=$data/svc-kpis.key "$build/svc-kpis" --check-config ||
        fail "the new key was refused"
    sed -i '/svc-goals/d' "$data/public-keys"
    out=$("$traction" keys --check "$data") && fail "nothing was found"
    same "what is wrong" "$data/public-keys does not have the public key of svc-goals" "$out"
}

# A program takes what the command made, and another's key not.
test_programs_take_their_keys() {
    local out
    "$traction" keys "$data" >/dev/null
    export TRACTION_JWT_SECRET=0123456789012345678901234567890123456789
    export TRACTION_GOALS_ENDPOINTS=tcp://127.0.0.1:7101
    out=$("$build/gateway" --check-config 2>&1) && fail "it does without keys"
    contains "$out" "TRACTION_BUS_PUBLIC_KEYS is not set"
    export TRACTION_BUS_PUBLIC_KEYS=$data/public-keys
    TRACTION_BUS_KEY_FILE=$data/gateway.key "$build/gateway" --check-config || fail "its own key was refused"
    out=$(TRACTION_BUS_KEY_FILE=$data/svc-kpis.key "$build/gateway" --check-config 2>&1) && fail "another's key was taken"
    contains "$out" "is the key of svc-kpis, and this is gateway"
    TRACTION_BUS_CURVE=off "$build/gateway" --check-config || fail "keys cannot be switched off"
}
