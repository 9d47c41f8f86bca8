#!/bin/bash
# Tests of the `traction` command with the real programs: tests/scripts/run.sh BUILD-FOLDER [TEST...].
# Every function test_* of test_*.sh runs in a subshell with a folder of its own; whatever it has
# started is stopped afterwards. Two lanes for each processor run side by side, since most of a test is waiting; the next
# test goes to the lane that is free. The last line is "N passed, N failed".
set -u
root=$(readlink -f -- "${BASH_SOURCE[0]}") && root=${root%/tests/scripts/run.sh} || exit 1
traction=$root/traction
build=${1:?usage: run.sh BUILD-FOLDER [TEST...]}
shift
folder=$(mktemp -d "${TMPDIR:-/tmp}/traction-scripts-XXXXXX") || exit 1
chmod 755 "$folder"
trap end EXIT
trap 'exit 130' INT TERM HUP
lanes=$((2 * $(nproc))) lane_ports=500
# No stack waits for the console to be built; test_console.sh has a page of its own.
export TRACTION_CONSOLE_DIR=$folder/no-console
port=$((10000 + $$ % 3000))

stop_stacks() { # FILE: whose lines are their data folders
    local stack
    while IFS= read -r stack; do
        [[ ! -d $stack ]] || "$traction" down --data "$stack" >/dev/null
    done <"$1"
}
end() {
    local lane started
    for lane in $(jobs -p); do kill -- "-$lane" 2>/dev/null; done
    wait
    for started in "$folder"/lane*/started; do
        [[ ! -e $started ]] || stop_stacks "$started"
    done
    rm -rf -- "$folder"
}

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
# replaced NAME OLD-PID: another process has the name; in one look, since there is none between the two.
replaced() {
    local pid
    pid=$(pid_of "$1" "$data")
    [[ $pid && $pid != "$2" ]]
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
    local began
    : >"$folder/started"
    work=$folder/$1
    mkdir "$work"
    data=$work/data
    port=$((port + 7))
    began=$SECONDS
    if ("$1"); then
        printf 'ok %s (%d s)\n' "$1" $((SECONDS - began))
    else
        printf 'not ok %s\n' "$1"
        tail -n 20 -- "$data/log/traction.log" 2>/dev/null | sed 's/^/    | /'
    fi
    stop_stacks "$folder/started"
    rm -rf -- "$work"
}

for file in "$root"/tests/scripts/test_*.sh; do
    # shellcheck source=/dev/null
    source "$file"
done
tests=("$@")
if ((${#tests[@]} == 0)); then
    # What takes minutes begins first, or it would end alone.
    long=(test_rolling_restarts_go_unnoticed test_upgrade_and_back test_what_the_state_says_is_never_run)
    mapfile -t tests < <(printf '%s\n' "${long[@]}" && compgen -A function test_ | grep -vxF "$(printf '%s\n' "${long[@]}")")
fi
echo 0 >"$folder/next"

# take_test: the name of a test that nobody has taken is in $test; false when there is none.
take_test() {
    local at
    {
        flock 9
        at=$(<"$top/next")
        echo $((at + 1)) >"$top/next"
    } 9>"$top/lock"
    test=${tests[at]-}
    [[ -n $test ]]
}

run_lane() { # NUMBER
    top=$folder folder=$folder/lane$1 port=$((port + $1 * lane_ports))
    mkdir "$folder"
    while take_test; do
        run_test "$test" >"$folder/out" 2>&1
        cat -- "$folder/out" # at once, so that lanes do not mix
    done
}

set -m # each lane is a process group, which can be ended with all that it has begun
for ((lane = 0; lane < lanes; lane++)); do
    run_lane "$lane" | tee -a -- "$folder/results" &
done
wait
passed=$(grep -ac '^ok ' -- "$folder/results") failed=$(grep -ac '^not ok ' -- "$folder/results")
((passed + failed == ${#tests[@]})) || failed=$((failed + 1))
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0 && passed > 0))
