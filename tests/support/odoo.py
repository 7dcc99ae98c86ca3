"""Odoo's command line on a database."""

import os
import subprocess

from . import server as servers


def run(command, database, *arguments, script=None, frozen=None):
    """Run a subcommand of Odoo (or the server, without one); fails on an error in its log. Returns what it prints.

    frozen: "2026-09-30 18:00:00" (UTC): its clock starts there and goes on
    """
    environment = os.environ | (servers.fake_time(servers.seconds_ahead(frozen)) if frozen else {})
    program = os.environ.get("ODOO_BIN") or str(servers.HOUSE / "venv" / "bin" / "odoo")
    done = subprocess.run(
        [program, *command, "-c", str(servers.HOUSE / "odoo.conf"), "-d", database, "--no-http", "--max-cron-threads", "0",
         "--log-level", "warn", *map(str, arguments)],
        input=script, text=True, capture_output=True, cwd=servers.CHECKOUT, check=False, env=environment,
    )
    assert done.returncode == 0 and " ERROR " not in done.stderr, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def odoo(database, *arguments, frozen=None):
    """Install, upgrade or test: ``odoo(database, "-u", "ops_handbook")``."""
    return run((), database, "--stop-after-init", *arguments, frozen=frozen)


def shell(database, script, *arguments, frozen=None):
    """Run Python text in ``odoo shell``."""
    return run(("shell",), database, *arguments, script=script, frozen=frozen)


def base(kind):
    """The template with Odoo and what the addon depends on."""
    return subprocess.run(
        [servers.CHECKOUT / "script" / "database", "base", kind], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.split()[-1]
