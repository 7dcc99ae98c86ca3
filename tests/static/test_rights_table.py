"""The administrators' table of rights is made from the matrix that the tests execute, and is not stale."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_rights_table_is_fresh():
    found = subprocess.run(
        [sys.executable, ROOT / "script" / "lib" / "rights_table.py", "--check"], capture_output=True, text=True, check=False
    )
    assert not found.returncode, found.stderr
