# The command line: tokens, configuration, mistakes. Nothing is started here.
# shellcheck shell=bash

test_scripts_are_clean() {
    command -v shellcheck >/dev/null || return 0
    cd "$root" || fail "no checkout"
    shellcheck -x traction .ci/run deploy/local/*.sh deploy/local/{supervise,restore,doctor,top} deploy/image/* deploy/compose/make-secrets \
        deploy/debian/{build,traction-setup,traction-restore,postinst,prerm,postrm} deploy/k8s/components/backup/backup tests/install/run tests/failover/run \
        tests/run.sh tests/hygiene/run tests/hygiene/tidy tests/scripts/*.sh tools/hooks/* ||
        fail "shellcheck complains"
}

# A library that the build links but the list does not name would only be missed on a fresh machine.
test_package_list_covers_the_libraries() {
    local library package named arrives
    mapfile -t named < <(awk '$1 == "build" || $1 == "test" { print $2 }' "$root/deploy/local/packages")
    arrives=$(dpkg-query -W -f='${Package}, ${Depends}\n' "${named[@]}")
    while IFS= read -r library; do
        package=$(dpkg-query -S "$(readlink -f "${library%/*}")/${library##*/}" 2>/dev/null) || continue
        package=${package%%:*}
        grep -qwF -- "$package" <<<"$arrives" || fail "$package is not in the list ($library)"
    done < <(sed -n 's/^pkgcfg_lib_.*:FILEPATH=//p' "$build/CMakeCache.txt")
    [[ ${package-} ]] || fail "no library was looked at"
}

# Signatures are compared with openssl's, for a short secret, one of a block and one beyond it.
test_token_is_signed_like_openssl_does() {
    local size secret token signature claims tenant='t"1\\x'
    for size in 32 64 65 200; do
        printf -v secret '%*s' "$size" ''
        secret=${secret// /é}
        secret=${secret:0:size}
        token=$(TRACTION_JWT_SECRET=$secret "$traction" token --tenant "$tenant" --user 'u 1' --name '田中 健' --role viewer --ttl 60) ||
            fail "no token"
        signature=$(printf %s "${token%.*}" | openssl dgst -sha256 -hmac "$secret" -binary | basenc --base64url -w0)
        same "signature with $size characters" "${signature//=/}" "${token##*.}"
    done
    claims=${token#*.} && claims=${claims%.*}
    claims=$(printf '%s==' "$claims" | basenc --base64url -d 2>/dev/null)
    same "claims" '["t\"1\\\\x","u 1","田中 健","viewer",60]' \
        "$(jq -c '[.tenant_id, .user_id, .name, .role, .exp - .iat]' <<<"$claims")"
}

test_mistakes_are_answered() {
    local out
    out=$("$traction" frobnicate 2>&1) && fail "an unknown command succeeded"
    contains "$out" 'no command "frobnicate"'
    out=$("$traction" up --frobnicate 2>&1) && fail "an unknown option succeeded"
    contains "$out" 'no option --frobnicate'
    out=$("$traction" up --port 2>&1) && fail "an option without its value succeeded"
    out=$("$traction" up --port 99999 --data "$data" 2>&1) && fail "port 99999 succeeded"
    contains "$out" 'TRACTION_PORT'
    out=$("$traction" token --user u 2>&1) && fail "a token without a tenant succeeded"
    out=$("$traction" token --tenant t --user u --data "$data" 2>&1) && fail "a token without a secret succeeded"
    contains "$out" "$data/secret"
    out=$("$traction" status --data "$data") && fail "status of nothing succeeded"
    contains "$out" "not running"
    out=$("$traction" down --data "$data") || fail "down of nothing failed"
    [[ ! -e $data ]] || fail "looking made a data folder"
}

test_drills_that_do_not_exist() {
    local out
    out=$("$traction" drill 2>&1) && fail "a drill of nothing succeeded"
    contains "$out" 'drill needs: restore or failover'
    out=$("$traction" drill failover --rounds none 2>&1) && fail "no rounds succeeded"
    contains "$out" 'is not a number from 1 to 9999'
}

test_suites_that_do_not_exist() {
    local out
    out=$("$traction" test frobnicate 2>&1) && fail "an unknown suite succeeded"
    contains "$out" 'no suite frobnicate'
    contains "$out" 'with --full postgres arm64'
    out=$("$traction" test --frobnicate 2>&1) && fail "an unknown option succeeded"
    contains "$out" 'no option --frobnicate'
    out=$("$traction" test --postgres 9 2>&1) && fail "an unknown version succeeded"
    contains "$out" 'the tests have 16 17 18'
    out=$("$traction" test --postgres 18 web 2>&1) && fail "a suite that keeps to Debian's version succeeded"
    contains "$out" 'for the suites c, api and deploy'
}

# A shallow clone has no release to upgrade from, and must not look as if that had been tested.
test_upgrade_without_the_release() {
    local out
    mkdir -p "$work/checkout/"{deploy,proto/base,tests/upgrade}
    cp -r "$root/deploy/local" "$work/checkout/deploy/"
    cp "$root/proto/base/services.def" "$work/checkout/proto/base/"
    cp "$root/tests/upgrade/run" "$work/checkout/tests/upgrade/"
    git init -q "$work/checkout"
    out=$("$work/checkout/tests/upgrade/run" 2>&1) && fail "it succeeded"
    contains "$out" 'git fetch --unshallow'
    same "lines" 1 "$(wc -l <<<"$out")"
}

test_wrong_configuration_stops_the_start() {
    local out
    out=$(TRACTION_NO_SUCH=1 "$traction" up --detach --programs "$build" --data "$data" --port "$port" 2>&1) &&
        fail "an unknown variable did not stop the start"
    contains "$out" TRACTION_NO_SUCH
    same "lines" 1 "$(wc -l <<<"$out")"
    out=$(TRACTION_DRAIN_MS=soon "$traction" up --detach --programs "$build" --data "$data" --port "$port" 2>&1) &&
        fail "a bad value did not stop the start"
    contains "$out" TRACTION_DRAIN_MS
    [[ ! -e $data/pg ]] || fail "a database was made"
}

test_a_full_folder_is_not_taken() {
    local out
    mkdir "$data" && : >"$data/precious"
    out=$("$traction" up --detach --programs "$build" --data "$data" --port "$port" 2>&1) && fail "it was taken"
    contains "$out" "not empty"
    same "content" precious "$(ls -A "$data")"
}
