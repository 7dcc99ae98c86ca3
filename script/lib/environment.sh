# Sourced by every command: sets up what is missing, then exports the environment Odoo runs in.

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$CHECKOUT/script/lib/system.sh"
. "$CHECKOUT/script/lib/odoo.sh"
. "$CHECKOUT/script/lib/python.sh"
. "$CHECKOUT/script/lib/postgres.sh"
. "$CHECKOUT/script/lib/database.sh"

OWN_POSTGRES=true
[[ -z ${PGHOST:-} || ${PGHOST:-} == "$(pg_socket)" ]] || OWN_POSTGRES=false

ODOO_PYTHON_NOTE=$HOUSE/odoo-python

write_config() {
    local database=''
    if $OWN_POSTGRES; then database=$(printf 'db_host = %s\ndb_user = odoo\n' "$(pg_socket)"); fi
    cat >"$CONFIG.new" <<CONF
[options]
addons_path = $CHECKOUT
data_dir = $HOUSE/data
$database
admin_passwd = admin
http_interface = 127.0.0.1
proxy_mode = False
workers = 0
max_cron_threads = 1
db_maxconn = 32
limit_time_cpu = 600
limit_time_real = 1200
limit_time_real_cron = 1200
limit_memory_soft = 4294967296
limit_memory_hard = 5368709120
without_demo = True
unaccent = False
CONF
    mv "$CONFIG.new" "$CONFIG"
}

# Prints the version, and leaves behind which Python the program runs on: its first line need not name one.
version_of_odoo_bin() {
    rm -f "$ODOO_PYTHON_NOTE"
    OPS_PYTHON_NOTE=$ODOO_PYTHON_NOTE PYTHONPATH=$CHECKOUT/script/lib/which_python${PYTHONPATH:+:$PYTHONPATH} \
        "$ODOO_BIN" --version 2>/dev/null
}

# The Python of ODOO_BIN, with Odoo's own sources on its path where they are not installed.
enter_odoo_bin() {
    if [[ -n ${ODOO_PYTHON:-} ]]; then PYTHON=$ODOO_PYTHON
    elif [[ -s $ODOO_PYTHON_NOTE ]]; then PYTHON=$(<"$ODOO_PYTHON_NOTE")
    else die "the Python of ODOO_BIN=$ODOO_BIN was not found: set ODOO_PYTHON to the python that runs it."
    fi
    export PATH=$(dirname "$PYTHON"):$PATH
    if ! (cd / && "$PYTHON" -c 'import odoo.cli') 2>/dev/null; then
        export PYTHONPATH=$(dirname "$(readlink -f "$ODOO_BIN")")${PYTHONPATH:+:$PYTHONPATH}
        (cd / && "$PYTHON" -c 'import odoo.cli') 2>/dev/null || die "$PYTHON cannot import Odoo: set ODOO_PYTHON to the python that runs ODOO_BIN=$ODOO_BIN."
    fi
    ODOO=("$ODOO_BIN")
}

# need_libraries NAME…: with an Odoo of one's own the libraries for tests are not installed by us.
need_libraries() {
    "$PYTHON" -c "import $(IFS=,; echo "$*")" 2>/dev/null \
        || die "this needs more libraries than Odoo: run  $PYTHON -m pip install -r script/requirements.txt -c script/constraints.txt  or unset ODOO_BIN to get an environment of our own."
}

set_up() {
    mkdir -p "$HOUSE" "$STAMPS" "$DOWNLOADS" 2>/dev/null \
        || die "cannot write to $HOUSE and $DOWNLOADS: give this user the folder, or run the command as its owner."
    if ! $OWN_POSTGRES; then
        have psql && { psql -XAtqc 'SELECT 1' postgres >/dev/null || die "PGHOST=$PGHOST is set but that PostgreSQL does not answer: start it, correct PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset PGHOST to get a private one."; }
    fi
    exec 9>"$HOUSE/setup.lock"
    flock -n 9 || { say "another set-up of this checkout is running, waiting for it …"; flock 9; }
    install_packages
    if [[ -z ${ODOO_BIN:-} ]]; then
        [[ -x $VENV/bin/python ]] && "$VENV/bin/python" -c '' 2>/dev/null || rm -f "$STAMPS"/venv "$STAMPS"/libraries "$STAMPS"/link
        [[ -d $ODOO_PACKAGES/odoo ]] || rm -f "$STAMPS"/odoo "$STAMPS"/web "$STAMPS"/link
        step odoo "$ODOO_KEY" "Odoo 19 from Debian unstable (130 MB, once per machine)." unpack_odoo
        step venv 1 "Python environment." make_venv
        step libraries "2 $(hash_of_files "$REQUIREMENTS" "$CONSTRAINTS")" "Python libraries." install_libraries
        step web "$ODOO_KEY $SELFIE_PACKAGE $AXE_PACKAGE" "Two browser files from npm." add_web_files
        step link "$CHECKOUT" "Odoo into the Python environment." link_odoo
    else
        [[ -x $ODOO_BIN ]] || die "ODOO_BIN=$ODOO_BIN is not a program: set it to your odoo-bin or odoo command, or unset it."
        [[ $(version_of_odoo_bin) == *19.* ]] || die "ODOO_BIN=$ODOO_BIN is not Odoo 19: set it to an Odoo 19, or unset it to get one."
    fi
    if $OWN_POSTGRES; then
        [[ -f $PG/data/PG_VERSION || ( $EUID == 0 && -d $PG/data ) ]] || rm -f "$STAMPS"/cluster
        step cluster 1 "A private PostgreSQL." make_cluster
        start_cluster
    fi
    step config "$(hash_of_words "$(pg_socket)" "$OWN_POSTGRES" "$CHECKOUT" "$(declare -f write_config)")" "Odoo's configuration." write_config
    flock -u 9; exec 9>&-
}

enter_environment() {
    if $OWN_POSTGRES; then private_postgres_environment; fi
    export ODOO_RC=$CONFIG
    export LANG=C.UTF-8 LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=${PYTHONDONTWRITEBYTECODE:-}
    if [[ -z ${ODOO_BIN:-} ]]; then
        export PATH=$VENV/bin:$PATH VIRTUAL_ENV=$VENV
        PYTHON=$VENV/bin/python
        ODOO=("$VENV/bin/odoo")
    else
        enter_odoo_bin
    fi
    cd "$CHECKOUT"
}

# Odoo's command line with our configuration, whatever the subcommand: `odoo shell -d x` becomes `odoo shell -c conf -d x`.
run_odoo() {
    if (($#)) && [[ $1 != -* ]]; then
        local command=$1; shift
        case $command in
            server|shell|db|i18n|neutralize|populate|upgrade_code|cloc|module|obfuscate) "${ODOO[@]}" "$command" -c "$CONFIG" "$@" ;;
            *) "${ODOO[@]}" "$command" "$@" ;;
        esac
    elif [[ ${1:-} == --version || ${1:-} == --help || ${1:-} == -h ]]; then
        "${ODOO[@]}" "$@"
    else
        "${ODOO[@]}" -c "$CONFIG" "$@"
    fi
}
