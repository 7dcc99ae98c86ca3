"""Workbooks of strangers: whatever they hold, they are read or refused at once, within little memory."""

import io
import time
import tracemalloc
import zipfile

import openpyxl
import pytest
from ops_handbook_tools import workbook

STYLES = "xl/styles.xml"
SHEET = "xl/worksheets/sheet1.xml"


def packed(**replaced):
    """Return a workbook with a goal, in which some parts are replaced: their path → bytes."""
    target, source = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    book.active.title = "Goals"
    book.active.append(["Goal"])
    book.active.append(["Sell more"])
    book.save(source)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, replaced.get(part) or old.read(part))
    return target.getvalue()


def read(content):
    return workbook.read(content, {"goals": "goals"}, lambda _sheet, heading: "name" if heading == "Goal" else None)


def test_an_ordinary_workbook_is_read():
    assert read(packed()).sheets[0].rows[0].cells["name"].value == "Sell more"


@pytest.mark.parametrize("junk", [
    b'<c r="A1"', b'<c r="A1" ', b'<c r="A1"><f>', b'<c r="A1"><f', b'<c r="A1" t="st', b'<c r="A1">   ', b'<c r="A1"><f>x</f> ',
], ids=repr)
def test_the_search_for_uncomputed_formulas_does_not_run_away(junk):
    """Security: a sheet that is one endless tag takes no longer than an ordinary one of its size."""
    started = time.monotonic()
    with pytest.raises(workbook.BadWorkbook):
        read(packed(**{SHEET: b"<worksheet>" + junk * (4_000_000 // len(junk))}))
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("part", [STYLES, "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"])
def test_parts_that_are_read_as_a_whole_are_small(part):
    """Security: what is read as a whole takes a hundred times its size in memory, and a few kB in the file."""
    content = packed(**{part: b"<styleSheet><cellXfs>" + b"<xf/>" * 1_000_000 + b"</cellXfs></styleSheet>"})
    assert len(content) < 200_000
    tracemalloc.start()
    try:
        with pytest.raises(workbook.BadWorkbook) as caught:
            read(content)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()
    assert caught.value.code == "unpacked"


@pytest.mark.parametrize("part", [SHEET, STYLES, "xl/workbook.xml"])
def test_entities_are_refused_in_every_part(part):
    """Security: nothing of ours declares entities, so nobody's does."""
    with pytest.raises(workbook.BadWorkbook) as caught:
        read(packed(**{part: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><styleSheet>&a;</styleSheet>'}))
    assert caught.value.code == "broken"
