"""A small Chinese company, made on a database without demo data: the tests know every person and every deadline of it."""

import os
import subprocess
from pathlib import Path

from . import server as servers

SETUP = Path(__file__).with_name("company_setup.py")


def shell(database, script, **environment):
    """Run Python text in `odoo shell` on a database; fails when the script does."""
    odoo = os.environ.get("ODOO_BIN") or str(servers.HOUSE / "venv" / "bin" / "odoo")
    done = subprocess.run(
        [odoo, "shell", "-c", str(servers.HOUSE / "odoo.conf"), "-d", database, "--no-http", "--max-cron-threads", "0",
         "--log-level", "warn"],
        input=script, text=True, capture_output=True, cwd=servers.CHECKOUT, env={**os.environ, **environment}, check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def build(name):
    """Make the database `name`: the addon, and the company with one user per role; the engine is started."""
    servers.clone("plain", name)
    shell(name, SETUP.read_text(encoding="utf-8"))
    return name


def copy(source, name):
    """Copy a database and its filestore; nobody may be connected to `source`."""
    servers.sql("postgres", f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    files = servers.HOUSE / "data" / "filestore"
    if (files / source).is_dir():
        subprocess.run(["cp", "-al", str(files / source), str(files / name)], check=True)
    servers.sql(name, "UPDATE ir_config_parameter SET value = gen_random_uuid() WHERE key = 'database.uuid'")
    return name
