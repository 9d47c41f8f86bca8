# upgrade: the programs of a running stack become those of this checkout, without a pause, and back. What runs is
# left running by whatever goes wrong: the programs of before are in DATA/previous until all is done, and a way that was
# begun is gone back. Sourced by `traction`.
# shellcheck shell=bash

command_upgrade() {
    [[ ! $option_back || ! $option_programs ]] || usage_error "upgrade takes --back alone: the programs of before are in the data folder"
    need_running
    lock_processes
    previous=$data/previous changed=() undo=''
    trap upgrade_ends EXIT
    trap 'exit 130' INT TERM HUP
    if [[ $option_back ]]; then
        go_back
    else
        go_forward
    fi
}

# Nothing has changed before `undo` is set.
upgrade_ends() {
    local status=$?
    trap - EXIT INT TERM HUP
    ((status != 0)) && [[ $undo ]] || return "$status"
    printf 'traction: putting things back as they were\n' >&2
    if ("$undo"); then
        die "the upgrade was given up; what ran before runs again"
    fi
    die "some processes are not as they were; see: traction status, traction logs"
}

# --- Forward ---

go_forward() {
    local since size free name
    find_programs
    programs_differ || { say "nothing to do: these programs run already" && return; }
    ((replicas > 1)) || say "there is one of each: while it is replaced, requests wait for it, some of them in vain"
    for name in "${instances[@]}"; do
        [[ ${stack[pid_$name]-} ]] || die "the new programs want a process $name, which does not run; this upgrade takes: traction down, traction up"
    done
    look_around "something is wrong already; put it right first, or say --force"
    # What can be gone back to.
    size=$(ask_database 'SELECT pg_database_size(current_database())') || exit 1
    free=$(df --output=avail -B1 -- "$data" | tail -n 1)
    ((free > size)) || die "no room for a backup: the database has $((size >> 20)) MiB, the disk $((free >> 20)) left"
    since=$(ask_database 'SELECT clock_timestamp()') || exit 1
    say "backing up"
    as_user bash -c 'umask 077 && rm -rf -- "$2" && mkdir -- "$2" && cp -a -- "$1" "$2/bin" && printf "%s\n" "$3" >"$2/since"' \
        _ "$data/bin" "$previous.new" "$since" || die "cannot write to $previous.new"
    database pg_dump --format=custom --no-password --file="$previous.new/backup" || die "pg_dump failed; nothing was changed"
    as_user bash -c 'rm -rf -- "$2" && mv -T -- "$1" "$2" && chmod 600 -- "$2/backup"' _ "$previous.new" "$previous" ||
        die "cannot write to $previous"
    note_backup "$previous/backup"
    # A process that ends from here on comes back as the new program, which waits for the migration.
    undo=undo_forward
    install_programs
    [[ ! -d $data/docs ]] || prepare_docs
    [[ ! -d $data/console ]] || prepare_console
    say "migrating"
    migrate_services
    # Services first, so that gateways are never newer than what they ask.
    replace_all "${instances[@]}"
    look_around "something is wrong after the upgrade"
    undo=''
    [[ $option_no_rebuild ]] || rebuild_projections
    say "upgraded to $(as_user "$data/bin/gateway" --version); back to the programs of before, without losing anything: traction upgrade --back"
    say "the data as they were before are in $previous/backup"
}

undo_forward() {
    put_programs "$previous/bin"
    set_aside >/dev/null
    replace_changed
}

# --- Back ---

go_back() {
    local newer=$previous/newer count
    as_user test -s "$previous/since" || die "there is nothing to go back to: $previous has no programs of before an upgrade"
    as_user bash -c 'rm -rf -- "$2" && cp -a -- "$1" "$2"' _ "$data/bin" "$newer" || die "cannot write to $newer"
    undo=undo_back
    # A process that ends from here on comes back as the old program, which starts when the records are aside.
    put_programs "$previous/bin"
    count=$(set_aside) || exit 1
    say "$count migrations are set aside; what they made stays"
    local -a order=()
    mapfile -t order < <(printf '%s\n' "${instances[@]}" | tac)
    replace_all "${order[@]}"
    undo=''
    # Programs that know no leases wait in each write while a row says that somebody holds one.
    ask_database 'DELETE FROM goals.lease_holders; DELETE FROM kpis.lease_holders' >/dev/null || exit 1
    as_user rm -rf -- "$newer" "$previous/since"
    say "the programs of before run again, on the same data; forward again: traction upgrade"
}

