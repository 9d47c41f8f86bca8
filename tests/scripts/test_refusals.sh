# What `traction up` cannot start with, and that one line says what it is.
# shellcheck shell=bash

# refused PART OPTION...: the start fails, its first line tells of PART, and nothing but where the logs
# are follows.
refused() {
    local part=$1 out
    shift
    printf '%s\n' "$data" >>"$folder/started"
    out=$("$traction" up --detach --programs "$build" --data "$data" --port "$port" "$@" 2>&1) && fail "it started"
    contains "$(head -n 1 <<<"$out")" "$part"
    [[ $(tail -n +2 <<<"$out") =~ ^("traction: the start failed; logs are in "[^$'\n']*)?$ ]] || fail "more than one line: $out"
}

test_ports_and_addresses() {
    refused "that is no IP address" --host nosuch.invalid
    refused "cannot listen on 192.0.2.1" --host 192.0.2.1
    TRACTION_PORT=$port TRACTION_JWT_SECRET=$(printf '%32s' x) "$build/gateway" --hold-ports 1 sleep 30 &
    eventually bash -c "exec 3<>/dev/tcp/127.0.0.1/$port" 2>/dev/null || fail "nothing listens"
    refused "something else listens on 127.0.0.1:$port; choose another --port"
    refused "something else listens on 127.0.0.1:$port; choose another --pg-port" --port $((port + 1)) --pg-port "$port"
    kill $!
}

test_folders_that_cannot_be_used() {
    : >"$work/file"
    data=$work/file refused "is no folder"
    up "$data"
    down "$data"
    chmod 400 "$data/lock"
    refused "cannot write to $data: Permission denied"
    chmod 600 "$data/lock"
    : >"$data/pg/traction.conf" && chmod 000 "$data/pg/PG_VERSION"
    refused "PostgreSQL does not start: "
    chmod 600 "$data/pg/PG_VERSION"
    up "$data"
}

# A disk of its own can only be had by root.
test_full_disks() {
    local size
    trap 'umount "$work/disk" 2>/dev/null' EXIT
    size=$(du -cm "$build"/{gateway,svc-*,report-writer} 2>/dev/null | tail -n 1)
    mkdir "$work/disk"
    mount -t tmpfs -o size=1m tmpfs "$work/disk" 2>/dev/null || return 0
    data=$work/disk/data
    refused "No space left on device"
    mount -o "remount,size=$((${size%%[^0-9]*} + 12))m" "$work/disk"
    rm -rf -- "$data"
    refused "No space left on device"
}

test_proxies() {
    TRACTION_TRUSTED_PROXIES=10.0.0.0/8,edge.example.com refused "TRACTION_TRUSTED_PROXIES: \"edge.example.com\" is no address and no network"
}

test_key_files() {
    export TRACTION_JWT_JWKS_FILE=$work/jwks.json
    refused "TRACTION_JWT_JWKS_FILE: \"$work/jwks.json\" cannot be used: unable to open"
    echo '{"keys": []}' >"$work/jwks.json"
    refused "cannot be used: it has no usable RS256 or ES256 key"
    [[ ! -e $data/pg ]] || fail "a database was made"
}

test_identity_provider() {
    TRACTION_JWT_JWKS_URL=http://keys.example.com/jwks.json refused "TRACTION_JWT_JWKS_URL cannot be used: http is only for loopback"
    TRACTION_JWT_JWKS_URL=file:///etc/passwd refused "TRACTION_JWT_JWKS_URL cannot be used: it is no https address"
    TRACTION_JWT_JWKS_URL=https://me:secret@keys.example.com/ refused "cannot be used: it is no https address without a password in it"
    TRACTION_JWT_DISCOVERY=on refused "TRACTION_JWT_DISCOVERY needs TRACTION_JWT_ISSUER"
    TRACTION_JWT_DISCOVERY=on TRACTION_JWT_ISSUER=auth refused "TRACTION_JWT_ISSUER cannot be used"
    TRACTION_JWT_DISCOVERY=on TRACTION_JWT_ISSUER=https://a.example.com TRACTION_JWT_JWKS_URL=https://a.example.com/ refused "exclude one another"
    TRACTION_JWT_JWKS_URL=https://a.example.com/ TRACTION_JWT_CA_FILE=$work/none.pem refused "TRACTION_JWT_CA_FILE: \"$work/none.pem\" cannot be used: No such file"
}

# What a program logs is read without the JSON around it; of one that said nothing, how it ended.
test_reasons_are_text() {
    local broken=$work/broken
    mkdir "$broken" && cp -- "$build"/{gateway,svc-*,report-writer} "$broken/"
    printf '#!/bin/sh\n[ "$1" = --migrate ] && exit 0\necho %s\nexit 1\n' \
        "'{\"time\":\"now\",\"level\":\"error\",\"process\":\"svc-kpis\",\"pid\":7,\"message\":\"a \\\\\"word\\\\\"\",\"line\":3,\"reason\":\"none\"}'" \
        >"$broken/svc-kpis"
    build=$broken refused "svc-kpis does not start: a 'word', line 3, reason none"
    printf '#!/bin/sh\n[ "$1" = --migrate ] && exit 0\nkill -SEGV $$\n' >"$broken/svc-kpis"
    build=$broken refused "svc-kpis does not start: it was ended by signal 11 (SEGV); see $data/log/svc-kpis.log"
}

test_migrations_are_numbered() {
    local out good=$work/0001_good.sql
    : >"$work/none.sql"
    echo 'SELECT 1;' | tee "$good" "$work/0001_twice.sql" >"$work/2_later.sql"
    "$build/sqlgen" "$work/a.h" "$work/a.c" --symbol t_ "$work/none.sql" --migrations "$good" || fail "a good name was refused"
    out=$("$build/sqlgen" "$work/a.h" "$work/a.c" --symbol t_ "$work/none.sql" --migrations "$good" "$work/2_later.sql" 2>&1) &&
        fail "it was taken"
    contains "$out" "2_later.sql:1: a migration's name is like"
    out=$("$build/sqlgen" "$work/a.h" "$work/a.c" --symbol t_ "$work/none.sql" --migrations "$good" "$work/0001_twice.sql" 2>&1) &&
        fail "a number was taken twice"
    contains "$out" "0001_twice.sql:1: another migration has this number"
}
