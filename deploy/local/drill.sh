# Rehearsals: what one hopes to be able to do when it counts. That of failing over is in tests/failover. Sourced by `traction`.
# shellcheck shell=bash

command_drill() {
    case ${arguments[*]-} in
    restore)
        [[ -z $option_rounds$option_seed$option_programs ]] || usage_error "drill restore takes --data alone"
        rehearse_restore
        ;;
    failover)
        [[ ${option_rounds:=4} =~ ^[1-9][0-9]{0,3}$ ]] || usage_error "--rounds \"$option_rounds\" is not a number from 1 to 9999"
        [[ -x $root/tests/failover/run ]] || die "drill failover needs a checkout of the source; it is not in the package"
        exec "$root/tests/failover/run" --rounds "$option_rounds" ${option_seed:+--seed "$option_seed"} \
            ${option_programs:+--programs "$option_programs"}
        ;;
    *) usage_error "drill needs: restore or failover" ;;
    esac
}

rehearse_restore() {
    need_running
    drill=$(mktemp -d "${TMPDIR:-/tmp}/traction-drill-XXXXXX") || die "cannot make a folder for the drill"
    chmod 755 "$drill" # the data in it belong to another user when we are root
    trap drill_ends EXIT
    trap 'exit 130' INT TERM HUP
    drill_restore
}

drill_ends() {
    "$root/traction" down --data "$drill/data" >/dev/null 2>&1
    [[ -z ${holder_PID-} ]] || kill "$holder_PID" 2>/dev/null
    rm -rf -- "$drill"
}

# A backup of the running stack is restored into a folder of its own; every table has to have the rows that it
# had in the moment of the backup; then the programs are started on it, and have to become ready.
drill_restore() {
    local snapshot differences port i
    say "backing up"
    # The transaction whose snapshot pg_dump takes stays open until the rows have been counted in it.
    coproc holder { database psql -qXAt -F ' ' -v ON_ERROR_STOP=1 -f -; }
    printf 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\nSELECT pg_export_snapshot();\n' >&"${holder[1]}"
    IFS= read -r -t 30 snapshot <&"${holder[0]}" && [[ $snapshot =~ ^[0-9A-F-]+$ ]] || die "the database gives no snapshot"
    keep_output "$drill/backup" database pg_dump --format=custom --no-password --snapshot="$snapshot" || die "pg_dump failed"
    printf '%s\n\\q\n' "$(<"$root/deploy/care/rows.sql")" >&"${holder[1]}"
    cat <&"${holder[0]}" >"$drill/before"
    [[ -s $drill/before ]] || die "the rows cannot be counted"
    say "$(stat -c %s -- "$drill/backup") bytes after $SECONDS s; restoring"
    "$root/traction" restore "$drill/backup" --data "$drill/data" --programs "$data/bin" || die "the restore failed"
    as_user cat -- "$drill/data/state/restored" >"$drill/after"
    differences=$(diff --suppress-common-lines -- "$drill/before" "$drill/after") ||
        die "not the same rows before (<) and after (>):"$'\n'"$differences"
    say "the same rows in all $(wc -l <"$drill/before") tables after $SECONDS s; starting"
    for ((i = 0; i < 20; i++)); do
        port=$((20000 + RANDOM % 10000))
        ! { : <"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null && break
    done
    TRACTION_HOST=127.0.0.1 "$root/traction" up --detach --data "$drill/data" --programs "$data/bin" --port "$port" >"$drill/up" ||
        die "the programs do not start on it: $(tail -n 3 -- "$drill/up")"
    say "restored, and ready after $SECONDS s; nothing of it is kept"
}
