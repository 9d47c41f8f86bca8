# The files with which the gateway shows /docs: swagger-ui-dist, as pinned in deploy/docs. Sourced by
# `traction`. Nothing here may keep a stack from starting: without npm or a network the page says
# how to add them.
# shellcheck shell=bash

docs_files=(swagger-ui-bundle.js swagger-ui.css favicon-32x32.png LICENSE NOTICE)

# fetch_docs: into build/docs, once. Packages run nothing of their own on this machine.
fetch_docs() {
    local folder=$root/build/docs said
    docs_from=$folder/node_modules/swagger-ui-dist
    [[ ! $docs_from/${docs_files[0]} -nt $root/deploy/docs/package-lock.json ]] || return 0
    if ! command -v npm >/dev/null; then
        say "without npm, /docs only says how to add its page"
        return 1
    fi
    say "fetching swagger-ui for /docs"
    said=$(mkdir -p "$folder" && cp "$root"/deploy/docs/package*.json "$folder" && cd "$folder" &&
        timeout 60 npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=0 --loglevel=error 2>&1) &&
        touch "$docs_from/${docs_files[0]}" || {
        say "npm could not fetch swagger-ui, so /docs only says how to add it: ${said##*$'\n'}"
        return 1
    }
}

# prepare_docs: copied to the data folder, because the run user may be unable to read the checkout.
prepare_docs() {
    local docs_from
    [[ -z ${TRACTION_DOCS_DIR-} ]] || return 0
    if fetch_docs && [[ ! $data/docs/${docs_files[0]} -nt $docs_from/${docs_files[0]} ]]; then
        as_user mkdir -p "$data/docs" &&
            tar --create -C "$docs_from" "${docs_files[@]}" |
            as_user tar --extract --touch --unlink-first -C "$data/docs" ||
            say "cannot copy the files of /docs to $data/docs"
    fi
    [[ ! -e $data/docs/${docs_files[0]} ]] || export TRACTION_DOCS_DIR=$data/docs
}
