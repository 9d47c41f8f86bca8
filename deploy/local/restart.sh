# Replaces the processes of a running stack one after the other. Sourced by `traction`.
# shellcheck shell=bash

restart_patience=60 # seconds for a process to end, and for its successor to be ready

# admin_get NAME PATH: what its admin listener says, in $text; nothing while it is not there.
admin_get() {
    text=$(curl -s --noproxy '*' --max-time 2 "http://$(local_address "${TRACTION_ADMIN_HOST:-127.0.0.1}"):${stack[admin_$1]:-0}$2")
}

is_replaced() { # NAME OLD-PID
    read_stack && [[ ${stack[pid_$1]-} && ${stack[pid_$1]} != "$2" ]]
}

is_ready() { # NAME
    admin_get "$1" /readyz
    [[ $text == ready* ]]
}

# Ready; but who ends again and again will not be.
comes_up() { # NAME
    ! is_ready "$1" || return 0
    read_stack
    ((${stack[restarts_$1]:-0} <= restarts_before + 3)) || die "$1 ends again and again: $(last_words "$1"); the rest was left alone"
    return 1
}

# What the supervisor last said of its end.
last_words() { # NAME
    as_user tail -n 100 -- "$data/log/traction.log" |
        sed -n "s/.*[ \"]$1 \(ended with\|was ended by\) \(.*; it said: \)\?//p" | tail -n 1 | sed 's/"}$//'
}

# Everybody who calls this service can call all of its replicas again.
is_found() { # PROGRAM
    local name
    for name in "${instances[@]}"; do
        admin_get "$name" /metrics
        [[ $text != *"traction_bus_replicas{service=\"$1\"}"* ||
            $text == *"traction_bus_replicas{service=\"$1\"} $replicas"* ]] || return 1
    done
}

# within_patience WHAT COMMAND...: repeats the command until it succeeds or the time limit has passed.
within_patience() {
    local what=$1 deadline=$((SECONDS + restart_patience))
    shift
    until "$@"; do
        stack_running || die "the stack has stopped"
        ((SECONDS < deadline)) || die "$what, within $restart_patience s; the rest was left alone"
        nap 0.02
    done
}

is_gone() { # PID
    ! kill -0 "$1" 2>/dev/null
}

# Of the supervisor; others are none of ours. The file is read in one piece: its lines get longer and
# shorter while the process runs and sleeps.
is_child() { # PID
    local lines
    mapfile -t lines <"/proc/$1/status"
    [[ " ${lines[*]} " == *" PPid:"$'\t'"$supervisor "* ]]
} 2>/dev/null

restart_one() { # NAME
    local old=${stack[pid_$1]-}
    [[ $old ]] || die "$1 does not run; the rest was left alone"
    is_child "$old" || is_gone "$old" || die "process $old, which $data/state/stack names, is not $1; the rest was left alone"
    signal TERM "$old" || is_gone "$old" || die "cannot end $1; it belongs to another user"
    within_patience "$1 did not end" is_gone "$old"
    signal USR1 "$supervisor"
    restarts_before=${stack[restarts_$1]:-0}
    within_patience "$1 did not start again" is_replaced "$1" "$old"
    within_patience "$1 is not ready" comes_up "$1"
    instance "$1"
    [[ $program == gateway ]] || within_patience "not everybody has found $1" is_found "$program"
}

# Of a ready stack one command at a time ends processes.
lock_processes() {
    find_supervisor
    [[ ${stack[phase]-} == ready ]] || die "is not ready (see: traction status)"
    exec {process_lock}<"$data" && flock --nonblock "$process_lock" || die "another restart or upgrade is under way"
}

command_restart() {
    local name supervisor wanted=() unknown
    need_running
    lock_processes
    for name in "${arguments[@]}"; do
        [[ " ${instances[*]} " == *" $name "* ]] || unknown=$name
    done
    [[ -z ${unknown-} ]] || usage_error "there is no process \"$unknown\" to restart; there are: ${instances[*]}"
    # Services first, so that gateways are never newer than what they ask.
    for name in "${instances[@]}"; do [[ $name == gateway* ]] || wanted+=("$name"); done
    for name in "${instances[@]}"; do [[ $name != gateway* ]] || wanted+=("$name"); done
    ((${#arguments[@]} == 0)) || wanted=("${arguments[@]}")
    ((replicas > 1)) || say "there is one of each: while it is replaced, requests wait for it, some of them in vain"
    for name in "${wanted[@]}"; do
        restart_one "$name"
        say "$name is back"
    done
}
