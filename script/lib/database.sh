# Template databases. The slow part (Odoo and what our addon depends on) is installed once for every state of the
# manifest's dependencies, the addon once for every state of its sources; a test run works on a copy.
#
#   ops_base_KIND_HASH   Odoo + dependencies          KIND: plain (no demo data) or demo
#   ops_addon_KIND_HASH  the same + ops_handbook; KIND bridges: the plain one + the addons of BRIDGES and what they need

# addon_hash [ADDON…]
addon_hash() {
    local addon folders=()
    for addon in "${@:-$ADDON}"; do folders+=("$CHECKOUT/$addon"); done
    find "${folders[@]}" -type f -not -path '*/__pycache__/*' -not -path '*/tests/*' -not -path '*/static/description/*' -print0 \
        | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12
}

addon_depends() {
    "$PYTHON" - "$CHECKOUT/$ADDON/__manifest__.py" <<'PY'
import ast, sys
print(",".join(ast.literal_eval(open(sys.argv[1], encoding="utf-8").read())["depends"]))
PY
}

# In a PostgreSQL of somebody else two checkouts may meet, and their files lie apart.
whose_template() { $OWN_POSTGRES || echo "$CHECKOUT"; }

base_template() { echo "ops_base_$1_$(hash_of_words "$("${ODOO[@]}" --version 2>/dev/null)" "$(addon_depends)" 2 $(whose_template))"; }
addon_template() { echo "ops_addon_$1_$(hash_of_words "$(base_template "$1")" "$(addon_hash)")"; }

demo_option() { [[ $1 != demo ]] || echo --with-demo; }

filestore() { echo "$HOUSE/data/filestore/$1"; }

drop_database() {
    dropdb --if-exists --force "$1" 2>/dev/null || dropdb --if-exists "$1"
    rm -rf "$(filestore "$1")"
}

# Files of the filestore are named after their content and never change: links are copies enough.
copy_database() {
    createdb -T "$1" "$2" || return 1
    if [[ -d $(filestore "$1") ]]; then
        rm -rf "$(filestore "$2")"; cp -al "$(filestore "$1")" "$(filestore "$2")"
    fi
    psql -Xqd "$2" -c "UPDATE ir_config_parameter SET value = gen_random_uuid() WHERE key = 'database.uuid'"
}

# install_into DATABASE KIND MODULES: installs and refuses a database of which the log tells an error.
install_into() {
    local log=install-$1 language=()
    # English first: the first one becomes the language of new people, the administrator among them.
    [[ $2 == english ]] || language=(--load-language=en_US,zh_CN)
    # shellcheck disable=SC2046
    quietly "$log" "${ODOO[@]}" -c "$CONFIG" -d "$1" -i "$3" $(demo_option "$2") "${language[@]}" --no-http --stop-after-init --max-cron-threads=0 || return 1
    if grep -E '^[0-9-]+ [0-9:,]+ [0-9]+ (ERROR|CRITICAL) ' "$HOUSE/log/$log.log" >&2; then return 1; fi
}

# One at a time for each kind: two runs with different sources would remove each other's template before it is copied.
locked() {
    local kind=$1; shift
    (
        exec 6>"$HOUSE/template-$kind.lock"
        flock -n 6 || { say "another run is making a $kind template, waiting for it …"; flock 6; }
        "$@"
    )
}

# make_template NAME BASE KIND MODULES: as NAME_new until it is complete, so that an interrupted one is never used.
make_template() {
    drop_database "${1}_new" >/dev/null
    if [[ $2 ]]; then copy_database "$2" "${1}_new" || return 1; fi
    install_into "${1}_new" "$3" "$4" 6>&- || { drop_database "${1}_new"; return 1; }
    drop_stale "${1%_*}_" "$1"
    rename_database "${1}_new" "$1"
}

ensure_base() {
    local name; name=$(base_template "$1")
    if ! database_exists "$name"; then
        say "→ Template database with $(addon_depends) ($1 data), once for these dependencies."
        make_template "$name" '' "$1" "$(addon_depends)" || die "Odoo itself could not be installed into a database: see the lines above and $HOUSE/log/install-${name}_new.log."
    fi
    echo "$name"
}

# The bridges stand on the plain template, so that what they need is installed once for every state of all sources.
ensure_bridges() {
    local base name; base=$(locked plain ensure_addon plain) || return 1
    name=ops_addon_bridges_$(hash_of_words "$base" "$(addon_hash "${BRIDGES[@]}")")
    if ! database_exists "$name"; then
        say "→ ${BRIDGES[*]} into a template database."
        make_template "$name" "$base" bridges "$(IFS=,; echo "${BRIDGES[*]}")" \
            || die "${BRIDGES[*]} could not be installed: see the lines above and $HOUSE/log/install-${name}_new.log."
    fi
    echo "$name"
}

ensure_addon() {
    if [[ $1 == bridges ]]; then ensure_bridges; return; fi
    local base name; base=$(ensure_base "$1") || return 1
    name=$(addon_template "$1")
    if ! database_exists "$name"; then
        say "→ $ADDON into a template database ($1 data)."
        make_template "$name" "$base" "$1" "$ADDON" || die "$ADDON could not be installed: see the lines above and $HOUSE/log/install-${name}_new.log."
    fi
    echo "$name"
}

rename_database() {
    psql -Xqc "ALTER DATABASE \"$1\" RENAME TO \"$2\"" postgres
    if [[ -d $(filestore "$1") ]]; then rm -rf "$(filestore "$2")"; mv "$(filestore "$1")" "$(filestore "$2")"; fi
}

# Older templates of the same kind; one that is being copied at this moment stays until next time.
drop_stale() {
    local old
    for old in $(psql -XAtqc "SELECT datname FROM pg_database WHERE datname LIKE '${1//_/\\_}%' AND datname NOT LIKE '$2%'" postgres); do
        [[ $old == *_new ]] || { dropdb "$old" 2>/dev/null && rm -rf "$(filestore "$old")"; } || true
    done
}

# clone KIND NAME: a fresh database with the addon.
clone() { locked "$1" clone_unlocked "$1" "$2"; }

clone_unlocked() {
    local template; template=$(ensure_addon "$1") || return 1
    copy_database "$template" "$2" || die "the database $2 could not be made as a copy of $template: see the line above (script/database drop $2 removes an old one)."
}
