# version and help man. Sourced by `traction`.
# shellcheck shell=bash

# project_version: in $version; CMakeLists.txt is where it is said.
project_version() {
    version=$(sed -n 's/^project(traction VERSION \([^ ]*\).*/\1/p' "$root/CMakeLists.txt")
}

command_version() {
    local version commit program
    project_version
    commit=$(git -C "$root" log -1 --format='%h of %cs' 2>/dev/null) || commit=
    echo "traction $version${commit:+ ($commit)}"
    find_data
    for program in "${programs[@]}" "${helpers[@]}"; do
        [[ ! -x $data/bin/$program ]] || "$data/bin/$program" --version
    done
}

# help_man: what `help` and `help config` say, as a page for `man -l -`.
help_man() {
    local version
    project_version
    printf '.TH TRACTION 1 "" "traction %s"\n' "$version"
    cat <<'END'
.SH NAME
traction \- the backend of a company's goals: start it, look at it, keep its data
.SH SYNOPSIS
.B traction
.I COMMAND
.RI [ OPTION ...]
.SH COMMANDS
.nf
END
    help | sed '1,2d; s/\\/\\e/g; s/-/\\-/g; s/^[.'\'']/\\\&&/'
    printf '.fi\n.SH CONFIGURATION\n.nf\n'
    help_config | sed 's/\\/\\e/g; s/-/\\-/g; s/^[.'\'']/\\\&&/'
    printf '.fi\n.SH SEE ALSO\n.PP\nREADME.md and docs/ in the checkout: %s\n' "$root"
}
