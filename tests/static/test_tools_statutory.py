"""Statutory days as the library gives them."""

from datetime import date

import pytest
from ops_handbook_tools.statutory import is_announced, is_supported, statutory_days, subdivisions


def test_make_up_days_of_the_year_only():
    """The library mixes make-up days of other years in; we do not."""
    work = [day.date for day in statutory_days("CN", 2026) if day.kind == "work"]
    assert work == [date(2026, month, day) for month, day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))]


@pytest.mark.parametrize(
    ("country", "year", "announced"), [("CN", 2018, True), ("CN", 2090, False), ("DE", 2090, True)]
)
def test_announced(country, year, announced):
    assert is_announced(country, year) is announced


@pytest.mark.parametrize(
    ("lang", "name"),
    [("zh_CN", "劳动节"), ("en_US", "Labor Day"), ("en_GB", "Labor Day"), ("fr_FR", "Labor Day"), (None, "劳动节")],
)
def test_names_in_a_language(lang, name):
    assert name in {day.name for day in statutory_days("CN", 2026, lang=lang) if day.date == date(2026, 5, 1)}


def test_regions():
    epiphany = date(2026, 1, 6)
    for region, there in (("DE-BY", True), ("BY", True), ("DE-BE", False), ("DE-XX", False), (None, False)):
        assert (epiphany in {day.date for day in statutory_days("DE", 2026, region)}) is there
    assert "BY" in subdivisions("DE")


def test_unknown_country():
    assert not is_supported("QQ")
    with pytest.raises(ValueError, match="QQ"):
        statutory_days("QQ", 2026)
