"""Invitations that mail clients understand: iCalendar (RFC 5545) with the methods of iTIP (RFC 5546). Pure Python.

>>> moment = datetime(2026, 11, 25, 1, 0)
>>> text = invitation(
...     "REQUEST", "meeting-1@example", 2, moment, moment + timedelta(hours=1), "Plan review; all", stamp=moment,
...     organiser=Person("Li Lei", "li@example.com"), attendees=[Person("Han, Mei", "mei@example.com", "ACCEPTED")],
... ).decode()
>>> print("\\n".join(line for line in text.splitlines() if line.startswith(("METHOD", "UID", "SEQ", "SUMMARY"))))
METHOD:REQUEST
UID:meeting-1@example
SEQUENCE:2
SUMMARY:Plan review\\; all
>>> unfolded(text)[-3]
'ATTENDEE;CN="Han, Mei";ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE:mailto:mei@example.com'
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta  # noqa: F401 - timedelta for the examples
from typing import NamedTuple

PRODUCT = "-//Operations Handbook//Meetings//EN"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ADDRESS = re.compile(r"[^\s<>\"',;:\x00-\x1f]+@[^\s<>\"',;:\x00-\x1f]+")


class Person(NamedTuple):
    """Somebody on an invitation."""

    name: str
    email: str
    status: str = "NEEDS-ACTION"
    """``NEEDS-ACTION``, ``ACCEPTED``, ``DECLINED``, ``TENTATIVE``."""
    required: bool = True


def invitation(
    method: str,
    uid: str,
    sequence: int,
    start: datetime,
    stop: datetime,
    summary: str,
    *,
    stamp: datetime,
    organiser: Person | None = None,
    attendees: Iterable[Person] = (),
    description: str = "",
    location: str = "",
    url: str = "",
) -> bytes:
    """Return the file that invites to a meeting, moves it or cancels it.

    :param method: ``REQUEST`` (invitation and update), or ``CANCEL`` (of the meeting, or of those who are named)
    :param uid: the same for everything that is said about one meeting
    :param sequence: grows with each change that those invited must know of
    :param start, stop, stamp: naive UTC
    :param organiser: whom the mail programs of the others answer; without an address none is named
    :param attendees: those without an address are left out
    :raise ValueError: unknown method
    """
    if method not in ("REQUEST", "CANCEL"):
        raise ValueError(f"unknown method of an invitation: {method!r}")
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", f"METHOD:{method}", "BEGIN:VEVENT",
        f"UID:{escaped(uid)}", f"SEQUENCE:{sequence}", f"DTSTAMP:{_utc(stamp)}", f"DTSTART:{_utc(start)}",
        f"DTEND:{_utc(stop)}", f"SUMMARY:{escaped(summary)}",
        f"STATUS:{'CANCELLED' if method == 'CANCEL' else 'CONFIRMED'}", "TRANSP:OPAQUE", "CLASS:PRIVATE",
    ]
    for name, value in (("DESCRIPTION", description), ("LOCATION", location)):
        if value:
            lines.append(f"{name}:{escaped(value)}")
    if url:
        lines.append(f"URL:{_CONTROL.sub('', url)}")
    if organiser and is_address(organiser.email):
        lines.append(f"ORGANIZER;CN={_parameter(organiser.name)}:mailto:{organiser.email}")
    lines += [_attendee(person) for person in attendees if is_address(person.email)]
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return "".join(folded(line) + "\r\n" for line in lines).encode()


def is_address(email: str | None) -> bool:
    """Tell whether this is one plain address, which cannot smuggle anything into the file.

    >>> is_address("li@example.com"), is_address("li@example.com\\nATTENDEE:x"), is_address(None)
    (True, False, False)
    """
    return bool(email and _ADDRESS.fullmatch(email))


def escaped(text: str) -> str:
    r"""Return ``text`` as a value of iCalendar.

    >>> print(escaped("Room 1, floor; 2\\3\nThird"))
    Room 1\, floor\; 2\\3\nThird
    """
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for char, replacement in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(char, replacement)
    return text


def folded(line: str) -> str:
    """Return a line cut into pieces of at most 75 bytes, no character in two.

    >>> [len(part.encode()) for part in folded("SUMMARY:" + "会" * 40).split("\\r\\n")]
    [74, 55]
    """
    parts, current, size = [], "", 0
    for char in line:
        width = len(char.encode())
        if size + width > 75:
            parts.append(current)
            current, size = " ", 1
        current += char
        size += width
    return "\r\n".join([*parts, current])


def unfolded(text: str) -> list[str]:
    """Return the lines of a file as they were before they were folded."""
    return re.sub(r"\r?\n[ \t]", "", text).splitlines()


def _attendee(person: Person) -> str:
    role = "REQ-PARTICIPANT" if person.required else "OPT-PARTICIPANT"
    return (
        f"ATTENDEE;CN={_parameter(person.name)};ROLE={role};PARTSTAT={person.status};RSVP=TRUE:mailto:{person.email}"
    )


def _parameter(text: str) -> str:
    """A parameter in quotes: it knows no way to write a quote itself."""
    clean = _CONTROL.sub("", (text or "").replace('"', "'").replace("\n", " ").replace("\r", " "))
    return f'"{clean}"'


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%SZ")
