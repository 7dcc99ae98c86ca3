"""Statutory days off and make-up working days (调休), from the library ``holidays``. Pure Python: no ORM, no clock.

>>> days = statutory_days("CN", 2026, lang="en_US")
>>> [(day.date.day, day.kind, day.name) for day in days if day.date.month == 10 and day.date.day in (1, 10)]
[(1, 'off', 'National Day'), (10, 'work', '')]
>>> is_announced("CN", 2026), is_announced("CN", 2090), is_announced("FR", 2090)
(True, False, True)
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

import holidays

LOOKED_AT = range(2010, 2041)
CUSTOM_YEARS = 5  # a country with make-up days in so many years has the custom of them


class StatutoryDay(NamedTuple):
    date: date
    kind: str
    """``off``, or ``work`` for a make-up day."""
    name: str
    """As the law calls it; '' for a make-up day."""


def subdivisions(country: str) -> tuple[str, ...]:
    """Codes of the regions of a country that have holidays of their own.

    >>> "BY" in subdivisions("DE"), subdivisions("CN"), subdivisions("XX")
    (True, (), ())
    """
    return tuple(holidays.list_supported_countries().get(country, ()))


def is_supported(country: str) -> bool:
    """Whether the library knows the country (code of ISO 3166, two letters).

    >>> is_supported("CN"), is_supported("XX")
    (True, False)
    """
    return country in holidays.list_supported_countries()


def statutory_days(country: str, year: int, region: str | None = None, lang: str | None = None) -> list[StatutoryDay]:
    """The days off and the make-up days of a year, in order.

    :param country: code of ISO 3166, two letters
    :param region: code of a region, with or without that of the country (``DE-BY``, ``BY``); one without holidays of
        its own gives the country's
    :param lang: wanted language of the names, as Odoo writes it (``zh_CN``); the country's own if it is not available
    :raise ValueError: the library does not know the country
    """
    known = _known(country, [year], region, lang)
    off = [StatutoryDay(day, "off", name) for day, name in known.items() if day.year == year]
    work = [StatutoryDay(day, "work", "") for day in known.weekend_workdays if day.year == year]
    return sorted(off + work)


def is_announced(country: str, year: int) -> bool:
    """Whether the authorities have said which days of the year are worked instead.

    Where make-up days are the custom, a year after the last that has some is not announced yet: its days off are those
    that the law implies, and will move.
    """
    last = _last_with_make_up_days(country)
    return last is None or year <= last


@lru_cache(maxsize=64)
def _last_with_make_up_days(country: str) -> int | None:
    """The last year whose make-up days are known; None where they are no custom."""
    years = {day.year for day in _known(country, LOOKED_AT).weekend_workdays}
    return max(years) if len(years) >= CUSTOM_YEARS else None


def _known(country, years, region=None, lang=None):
    """The library's calendar, in a language that it has."""
    region = (region or "").removeprefix(f"{country}-")
    region = region if region in subdivisions(country) else None
    try:
        calendar = holidays.country_holidays(country, subdiv=region, years=years)
    except NotImplementedError as error:
        raise ValueError(f"no statutory days are known for {country!r}") from error
    language = _language(calendar, lang)
    return holidays.country_holidays(country, subdiv=region, years=years, language=language) if language else calendar


def _language(calendar, lang):
    """The language of the library for one of Odoo: the same, else of the same tongue, else English, else its own."""
    if not lang:
        return calendar.default_language  # without one the library would take that of the server's environment
    known = calendar.supported_languages
    same_tongue = [other for other in known if other.split("_")[0] == lang.split("_")[0]]
    return next((code for code in (lang, *same_tongue, "en_US") if code in known), calendar.default_language)
