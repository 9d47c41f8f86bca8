# check-config, help config and test. Sourced by `traction`.
# shellcheck shell=bash

# Every program looks at the whole table; each is asked, since a program may want more than is there.
command_check_config() {
    local program failed=0 said
    find_data
    find_settings
    find_run
    find_programs
    export TRACTION_BUS_DIR=${TRACTION_BUS_DIR:-$run}
    for program in "${programs[@]}"; do
        if said=$(check_program "$program" 2>&1); then
            say "$program: ok"
        else
            printf '%s\n' "$said" >&2
            failed=1
            [[ $said != traction:\ TRACTION_* ]] || break # the table is the same for all
        fi
    done
    return "$failed"
}

# With what `up` would add, made up: nothing is started or written.
check_program() (
    if [[ $1 == gateway ]]; then
        [[ ${TRACTION_JWT_SECRET-}${TRACTION_JWT_SECRET_FILE-}$(public_keys_of) ]] ||
            export TRACTION_JWT_SECRET=made-at-the-first-start-of-this-stack
    else
        export TRACTION_DATABASE_URL=postgresql://${1/-/_}@/traction
    fi
    "$built/$1" --check-config
)

help_config() {
    find_programs >&2
    "$built/gateway" --help-config
}

command_test() {
    local name
    # What configures a stack must not configure the tests.
    for name in "${!TRACTION_@}"; do unset "$name"; done
    need_packages run build test
    exec "$root/tests/run.sh" "${arguments[@]}"
}
