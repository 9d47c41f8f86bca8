#!/bin/bash
# All tests, for `./traction test [OPTION...] [SUITE...]`, which has installed what they need. Builds
# with AddressSanitizer and UndefinedBehaviorSanitizer in build/test, runs the suites one after the other
# and ends with one line that adds them up. A suite that breaks off counts as a failed test.
#   --full              also the suites that take too long for every run, hygiene's deep look, longer
#                       fuzzing, and the mistakes planted in the services that chaos has to find
#   --postgres VERSION  what of c, api and deploy needs a database, on another PostgreSQL than Debian's
#   --coverage          builds with counters instead, in build/coverage; says in the end which lines
#                       were run, and writes build/coverage/report/index.html
#   hygiene --changed   looks at changed C files alone, in seconds
set -u
root=$(readlink -f -- "${BASH_SOURCE[0]}") && root=${root%/tests/run.sh} || exit 1
# shellcheck source=deploy/local/common.sh
source "$root/deploy/local/common.sh" || exit 1
# shellcheck source=deploy/local/packages.sh
source "$root/deploy/local/packages.sh" || exit 1
# shellcheck source=deploy/local/build.sh
source "$root/deploy/local/build.sh" || exit 1
# shellcheck source=tests/support/memory.sh
source "$root/tests/support/memory.sh" || exit 1

preset=test build=$root/build/test
suites=(c scripts deploy api web hygiene tsan fuzz chaos)
long_suites=(postgres arm64 upgrade install failover soak)
large_suites="arm64 upgrade install failover soak" # for memory
passed=0 failed=0

# Everything temporary of every suite, so that nothing stays behind whatever happens: in $disk what is
# large, in $memory what makes and removes many databases.
disk=$(mktemp -d "${TMPDIR:-/tmp}/traction-test-XXXXXX") || exit 1
memory=$disk
beside='' chaos_beside='' # process groups
leave() {
    local group
    for group in $beside $chaos_beside; do kill -- "-$group" && wait "$group"; done 2>/dev/null
    rm -rf -- "$disk" "$memory"
}
trap leave EXIT
trap 'exit 130' INT TERM HUP
memory=$(memory_folder) || memory=$disk
chmod 755 "$disk" "$memory" # databases belong to another user when we are root
failures=$disk/failures
: >"$failures"

# Where $suite has its temporary files, and PostgreSQL: one of --postgres, or of clusters made beforehand.
given=${POSTGRES_BIN-}
choose_places() {
    export TMPDIR=$memory
    [[ ! $version ]] || return 0
    export POSTGRES_BIN=$memory/postgres
    [[ " $large_suites " == *" $suite "* ]] || return 0
    TMPDIR=$disk POSTGRES_BIN=$given
    [[ $given ]] || unset POSTGRES_BIN
}

count() { # SUITE PASSED FAILED
    passed=$((passed + $2))
    failed=$((failed + $3))
    printf '%s: %d passed, %d failed\n' "$1" "$2" "$3"
}

build_tests() {
    say "building ($preset)"
    mkdir -p "$build" || exit 1
    configure "$preset" "$build"
    # shellcheck disable=SC2086 # nothing, or one name
    ninja -C "$build" --quiet ${target-} || die "the build failed"
}

