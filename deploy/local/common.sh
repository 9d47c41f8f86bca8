# What every part of the `traction` command shares: messages, where things are, whose they are.
# Sourced, never run. Expects $root, the folder of the checkout.
# shellcheck shell=bash

services=(svc-goals svc-kpis svc-operations svc-analytics svc-realtime)
programs=("${services[@]}" gateway) # their order is the order of the admin ports
helpers=(report-writer)               # programs that those start
postgres_bin=/usr/lib/postgresql/15/bin

# name_instances: what runs, in `instances`: the programs, and with $replicas above 1 again as svc-goals-2
# and so on. Their order is the order of the admin ports.
name_instances() {
    local name i
    instances=("${programs[@]}")
    for ((i = 2; i <= ${replicas:-1}; i++)); do
        for name in "${programs[@]}"; do instances+=("$name-$i"); done
    done
}

# instance NAME: which program it is, in $program, and the how manyth of it, in $replica.
instance() {
    program=$1 replica=1
    if [[ $1 =~ ^(.*)-([0-9]+)$ ]]; then
        program=${BASH_REMATCH[1]}
        replica=${BASH_REMATCH[2]}
    fi
}

say() { printf 'traction: %s\n' "$*"; }
die() {
    printf 'traction: %s\n' "$*" >&2
    exit 1
}
usage_error() {
    printf 'traction: %s (see: traction help)\n' "$*" >&2
    exit 2
}

# nap SECONDS: waits without starting a process. Reads from a pipe that nobody writes to.
nap() {
    [[ ${nap_fd-} ]] || exec {nap_fd}<> <(:)
    read -r -t "$1" -u "$nap_fd" || true
}

# as_user COMMAND...: as the user who owns the data, when we are root.
as_user() {
    if [[ $EUID -eq 0 ]]; then
        setpriv --reuid="$run_user" --regid="$run_user_group" --init-groups -- "$@"
    else
        "$@"
    fi
}

# Sets data (absolute, links resolved when it exists) from --data, TRACTION_DATA_DIR or the checkout.
find_data() {
    data=${option_data:-${TRACTION_DATA_DIR:-$root/data}}
    [[ $data == /* ]] || data=$PWD/$data
    if [[ -d $data ]]; then
        [[ -x $data ]] || die "$data belongs to another user; use that user or root"
        data=$(cd -- "$data" && pwd -P)
    fi
    export TRACTION_DATA_DIR=$data
}

# Whose the database and the programs are: the owner of the data; for root at first a system user of
# our own, because PostgreSQL refuses to run as root and nothing else has a reason to.
find_run_user() {
    run_user=
    if [[ $EUID -ne 0 ]]; then
        run_user=$(id -un 2>/dev/null) || run_user=$EUID
        return
    fi
    [[ ! -e $data/pg ]] || run_user=$(stat -c %U -- "$data/pg")
    if [[ -z $run_user ]]; then
        run_user=traction
        getent passwd traction >/dev/null ||
            useradd --system --user-group --home-dir /nonexistent --shell /usr/sbin/nologin traction ||
            die "cannot create the system user traction"
    fi
    [[ $run_user != root ]] || die "$data/pg belongs to root; PostgreSQL does not run as root"
    run_user_group=$(id -g -- "$run_user") || die "the owner of $data/pg, $run_user, is no user here"
}

# Unix sockets have paths of at most 107 bytes: a data folder that is too deep gets its sockets in
# /tmp. Nobody else may look inside, since whoever reaches PostgreSQL's socket is trusted.
find_run() {
    local LC_ALL=C sum
    run=$data/run
    if ((${#run} > 72)); then
        read -r sum _ < <(cksum <<<"$data")
        run=/tmp/traction-$sum
    fi
}

# stack_running: whether a supervisor holds the data folder. The lock dies with its holder, so a
# stale pid file is never believed.
stack_running() {
    [[ -e $data/lock ]] || return 1
    [[ -r $data/lock ]] || die "$data belongs to another user; use that user or root"
    ! flock --nonblock --shared "$data/lock" true
}

# read_stack: what the supervisor last wrote of itself: stack[pid], [port], [host], [phase], ...
read_stack() {
    local key value
    declare -gA stack=()
    [[ -r $data/state/stack ]] || return 1
    while IFS='=' read -r key value; do
        [[ -z $key ]] || stack[$key]=$value
    done <"$data/state/stack"
    replicas=${stack[replicas]:-1}
    name_instances
}

# The address at which this machine reaches the gateway.
local_address() { # HOST
    case $1 in
    0.0.0.0) echo 127.0.0.1 ;;
    :: | '[::]') echo '[::1]' ;;
    *:*) echo "[${1//[\[\]]/}]" ;;
    *) echo "$1" ;;
    esac
}

# await_strays: processes whose supervisor was killed end by themselves; waits until they have.
await_strays() {
    local name words said=""
    read_stack && [[ ${stack[phase]-} != stopped && ${stack[phase]-} != failed ]] || return 0
    for name in postgresql "${instances[@]}"; do
        [[ ${stack[pid_$name]-} ]] || continue
        while { mapfile -d '' -t words <"/proc/${stack[pid_$name]}/cmdline"; } 2>/dev/null &&
            [[ "${words[*]}" == *"$data"* ]]; do
            [[ $said ]] || say "waiting for what a killed supervisor has left"
            said=1
            nap 0.05
        done
    done
}

need_running() {
    find_data
    stack_running || die "not running (data folder $data)"
    read_stack || die "is just starting"
}

# secret_text: the secret that signs tokens, in $secret.
secret_text() {
    if [[ ${TRACTION_JWT_SECRET-} ]]; then
        secret=$TRACTION_JWT_SECRET
    else
        local file=${TRACTION_JWT_SECRET_FILE:-$data/secret}
        [[ -r $file ]] || die "there is no secret yet in $file; it is made by: traction up"
        IFS= read -r -d '' secret <"$file" || true
        secret=${secret%$'\n'}
        secret=${secret%$'\r'}
    fi
}
