"""Hostile and random arguments for everything that a client may call. Plain Python: system tests load it from its file.

All comes from one seeded generator, so a call that went wrong is made again with the seed and the number that are printed.
"""

import inspect
import random

WORDS = (
    "", " ", "x", "正常的说明", "a" * 3_000, "'; DROP TABLE ops_problem; --", "%s %(x)s {0} {x}", "<script>alert(1)</script>",
    "\u202eevil", "😀" * 40, "../../../etc/passwd", "=HYPERLINK(\"http://evil\")", "null", "None", "0", "-1", "1e309", "NaN",
    "2026-02-30", "2026-11-20", "2026-11-20 09:00:00", "9999-12-31 23:59:59", "0000-00-00", "a\x00b", "\ud800", "\r\nBcc: x@y",
    "draft", "open", "closed", "accepted", "level1", "zh_CN", "base.group_system", "__class__", "ops_handbook.group_operations",
    "{'a': 1}", "[('id', '=', 1)]", "ops.problem", "res.users", "1", "2", "3",
)
NUMBERS = (0, 1, -1, 2, 3, 7, 2**31 - 1, -(2**31), 2**31, 2**63, 10**30, 0.5, -0.0, 1e308, float("nan"), float("inf"))
CONTEXTS = (
    {}, {}, {}, {"lang": "zh_CN"}, {"lang": "en_US"}, {"tz": "Mars/Olympus"}, {"tz": "Asia/Shanghai"}, {"active_test": False},
    {"default_state": "closed"}, {"default_company_id": 999_999}, {"tracking_disable": True}, {"active_ids": [1, 2], "active_model": "res.users"},
    {"active_id": "x", "active_ids": "x", "active_model": 5}, {"allowed_company_ids": []}, {"import_file": True},
    {"ops_token": True, "ops_marked": True, "bypass": True}, {"mail_notrack": True, "mail_create_nolog": True},
)


class Fuzzer:
    """Makes arguments.

    :param seed: whatever seeds a generator
    :param ids: ids that exist, of all kinds
    """

    def __init__(self, seed, ids=(1, 2, 3)):
        self.random, self.ids = random.Random(seed), list(ids) or [1]

    def number(self):
        return self.random.choice([*NUMBERS, self.random.choice(self.ids), self.random.randint(-5, 50)])

    def word(self):
        return self.random.choice(WORDS)

    def value(self, depth=2):
        """Return anything that JSON can carry."""
        kind = self.random.randrange(9 if depth else 6)
        if kind < 2:
            return self.word()
        if kind < 4:
            return self.number()
        if kind == 4:
            return self.random.choice((None, False, True))
        if kind == 5:
            return self.random.choice(self.ids)
        if kind == 6:
            return [self.value(depth - 1) for _ in range(self.random.randrange(4))]
        if kind == 7:
            return {self.word(): self.value(depth - 1) for _ in range(self.random.randrange(3))}
        return self.random.choice(([], {}, [[]], [[6, 0, self.ids[:2]]], [[0, 0, {"name": "x"}]], [["id", "in", self.ids[:3]]]))

    def id_list(self, own):
        """Return the ids of a call on records: mostly some that exist."""
        choice = self.random.random()
        if own and choice < 0.75:
            return self.random.choices(own, k=self.random.choice((1, 1, 1, 2, 5)))
        return self.random.choice(([], [self.random.choice(self.ids)], [0], [2**31 - 1], own[:20], [-1]))

    def context(self):
        return dict(self.random.choice(CONTEXTS))

    def arguments(self, parameters):
        """Return (positional, named) arguments that fit a signature.

        :param parameters: list of (name, kind, whether there is a default), as :func:`parameters_of` returns them
        """
        positional, named = [], {}
        for name, kind, optional in parameters:
            if kind == "positional":
                if optional and self.random.random() < 0.3:
                    break
                positional.append(self.value())
            elif kind == "named" and (not optional or self.random.random() < 0.6):
                named[name] = self.value()
            elif kind == "more" and self.random.random() < 0.3:
                positional += [self.value() for _ in range(self.random.randrange(3))]
            elif kind == "any" and self.random.random() < 0.2:
                named["x"] = self.value()
        return positional, named


    def values(self, names):
        """Return values of a record as a client writes them: names of fields that exist, with anything in them."""
        return {name: self.value() for name in self.random.sample(names, k=min(len(names), self.random.randrange(5)))}

    def arguments_of_odoo(self, method, names):
        """Return positional arguments of the right shape for a method that Odoo has too; None when there is none known."""
        shapes = {
            "create": lambda: [[self.values(names) for _ in range(self.random.choice((1, 1, 2, 0)))]],
            "write": lambda: [self.values(names)],
            "copy": lambda: [self.random.choice((None, self.values(names)))],
            "unlink": list,
        }
        return shapes[method]() if method in shapes else None


def parameters_of(function):
    """Return what :meth:`Fuzzer.arguments` needs to know of a method, without ``self``."""
    kinds = {
        inspect.Parameter.POSITIONAL_ONLY: "positional", inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional",
        inspect.Parameter.KEYWORD_ONLY: "named", inspect.Parameter.VAR_POSITIONAL: "more", inspect.Parameter.VAR_KEYWORD: "any",
    }
    found = list(inspect.signature(function).parameters.values())[1:]
    return [(item.name, kinds[item.kind], item.default is not item.empty) for item in found]
