"""Reads a line that somebody types while a meeting goes on: what, who by ``@``, until when by a word. Pure Python.

>>> from datetime import date
>>> from .workdays import build_workdays
>>> days = build_workdays({0, 1, 2, 3, 4}, first=date(2026, 1, 1), last=date(2027, 12, 31))
>>> today = date(2026, 11, 24)  # a Tuesday
>>> people = [(7, "Li Lei"), (8, "Han Meimei"), (9, "李雷")]
>>> read_line("Buy a press @li lei fri", people, today, days)
Line(text='Buy a press', owner=7, due=datetime.date(2026, 11, 27), unclear=None, candidates=())
>>> read_line("提交报告 @李雷 下周五", people, today, days)
Line(text='提交报告', owner=9, due=datetime.date(2026, 12, 4), unclear=None, candidates=())
>>> read_line("Prepare the Friday meeting @han +3wd", people, today, days)
Line(text='Prepare the Friday meeting', owner=8, due=datetime.date(2026, 11, 27), unclear=None, candidates=())
>>> read_line("提交报告@李雷 11月30日前", people, today, days).due, read_line("提交报告周五前", people, today, days).text
(datetime.date(2026, 11, 30), '提交报告')
>>> read_line("Ask them @nobody", people, today, days)
Line(text='Ask them', owner=None, due=None, unclear='nobody', candidates=())
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from .workdays import Workdays

DAY = timedelta(days=1)
WEEKDAYS = {
    **{word: number for number, words in enumerate((
        "mon monday", "tue tues tuesday", "wed wednesday", "thu thur thurs thursday", "fri friday", "sat saturday", "sun sunday",
    )) for word in words.split()},
}
CHINESE_DAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
CHINESE_NUMBERS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
NEAR = {"today": 0, "今天": 0, "今日": 0, "tomorrow": 1, "tmr": 1, "明天": 1, "明日": 1, "后天": 2, "大后天": 3}
# what may stand before a date, or behind it, and is no part of what is to be done
BEFORE, BEHIND = {"by", "until", "till", "before", "due", "on", "截止"}, ("之前", "以前", "前")
UNITS = {
    "wd": "workdays", "workday": "workdays", "workdays": "workdays", "个工作日": "workdays", "工作日": "workdays",
    "d": "days", "day": "days", "days": "days", "天": "days", "w": "weeks", "week": "weeks", "weeks": "weeks",
    "周": "weeks", "个星期": "weeks", "星期": "weeks", "m": "months", "month": "months", "months": "months", "个月": "months",
}
UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
AHEAD = re.compile(rf"(?:\+|in )\s?(\d{{1,3}})\s?({UNIT})")
AHEAD_CHINESE = re.compile(rf"(\d{{1,3}}|[{''.join(CHINESE_NUMBERS)}])({UNIT})(?:后|以后|之后|内)")
WEEKDAY_CHINESE = re.compile(r"(本|这|下|下下)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])")
ISO = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?号?")
SLASH = re.compile(r"(\d{1,2})[/.](\d{1,2})\.?(?:[/.]?(\d{4}))?")
MONTH_DAY = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")
DAY_ONLY = re.compile(r"(\d{1,2})[日号]")
# kinds that nobody writes as part of a sentence: found anywhere, the others at the end of the line only
PLAIN = (ISO, MONTH_DAY, AHEAD_CHINESE)
# Chinese writes no spaces: what may stand at the end of a sentence without one
ATTACHED = re.compile(
    rf"(?<=[\u3400-\u9fff])((?:{WEEKDAY_CHINESE.pattern})|(?:{MONTH_DAY.pattern})|(?:{AHEAD_CHINESE.pattern})|月底|明天|后天)$"
)


class Line(NamedTuple):
    """What was read: ``owner`` the id of a person, ``due`` a day, ``unclear`` a name that is nobody's or several people's."""

    text: str
    owner: int | None = None
    due: date | None = None
    unclear: str | None = None
    candidates: tuple[str, ...] = ()


def read_line(text: str, people: Iterable[tuple[int, str]], today: date, workdays: Workdays, day_first: bool = True) -> Line:
    """Return what a typed line says.

    :param str text: e.g. ``Buy a press @Li fri``; ``@`` begins a name or the beginning of one
    :param people: pairs of id and name of those who may be meant
    :param date today: the local day
    :param workdays: the company's working days: "+3wd" and the ends of weeks and months are counted in them
    :param bool day_first: 3/4 is the third of April
    """
    rest, owner, unclear, candidates = _take_person(" ".join(text.replace("\u3000", " ").split()), list(people))
    rest, due = _take_date(rest, today, workdays, day_first)
    return Line(rest.strip(" ,;，；、"), owner, due, unclear, candidates)


def read_date(words: str, today: date, workdays: Workdays, day_first: bool = True) -> date | None:
    """Return the day that ``words`` name, None when they name none. Weekdays and days without a year lie ahead.

    >>> days = Workdays([date(2026, 11, d) for d in (24, 25, 26, 27, 30)], date(2026, 11, 1), date(2026, 12, 1))
    >>> def read(words, **options):
    ...     found = read_date(words, date(2026, 11, 24), days, **options)  # a Tuesday
    ...     return found and found.isoformat()
    >>> [read(words) for words in ("today", "明天", "后天", "fri", "tue", "next fri", "周五", "下周一")]
    ['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-12-01', '2026-12-04', '2026-11-27', '2026-11-30']
    >>> [read(words) for words in ("30/11", "3/12", "12/31", "1/2/2027", "2026-12-05", "11月30日", "5号", "24/11", "23/11")]
    ['2026-11-30', '2026-12-03', '2026-12-31', '2027-02-01', '2026-12-05', '2026-11-30', '2026-12-05', '2026-11-24', '2027-11-23']
    >>> read("3/12", day_first=False)
    '2027-03-12'
    >>> [read(words) for words in ("+3wd", "+3d", "in 2 weeks", "+1m", "3个工作日内", "两周后", "eow", "月底", "end of month")]
    ['2026-11-27', '2026-11-27', '2026-12-08', '2026-12-24', '2026-11-27', '2026-12-08', '2026-11-27', '2026-11-30', '2026-11-30']
    >>> [read(words) for words in ("soon", "31/2", "", "99号", "+3", "0月1日")]
    [None, None, None, None, None, None]
    """
    words = words.strip().lower()
    for reader in (_near, _weekday, _ahead, _end):
        found = reader(words, today, workdays)
        if found:
            return found
    return _of_calendar(words, today, day_first)


def _near(words, today, workdays):
    return today + NEAR[words] * DAY if words in NEAR else None


def _weekday(words, today, workdays):
    """The next such day after today; with "next", "下" that of the next week."""
    monday = today - today.weekday() * DAY
    if match := WEEKDAY_CHINESE.fullmatch(words):
        weeks, number = {"下": 1, "下下": 2}.get(match[1], 0), CHINESE_DAYS[match[2]]
        if match[1]:
            return monday + (7 * weeks + number) * DAY
    else:
        first, _space, last = words.rpartition(" ")
        number = WEEKDAYS.get(last)
        if number is None or first not in ("", "next", "this"):
            return None
        if first == "next":
            return monday + (7 + number) * DAY
    return today + ((number - today.weekday() - 1) % 7 + 1) * DAY


def _ahead(words, today, workdays):
    match = AHEAD.fullmatch(words) or AHEAD_CHINESE.fullmatch(words)
    if not match:
        return None
    count, unit = CHINESE_NUMBERS.get(match[1]) or int(match[1]), UNITS[match[2]]
    if unit == "workdays":
        return workdays.add(today, count)
    if unit == "months":
        year, month = divmod(today.year * 12 + today.month - 1 + count, 12)
        return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
    return today + count * (7 if unit == "weeks" else 1) * DAY


def _end(words, today, workdays):
    """The last working day of the week or of the month."""
    if words in ("eow", "end of week", "周末前", "本周内"):
        return _last_workday(today + (6 - today.weekday()) * DAY, today, workdays)
    if words in ("eom", "end of month", "月底", "本月底"):
        return _last_workday(today.replace(day=monthrange(today.year, today.month)[1]), today, workdays)
    if words in ("end of next month", "下月底", "下个月底"):
        after = today.replace(day=monthrange(today.year, today.month)[1]) + DAY
        return _last_workday(after.replace(day=monthrange(after.year, after.month)[1]), today, workdays)
    return None


def _last_workday(last, today, workdays):
    return max(workdays.subtract(last + DAY, 1), today)


def _of_calendar(words, today, day_first):
    year = None
    if match := ISO.fullmatch(words):
        year, month, day = (int(part) for part in match.groups())
    elif match := MONTH_DAY.fullmatch(words):
        month, day = int(match[1]), int(match[2])
    elif match := SLASH.fullmatch(words):
        first, second = int(match[1]), int(match[2])
        year = int(match[3]) if match[3] else None
        swap = first <= 12 and (second > 12 or not day_first)
        month, day = (first, second) if swap else (second, first)
    elif match := DAY_ONLY.fullmatch(words):
        return _next_day_of_month(int(match[1]), today)
    else:
        return None
    if year:
        return _date(year, month, day)
    this_year = _date(today.year, month, day)
    return this_year if this_year and this_year >= today else _date(today.year + 1, month, day)


def _next_day_of_month(day, today):
    for months in range(12):
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        found = _date(year, month + 1, day)
        if found and found >= today:
            return found
    return None


def _date(year, month, day):
    try:
        return date(year, month, day)
    except ValueError:
        return None


# -- taking parts out of a line ---------------------------------------------------------------------------------------


def _take_date(text, today, workdays, day_first):
    """Return the text without its date, and the date: at the end of the line, or written so that it can be nothing else."""
    words = text.split(" ")
    for count in (3, 2, 1):
        tail = _without_behind(" ".join(words[-count:]))
        found = len(words) >= count and read_date(tail, today, workdays, day_first)
        if found:
            rest = words[:-count]
            while rest and rest[-1].lower() in BEFORE:
                rest.pop()
            return " ".join(rest), found
    for place in reversed(range(len(words))):
        word = _without_behind(words[place])
        if word.startswith("+") or any(pattern.fullmatch(word) for pattern in PLAIN):
            found = read_date(word, today, workdays, day_first)
            if found:
                return " ".join(words[:place] + words[place + 1:]), found
    sentence = _without_behind(text)
    if match := ATTACHED.search(sentence):
        return sentence[:match.start()], read_date(match[1], today, workdays, day_first)
    return text, None


def _without_behind(words):
    for ending in BEHIND:
        if words.endswith(ending) and words not in ("周末前",):
            return words.removesuffix(ending)
    return words


def _take_person(text, people):
    """Return the text without ``@name``, the id of who is meant, and what is unclear.

    >>> _take_person("Call @li", [(1, "Li Lei"), (2, "Li Ming")])
    ('Call', None, 'li', ('Li Lei', 'Li Ming'))
    >>> _take_person("Call ＠Li Ming today", [(1, "Li Lei"), (2, "Li Ming")])
    ('Call today', 2, None, ())
    >>> _take_person("no name", [])
    ('no name', None, None, ())
    """
    match = re.search(r"(?:^|\s|(?<=[\u3400-\u9fff]))[@＠](?=\S)", text)
    if not match:
        return text, None, None, ()
    before, after = text[:match.start()], text[match.end():]
    whole = [
        (len(name), key) for key, name in people
        if name and after.lower().startswith(name.lower()) and not after[len(name):len(name) + 1].isalnum()
    ]
    if whole:
        length, key = max(whole)
        if sum(size == length for size, _key in whole) == 1:
            return _join(before, after[length:]), key, None, ()
    typed, _space, rest = after.partition(" ")
    meant = [(key, name) for key, name in people if _is_meant(typed.lower(), (name or "").lower())]
    if len(meant) == 1:
        return _join(before, rest), meant[0][0], None, ()
    return _join(before, rest), None, typed, tuple(name for _key, name in meant[:5])


def _is_meant(typed, name):
    return any(part.startswith(typed) for part in (name, *name.split()))


def _join(before, after):
    return " ".join(f"{before} {after}".split())
