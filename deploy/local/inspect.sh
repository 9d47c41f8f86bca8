# Looking at a running stack: status, logs, psql. Sourced by `traction`.
# shellcheck shell=bash

# measure_memory: what every process here has resident, in kB: own[pid] apart from what is shared,
# shared[pid], parent[pid]. One pass for all; a process that ends meanwhile is left out.
measure_memory() {
    local id up private common
    declare -gA own=() shared=() parent=()
    while read -r id up private common; do
        parent[$id]=$up own[$id]=$private shared[$id]=$common
    done < <(cat /proc/[0-9]*/status 2>/dev/null | awk '
        $1 == "Name:" { if (id) print id, up, private, common + 0; id = private = common = 0 }
        $1 == "Pid:" { id = $2 }
        $1 == "PPid:" { up = $2 }
        $1 == "RssAnon:" || $1 == "RssFile:" { private += $2 }
        $1 == "RssShmem:" { common = $2 }
        END { if (id) print id, up, private, common + 0 }')
}

# memory_of PID: with its children, which PostgreSQL has; what they share is counted once.
memory_of() {
    local id most=0
    memory=0
    for id in "${!own[@]}"; do
        [[ $id == "$1" || ${parent[$id]} == "$1" ]] || continue
        memory=$((memory + own[$id]))
        ((shared[$id] <= most)) || most=${shared[$id]}
    done
    memory=$((memory + most))
}

span() { # SECONDS
    if (($1 < 120)); then
        printf '%d s' "$1"
    elif (($1 < 7200)); then
        printf '%d min' $(($1 / 60))
    elif (($1 < 172800)); then
        printf '%d h' $(($1 / 3600))
    else
        printf '%d days' $(($1 / 86400))
    fi
}

command_status() {
    local name pid memory now uptime since
    find_data
    if ! stack_running || ! read_stack; then
        if [[ $option_json ]]; then echo '{"phase":"stopped"}'; else say "not running (data folder $data)"; fi
        return 3
    fi
    printf -v now '%(%s)T' -1
    find_run
    measure_memory
    address=http://$(local_address "${stack[host]}"):${stack[port]}
    [[ $option_json ]] || status_head
    local line lines=()
    for name in postgresql "${instances[@]}"; do
        pid=${stack[pid_$name]-} memory=0 uptime=0
        if [[ $pid ]]; then
            memory_of "$pid"
            since=${stack[since_$name]:-0}
            uptime=$((now - since / 1000))
        fi
        if [[ $option_json ]]; then
            printf -v line '{"name":"%s","pid":%s,"uptimeSeconds":%d,"restarts":%d,"adminPort":%s,"memoryKb":%d}' \
                "$name" "${pid:-null}" "$uptime" "${stack[restarts_$name]:-0}" "${stack[admin_$name]:-null}" "$memory"
            lines+=("$line")
        else
            printf '%-15s %8s %10s %9s %11s %8s MB\n' "$name" "${pid:--}" "$(span "$uptime")" \
                "${stack[restarts_$name]:-0}" "${stack[admin_$name]:--}" $((memory / 1024))
        fi
    done
    [[ -z $option_json ]] || status_json "${lines[@]}"
    [[ ${stack[phase]} == ready ]]
}

status_head() {
    local password
    say "${stack[phase]} on $address (supervisor: process ${stack[pid]})"
    say "data in $data, sockets in $run"
    if ((stack[pg_port] != 0)); then
        password=$(as_user cat -- "$data/pg-password")
        say "PostgreSQL on 127.0.0.1:${stack[pg_port]}, user postgres, password ${password//[^0-9a-f]/}"
    fi
    printf '%-15s %8s %10s %9s %11s %11s\n' process pid uptime restarts 'admin port' memory
}

status_json() { # PROCESS...
    local IFS=,
    printf '{"phase":"%s","address":"%s","pid":%d,"processes":[%s]}\n' \
        "${stack[phase]}" "$address" "${stack[pid]}" "$*"
}

command_logs() {
    local files=() name known
    find_data
    read_stack || name_instances
    known=" postgresql ${instances[*]} traction "
    [[ -d $data/log ]] || die "there are no logs in $data"
    for name in "${arguments[@]}"; do
        [[ $known == *" $name "* ]] || usage_error "there is no process $name; there are:$known"
        files+=("$data/log/$name.log")
    done
    ((${#files[@]} > 0)) || files=("$data"/log/*.log)
    local how=(-n "$((${#files[@]} == 1 ? 200 : 20))")
    [[ -z $option_follow ]] || how=(-n 20 -F)
    if [[ -t 1 ]]; then
        # Without what could drive a terminal.
        as_user tail "${how[@]}" -- "${files[@]}" | sed -u $'s/[\x01-\x08\x0b-\x1f\x7f]//g'
    else
        as_user tail "${how[@]}" -- "${files[@]}"
    fi
}

command_psql() {
    local as=(exec)
    need_running
    postgres psql "${arguments[@]}"
}
