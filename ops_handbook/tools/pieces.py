"""Cuts texts into pieces that can be compared: pairs of characters for Chinese, words for the rest.

PostgreSQL's trigrams find nothing in words of two characters, the commonest length of a Chinese word.
"""
import re

RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_]+")
IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
MIXED = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\u3400-\u9fff\uf900-\ufaff]+")


def pieces(text: str) -> list[str]:
    """Return the pieces of ``text`` in order, each once.

    >>> pieces("气压不足, No. 2 line")
    ['气压', '压不', '不足', 'no', '2', 'line']
    >>> pieces("2号线 2号线")
    ['2', '号线']
    >>> pieces("锅") + pieces("") + pieces("a_b")
    ['锅', 'a', 'b']
    """
    found = {}
    for run in RUN.findall((text or "").lower()):
        for part in MIXED.findall(run):
            if not IDEOGRAPH.match(part) or len(part) == 1:
                found[part] = None
            else:
                found.update(dict.fromkeys(part[i:i + 2] for i in range(len(part) - 1)))
    return list(found)


def likeness(asked: list[str], text_pieces: set[str]) -> float:
    """Return how much of what is ``asked`` for occurs among ``text_pieces``: 0 to 1.

    >>> likeness(pieces("气压不足"), set(pieces("装配线气压不足")))
    1.0
    >>> likeness(pieces("air pressure low"), {"pressure"})
    0.3333333333333333
    >>> likeness([], {"a"})
    0.0
    """
    return sum(piece in text_pieces for piece in asked) / len(asked) if asked else 0.0
