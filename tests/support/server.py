"""A real Odoo server process on a database of its own."""

import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from datetime import datetime, timezone
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
HOUSE = CHECKOUT / ".odoo"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clone(kind, name):
    """Make the database `name` as a copy of the template `kind` ("demo" or "plain"; both with zh_CN)."""
    subprocess.run([CHECKOUT / "script" / "database", "clone", kind, name], check=True)
    return name


def drop(name):
    subprocess.run([CHECKOUT / "script" / "database", "drop", name], check=False)


def sql(database, statement, host=None):
    """Run one SQL statement and return its rows as lists of strings."""
    output = subprocess.run(
        ["psql", "-XAtq", "-F", "\x1f", *(["-h", host] if host else []), "-d", database, "-c", statement],
        check=True, capture_output=True, text=True,
    ).stdout
    return [line.split("\x1f") for line in output.splitlines()]

# Two threads that read the domain of a record rule for the first time at once: Odoo 19 keeps it in the cache they share and
# marks it while it is optimised. The one that comes second fails, whatever addons are installed; workers are not concerned.
ODOO_RACE = "AssertionError: Trying to skip optimization level"


class Server:
    """Odoo on `database`, threaded, on a free port of 127.0.0.1.

    smtp_port   where its mail goes
    cron        number of cron threads; 0 leaves the scheduled actions to `run_cron`
    workers     number of worker processes; 0 is one threaded process
    frozen      "2026-09-30 18:00:00" (UTC): the clock of Odoo starts there and goes on, by libfaketime
    frozen_postgres   the same for PostgreSQL: the database is copied into a cluster with that clock (20 s), so that
                `now()` in SQL agrees; `sql(server.database, …, host=server.pghost)` asks it
    environment, options   more environment variables and command line options
    """

    def __init__(self, database, smtp_port=None, cron=0, workers=0, frozen=None, frozen_postgres=False, environment=None, options=()):
        self.database = database
        self.smtp_port = smtp_port
        self.cron = cron
        self.workers = workers
        self.offset = seconds_ahead(frozen) if frozen else 0
        self.frozen_postgres = frozen_postgres
        self.pghost = os.environ.get("PGHOST")
        self.environment = environment or {}
        self.options = list(options)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log_path = HOUSE / "log" / f"server-{database}-{self.port}.log"
        self.process = None

    def command(self):
        odoo = os.environ.get("ODOO_BIN") or str(HOUSE / "venv" / "bin" / "odoo")
        command = [
            odoo, "-c", str(HOUSE / "odoo.conf"), "-d", self.database, "--db-filter", f"^{self.database}$",
            "--http-interface", "127.0.0.1", "--http-port", str(self.port), "--gevent-port", str(free_port()),
            "--max-cron-threads", str(self.cron), "--workers", str(self.workers), "--log-level", "info",
        ]
        if self.smtp_port:
            command += ["--smtp", "127.0.0.1", "--smtp-port", str(self.smtp_port)]
        return command + self.options

    def start(self, timeout=90):
        environment = {**os.environ, **self.environment, "PYTHONUNBUFFERED": "1"}
        if self.offset:
            environment |= fake_time(self.offset)
        if self.frozen_postgres:
            self.pghost = environment["PGHOST"] = subprocess.run(
                [CHECKOUT / "script/database", "frozen", self.database, str(self.offset)],
                check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
            self.options += ["--db_host", self.pghost]
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), cwd=CHECKOUT, env=environment, stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + timeout
        while True:
            if self.process.poll() is not None:
                raise RuntimeError(f"Odoo stopped while starting:\n{self.log()[-3000:]}")
            try:
                urllib.request.urlopen(f"{self.url}/web/health", timeout=5).read()
                # The first page loads the registry: not something for a test to wait for.
                urllib.request.urlopen(f"{self.url}/web/login", timeout=timeout).read()
                return self
            except (urllib.error.URLError, OSError):
                if time.monotonic() > deadline:
                    self.stop()
                    raise RuntimeError(f"Odoo did not answer within {timeout} s:\n{self.log()[-3000:]}") from None
                time.sleep(0.2)

    def stop(self):
        """End the server as an administrator would; kill what is left after ten seconds."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
        self.process = None
        if self.frozen_postgres:
            subprocess.run([CHECKOUT / "script/database", "unfreeze", self.database], check=False)

    def kill(self):
        """kill -9, for the tests of crashes."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def log(self):
        return self.log_path.read_text(encoding="utf-8", errors="replace") if self.log_path.exists() else ""

    def log_errors(self):
        """What an administrator would call an error in the log: each with the end of its traceback, which names the cause."""
        entries = re.split(r"^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ )", self.log(), flags=re.M)
        errors = [entry.rstrip() for entry in entries if re.match(r"\S+ \S+ \d+ (?:ERROR|CRITICAL) ", entry)]
        return [f"{error.partition(chr(10))[0]}{error[-600:] if chr(10) in error else ''}" for error in errors if ODOO_RACE not in error]

    def __enter__(self):
        return self.start()

    def __exit__(self, *_exception):
        self.stop()


def seconds_ahead(moment):
    """How far `moment` ("2026-09-30 18:00:00", UTC) is ahead of the real clock; negative when it is past."""
    return round(datetime.fromisoformat(moment).replace(tzinfo=timezone.utc).timestamp() - time.time())


def fake_time(seconds):
    """Environment that moves the clock of a program; an offset, so that all programs with it agree."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME": f"{seconds:+d}",
        "TZ": "UTC",
        "DONT_FAKE_MONOTONIC": "1",  # timeouts and waiting go by the real clock
        "NO_FAKE_STAT": "1",
        "PYTHONPATH": str(Path(__file__).parent / "faketime"),
    }
