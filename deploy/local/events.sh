# events: what services cannot apply, and what an operator does about it. Sourced by `traction`. What is
# asked of PostgreSQL is in deploy/care/, for databases that `traction up` does not run.
# shellcheck shell=bash

command_events() {
    local action=${arguments[0]-} tenant=${arguments[1]-}
    case $action-${#arguments[@]} in
    parked-1 | retry-2 | skip-2 | skip-4) ;;
    *) usage_error "events needs: parked, or: retry TENANT, or: skip TENANT [SERVICE SOURCE]" ;;
    esac
    need_running
    "events_$action"
}

# events_sql FILE OPTION...: psql with the tenant, or none.
events_sql() {
    database psql -qX -P pager=off -P footer=off -v ON_ERROR_STOP=1 -v tenant="$tenant" "${@:2}" -f - \
        <"$root/deploy/care/events-$1.sql"
}

events_parked() {
    local table
    table=$(events_sql parked) || die "the database does not answer"
    if (($(wc -l <<<"$table") > 2)); then
        printf '%s\n' "$table"
    else
        say "no events wait"
    fi
}

events_retry() {
    local count
    count=$(events_sql retry -At) && [[ $count =~ ^[0-9]{1,15}$ ]] || die "nothing was changed"
    ((count > 0)) || die "no event of tenant \"$tenant\" has failed"
    say "what could not be applied for tenant \"$tenant\" is tried again now; see: traction events parked"
}

# The first one that waits: of the tenant, or of its place that was named.
events_skip() {
    local lines line service source pos type said found=()
    lines=$(events_sql parked -At -F $'\x1f') || die "nothing was skipped"
    while IFS= read -r line; do
        IFS=$'\x1f' read -r service source _ _ _ _ _ pos type _ <<<"$line"
        [[ ${arguments[2]-$service} != "$service" || ${arguments[3]-$source} != "$source" ]] ||
            found+=("$service" "$source" "$pos" "$type")
    done <<<"${lines:-$'\x1f'}"
    [[ ${found[0]-} ]] || die "no event of tenant \"$tenant\" waits there; see: traction events parked"
    ((${#found[@]} == 4)) || die "events of tenant \"$tenant\" wait in several places; say which: events skip TENANT SERVICE SOURCE"
    service=${found[0]} source=${found[1]} pos=${found[2]} type=${found[3]}
    if [[ -z $option_yes ]]; then
        [[ -t 0 ]] || die "say --yes to skip event $pos of $source ($type) in $service without being asked"
        read -r -p "traction: $service will never apply event $pos of $source ($type) for tenant \"$tenant\". The tenant's name, to go on: " said
        [[ $said == "$tenant" ]] || die "nothing was skipped"
    fi
    said=$(events_sql skip -At -v service="$service" -v source="$source" -v pos="$pos") || die "nothing was skipped"
    [[ $said == 1 ]] || die "nothing was skipped: event $pos does not wait any more"
    say "event $pos of $source ($type) is skipped in $service; what waits behind it for tenant \"$tenant\" is applied now"
}
