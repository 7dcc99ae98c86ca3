# Sourced by every command in script/: paths, messages, steps that are done once.

set -euo pipefail

CHECKOUT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
HOUSE=$CHECKOUT/.odoo                                            # all that we make, ignored by git
DOWNLOADS=${XDG_CACHE_HOME:-$HOME/.cache}/ops_handbook           # shared between checkouts
STAMPS=$HOUSE/stamps
VENV=$HOUSE/venv
CONFIG=$HOUSE/odoo.conf
ADDON=ops_handbook
BRIDGES=(ops_handbook_project ops_handbook_survey)               # addons that Odoo installs beside it by itself
export CHECKOUT HOUSE

say() { printf '%s\n' "$*" >&2; }

die() { printf '\nStopped: %s\n' "$*" >&2; exit 1; }

have() { command -v "$1" >/dev/null 2>&1; }

# step NAME KEY "what is being done" FUNCTION: runs FUNCTION unless it ended well with this KEY before.
# The stamp is written last, so a step that was interrupted runs again.
step() {
    local stamp=$STAMPS/$1 key=$2 started=$SECONDS
    if [[ -f $stamp && $(<"$stamp") == "$key" ]]; then return 0; fi
    say "→ $3"
    "$4" || die "this step failed: $3 The lines above say why; put that right and run the same command again, it goes on from here."
    printf '%s' "$key" >"$stamp"
    say "  done ($((SECONDS - started)) s)"
}

# Hash of files or of words: the key of a step that must run again when they change.
hash_of_files() { cat "$@" | sha256sum | cut -c1-16; }
hash_of_words() { printf '%s\n' "$@" | sha256sum | cut -c1-16; }

# Run COMMAND quietly, keep its output in a log, and show progress and the end of the log when it fails.
quietly() {
    local log=$HOUSE/log/$1.log; shift
    mkdir -p "$HOUSE/log"
    local started=$SECONDS next=15 pid status=0
    "$@" >"$log" 2>&1 &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.2
        if ((SECONDS - started >= next)); then
            # Without the date, process and database that begin Odoo's lines.
            say "  … $((SECONDS - started)) s: $(tail -n 1 "$log" | tr -cd '[:print:]' | sed -E 's/^[0-9-]+ [0-9:,]+ [0-9]+ [A-Z]+ [^ ]+ //' | cut -c1-100)"
            next=$((next + 15))
        fi
    done
    wait "$pid" || status=$?
    if ((status)); then
        tail -n 25 "$log" >&2
        if grep -qiE 'no space left|disk full' "$log"; then
            die "the disk is full: free some space on $(df -P "$HOUSE" | awk 'NR==2 {print $6}') and run the command again."
        fi
        if grep -qiE 'temporary failure (in name )?resolv|could not resolve|network is unreachable|connection timed out|failed to establish a new connection|unable to connect|ETIMEDOUT|ENOTFOUND|EAI_AGAIN' "$log"; then
            die "the network did not answer: check the connection or proxy settings (http_proxy, https_proxy) and run the command again; what is downloaded already is kept."
        fi
        if grep -qiE 'certificate.?verify.?failed|self.signed certificate' "$log"; then
            die "a certificate was refused: behind a proxy with a certificate of its own, set PIP_CERT and NODE_EXTRA_CA_CERTS to the file that holds it, and run the command again."
        fi
        return "$status"
    fi
}

as_root() {
    if ((EUID == 0)); then "$@"
    elif have sudo; then sudo "$@" || return
    else die "this needs root rights ($*): install sudo and allow this user to use it, or run the command as root once."
    fi
}

need_disk() {
    local free
    free=$(df -Pm "$HOUSE" | awk 'NR==2 {print $4}')
    ((free >= $1)) || die "only $free MB are free below $HOUSE and $1 MB are needed: free some space and run the command again."
}

free_port() {
    "${PYTHON:-python3}" - <<'PY'
import socket
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])
PY
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
