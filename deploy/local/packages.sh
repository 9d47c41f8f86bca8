# Installs the Debian packages that are missing. Sourced by `traction`.
# shellcheck shell=bash

# need_packages PART...: the parts of deploy/local/packages. A stamp newer than dpkg's own record
# says that nothing was installed or removed since the last look, so that it costs nothing.
need_packages() {
    local parts=" $* " stamp part package state missing=() wanted=()
    stamp=$root/build/.packages-${*// /-}
    stamp=${stamp// /-}
    if ! command -v dpkg-query >/dev/null; then
        [[ -e /etc/debian_version ]] || return 0 # not Debian: the build says what it misses
    fi
    if [[ $stamp -nt /var/lib/dpkg/status && $stamp -nt $root/deploy/local/packages ]]; then
        return
    fi
    while read -r part package; do
        [[ $parts == *" $part "* ]] && wanted+=("$package")
    done <"$root/deploy/local/packages"
    # For a package that dpkg does not know it prints an error message and no line.
    local -A installed=()
    while read -r package state; do
        [[ $state == installed ]] && installed[$package]=1
    done < <(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null)
    for package in "${wanted[@]}"; do
        [[ ${installed[$package]-} ]] || missing+=("$package")
    done
    ((${#missing[@]} == 0)) || install_packages "${missing[@]}"
    { mkdir -p "${stamp%/*}" && : >"$stamp"; } 2>/dev/null || true
}

install_packages() {
    local service become=()
    if [[ $EUID -ne 0 ]]; then
        command -v sudo >/dev/null ||
            die "these packages are missing; install them as root: apt-get install $*"
        become=(sudo)
    fi
    say "installing $*"
    # PostgreSQL is wanted for its programs: no server of its own on port 5432.
    if [[ " $* " == *" postgresql-15 "* && ! -e /etc/postgresql-common/createcluster.conf ]]; then
        "${become[@]}" mkdir -p /etc/postgresql-common/createcluster.d
        echo "create_main_cluster = false" |
            "${become[@]}" tee /etc/postgresql-common/createcluster.d/traction.conf >/dev/null
    fi
    "${become[@]}" env DEBIAN_FRONTEND=noninteractive sh -c '
        apt-get -qq update && apt-get -qq -y -o Dpkg::Use-Pty=0 install --no-install-recommends "$@"
    ' apt "$@" >/dev/null || die "apt-get could not install: $*"
    # Of these, too, only the programs; Debian starts them where systemd runs. Patroni waits for a configuration.
    for service in etcd-server:etcd pgbouncer:pgbouncer; do
        [[ " $* " == *" ${service%:*} "* && -d /run/systemd/system ]] || continue
        "${become[@]}" systemctl --quiet disable --now "${service#*:}" || say "Debian's ${service#*:} could not be stopped"
    done
}

# need_node: Node 18 or newer, the machine's own or else Debian's.
need_node() {
    local version
    version=$(node --version 2>/dev/null) && version=${version#v}
    if [[ -n $version ]] && ((${version%%.*} >= 18)) && command -v npm >/dev/null; then
        return
    fi
    need_packages node
}