# Tests that ctest knows. Check's own figures count; a program without them counts as one test, and
# one that fails although its tests passed (a leak, a crash at the end) as one failed test more. Two for
# each processor, since half of a test's time is waiting.
tested() { # SUITE BUILD CTEST-OPTION...
    local suite=$1 folder=$2 log=$2/Testing/Temporary/LastTest.log status good bad
    shift 2
    rm -f -- "$log"
    (cd "$folder" && ctest --output-on-failure --parallel $((2 * $(nproc))) --timeout 300 "$@")
    status=$?
    [[ -s $log ]] || { count "$suite" 0 1 && return; }
    grep -aE ':[FE]:|^SUMMARY: |^[0-9]+/[0-9]+ Testing: |^Test Failed' -- "$log" |
        awk -v suite="$suite" '/ Testing: / { name = $3; next } /^Test Failed/ { print suite ": " name; next } { print suite ": " name ": " $0 }' \
            >>"$failures"
    read -r good bad < <(awk '
        / Testing: / { checks = -1; errors = 0; absent = 0 }
        /^Command: ""/ { absent = 1 }
        match($0, /Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+/) {
            split(substr($0, RSTART, RLENGTH), part, /[^0-9]+/)
            if (checks < 0) checks = 0
            checks += part[2]
            errors += part[3] + part[4]
        }
        /^Test (Passed|Failed)\./ {
            failed = absent || /Failed/
            bad += (errors > 0 ? errors : failed)
            good += (checks < 0 ? !failed : checks - errors)
        }
        END { print good + 0, bad + 0 }' "$log")
    ((status == 0 || bad > 0)) || bad=1
    count "$suite" "$good" "$bad"
}

# Tests of units, services, events and reports.
suite_c() { tested "c$on" "$build" "${with_database[@]}"; }

build_tsan() { # FOLDER
    local programs
    mkdir -p "$1"
    configure tsan "$1"
    programs=$(find "$root/tests/unit/"{bus,gateway} -name 'test_*.c' -printf '%f\n' | sed 's|\.c$||')
    # shellcheck disable=SC2086 # names of ours
    ninja -C "$1" --quiet $programs
}

# The same of what runs beside ZeroMQ's own threads, with ThreadSanitizer, which does not mix with
# the other sanitizers. It cannot see how ZeroMQ itself synchronises.
suite_tsan() {
    local folder=$root/build/tsan
    await_beside
    build_tsan "$folder" || { count tsan 0 1 && return; }
    printf 'called_from_lib:%s\n' libzmq.so libsodium.so >"$folder/suppressions"
    TSAN_OPTIONS=suppressions=$folder/suppressions tested tsan "$folder" --parallel "$(nproc)" -R '^unit/(bus|gateway)/'
}

# A suite that ends with a line "N passed, N failed" of its own.
counted() { # SUITE COMMAND...
    local suite=$1 out=$disk/$1.out status good bad
    shift
    "$@" 2>&1 | tee -- "$out"
    status=${PIPESTATUS[0]}
    if [[ $(tail -n 1 -- "$out") =~ ([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then
        good=${BASH_REMATCH[1]} bad=${BASH_REMATCH[2]}
        ((status == 0 || bad > 0)) || bad=1
    else
        good=0 bad=1
    fi
    grep -a '^not ok' -- "$out" | sed "s/^/$suite: /" >>"$failures"
    count "$suite" "$good" "$bad"
}

suite_scripts() { counted scripts "$root/tests/scripts/run.sh" "$build"; }

# need_modules FOLDER: what its package-lock.json names. False when npm could not bring it.
need_modules() {
    need_node
    cd "$1" || exit 1
    [[ ! node_modules/.package-lock.json -nt package-lock.json ]] || return 0
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch node_modules/.package-lock.json
}

suite_deploy() {
    need_modules "$root/tests/deploy" || { count deploy 0 1 && return; }
    TEST_BIN=$build counted "deploy$on" node run.mjs "${managed[@]}"
}

suite_api() {
    need_modules "$root/tests/api" || { count api 0 1 && return; }
    build_programs
    TEST_BIN=$build TEST_RELEASE_BIN=$built counted "api$on" node run.mjs
}

suite_web() {
    { need_modules "$root" && need_modules "$root/tests/api"; } || { count web 0 1 && return; }
    cd "$root" && TEST_BIN=$build counted web node tests/web/run.mjs
}

look() { "$root/tests/hygiene/run" "${hygiene[@]}" "$build"; }

# Looking at sources and building want nothing but processors: it goes on beside suites that wait half
# of their time, with what those leave.
start_beside() {
    local all=" ${wanted[*]} "
    [[ $all == *" c "*"scripts "*"hygiene "* ]] || return 0
    set -m # a process group, which can be ended as one
    (
        chrt --idle --all-tasks --pid 0 "$BASHPID" 2>/dev/null || renice -n 19 "$BASHPID" >/dev/null
        # What is wrong with these, their suites say.
        (build_programs) >/dev/null 2>&1
        [[ $all != *" tsan "* ]] || build_tsan "$root/build/tsan" >/dev/null 2>&1
        [[ $all != *" fuzz "* ]] || "$root/tests/fuzz/run" --build >/dev/null 2>&1
        look >"$disk/look" 2>&1
        echo $? >"$disk/looked"
    ) </dev/null &
    beside=$!
    set +m
}

await_beside() {
    [[ ! $beside ]] || wait "$beside"
    beside=''
}

looked() {
    cat -- "$disk/look"
    return "$(<"$disk/looked")"
}

suite_hygiene() {
    await_beside
    if [[ -e $disk/looked ]]; then
        counted hygiene looked
    else
        counted hygiene look
    fi
}

suite_fuzz() {
    await_beside
    start_chaos
    counted fuzz "$root/tests/fuzz/run" --seconds "$fuzz_seconds"
}

play_chaos() { node "$root/tests/chaos/test.mjs" "$build" "${chaos[@]}"; }

# Much of its two minutes is waiting, and inputs of fuzzing have no time limits that it could break.
start_chaos() {
    [[ ! $full && " ${wanted[*]} " == *" fuzz chaos "* ]] || return 0
    need_node
    set -m
    (
        play_chaos >"$disk/chaos" 2>&1
        echo $? >"$disk/played"
    ) </dev/null &
    chaos_beside=$!
    set +m
}

played() {
    cat -- "$disk/chaos"
    return "$(<"$disk/played")"
}

suite_chaos() {
    need_node
    if [[ $chaos_beside ]]; then
        wait "$chaos_beside"
        chaos_beside=''
        counted chaos played
    else
        counted chaos play_chaos
    fi
}

suite_upgrade() {
    need_node
    counted upgrade "$root/tests/upgrade/run"
}

# use_postgres VERSION: for the suites that follow.
on='' with_database=() managed=()
use_postgres() {
    need_node
    POSTGRES_BIN=$("$root/tests/postgres/provide" "$1") || return 1
    export POSTGRES_BIN
    on=" on PostgreSQL $1" with_database=(-R '^(unit/(db|service)|events|service)/') managed=(managed)
}

# The newest version that tests can have; the other suites use the oldest.
suite_postgres() {
    use_postgres newest || { count postgres 0 1 && return; }
    suite_c
    suite_api
    suite_deploy
    on='' with_database=() managed=()
}

suite_soak() {
    need_node
    counted soak "$root/tests/soak/test"
}

suite_failover() { counted failover "$root/tests/failover/test"; }

suite_arm64() { counted arm64 "$root/tests/arm64/run"; }

suite_install() { counted install "$root/tests/install/run"; }

# Which lines were run, of the programs that ended by themselves: those that tests kill write no counts.
report_coverage() {
    mkdir -p "$build/report"
    (cd "$build" && gcovr --root "$root" --exclude '(.*/)?(tests|build|bench)/' --print-summary \
        --html-details report/index.html . | tail -n 4)
    say "line by line: $build/report/index.html"
}

wanted=() hygiene=() full='' version='' fuzz_seconds=10 chaos=('lose nothing')
while (($# > 0)); do
    word=$1
    shift
    case $word in
    --postgres | --postgres=*)
        [[ $word == *=* || $# == 0 ]] || { word+="=$1" && shift; }
        version=${word#--postgres} && version=${version#=}
        [[ $version ]] || usage_error "--postgres needs a value"
        ;;
    --full) full=1 ;;
    --coverage) preset=coverage build=$root/build/coverage ;;
    --changed) hygiene=(--changed) ;;
    -*) usage_error "test has no option $word" ;;
    *) wanted+=("$word") ;;
    esac
done
if [[ $version ]]; then
    ((${#wanted[@]} > 0)) || wanted=(c api deploy)
    for suite in "${wanted[@]}"; do
        [[ " c api deploy " == *" $suite "* ]] || usage_error "--postgres is for the suites c, api and deploy"
    done
    [[ ! $full && $preset == test ]] || usage_error "--postgres goes with no other option"
    use_postgres "$version" || exit
fi
((${#wanted[@]} > 0)) || wanted=("${suites[@]}")
if [[ $full ]]; then
    for suite in "${long_suites[@]}"; do [[ " ${wanted[*]} " == *" $suite "* ]] || wanted+=("$suite"); done
fi
[[ ! $full ]] || fuzz_seconds=30 chaos=()
if [[ ${hygiene[*]-} ]]; then
    [[ ${wanted[*]} != hygiene ]] || target=generated
elif [[ $full ]]; then
    hygiene=(--deep)
fi
for suite in "${wanted[@]}"; do
    [[ " ${suites[*]} ${long_suites[*]} " == *" $suite "* ]] ||
        usage_error "there is no suite $suite; there are: ${suites[*]}, and with --full ${long_suites[*]}"
done
build_tests
[[ $version || " ${wanted[*]} " =~ ^(\ (hygiene|tsan|fuzz))+\ $ ]] || "$root/tests/support/postgres_ready" "$memory/postgres" || exit
start_beside
for suite in "${wanted[@]}"; do
    say "suite $suite"
    began=$SECONDS
    choose_places
    "suite_$suite"
    say "suite $suite took $((SECONDS - began)) s"
done
[[ $preset != coverage ]] || report_coverage
# Once more in the end, where it can be found.
((failed == 0)) || cat -- "$failures"
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
