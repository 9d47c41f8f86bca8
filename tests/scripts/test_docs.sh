# The page /docs: its files come from npm, or from the folder that is named; a stack starts without them.
# shellcheck shell=bash

traction_root=$root

# What docs.sh does for a checkout and a data folder of our own; `npm` is whatever PATH says.
prepare() { # PATH
    if [[ ! -e $work/checkout ]]; then
        mkdir -p "$work/checkout/deploy" "$work/data"
        cp -r "$traction_root/deploy/docs" "$work/checkout/deploy/"
    fi
    printed=$(
        # shellcheck disable=SC2030,SC2034 # for what is sourced
        root=$work/checkout data=$work/data
        # shellcheck source=deploy/local/docs.sh
        source "$traction_root/deploy/local/docs.sh"
        say() { printf '%s\n' "$*"; }
        as_user() { "$@"; }
        unset TRACTION_DOCS_DIR
        PATH=$1
        prepare_docs || printf 'status %s\n' $?
        printf 'folder %s\n' "${TRACTION_DOCS_DIR-none}"
    )
}
# tools NAME...: a folder that holds these programs only.
tools() {
    local name
    mkdir -p "$work/tools"
    for name in "$@"; do ln -sf "$(command -v "$name")" "$work/tools/$name"; done
}

# An npm of our own, which does what is given.
fake_npm() { # BODY
    tools cp mkdir tar timeout touch bash sh cat
    printf '#!/bin/bash\n%s\n' "$1" >"$work/tools/npm"
    chmod 755 "$work/tools/npm"
}

test_docs_without_npm() {
    tools cp mkdir tar timeout touch
    prepare "$work/tools"
    contains "$printed" "without npm, /docs only says how to add its page"
    contains "$printed" "folder none"
    [[ $printed != *status* ]] || fail "it failed: $printed"
}

test_docs_when_npm_fails() {
    fake_npm 'echo "npm error network" >&2; exit 1'
    prepare "$work/tools"
    contains "$printed" "npm could not fetch swagger-ui"
    contains "$printed" "npm error network"
    contains "$printed" "folder none"
}

test_docs_are_fetched_once() {
    fake_npm '[[ " $* " == *" --ignore-scripts "* ]] || exit 1
        echo once >>"'"$work"'/asked"; mkdir -p node_modules/swagger-ui-dist && cd node_modules/swagger-ui-dist || exit 1
        for file in swagger-ui-bundle.js swagger-ui.css favicon-32x32.png LICENSE NOTICE; do echo "$file" >$file; done'
    prepare "$work/tools"
    contains "$printed" "folder $work/data/docs"
    same "the file" swagger-ui.css "$(cat "$work/data/docs/swagger-ui.css")"
    prepare "$work/tools"
    same "asked" once "$(cat "$work/asked")"
    rm -r "$work/data/docs"
    prepare "$work/tools"
    contains "$printed" "folder $work/data/docs"
    # What is there stays of use when npm is gone.
    rm -r "$work/tools/npm" "$work/checkout/build"
    prepare "$work/tools"
    contains "$printed" "folder $work/data/docs"
}

test_docs_of_a_stack() {
    local name
    mkdir "$work/page"
    for name in swagger-ui-bundle.js swagger-ui.css favicon-32x32.png; do echo "mine" >"$work/page/$name"; done
    chmod 755 "$work" "$work/page"
    # shellcheck disable=SC2031
    TRACTION_DOCS_DIR=$work/page up "$data"
    contains "$printed" "documentation: http://127.0.0.1:$port/docs"
    same "the file" mine "$(curl -sS --noproxy '*' "http://127.0.0.1:$port/docs/swagger-ui.css")"
    contains "$(curl -sS --noproxy '*' "http://127.0.0.1:$port/docs")" "How to start"
}
