# The private PostgreSQL cluster of one data folder, in DATA/pg. Everybody who can open its unix
# socket is trusted, so the socket's folder belongs to one user alone; TCP only when asked for, on
# loopback and with a password. Sourced by `supervise`; runs as the owner of the data.
# shellcheck shell=bash

# Made under another name and renamed when complete: a start that was interrupted leaves nothing
# that looks like a cluster.
create_cluster() {
    local new=$data/pg.new
    rm -rf -- "$new"
    report "creating the database cluster"
    "$postgres_bin/initdb" --pgdata="$new" --username=postgres --locale=C.UTF-8 --encoding=UTF8 \
        --auth-local=trust --auth-host=scram-sha-256 >"$data/log/initdb.log" 2>&1 &&
        echo "include 'traction.conf'" >>"$new/postgresql.conf" &&
        : >"$new/traction.conf" &&
        "$postgres_bin/postgres" --single -D "$new" postgres \
            <<<"CREATE DATABASE traction" >>"$data/log/initdb.log" 2>&1 &&
        mv -- "$new" "$data/pg"
}

# Written at every start. What the owner of a deployment changes with ALTER SYSTEM wins over it.
configure_cluster() {
    local listen="" port=5432
    if ((pg_port != 0)); then
        listen=127.0.0.1
        port=$pg_port
    fi
    cat >"$data/pg/traction.conf" <<END
# Written by \`traction up\` at every start; change settings with ALTER SYSTEM.
listen_addresses = '$listen'
port = $port
unix_socket_directories = '"${run//\'/\'\'}"'
unix_socket_permissions = 0700
max_connections = $((250 * ${replicas:-1}))
shared_buffers = 128MB
jit = off                      # plans here are short; compiling them costs more than it saves
max_parallel_workers_per_gather = 0
fsync = on                     # an acknowledged write is on disk
synchronous_commit = on
full_page_writes = on
wal_level = replica            # pg_basebackup and replicas work
max_wal_size = 2GB
min_wal_size = 128MB
checkpoint_timeout = 10min
checkpoint_completion_target = 0.9
idle_in_transaction_session_timeout = 60s
logging_collector = off        # standard error goes to DATA/log, rotated with the others
log_line_prefix = '%m [%p] %q%u '
log_min_duration_statement = 1s
log_parameter_max_length = 0   # what tenants store stays out of the log
log_parameter_max_length_on_error = 0
log_checkpoints = off
log_timezone = 'UTC'
timezone = 'UTC'
END
}

# What a killed postmaster leaves behind ends by itself, but not what waits for a lock whose holder was
# killed, too. It would wait for ever, and no postmaster starts while somebody has the old shared memory.
end_orphans() {
    local process postmaster=0
    [[ -e $data/pg/postmaster.pid ]] || return 0 # it ended in order
    read -r postmaster <"$data/pg/postmaster.pid"
    ! is_postgres "/proc/$postmaster" || return 0 # it lives; PostgreSQL will say so
    while IFS= read -r process; do
        is_postgres "$process" || continue
        kill -s KILL "${process#/proc/}" && report "ended a process of the former PostgreSQL"
    done < <(find -L /proc/[0-9]*/cwd -maxdepth 0 -samefile "$data/pg" -printf '%h\n' 2>/dev/null)
}
is_postgres() { [[ $1/exe -ef $postgres_bin/postgres ]]; } # /proc/PID

# The postmaster writes its state into line 8 of its pid file; no client needs to be started.
database_ready() {
    local line
    mapfile -t line <"$data/pg/postmaster.pid" || return 1
    [[ ${line[0]-} == "${pid[postgresql]-}" && ${line[7]-} == ready* ]]
} 2>/dev/null

# A password for TCP, made once.
allow_tcp() {
    local file=$data/pg-password password
    [[ -s $file ]] || openssl rand -hex 24 >"$file" || return 1
    read -r password <"$file"
    # Standard input, so that the password is in no process list.
    "$postgres_bin/psql" -qX -h "$run" -p "$pg_port" -U postgres -d traction \
        <<<"ALTER ROLE postgres PASSWORD '$password'" >/dev/null
}
