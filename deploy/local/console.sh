# The page at /console/, built by npm from console/ and clients/typescript. Sourced by `traction`. Nothing here may keep a
# stack from starting: without npm or a network the page says how to build it.
# shellcheck shell=bash

console_inputs=(package.json package-lock.json console clients/typescript)

# When nothing is newer than the last build, that is one process.
console_is_built() {
    [[ -e $console_from/.made-of ]] && [[ ! $(cd "$root" && find "${console_inputs[@]}" \
        \( -name node_modules -o -name dist -o -name generated \) -prune -o -newer "$console_from/.made-of" -print -quit) ]]
}

# make_console FOLDER: from a copy of the sources there, so that what else is installed in the checkout stays as it is.
make_console() {
    rm -rf "$1/console/src" "$1/clients/typescript/src"
    tar --create --exclude=node_modules --exclude=dist --exclude=generated -C "$root" "${console_inputs[@]}" tests/web/package.json |
        tar --extract -C "$1" && cd "$1" || return 1
    if [[ ! node_modules/.package-lock.json -nt package-lock.json ]]; then
        timeout 180 npm ci --workspace console --ignore-scripts --no-audit --no-fund --fetch-retries=0 --loglevel=error &&
            touch node_modules/.package-lock.json || return 1
    fi
    timeout 180 node console/build.mjs
}

# build_console: into build/console. Stacks that start at once build it once.
build_console() {
    local folder=$root/build/console said
    console_from=$folder/console/dist
    ! console_is_built || return 0
    if ! command -v npm >/dev/null; then
        say "without npm, /console/ only says how to build it"
        return 1
    fi
    say "building the console"
    said=$(mkdir -p "$folder" && { flock 9 && { console_is_built || make_console "$folder"; }; } 9>"$folder/.lock" 2>&1) || {
        say "npm could not build the console, so /console/ only says how to: ${said##*$'\n'}"
        return 1
    }
}

# prepare_console: copied to the data folder, because the run user may be unable to read the checkout.
prepare_console() {
    local console_from
    [[ -z ${TRACTION_CONSOLE_DIR-} ]] || return 0
    if build_console && [[ $(<"$console_from/.made-of") != "$(as_user cat "$data/console/.made-of" 2>/dev/null)" ]]; then
        as_user rm -rf "$data/console" && as_user mkdir "$data/console" &&
            tar --create -C "$console_from" . | as_user tar --extract --touch -C "$data/console" ||
            say "cannot copy the console to $data/console"
    fi
    [[ ! -e $data/console/index.html ]] || export TRACTION_CONSOLE_DIR=$data/console
}
