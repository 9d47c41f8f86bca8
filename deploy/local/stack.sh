# up and down: one stack in one data folder. Sourced by `traction`.
# shellcheck shell=bash

# What `up` decides on, before anything is started or changed.
find_settings() {
    local name
    export TRACTION_HOST=${option_host:-${TRACTION_HOST:-127.0.0.1}}
    export TRACTION_PORT=${option_port:-${TRACTION_PORT:-8002}}
    export TRACTION_PG_PORT=${option_pg_port:-${TRACTION_PG_PORT:-0}}
    for name in TRACTION_PORT TRACTION_PG_PORT; do
        [[ ${!name} =~ ^[0-9]{1,5}$ ]] && ((10#${!name} <= 65535)) ||
            die "$name: \"${!name}\" is not a port (example: $name=8002)"
    done
    replicas_wanted=${option_replicas:-1}
    [[ $replicas_wanted =~ ^[1-8]$ ]] || usage_error "--replicas \"$replicas_wanted\" is not a number from 1 to 8"
    ((TRACTION_PORT > 0)) || die "TRACTION_PORT: 0 is not a port (example: TRACTION_PORT=8002)"
    for name in DATABASE_URL MIGRATE_DATABASE_URL BUS_LISTEN; do
        name=TRACTION_$name
        [[ -z ${!name+set} ]] || die "$name is for a program started alone; unset it for \`traction up\`"
    done
}

# prepare_data: the folder and what is in it, all of it the run user's and nobody else's.
prepare_data() {
    local folder why new=
    if [[ ! -e $data/lock ]]; then
        place_new_data
        new=1
    elif [[ $EUID -ne 0 && ! -O $data ]]; then
        die "$data belongs to another user; use that user or root, or choose another --data"
    fi
    [[ $new ]] || why=$(as_user bash -c ': >>"$1/lock"' _ "$data" 2>&1) || die "cannot write to $data: ${why##*: }"
    for folder in bin log run state; do
        [[ -d $data/$folder ]] || new=1
    done
    [[ -z $new ]] ||
        (umask 077 && as_user touch "$data/lock" && as_user mkdir -p "$data"/{bin,log,run,state}) ||
        die "cannot write to $data"
    install_programs
    prepare_secret
}

# A folder that the run user can reach. A checkout under /root is none for a system user: then the
# data live where Debian keeps such data, and ./data leads there.
place_new_data() {
    local place sum
    [[ ! -e $data || -d $data ]] || die "$data is no folder; choose another --data"
    if [[ -d $data && -n $(ls -A -- "$data") ]]; then
        die "$data is not empty and no data folder of traction; choose another --data"
    fi
    if [[ $EUID -eq 0 ]]; then
        place=$data
        while [[ ! -e $place ]]; do place=$(dirname -- "$place"); done
        if ! as_user test -x "$place"; then
            [[ -z ${option_data-} && $data == "$root/data" && ! -e $data ]] ||
                die "the user $run_user cannot reach $data; choose a place such as /var/lib/traction"
            read -r sum _ < <(cksum <<<"$root")
            place=/var/lib/traction-$sum
            say "the user $run_user cannot reach $data; it becomes a link to $place"
            mkdir -p "$place" && ln -sT "$place" "$data" || die "cannot create $place"
            data=$place
            export TRACTION_DATA_DIR=$data
            find_run
        fi
    fi
    make_data || die "cannot create $data"
}

# The folder itself, by whoever may: in a folder of the run user root would follow that user's links.
make_data() {
    local place=$data maker=()
    while [[ ! -e $place ]]; do place=$(dirname -- "$place"); done
    if as_user test -w "$place" && { [[ $place != "$data" ]] || as_user test -O "$data"; }; then maker=(as_user); fi
    "${maker[@]}" mkdir -p -- "$data" && data=$(cd -- "$data" && pwd -P) && "${maker[@]}" chmod 700 -- "$data" || return 1
    [[ $EUID -ne 0 || ${maker[*]} ]] || chown -h -- "$run_user:$run_user_group" "$data"
}

prepare_run() {
    [[ $run != "$data/run" ]] || return 0
    [[ -d $run ]] || as_user mkdir -m 700 "$run" || die "cannot create $run"
    [[ ! -L $run && $(stat -c '%U %a' -- "$run") == "$run_user 700" ]] ||
        die "$run is not a folder of $run_user alone; remove it"
}

# The programs and the supervisor are copied to the data folder: the run user may be unable to read
# the checkout, and a build while the stack runs must not change what a restarted process is.
install_programs() {
    local why scripts=(common.sh postgres.sh supervise restore) wanted=("${programs[@]}" "${helpers[@]}")
    programs_differ "${scripts[@]/#/$root/deploy/local/}" "$root/proto/base/services.def" || return 0
    # The archive keeps the times to the nanosecond, which is what says next time that nothing changed.
    why=$({ tar --create --format=posix -C "$built" "${wanted[@]}" -C "$root/deploy/local" "${scripts[@]}" \
        -C "$root/proto/base" services.def |
        take_programs; } 2>&1) ||
        die "cannot copy the programs to $data/bin: $(grep -m 1 Cannot <<<"$why" || head -n 1 <<<"$why")"
}

# take_programs: those of an archive on standard input. A file that runs is replaced, and none is half there.
take_programs() {
    as_user bash -c 'rm -rf -- "$1.new" && mkdir -- "$1.new" && tar --extract -C "$1.new" && mv -f -- "$1.new"/* "$1" &&
        rmdir -- "$1.new"' _ "$data/bin"
}

# programs_differ FILE...: whether these, or the programs, are not what is in the data folder.
programs_differ() {
    local file differ=1 wanted=("${programs[@]}" "${helpers[@]}")
    for file in "${wanted[@]/#/$built/}" "$@"; do
        [[ -x $file || $file == *.sh || $file == *.def ]] || die "there is no program $file"
        [[ ! $file -nt $data/bin/${file##*/} && ! $file -ot $data/bin/${file##*/} ]] || differ=0
    done
    return "$differ"
}

# The secret is made once, unless tokens are signed by somebody else's.
prepare_secret() {
    if [[ ${TRACTION_JWT_SECRET-} || ${TRACTION_JWT_SECRET_FILE-} ]]; then
        secret_from=environment
    elif [[ $(public_keys_of) ]]; then
        secret_from=none
    else
        secret_from='file'
        [[ -s $data/secret ]] ||
            as_user bash -c 'umask 077 && openssl rand -hex 32 >"$1.new" && mv -- "$1.new" "$1"' _ "$data/secret" ||
            die "cannot make a secret in $data"
        export TRACTION_JWT_SECRET_FILE=$data/secret
    fi
}

# A mistake in the configuration ends the start here, in the gateway's own words.
check_start() {
    # Those of the last time, when they are still free.
    ! read_stack || export SUPERVISE_ADMIN_PORT=${stack[admin_${programs[0]}]:-0}
    as_user "$data/bin/gateway" --check-config >/dev/null || exit 1
    as_user "$data/bin/gateway" --hold-ports "$replicas_wanted" true || exit 1
    ((TRACTION_PG_PORT == 0)) || ! (exec 3<>"/dev/tcp/127.0.0.1/$TRACTION_PG_PORT") 2>/dev/null ||
        die "something else listens on 127.0.0.1:$TRACTION_PG_PORT; choose another --pg-port"
}

# launch: the supervisor in a session of its own, so that the terminal's Ctrl-C reaches only us; in
# the foreground it ends when we do, even by kill -9.
launch() {
    local command=(env --default-signal=INT setsid setpriv --no-new-privs)
    [[ $EUID -ne 0 ]] ||
        command+=(--reuid="$run_user" --regid="$run_user_group" --init-groups)
    [[ $option_detach ]] || command+=(--pdeathsig TERM)
    command+=(-- "$data/bin/gateway" --hold-ports "$replicas_wanted" bash "$data/bin/supervise")
    export SUPERVISE_RUN=$run SUPERVISE_SECRET=$secret_from SUPERVISE_REPLICAS=$replicas_wanted
    cd "$data" || exit 1 # the supervisor must not hold on to the folder we were called in
    if [[ $option_detach ]]; then
        "${command[@]}" </dev/null >/dev/null 2>&1 &
    else
        SUPERVISE_TERMINAL=1 "${command[@]}" </dev/null &
    fi
    supervisor=$!
}

await_ready() {
    until read_stack && [[ ${stack[pid]-} == "$supervisor" && ${stack[phase]-} == ready ]]; do
        if ! kill -0 "$supervisor" 2>/dev/null; then
            wait "$supervisor"
            [[ $? -ne 3 ]] || die "is already running with the data folder $data"
            read_stack
            [[ ${stack[phase]-} == stopped ]] && exit 1
            [[ -z $option_detach ]] || printf 'traction: %s\n' "${stack[message]-}" >&2
            die "the start failed; logs are in $data/log"
        fi
        nap 0.02
    done
}

admin_ports() { # FIRST to LAST
    local first=${stack[admin_${instances[0]}]:-0}
    echo "$first to $((first + ${#instances[@]} - 1))"
}

announce() {
    local address token=""
    address=http://$(local_address "$TRACTION_HOST"):$TRACTION_PORT
    say "ready on $address (logs in $data/log)"
    ((replicas_wanted == 1)) ||
        say "$replicas_wanted of each; the other gateways are at the ports up to $((TRACTION_PORT + replicas_wanted - 1))"
    say "admin ports: $(admin_ports) on ${TRACTION_ADMIN_HOST:-127.0.0.1}"
    say "documentation: $address/docs"
    if [[ $secret_from == none ]]; then
        say "tokens come from the owner of $(public_keys_of)"
        return
    fi
    secret_text
    make_token demo "$demo_user" "$demo_user_name" "" 86400
    printf '\nA token for tenant demo, valid for a day:\n\n%s\n\nTry it:\n\n' "$token"
    printf "curl -s -H 'Authorization: Bearer %s' %s/goals\n\n" "$token" "$address"
    [[ ! -e ${TRACTION_CONSOLE_DIR-}/index.html ]] ||
        printf 'Or open it in a browser, signed in as %s:\n\n%s/console/#token=%s\n\n' "$demo_user_name" "$address" "$token"
}

command_up() {
    find_data
    find_settings
    find_run
    ! stack_running || die "is already running with the data folder $data (see: traction status)"
    find_programs
    need_packages run build
    await_strays
    find_run_user
    prepare_data
    prepare_docs
    prepare_console
    check_start
    prepare_run
    trap 'kill -TERM "$supervisor" 2>/dev/null' INT TERM HUP
    trap : PIPE # the stack outlives the reader of our messages
    launch
    await_ready
    [[ -z $option_demo ]] || seed_demo || say "the demo tenant is not complete; see above"
    announce
    [[ -z $option_detach ]] || return 0
    say "Ctrl-C stops everything"
    while kill -0 "$supervisor" 2>/dev/null; do
        wait "$supervisor"
        status=$?
    done
    ((status == 0)) || die "the supervisor ended with status $status; what it had started was stopped"
}

command_down() {
    local supervisor
    find_data
    if ! stack_running; then
        await_strays
        say "not running (data folder $data)"
        return
    fi
    read_stack || die "is just starting, or $data/state/stack is damaged; try again"
    find_supervisor
    signal TERM "$supervisor" || die "cannot stop process $supervisor; it belongs to another user"
    # The lock, not the pid, says when all has ended: a pid may be given to another process.
    while stack_running; do nap 0.05; done
    say "stopped"
}
