"""The Chinese calendar of 2018–2026 as the addon's tools see it, from the library that the addon loads it with."""

from datetime import date

import holidays
from ops_handbook_tools.workdays import MONDAY_TO_FRIDAY, Workdays, build_workdays

FIRST, LAST = date(2018, 1, 1), date(2026, 12, 31)
HOURS = {day: [(8.0, 12.0), (13.0, 17.0)] for day in range(5)}


def china(tz: str = "Asia/Shanghai") -> Workdays:
    """Working days with the statutory days off and the make-up days."""
    statutory = holidays.country_holidays("CN", years=range(FIRST.year, LAST.year + 1))
    make_up = {day: True for day in statutory.weekend_workdays if FIRST <= day <= LAST}
    return build_workdays(MONDAY_TO_FRIDAY, statutory.keys(), make_up, first=FIRST, last=LAST, tz=tz)
