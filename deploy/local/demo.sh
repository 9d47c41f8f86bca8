# The demo tenant: fills it through the HTTP API, once, from deploy/demo/. Sourced by `traction`.
# shellcheck shell=bash
#
# people.json says who there is, and in which role. Every NN-*.json is a list of steps, sent in the order of the files:
#   {"by": "zoe", "do": "POST /goals", "as": "goal.revenue", "body": {...}}
# `as` keeps the id of the answer; later FILES may say {goal.revenue} in paths and texts. A text
# "@day+14" becomes the date 14 days after the day of seeding, "@month-1" the month before. To add a capability, add a file.
# DATA/state/demo.json remembers the day, the files done and the ids, so that an interrupted seeding
# goes on, files added later are sent to an old tenant, and nothing is sent twice.

demo_user=zoe.mueller
demo_user_name='Zoë Müller'

demo_tokens() { # makes {"zoe": "token", ...} in $tokens
    local key id name role token
    tokens=
    while IFS=$'\t' read -r key id name role; do
        make_token demo "$id" "$name" "$role" 3600
        tokens+=${tokens:+,}\"$key\":\"$token\"
    done < <(jq -r 'to_entries[] | [.key, .value.id, .value.name, .value.role // ""] | @tsv' "$root/deploy/demo/people.json")
    tokens="{$tokens}"
}

# What curl is to do: one request a step, over one connection, in order.
demo_requests() { # FILE
    jq -r --argjson memory "$demo_memory" --argjson tokens "$tokens" --arg address "$address" \
        --arg name "${1##*/}" '
        def named: gsub("\\{(?<key>[a-z]+\\.[a-z0-9]+)\\}";
            $memory.ids[.key] // error("no step before this file is named " + .key));
        def dated: if test("^@day[+-][0-9]+$")
            then ($memory.day | strptime("%Y-%m-%d") | mktime) + (.[4:] | tonumber) * 86400
                | strftime("%Y-%m-%d")
            elif test("^@month[+-][0-9]+$")
            then ($memory.day[:4] | tonumber) * 12 + ($memory.day[5:7] | tonumber) - 1 + (.[6:] | tonumber)
                | "\(. / 12 | floor)-\(. % 12 + 101 | tostring[1:])"
            else . end;
        to_entries[] | .key as $place | .value | (.do / " ") as [$method, $path]
        | (if $place > 0 then "next" else empty end),
          "url = " + ($address + ($path | named) | @json),
          "request = " + $method,
          "header = " + ("Authorization: Bearer " + $tokens[.by] | @json),
          "header = \"Content-Type: application/json\"",
          "header = " + ("Idempotency-Key: demo-\($name)-\($place)" | @json),
          "data-raw = " + (.body | walk(if type == "string" then named | dated else . end)
                           | tojson | tojson),
          "write-out = \"\\n\"", "max-time = 30", "noproxy = \"*\""' "$1"
}

# demo_send FILE: sends its steps and learns the ids. False after a message.
demo_send() {
    local file=${1##*/} answers learned
    demo_remember "$(jq --compact-output --arg file "$file" '.again = (.begun == $file) | .begun = $file' \
        <<<"$demo_memory")"
    answers=$(demo_requests "$1" | curl --globoff --silent --show-error --config -) || return 1
    # Going on after an interruption, a transition may have happened already.
    learned=$(jq --null-input --compact-output --slurpfile steps "$1" --argjson memory "$demo_memory" '
        [inputs] as $answers | $steps[0] as $steps
        | if ($answers | length) != ($steps | length) then error("an answer is missing") else . end
        | [range($steps | length) | {step: $steps[.], answer: $answers[.]}]
        | map(select(.answer.success | not)
              | select(($memory.again and .answer.code == "INVALID_STATUS_TRANSITION") | not))[0] as $bad
        | if $bad then error("\($bad.step.do): \($bad.answer | tojson)") else . end
        | map(select(.step.as) | {(.step.as): .answer.data.id}) | add as $ids
        | $memory | .ids += ($ids // {}) | .done += [.begun] | del(.begun, .again)' 2>&1 <<<"$answers") || {
        printf 'traction: demo: %s: %s\n' "$file" "${learned#jq: error (at *): }" >&2
        return 1
    }
    demo_remember "$learned"
}

demo_remember() { # JSON
    demo_memory=$1
    (umask 077 && as_user tee -- "$data/state/demo.json" >/dev/null) <<<"$1"
}

# seed_demo: false when it could not be completed.
seed_demo() {
    local file tokens="" demo_memory="" address day
    if [[ $secret_from == none ]]; then
        say "demo: tokens are signed elsewhere, so nothing can be sent"
        return 1
    fi
    address=http://$(local_address "$TRACTION_HOST"):$TRACTION_PORT
    if [[ -s $data/state/demo.json ]]; then
        demo_memory=$(as_user cat -- "$data/state/demo.json")
    else
        TZ=UTC printf -v day '%(%Y-%m-%d)T' -1
        demo_memory="{\"day\":\"$day\",\"done\":[],\"ids\":{}}"
    fi
    for file in "$root"/deploy/demo/[0-9]*.json; do
        [[ ! $demo_memory =~ \"done\":\[([^]]*)\] || ${BASH_REMATCH[1]} != *"\"${file##*/}\""* ]] || continue
        if [[ -z $tokens ]]; then
            say "filling the demo tenant"
            secret_text
            demo_tokens
        fi
        demo_send "$file" || return 1
    done
}
