"""Messages for the group robots of WeCom, DingTalk and Feishu: formats and limits. Pure Python.

A message is a title and items; each item says what is owed, where to find it, and who is meant:

>>> item = Item("Submit the plan – Workshop", "https://odoo.example.com/odoo/x/1", "1 day left", (Person("Li Si", "13800001111"),))
>>> payload = message("dingtalk", "1 due", [item])
>>> print(payload["markdown"]["text"])
**1 due**
<BLANKLINE>
• [Submit the plan – Workshop](https://odoo.example.com/odoo/x/1) · 1 day left · Li Si @13800001111
>>> payload["at"]
{'atMobiles': ['13800001111'], 'isAtAll': False}
>>> message("wecom", "1 due", [item])["markdown"]["content"].splitlines()[-1]
'• [Submit the plan – Workshop](https://odoo.example.com/odoo/x/1) · 1 day left · Li Si'
>>> message("feishu", "1 due", [item])["card"]["header"]["title"]["content"]
'1 due'

What is urgent calls people by name: WeCom knows mobile numbers in plain texts only.

>>> message("wecom", "Urgent", [item], urgent=True)["text"]["mentioned_mobile_list"]
['13800001111']
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

NAMED = 20  # people named in one line
MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
# what a chat would take for layout, a link or a mention, as characters that look the same
LOOKALIKES = str.maketrans({
    "<": "＜", ">": "＞", "[": "［", "]": "］", "*": "＊", "`": "｀", "@": "＠", "#": "＃", "~": "～", "|": "｜", "\\": "＼",
})
UNSEEN = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")


class Person(NamedTuple):
    """Somebody who is meant, and the mobile number by which they are called; empty when there is none."""

    name: str
    mobile: str = ""


class Item(NamedTuple):
    """One line of a message; all texts are as users wrote them."""

    name: str
    url: str
    detail: str
    people: tuple[Person, ...] = ()


class Service(NamedTuple):
    """What one chat service takes."""

    host: str
    size: int
    """bytes of a markdown text; DingTalk and Feishu count the whole request: there is room left for the rest"""
    rates: tuple[tuple[int, int], ...]
    """(messages, seconds): no more than so many messages of one robot in so many seconds, one less than it allows"""


SERVICES = {
    "wecom": Service("qyapi.weixin.qq.com", 4_096, ((19, 60),)),
    "dingtalk": Service("oapi.dingtalk.com", 17_000, ((19, 60),)),
    "feishu": Service("open.feishu.cn", 17_000, ((95, 60), (4, 1))),
}
WECOM_TEXT = 2_048  # bytes of WeCom's plain texts


# -- words ------------------------------------------------------------------------------------------------------------


def plain(text: str, limit: int = 80) -> str:
    """Return ``text`` on one line of at most ``limit`` characters, without anything that a chat would act on.

    >>> plain("[Free](http://evil.example) <@all>")
    '［Free］(http:／／evil.example) ＜＠all＞'
    >>> plain("two\\nlines"), plain("abcdef", 4)
    ('two lines', 'abc…')
    """
    text = " ".join(UNSEEN.sub(" ", text or "").split()).translate(LOOKALIKES).replace("://", ":／／")
    return text if len(text) <= limit else text[:limit - 1] + "…"


def cut(text: str, size: int) -> str:
    """Return as much of ``text`` as fits into ``size`` bytes of UTF-8.

    >>> cut("长城长城", 9), cut("abc", 9)
    ('长城…', 'abc')
    """
    data = text.encode()
    return text if len(data) <= size else data[:size - 3].decode(errors="ignore") + "…"


def mobile(*numbers: str | None) -> str:
    """Return the first of ``numbers`` that is a Chinese mobile number, in digits: the services know no others.

    >>> mobile("0755-1234567", "+86 138-0000-1111"), mobile(None, "+49 170 1234567")
    ('13800001111', '')
    """
    for number in numbers:
        found = MOBILE.fullmatch(re.sub(r"[\s().-]", "", number or ""))
        if found:
            return found[1]
    return ""


def line(service: str, item: Item) -> str:
    """Return one item as a line of markdown.

    >>> line("feishu", Item("A*b", "https://x/1", "", (Person("Li"), Person("Wang"))))
    '• [A＊b](https://x/1) · Li, Wang'
    """
    parts = [f"• [{plain(item.name)}]({item.url})", plain(item.detail), _names(item, service == "dingtalk")]
    return " · ".join(filter(None, parts))


def _names(item, with_mobile):
    names = [
        f"{plain(person.name, 30)} @{person.mobile}" if with_mobile and person.mobile else plain(person.name, 30)
        for person in item.people[:NAMED]
    ]
    return ", ".join(names) + (f" +{len(item.people) - NAMED}" if len(item.people) > NAMED else "")


def fitting(service: str, title: str, items: Sequence[Item]) -> int:
    """Return how many of the first ``items`` one message of the service holds; at least one.

    >>> many = [Item("长" * 70, "https://x/1", "")] * 100
    >>> fitting("wecom", "100 due", many), fitting("dingtalk", "100 due", many[:50])
    (17, 50)
    >>> fitting("wecom", "100 due", many[:1])
    1
    """
    size = len(f"**{plain(title)}**".encode())
    for count, item in enumerate(items):
        size += len(line(service, item).encode()) + 2
        if size > SERVICES[service].size:
            return max(count, 1)
    return len(items)


# -- messages ---------------------------------------------------------------------------------------------------------


def message(service: str, title: str, items: Sequence[Item], urgent: bool = False) -> dict:
    """Return what one service takes as a message, without signature; see the module.

    :param items: as many as :func:`fitting` says
    :param urgent: in red, and calling people by their mobile numbers where the service can
    """
    return {"wecom": _wecom, "dingtalk": _dingtalk, "feishu": _feishu}[service](plain(title), items, urgent)


def _lines(service, title, items, between):
    lines = [line(service, item) for item in items]
    return cut(between.join([f"**{title}**", *lines] if title else lines), SERVICES[service].size)


def _mobiles(items):
    return list(dict.fromkeys(person.mobile for item in items for person in item.people if person.mobile))


def _wecom(title, items, urgent):
    mobiles = _mobiles(items)
    if not (urgent and mobiles):
        return {"msgtype": "markdown", "markdown": {"content": _lines("wecom", title, items, "\n")}}
    lines = [title, *(
        "\n".join(filter(None, (plain(item.name), plain(item.detail), _names(item, False), item.url))) for item in items
    )]
    return {"msgtype": "text", "text": {
        "content": cut("\n".join(lines), WECOM_TEXT), "mentioned_list": [], "mentioned_mobile_list": mobiles,
    }}


def _dingtalk(title, items, urgent):
    text = _lines("dingtalk", title, items, "\n\n")
    mobiles = [mobile for mobile in _mobiles(items) if f"@{mobile}" in text]
    return {
        "msgtype": "markdown",
        "markdown": {"title": title, "text": text},
        "at": {"atMobiles": mobiles, "isAtAll": False},
    }


def _feishu(title, items, urgent):
    return {"msg_type": "interactive", "card": {
        "config": {"wide_screen_mode": True},
        "header": {"title": {"tag": "plain_text", "content": title}, "template": "red" if urgent else "blue"},
        "elements": [{"tag": "markdown", "content": _lines("feishu", "", items, "\n")}],
    }}
