"""Writes down which Python a program runs on: a wrapper script does not say so in its first line (see environment.sh)."""

import os
import sys

with open(os.environ["OPS_PYTHON_NOTE"], "w", encoding="utf-8") as note:
    note.write(sys.executable)
