"""Loaded by a Python under libfaketime (PYTHONPATH): its time.sleep() fails there, so sleep by select().

Python 3.11 sleeps with clock_nanosleep() until a moment of the monotonic clock; libfaketime 0.9.10 takes the offset of the
other clock off it, although told to leave the monotonic clock alone.
"""

import select
import time


def sleep(seconds):
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


time.sleep = sleep
