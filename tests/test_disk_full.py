"""The disk of the attachments is full: a clear message, nothing half-written, and it works again when there is room.

The server runs in a mount namespace of its own, where its filestore is a small file system in memory: what it meets is the
kernel's own "no space left on device".
"""

import base64
import hashlib
import os
import random
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
import requests
from PIL import Image

from .support import server as servers
from .support.client import RpcError
from .support.server import sql

ROOM = 3_000  # KB besides what is in the filestore already
MOUNT = 'mount -t tmpfs -o "size=$1k" tmpfs "$2" && cp -a "$3/." "$2/" && mount --bind "$2" "$3" && shift 3 && exec "$@"'


def namespace():
    return ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]


class SmallServer(servers.Server):
    """A server whose filestore has little room."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.files = servers.HOUSE / "data" / "filestore" / self.database
        self.files.mkdir(parents=True, exist_ok=True)
        self.mount = self.files.with_name(f"{self.database}.room")
        self.mount.mkdir(exist_ok=True)

    def command(self):
        used = int(subprocess.run(["du", "-sk", self.files], check=True, capture_output=True, text=True).stdout.split()[0])
        return [*namespace(), "sh", "-c", MOUNT, "sh", str(used + ROOM), str(self.mount), str(self.files), *super().command()]

    def stop(self):
        super().stop()
        shutil.rmtree(self.mount, ignore_errors=True)

    @property
    def inside(self):
        """The filestore as the server sees it."""
        return Path(f"/proc/{self.process.pid}/root{self.files}")

    def fill(self, leave=20_000):
        """Fill the disk but for some bytes: a picture begins to be written, and does not fit."""
        with (self.inside / "filling").open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 65_536)
            except OSError:
                pass
            file.truncate(max(file.tell() - leave, 0))

    def empty(self):
        (self.inside / "filling").unlink()

    def stored(self):
        """Names of the files of attachments; the name is the checksum of what is in it."""
        files = {path.name: path for path in self.inside.glob("??/*") if path.is_file()}
        halves = [name for name, path in files.items() if hashlib.sha1(path.read_bytes()).hexdigest() != name]
        assert not halves, "half-written files"
        return set(files)


@pytest.fixture(scope="module")
def small(new_database, mailbox):
    if subprocess.run([*namespace(), "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody make a mount namespace")
    server = SmallServer(new_database("company"), smtp_port=mailbox.port).start()
    yield server
    server.stop()


def photo(seed):
    """A picture that cannot be compressed: some 300 KB."""
    file = BytesIO()
    Image.frombytes("RGB", (400, 300), random.Random(seed).randbytes(400 * 300 * 3)).save(file, "JPEG", quality=95)
    return file.getvalue()


@pytest.fixture
def place(small, rpc):
    operations = rpc("operations", on=small)
    [department] = operations.call("hr.department", "search", [("name", "=", "装配车间")])
    operations.call("hr.department", "action_ops_print_poster", [department])
    [found] = operations.call("hr.department", "read", [department], ["ops_report_url"])
    return found["ops_report_url"].replace(re.match(r"https?://[^/]+", found["ops_report_url"])[0], small.url)


def rows(small):
    return sql(small.database, "SELECT (SELECT count(*) FROM ops_problem), (SELECT count(*) FROM ir_attachment)")


def send(place, seed):
    token = re.search(r'name="form_token" value="([^"]+)"', requests.get(place, timeout=60).text)[1]
    return requests.post(
        place, data={"form_token": token, "description": f"漏油 {seed}"}, files={"photos": ("a.jpg", photo(seed), "image/jpeg")},
        headers={"Accept-Language": "en"}, timeout=60,
    )


def test_report_without_login(small, place):
    assert send(place, 1).status_code == 200
    before, files = rows(small), small.stored()
    small.fill()
    refused = send(place, 2)
    assert 400 <= refused.status_code < 500 and "no room left" in refused.text, refused.text[:2000]
    assert "漏油 2" in refused.text, "what was typed is still there"
    assert rows(small) == before and small.stored() == files, "nothing half-written"
    small.empty()
    assert send(place, 2).status_code == 200, "the same picture, with room again"
    assert rows(small) > before
    assert small.stored() > files
    assert not small.log_errors()


def test_report_of_an_employee(small, rpc):
    employee = rpc("employee", on=small)

    def report(seed):
        values = {"name": f"异响 {seed}", "description": f"异响 {seed}"}
        return employee.call("ops.problem", "quick_report", values, [base64.b64encode(photo(seed)).decode()])

    before, files = rows(small), small.stored()
    small.fill()
    with pytest.raises(RpcError, match="no room left|没有") as refused:
        report(11)
    assert refused.value.name == "odoo.exceptions.UserError"
    assert rows(small) == before and small.stored() == files
    small.empty()
    report(11)
    assert rows(small) > before
    assert not small.log_errors()
