# What every part of the `traction` command shares: messages, where things are, whose they are.
# Sourced, never run. Expects $root, the folder of the checkout.
# shellcheck shell=bash

# read_services: the rows of services.def, which is copied to DATA/bin beside this file, in `services`.
read_services() {
    local line file=${BASH_SOURCE[0]%/*}/services.def
    [[ -e $file ]] || file=$root/proto/base/services.def
    services=()
    while IFS= read -r line; do
        [[ ! $line =~ ^SERVICE\([A-Z]+,\ ([a-z]+), ]] || services+=("svc-${BASH_REMATCH[1]}")
    done <"$file"
}
read_services
programs=("${services[@]}" gateway) # their order is the order of the admin ports
helpers=(report-writer)               # programs that those start
# PostgreSQL's programs, of one version, here and in tests and benchmarks.
postgres_bin=${POSTGRES_BIN:-/usr/lib/postgresql/15/bin}

# name_instances: what runs, in `instances`: the programs, and with $replicas above 1 again as svc-goals-2
# and so on. Their order is the order of the admin ports.
name_instances() {
    local name i
    instances=("${programs[@]}")
    for ((i = 2; i <= ${replicas:-1}; i++)); do
        for name in "${programs[@]}"; do instances+=("$name-$i"); done
    done
}

# instance NAME: which program it is, in $program, and its number among the replicas, in $replica.
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

# as_user COMMAND...: as the user who owns the data, when we are root. Nothing in the data folder is read,
# written or signalled otherwise: what is in there is that user's, so links may lead anywhere, and a file may
# say anything. It gets a session of its own, because who shares a terminal with root may type into it; so
# Ctrl-C reaches only us, and it ends when we do.
as_user() {
    if [[ $EUID -ne 0 ]]; then
        "$@"
        return
    fi
    setsid -- setpriv --reuid="$run_user" --regid="$run_user_group" --init-groups --pdeathsig TERM -- "$@" <&0 &
    wait $!
}

# Sets data (absolute, links resolved) from --data, TRACTION_DATA_DIR or the checkout; and whose it is.
find_data() {
    data=${option_data:-${TRACTION_DATA_DIR:-$root/data}}
    [[ $data == /* ]] || data=$PWD/$data
    if [[ -d $data ]]; then
        [[ -x $data ]] || die "$data belongs to another user; use that user or root"
        data=$(cd -- "$data" && pwd -P)
    elif [[ -L $data && ! -e $data ]]; then
        data=$(readlink -m -- "$data") # where it led to was moved away
    fi
    export TRACTION_DATA_DIR=$data
    find_owner
}

# Whose the data are, in $run_user; for root empty while there are none. That the folder itself belongs to
# somebody is said by its parent, which is not theirs.
find_owner() {
    run_user=
    if [[ $EUID -ne 0 ]]; then
        run_user=$(id -un 2>/dev/null) || run_user=$EUID
        return
    fi
    [[ -e $data/lock ]] || return 0
    run_user=$(stat -c %U -- "$data")
    [[ $run_user != root ]] || die "$data belongs to root; PostgreSQL does not run as root"
    run_user_group=$(id -g -- "$run_user") || die "the owner of $data, $run_user, is no user here"
}

# For root without data a system user of our own, because PostgreSQL refuses to run as root and nothing
# else has a reason to.
find_run_user() {
    [[ -z $run_user ]] || return 0
    run_user=traction
    getent passwd traction >/dev/null ||
        useradd --system --user-group --home-dir /nonexistent --shell /usr/sbin/nologin traction ||
        die "cannot create the system user traction"
    run_user_group=$(id -g -- "$run_user")
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
    as_user flock --nonblock --shared --conflict-exit-code 9 "$data/lock" true
    case $? in
    0) return 1 ;;
    9) return 0 ;;
    *) die "cannot look at $data/lock" ;;
    esac
}

# What a key of DATA/state/stack may hold; all else is left out. Values go into arithmetic, which would run
# what stands in brackets, and onto terminals.
stack_pattern() { # KEY
    case $1 in
    pid | pid_*) pattern='^[1-9][0-9]{0,8}$' ;;
    port | pg_port | admin_*) pattern='^(0|[1-9][0-9]{0,4})$' ;;
    since_* | restarts_*) pattern='^(0|[1-9][0-9]{0,14})$' ;;
    replicas) pattern='^[1-8]$' ;;
    phase | secret) pattern='^[a-z]+$' ;;
    host) pattern='^[][0-9A-Za-z.:%]+$' ;;
    message) pattern='' ;;
    *) pattern='^$' ;;
    esac
}

# read_stack: what the supervisor last wrote of itself: stack[pid], [port], [host], [phase], ... False when
# there is none, or nothing that a supervisor would write.
read_stack() {
    local key value pattern
    declare -gA stack=()
    while IFS='=' read -r key value; do
        [[ $key =~ ^[a-z0-9_-]+$ ]] || continue
        value=${value//[[:cntrl:]]/}
        stack_pattern "$key"
        [[ ! $value =~ $pattern ]] || stack[$key]=$value
    done < <(as_user cat -- "$data/state/stack" 2>/dev/null)
    for key in pid phase host port pg_port replicas; do [[ ${stack[$key]-} ]] || return 1; done
    replicas=${stack[replicas]}
    name_instances
}

# find_supervisor: the process that holds the lock, in $supervisor: what the file says is checked.
find_supervisor() {
    local file
    supervisor=${stack[pid]}
    for file in "/proc/$supervisor/fd"/*; do
        [[ ! $file -ef $data/lock ]] || return 0
    done
    die "process $supervisor, which $data/state/stack names, does not supervise $data; nothing was done"
}

# signal NAME PID
signal() {
    as_user bash -c 'kill -s "$1" -- "$2"' _ "$1" "$2" 2>/dev/null
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
    read_stack || die "is just starting, or $data/state/stack is damaged"
    find_run
}

# postgres PROGRAM ARGUMENT...: one of PostgreSQL's programs on the stack's database. A server of another
# user than the owner of the data is not talked to.
postgres() {
    local port=${stack[pg_port]}
    ((port != 0)) || port=5432
    [[ $EUID -ne 0 ]] || export PGREQUIREPEER=$run_user
    "${as[@]}" "$postgres_bin/$1" -h "$run" -p "$port" -U postgres -d traction "${@:2}"
}

# secret_text: the secret that signs tokens, in $secret.
secret_text() {
    if [[ ${TRACTION_JWT_SECRET-} ]]; then
        secret=$TRACTION_JWT_SECRET
    else
        local file=${TRACTION_JWT_SECRET_FILE:-$data/secret} ours=()
        [[ $file != "$data"/* ]] || ours=(as_user)
        [[ -r $file ]] || die "there is no secret yet in $file; it is made by: traction up"
        IFS= read -r -d '' secret < <("${ours[@]}" cat -- "$file")
        [[ $secret ]] || die "cannot read the secret in $file"
        secret=${secret%$'\n'}
        secret=${secret%$'\r'}
    fi
}

# Where public keys for tokens come from: a file or the address that is read first; nothing when there are none.
public_keys_of() {
    local issuer=${TRACTION_JWT_ISSUER-}
    if [[ ${TRACTION_JWT_JWKS_FILE-}${TRACTION_JWT_JWKS_URL-} ]]; then
        printf '%s' "${TRACTION_JWT_JWKS_FILE:-$TRACTION_JWT_JWKS_URL}"
    elif [[ ${TRACTION_JWT_DISCOVERY-} == on ]]; then
        printf '%s/.well-known/openid-configuration' "${issuer%/}"
    fi
}

# database_url ROLE: in $url; with the folder of the sockets in $run_encoded, and $pg_port.
database_url() {
    local port=5432
    ((pg_port == 0)) || port=$pg_port
    url="postgresql://$1@/traction?host=$run_encoded&port=$port"
}

url_encoded() {
    local LC_ALL=C text=$1 out="" i byte
    for ((i = 0; i < ${#text}; i++)); do
        byte=${text:i:1}
        case $byte in
        [A-Za-z0-9._~-]) out+=$byte ;;
        *) printf -v byte '%%%02X' "'$byte" && out+=${byte//FFFFFFFFFFFFFF/} ;;
        esac
    done
    encoded=$out
}
