# Care for the data: backup, restore, and a tenant's export and erasure. Sourced by `traction`. What is
# asked of PostgreSQL is in deploy/care/, for databases that `traction up` does not run.
# shellcheck shell=bash

# database PROGRAM ARGUMENT...: one of PostgreSQL's programs on the stack's database, as who owns it.
database() {
    local as=(as_user)
    postgres "$@"
}

# keep_output FILE COMMAND...: what the command writes becomes FILE, readable by its owner alone, when the
# command has succeeded; an older FILE stays as it is until then. A link in its place is replaced, not followed.
keep_output() {
    local file=$1 status
    shift
    [[ ! -d $file ]] || usage_error "$file is a folder"
    rm -f -- "$file.new"
    "$@" | (umask 077 && exec dd of="$file.new" bs=64K iflag=fullblock oflag=nofollow conv=excl,fsync status=none)
    status=("${PIPESTATUS[@]}")
    ((status[1] == 0)) || die "cannot write $file.new"
    if ((status[0] != 0)); then
        rm -f -- "$file.new"
        return "${status[0]}"
    fi
    mv -T -- "$file.new" "$file"
}

# Into one file, or with --keep N into a file of the folder whose name says when; the newest N of these stay.
command_backup() {
    local file=${arguments[0]-} keep=$option_keep backup_name
    [[ ${#arguments[@]} -eq 1 ]] || usage_error "backup needs the name of one file, or with --keep of one folder"
    [[ $keep =~ ^([1-9][0-9]{0,3})?$ ]] || usage_error "--keep takes a number from 1 to 9999, not \"$keep\""
    need_running
    if [[ $keep ]]; then
        # shellcheck source=deploy/k8s/components/backup/backup
        source "$root/deploy/k8s/components/backup/backup"
        [[ -d $file ]] || die "there is no folder $file"
        backup_name
        file=$file/$backup_name
    fi
    keep_output "$file" database pg_dump --format=custom --no-password ||
        die "pg_dump failed; there is no $file"
    [[ -z $keep ]] || prune_backups "${file%/*}" "$keep"
    note_backup "$file"
    say "all data are in $file ($(stat -c %s -- "$file") bytes)"
}

# Doctor says how old the newest backup is.
note_backup() { # FILE
    [[ $1 == /* ]] || set -- "$PWD/$1"
    as_user bash -c 'printf "%s\n" "$1" >"$2.new" && mv -T -- "$2.new" "$2"' _ "$1" "$data/state/backup" ||
        say "cannot note it in $data/state/backup" >&2
}

# Into a data folder that has no database yet: nothing is ever overwritten.
command_restore() {
    local file=${arguments[0]-} backup rows
    [[ ${#arguments[@]} -eq 1 ]] || usage_error "restore needs the name of one file"
    # Opened once, so that what is looked at is what is restored.
    [[ -r $file && -f $file ]] && exec {backup}<"$file" && [[ -f /dev/fd/$backup ]] || die "cannot read $file"
    [[ $(head -c 5 -- "/dev/fd/$backup" | tr -d '\0') == PGDMP ]] || die "$file is no backup made by: traction backup"
    find_data
    option_pg_port=''
    find_settings
    find_run
    ! stack_running || die "is running with the data folder $data; stop it, or choose another --data"
    [[ ! -e $data/pg ]] || die "$data has a database; choose another --data, or move $data/pg away"
    find_programs
    need_packages run build
    find_run_user
    prepare_data
    prepare_run
    as_user env SUPERVISE_RUN="$run" bash "$data/bin/restore" "$(<"$root/deploy/care/rows.sql")" "$(<"$root/deploy/care/after-restore.sql")" <&"$backup" ||
        die "the restore failed; $data has no database"
    rows=$(as_user awk '{ rows += $2 } END { print rows + 0, "rows of", NR, "tables" }' "$data/state/restored")
    [[ $run == "$data/run" ]] || as_user rm -rf -- "$run"
    say "$rows restored into $data; start it with: traction up"
    [[ $secret_from != 'file' ]] || say "tokens are signed with $data/secret; those signed elsewhere need that secret"
}

command_tenant() {
    local action=${arguments[0]-} tenant=${arguments[1]-} file=${arguments[2]-} rows
    case $action-${#arguments[@]} in
    list-1 | export-3 | erase-2) ;;
    *) usage_error "tenant needs: list, or: export TENANT FILE, or: erase TENANT" ;;
    esac
    [[ -z $option_json || $action == list ]] || usage_error "tenant $action has no option --json"
    need_running
    if [[ $action == list ]]; then
        list_tenants
        return
    fi
    if [[ $action == export ]]; then
        keep_output "$file" tenant_sql export || die "the export failed; there is no $file"
        rows=$(($(wc -l <"$file") - 1))
        say "$rows rows of tenant \"$tenant\" are in $file"
        return
    fi
    confirm_erase
    erase_tenant
}

# What the database has of each, and the gateways' open streams and answered requests. Those are of the tenants that asked
# last, so what is not known is not shown.
list_tenants() {
    local rows name known lines
    rows=$(database psql -qXAt -v ON_ERROR_STOP=1 -f - <"$root/deploy/care/tenants.sql") || die "the database does not answer in time"
    known=$(for name in "${instances[@]}"; do
        [[ $name != gateway* ]] || curl -sS --noproxy '*' --max-time 5 "http://127.0.0.1:${stack[admin_$name]:-0}/metrics/tenants"
    done) || die "a gateway does not say what its tenants do"
    lines=$(jq -nc --rawfile known <(printf '%s\n' "$known") --rawfile rows <(printf '%s\n' "$rows") '
        def sums($name): reduce ($known | split("\n")[] | capture("^" + $name + "\\{tenant=(?<tenant>\"(?:[^\"\\\\]|\\\\.)*\")\\} (?<count>[0-9.e+]+)$")) as $line
            ({}; .[$line.tenant | fromjson] += ($line.count | tonumber));
        sums("traction_tenant_streams") as $streams | sums("traction_tenant_request_seconds_count") as $requests |
        $rows | split("\n")[] | select(. != "") | fromjson | . + {streams: ($streams[.tenant] // 0), requests: $requests[.tenant]}') ||
        die "the answers cannot be read"
    if [[ $option_json ]]; then
        printf '%s' "${lines:+$lines$'\n'}" | jq -sc .
        return
    fi
    printf '%-40s %10s %10s %9s %10s %8s %10s\n' tenant objects rows bytes events streams requests
    jq -r '[.tenant, .objects, .rows, .bytes, .events, .streams, .requests // "-", if .estimated then "~" else "" end] | @tsv' <<<"$lines" |
        awk -F '\t' '{ size = $4; unit = " "
            gsub(/\\\\/, "\\", $1) # as it was before @tsv
            for (i = 1; size >= 1024 && i <= 4; i++) { size /= 1024; unit = substr("KMGT", i, 1) }
            printf "%-40s %10s %10s %8.*f%s %10s %8s %10s %s\n", $1, $2, $3, size < 10 && unit != " ", size, unit, $5, $6, $7, $8 }'
}

tenant_sql() { # export|erase
    database psql -qXAt -v ON_ERROR_STOP=1 -v tenant="$tenant" -f - <"$root/deploy/care/tenant-$1.sql"
}

confirm_erase() {
    local said
    [[ -z $option_yes ]] || return 0
    [[ -t 0 ]] || die "say --yes to erase tenant \"$tenant\" without being asked"
    read -r -p "traction: everything of tenant \"$tenant\" will be gone. Its name, to go on: " said
    [[ $said == "$tenant" ]] || die "nothing was erased"
}

# Requests and events under way may leave rows behind the first time; so again, until nothing comes any
# more. What still has valid tokens goes on writing, which is then said.
erase_tenant() {
    local rows total=0 i
    for ((i = 0; i < 5; i++)); do
        rows=$(tenant_sql erase) && [[ $rows =~ ^[0-9]{1,15}$ ]] || die "nothing more was erased ($total rows until now)"
        total=$((total + rows))
        ((i > 0 && rows == 0)) && break
        nap 1
    done
    ((rows == 0)) || die "tenant \"$tenant\" is still writing; refuse its tokens first ($total rows erased until now)"
    database psql -qX -c VACUUM 2>/dev/null # so that the bytes are reused
    say "$total rows of tenant \"$tenant\" are erased; backups and logs made before still have theirs"
}
