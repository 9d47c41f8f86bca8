# Tokens for trying things out: HS256, signed with the stack's own secret. Sourced by `traction`.
# The secret passes through pipes only, never through a command line that `ps` would show.
# shellcheck shell=bash

# json_text TEXT: as a JSON string, in $quoted.
json_text() {
    local text=$1
    text=${text//\\/\\\\}
    text=${text//\"/\\\"}
    [[ $text != *[[:cntrl:]]* ]] || usage_error "control characters are not allowed in a token"
    quoted=\"$text\"
}

# Sets $hashed: the SHA-256 of standard input, in hex.
sha256() {
    read -r hashed _ < <(sha256sum)
}

# escapes HEX: in $escaped, as printf writes those bytes.
escapes() {
    local i
    escaped=
    for ((i = 0; i < ${#1}; i += 2)); do escaped+=\\x${1:i:2}; done
}

# hmac_sha256 TEXT: with $secret, in $signed as hex. RFC 2104.
hmac_sha256() {
    local key i inner="" outer=""
    key=$(printf %s "$secret" | od -An -v -tx1 | tr -d ' \n')
    if ((${#key} > 128)); then
        sha256 < <(printf %s "$secret")
        key=$hashed
    fi
    printf -v key '%-128s' "$key"
    key=${key// /0}
    for ((i = 0; i < 128; i += 2)); do
        printf -v inner '%s\\x%02x' "$inner" $((16#${key:i:2} ^ 0x36))
        printf -v outer '%s\\x%02x' "$outer" $((16#${key:i:2} ^ 0x5c))
    done
    # shellcheck disable=SC2059 # the formats are escapes that we wrote
    sha256 < <(printf "$inner" && printf %s "$1")
    escapes "$hashed"
    # shellcheck disable=SC2059
    sha256 < <(printf "$outer" && printf "$escaped")
    signed=$hashed
}

# make_token TENANT USER NAME ROLE SECONDS: in $token. Needs $secret.
make_token() {
    local claims now head='{"alg":"HS256","typ":"JWT"}' quoted escaped hashed signed
    json_text "$1" && claims="{\"tenant_id\":$quoted"
    json_text "$2" && claims+=",\"user_id\":$quoted"
    [[ -z $3 ]] || { json_text "$3" && claims+=",\"name\":$quoted"; }
    [[ $1 != demo ]] || claims+=',"tenant_name":"Fjellrad"' # the company of deploy/demo
    [[ -z $4 ]] || { json_text "$4" && claims+=",\"role\":$quoted"; }
    [[ -z ${TRACTION_JWT_ISSUER-} ]] || { json_text "$TRACTION_JWT_ISSUER" && claims+=",\"iss\":$quoted"; }
    [[ -z ${TRACTION_JWT_AUDIENCE-} ]] || { json_text "$TRACTION_JWT_AUDIENCE" && claims+=",\"aud\":$quoted"; }
    printf -v now '%(%s)T' -1
    claims+=",\"iat\":$now,\"exp\":$((now + $5))}"
    token=$(printf %s "$head" | basenc --base64url -w0).$(printf %s "$claims" | basenc --base64url -w0)
    token=${token//=/}
    hmac_sha256 "$token"
    escapes "$signed"
    # shellcheck disable=SC2059
    signed=$(printf "$escaped" | basenc --base64url -w0)
    token+=.${signed//=/}
}

command_token() {
    local token secret seconds=${option_ttl:-86400}
    [[ $option_tenant && $option_user ]] || usage_error "token needs --tenant and --user"
    [[ $seconds =~ ^[1-9][0-9]{0,9}$ ]] || usage_error "--ttl \"$seconds\" is not a number of seconds"
    find_data
    if [[ -z ${TRACTION_JWT_SECRET-}${TRACTION_JWT_SECRET_FILE-} ]] && read_stack &&
        [[ ${stack[secret]-} == environment ]]; then
        die "the stack was started with TRACTION_JWT_SECRET; set it here, too"
    fi
    secret_text
    make_token "$option_tenant" "$option_user" "$option_name" "$option_role" "$seconds"
    printf '%s\n' "$token"
}
