# The page /console/: built once by npm, or from the folder that is named; a stack starts without it.
# shellcheck shell=bash

traction_root=$root

# What console.sh does for a checkout and a data folder of our own; `npm` and `node` are whatever PATH says.
prepare_page() { # PATH
    if [[ ! -e $work/checkout ]]; then
        mkdir -p "$work"/checkout/{console/src,clients/typescript/src,tests/web} "$work/data"
        touch "$work"/checkout/{package.json,package-lock.json,tests/web/package.json,console/src/main.tsx,clients/typescript/src/index.ts}
    fi
    printed=$(
        # shellcheck disable=SC2030,SC2034 # for what is sourced
        root=$work/checkout data=$work/data
        # shellcheck source=deploy/local/console.sh
        source "$traction_root/deploy/local/console.sh"
        say() { printf '%s\n' "$*"; }
        as_user() { "$@"; }
        unset TRACTION_CONSOLE_DIR
        PATH=$1
        prepare_console || printf 'status %s\n' $?
        printf 'folder %s\n' "${TRACTION_CONSOLE_DIR-none}"
    )
}

# npm and node of our own; node does what is given.
fake_node() { # BODY
    mkdir -p "$work/tools"
    local name
    for name in cat cp find flock mkdir rm tar timeout touch; do ln -sf "$(command -v "$name")" "$work/tools/$name"; done
    ln -sf /bin/bash "$work/tools/bash"
    printf '#!/bin/bash\n[[ " $* " == *" --ignore-scripts "* ]] && mkdir -p node_modules && touch node_modules/.package-lock.json\n' >"$work/tools/npm"
    printf '#!/bin/bash\n%s\n' "$1" >"$work/tools/node"
    chmod 755 "$work/tools/npm" "$work/tools/node"
}
makes_page='mkdir -p console/dist/assets && echo page >console/dist/index.html && echo script >console/dist/assets/a.js
    echo console/src/* >console/dist/.made-of && echo once >>'

test_console_without_npm() {
    fake_node 'exit 1'
    rm "$work/tools/npm"
    prepare_page "$work/tools"
    contains "$printed" "without npm, /console/ only says how to build it"
    contains "$printed" "folder none"
    [[ $printed != *status* ]] || fail "it failed: $printed"
}

test_console_when_it_cannot_be_built() {
    fake_node 'echo "error: no room" >&2; exit 1'
    prepare_page "$work/tools"
    contains "$printed" "npm could not build the console"
    contains "$printed" "error: no room"
    contains "$printed" "folder none"
}

test_console_is_built_once() {
    fake_node "$makes_page$work/asked"
    prepare_page "$work/tools"
    contains "$printed" "folder $work/data/console"
    same "the script" script "$(cat "$work/data/console/assets/a.js")"
    prepare_page "$work/tools"
    same "asked" once "$(cat "$work/asked")"
    # Another source makes another page.
    sleep 0.02
    touch "$work/checkout/console/src/new.tsx"
    prepare_page "$work/tools"
    same "asked again" 2 "$(wc -l <"$work/asked")"
    contains "$(cat "$work/data/console/.made-of")" new.tsx
    # What is there stays of use when npm is gone.
    rm -r "$work/tools/npm" "$work/checkout/build"
    prepare_page "$work/tools"
    contains "$printed" "folder $work/data/console"
}

test_console_of_a_stack() {
    local answer
    mkdir -p "$work/page/assets"
    echo "<p>mine</p>" >"$work/page/index.html"
    echo "1" >"$work/page/assets/a-1.js"
    ln -s /etc/passwd "$work/page/passwd.txt"
    chmod -R a+rX "$work"
    # shellcheck disable=SC2031
    TRACTION_CONSOLE_DIR=$work/page up "$data"
    contains "$printed" "http://127.0.0.1:$port/console/#token=ey"
    same "the page" "<p>mine</p>" "$(curl -sS --noproxy '*' "http://127.0.0.1:$port/console/")"
    same "the script" 1 "$(curl -sS --noproxy '*' "http://127.0.0.1:$port/console/assets/a-1.js")"
    answer=$(curl -sS --noproxy '*' "http://127.0.0.1:$port/console/passwd.txt")
    contains "$answer" ROUTE_NOT_FOUND
}

test_console_that_is_missing() {
    # shellcheck disable=SC2031
    up "$data"
    contains "$(curl -sS --noproxy '*' "http://127.0.0.1:$port/console/")" "not built yet"
    [[ $printed != *"#token="* ]] || fail "a link to nothing: $printed"
    same "the start" 200 "$(curl -sS --noproxy '*' -o /dev/null -w '%{http_code}' -H 'Accept: text/html' "http://127.0.0.1:$port/")"
}

test_console_of_a_wrong_provider() {
    # shellcheck disable=SC2031
    TRACTION_CONSOLE_AUTHORITY="https://login.example.com; script-src *" "$traction" check-config --programs "$build" --data "$data" 2>"$work/said" &&
        fail "it is accepted"
    contains "$(cat "$work/said")" "TRACTION_CONSOLE_AUTHORITY"
}