undo_back() {
    put_programs "$previous/newer"
    migrate_services
    replace_changed
}

# --- Steps ---

ask_database() { # SQL
    database psql -qXAtc "$1" || die "the database does not answer"
}

# What doctor finds wrong, but for an old backup, and for restarts, of which some were asked for.
look_around() { # WHAT-THEN
    local found
    found=$("$root/deploy/local/doctor" --data "$data" | grep '^WRONG' | grep -vE '^WRONG  (backup|processes):') || return 0
    printf '%s\n' "$found" >&2
    [[ $option_force ]] || die "$1"
}

# With their times, which say what is installed.
put_programs() { # FOLDER
    as_user tar --create --format=posix -C "$1" . | take_programs && ((PIPESTATUS[0] == 0)) || die "cannot copy the programs of $1 to $data/bin"
}

# Each service's --migrate, as supervise runs it before a start.
migrate_services() {
    local name url owner_url said run_encoded encoded pg_port=${stack[pg_port]}
    url_encoded "$run"
    run_encoded=$encoded
    database_url postgres
    owner_url=$url
    for name in "${services[@]}"; do
        database_url "${name/-/_}"
        said=$(as_user env -i PATH="$PATH" TRACTION_DATABASE_URL="$url" TRACTION_MIGRATE_DATABASE_URL="$owner_url" \
            "$data/bin/$name" --migrate 2>&1 </dev/null) ||
            die "$name could not bring its tables up to date: $(grep -m 1 -E '^(migrate|traction:) ' <<<"$said" || tail -n 1 <<<"$said")"
    done
}

# Rows that were there before have nothing of what svc-analytics keeps since. It serves meanwhile; where events are
# written as fast as they can be applied it does not end, so there is a limit.
rebuild_projections() {
    local added said
    added=$(ask_database "SELECT count(*) FROM analytics.schema_migrations WHERE applied_at >= '$since' AND name !~ '^runtime/'") || return
    ((added > 0)) || return 0
    say "making the projections of svc-analytics anew"
    read_stack
    said=$(as_user bash -c 'mapfile -d "" -t settings <"/proc/$1/environ" && cd -- "$2" &&
        exec env -i "${settings[@]}" timeout 600 env -u TRACTION_LOG_FILE bin/svc-analytics --rebuild' _ "${stack[pid_svc-analytics]:-0}" "$data" 2>&1 </dev/null) ||
        say "that failed, so statistics and reports lack of older rows what is new in this version, until svc-analytics --rebuild has ended: $(tail -n 1 <<<"$said" | head -c 300)" >&2
}

# What was migrated since the programs of before were put away; says how many migrations these were.
set_aside() {
    local since
    since=$(as_user cat -- "$previous/since") && [[ $since =~ ^[0-9][0-9\ :.+-]+$ ]] || die "$previous/since is damaged"
    database psql -qXAt -v ON_ERROR_STOP=1 -v since="$since" -f - <"$root/deploy/care/migrations-aside.sql" ||
        die "the migrations cannot be set aside"
}

replace_all() { # INSTANCE...
    local name front=() back=()
    for name; do [[ $name == gateway* ]] && front+=("$name") || back+=("$name"); done
    [[ $option_back ]] && set -- "${front[@]}" "${back[@]}" || set -- "${back[@]}" "${front[@]}"
    for name; do
        read_stack
        changed=("$name" "${changed[@]}")
        restart_one "$name"
        say "$name is replaced"
    done
}

# The last ones first; one of them may not be running.
replace_changed() {
    local name
    for name in "${changed[@]}"; do
        read_stack
        if [[ ${stack[pid_$name]-} ]]; then
            restart_one "$name"
        else
            signal USR1 "$supervisor"
            within_patience "$name is not ready" is_ready "$name"
        fi
    done
}
