# What is in the data folder belongs to the run user: as root the command believes none of it.
# shellcheck shell=bash

# as_owner COMMAND...: as whom the programs run.
as_owner() { setpriv --reuid="$(stat -c %u "$data")" --regid="$(stat -c %g "$data")" --clear-groups -- "$@"; }

# Lines that are run when their value meets arithmetic, or name what is not the stack's.
test_what_the_state_says_is_never_run() {
    local out key name command before bad="" victim mark=$work/mark
    [[ $EUID -eq 0 ]] || return 0
    up "$data"
    chmod 777 "$work"
    # The last line of a key counts.
    for key in since_gateway restarts_gateway admin_gateway pid_svc-kpis 'x[$(touch '"$mark"')]'; do
        bad+=$'\n'"$key=PATH[\$(touch $mark)]"
    done
    for name in optional required; do
        before=$(<"$data/state/stack") # anew, since each round replaces a process, whose former id nobody would get again
        printf '%s%s\n' "$before" "$bad" | as_owner tee "$data/state/stack" >/dev/null
        for command in status 'status --json' doctor 'restart svc-kpis' logs; do
            # shellcheck disable=SC2086 # options
            out=$("$traction" $command --data "$data" 2>&1)
            [[ ! -e $mark ]] || fail "$command ran what the state says"
            [[ $out != *"syntax error"* && $out != *unbound* ]] || fail "$command with bad $name lines: $out"
        done
        for key in port pg_port replicas pid phase host; do bad+=$'\n'"$key=PATH[\$(touch $mark)]"; done
    done
    before=$(<"$data/state/stack")
    # A process of root's, and one of the same user that is another's.
    sleep 100 &
    victim=$!
    for name in pid pid_svc-kpis; do
        printf '%s\n%s=%s\n' "$before" "$name" "$victim" | as_owner tee "$data/state/stack" >/dev/null
        out=$("$traction" restart svc-kpis --data "$data" 2>&1) && fail "it restarted a process that is not its own"
        contains "$out" "process $victim"
        kill -0 "$victim" 2>/dev/null || fail "restart ended a process of root's"
    done
    printf '%s\npid=%s\n' "$before" "$victim" | as_owner tee "$data/state/stack" >/dev/null
    out=$("$traction" down --data "$data" 2>&1) && fail "it stopped what is not its own"
    contains "$out" "does not supervise $data"
    kill -0 "$victim" 2>/dev/null || fail "down ended a process of root's"
    kill "$victim"
    ready || fail "the stack is gone"
    printf '%s\n' "$before" | as_owner tee "$data/state/stack" >/dev/null
}

# A database that answers something else than numbers.
test_what_the_database_says_is_never_run() {
    local out mark=$work/mark
    [[ $EUID -eq 0 ]] || return 0
    up "$data"
    chmod 777 "$work"
    "$traction" psql --data "$data" -qXAt <<END_OF_SQL
CREATE SCHEMA evil;
CREATE FUNCTION evil.said(text, bigint) RETURNS text LANGUAGE sql AS \$\$ SELECT 'PATH[\$(touch $mark)]' \$\$;
CREATE AGGREGATE evil.sum(bigint) (SFUNC = evil.said, STYPE = text, INITCOND = '');
ALTER ROLE postgres SET search_path = evil, pg_catalog;
END_OF_SQL
    out=$("$traction" tenant erase nobody --yes --data "$data" 2>&1) && fail "it believed the database: $out"
    [[ ! -e $mark ]] || fail "it ran what the database says"
}

# Links, where root reads or writes.
test_links_in_the_data_folder_are_not_followed() {
    local out target=$work/target secret=$work/secret-of-root
    [[ $EUID -eq 0 ]] || return 0
    up "$data"
    echo "a secret of root's that is long enough" >"$secret" && chmod 600 "$secret"
    as_owner mkdir "$data/backups"
    as_owner ln -s "$target" "$data/backups/file.new"
    as_owner ln -s "$target" "$data/backups/file"
    "$traction" backup "$data/backups/file" --data "$data" >/dev/null || fail "backup failed"
    [[ ! -e $target && ! -L $data/backups/file ]] || fail "backup wrote through a link"
    as_owner ln -sf "$target" "$data/backups/lines.new"
    "$traction" tenant export scripts "$data/backups/lines" --data "$data" >/dev/null || fail "export failed"
    [[ ! -e $target ]] || fail "export wrote through a link"
    as_owner ln -s "$secret" "$data/log/evil.log"
    out=$("$traction" logs --data "$data" 2>/dev/null)
    [[ $out != *"a secret of root's"* ]] || fail "logs read through a link"
    down "$data"
    as_owner ln -sf "$secret" "$data/secret"
    out=$("$traction" token --tenant t --user u --data "$data" 2>/dev/null) && fail "a token was signed with $out"
    as_owner rm "$data/lock" && as_owner ln -s "$target" "$data/lock"
    "$traction" status --data "$data" >/dev/null
    "$traction" down --data "$data" >/dev/null
    [[ ! -e $target ]] || fail "a file was made through a link"
    as_owner rm "$data/lock" "$data/secret"
}

# Who shares root's terminal could type into it.
test_the_run_user_shares_no_terminal_with_root() {
    local session
    [[ $EUID -eq 0 ]] || return 0
    up "$data"
    down "$data"
    as_owner mv "$data/bin/gateway" "$data/bin/real"
    # The programs are copied only when the built ones differ in time.
    printf '#!/bin/sh\nread -r _ _ _ _ _ session _ </proc/self/stat; echo "$session" >%s/session\nexec %s/bin/real "$@"\n' "$data" "$data" |
        as_owner tee "$data/bin/gateway" >/dev/null
    as_owner chmod 755 "$data/bin/gateway"
    as_owner touch -r "$data/bin/real" "$data/bin/gateway"
    TRACTION_DRAIN_MS=soon "$traction" up --detach --programs "$build" --data "$data" --port "$port" >/dev/null 2>&1
    read -r session <"$data/session" || fail "it was not asked"
    read -r _ _ _ _ _ own _ <"/proc/$$/stat"
    [[ $session != "$own" ]] || fail "it has the session of root's terminal"
    as_owner mv "$data/bin/real" "$data/bin/gateway"
}
