#!/bin/bash
# Tests of the `traction` command with the real programs: tests/scripts/run.sh BUILD-FOLDER [TEST...].
# Every function test_* of test_*.sh runs in a subshell with a folder of its own; whatever it has
# started is stopped afterwards. The last line is "N passed, N failed".
set -u
root=$(readlink -f -- "${BASH_SOURCE[0]}") && root=${root%/tests/scripts/run.sh} || exit 1
traction=$root/traction
build=${1:?usage: run.sh BUILD-FOLDER [TEST...]}
shift
folder=$(mktemp -d "${TMPDIR:-/tmp}/traction-scripts-XXXXXX") || exit 1
chmod 755 "$folder"
trap 'rm -rf -- "$folder"' EXIT
trap 'exit 130' INT TERM HUP
port=$((10000 + $$ % 4000))
passed=0 failed=0

fail() {
    local i=0
    while [[ ${FUNCNAME[i + 1]-test_} != test_* ]]; do i=$((i + 1)); done
    printf '    %s (line %s)\n' "$*" "${BASH_LINENO[i]}"
    exit 1
}
# same WHAT EXPECTED ACTUAL
same() { [[ $2 == "$3" ]] || fail "$1: expected \"$2\", got \"$3\""; }
# contains TEXT PART
contains() { [[ $1 == *"$2"* ]] || fail "\"$2\" is not in: $1"; }

# up DATA OPTION...: a stack that is ready; what it printed is in $printed.
up() {
    local data=$1
    shift
    printf '%s\n' "$data" >>"$folder/started"
    printed=$("$traction" up --detach --programs "$build" --data "$data" --port "$port" "$@" 2>&1) ||
        fail "up failed: $printed"
}
down() { "$traction" down --data "$1" >/dev/null || fail "down failed"; }
# pid_of NAME DATA: nothing while it does not run, and of processes of the data's owner alone.
pid_of() {
    local pid
    pid=$(sed -n "s/^pid_$1=\([1-9][0-9]*\)$/\1/p" "$2/state/stack")
    [[ -z $pid || ! -e /proc/$pid ||
        $(stat -c %u "/proc/$pid" 2>/dev/null) == "$(stat -c %u "$2")" ]] && printf '%s\n' "$pid"
}
# ask METHOD PATH [CURL-OPTION...]: as a user of tenant "scripts"; the answer is in $answer.
ask() {
    local method=$1 path=$2
    shift 2
    token=${token-$("$traction" token --tenant scripts --user u1 --name 'Ann' --data "$data")}
    answer=$(curl -sS --noproxy '*' --max-time 20 -X "$method" -H "Authorization: Bearer $token" \
        -H 'Content-Type: application/json' "http://127.0.0.1:$port$path" "$@")
}
ready() {
    [[ $(curl -sS --noproxy '*' -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/health/ready" 2>/dev/null) == 200 ]]
}
# eventually COMMAND...: within 15 s
eventually() {
    local i
    for ((i = 0; i < 300; i++)); do
        ! "$@" || return 0
        sleep 0.05
    done
    return 1
}

run_test() {
    local stack
    : >"$folder/started"
    work=$folder/$1
    mkdir "$work"
    data=$work/data
    port=$((port + 7))
    if ("$1"); then
        passed=$((passed + 1))
        printf 'ok %s\n' "$1"
    else
        failed=$((failed + 1))
        printf 'not ok %s\n' "$1"
        tail -n 20 -- "$data/log/traction.log" 2>/dev/null | sed 's/^/    | /'
    fi
    while IFS= read -r stack; do
        [[ ! -d $stack ]] || "$traction" down --data "$stack" >/dev/null
    done <"$folder/started"
    rm -rf -- "$work"
}

for file in "$root"/tests/scripts/test_*.sh; do
    # shellcheck source=/dev/null
    source "$file"
done
tests=("$@")
((${#tests[@]} > 0)) || mapfile -t tests < <(compgen -A function test_)
for test in "${tests[@]}"; do
    run_test "$test"
done
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0 && passed > 0))
