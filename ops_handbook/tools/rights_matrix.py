"""The rights matrix: who may do what with which record in which state. One table, which a test executes over RPC cell by
cell, and from which the administrators' documentation is made. Pure Python.

A row of ``security/rights_matrix.csv`` names a model, one or more situations, states and roles (separated by spaces; ``*``:
all that the model knows), and the operations that are allowed. What is not named as allowed is denied: whoever adds an
operation to a model adds it here, or nobody has it.

>>> rows = parse(["model,situations,states,roles,allowed", "ops.x,own other,draft,employee head,read write"])
>>> rows[0].roles, rows[0].allowed
(('employee', 'head'), ('read', 'write'))
>>> cells = expand(rows, lambda model, situation: ["draft"])
>>> len(cells), cells["ops.x", "other", "draft", "head"]
(4, ('read', 'write'))
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).parent.parent / "security" / "rights_matrix.csv"
COLUMNS = ("model", "situations", "states", "roles", "allowed")
ROLES = (
    "employee", "head", "liaison", "operations", "gm_office", "general_manager", "administrator", "outsider", "portal",
)
CRUD = ("create", "read", "write", "unlink")
ALL = ("*",)


@dataclass(frozen=True)
class Row:
    """One line of the table; see the module."""

    model: str
    situations: tuple[str, ...]
    states: tuple[str, ...]
    roles: tuple[str, ...]
    allowed: tuple[str, ...]
    line: int


Cell = tuple[str, str, str, str]  # model, situation, state, role


def parse(lines: Iterable[str]) -> list[Row]:
    """Read the lines of the table; a model that begins with ``#`` is a remark.

    :raise ValueError: an unknown column or role, or an empty field
    """
    reader = csv.DictReader(lines)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ValueError(f"the columns of the table are {', '.join(COLUMNS)}")
    rows = []
    for number, line in enumerate(reader, start=2):
        if line["model"].startswith("#"):
            continue
        row = Row(line["model"], *(tuple(line[name].split()) for name in COLUMNS[1:]), number)
        roles = ROLES if row.roles == ALL else row.roles
        if not (row.situations and row.states and set(roles) <= set(ROLES)):
            raise ValueError(f"line {number}: a situation, a state and known roles are needed: {line}")
        rows.append(Row(row.model, row.situations, row.states, roles, row.allowed, number))
    return rows


def expand(rows: Sequence[Row], states: Callable[[str, str], Sequence[str]]) -> dict[Cell, tuple[str, ...]]:
    """Turn rows into cells: (model, situation, state, role) → allowed operations.

    :param states: returns the states of a model in a situation, for ``*``
    :raise ValueError: two rows speak of the same cell
    """
    cells: dict[Cell, tuple[str, ...]] = {}
    for row in rows:
        for cell in (
            (row.model, situation, state, role)
            for situation in row.situations
            for state in (states(row.model, situation) if row.states == ALL else row.states)
            for role in row.roles
        ):
            if cell in cells:
                raise ValueError(f"line {row.line}: {' / '.join(cell)} stands in the table twice")
            cells[cell] = row.allowed
    return cells


def load(path: Path = TABLE) -> list[Row]:
    """Return the rows of the table as it stands in the addon."""
    with path.open(encoding="utf-8", newline="") as lines:
        return parse(lines)
