"""Odoo's command line on a database."""

import os
import subprocess

from . import server as servers


def run(command, database, *arguments, script=None, ahead=0):
    """Run a subcommand of Odoo (or the server, without one); fails on an error in its log. Returns what it prints.

    ahead: how many seconds its clock is ahead, see server.seconds_ahead()
    """
    environment = os.environ | (servers.fake_time(ahead) if ahead else {})
    program = os.environ.get("ODOO_BIN") or str(servers.HOUSE / "venv" / "bin" / "odoo")
    done = subprocess.run(
        [program, *command, "-c", str(servers.HOUSE / "odoo.conf"), "-d", database, "--no-http", "--max-cron-threads", "0",
         "--log-level", "warn", *map(str, arguments)],
        input=script, text=True, capture_output=True, cwd=servers.CHECKOUT, check=False, env=environment,
    )
    assert done.returncode == 0 and " ERROR " not in done.stderr, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def odoo(database, *arguments, ahead=0):
    """Install, upgrade or test: ``odoo(database, "-u", "ops_handbook")``."""
    return run((), database, "--stop-after-init", *arguments, ahead=ahead)


def shell(database, script, *arguments, ahead=0):
    """Run Python text in ``odoo shell``."""
    return run(("shell",), database, *arguments, script=script, ahead=ahead)


def base(kind):
    """The template with Odoo and what the addon depends on."""
    return subprocess.run(
        [servers.CHECKOUT / "script" / "database", "base", kind], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.split()[-1]
