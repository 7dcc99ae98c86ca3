"""Sentences that the machinery writes into a log, kept so that each reader reads them in their own language.

>>> said = Said("Assigned.", {"source": "Assigned."})
>>> said == "Assigned.", parts_of(said), parts_of("typed by somebody")
(True, {'source': 'Assigned.'}, None)
>>> str(said) is said, said.strip() is said
(True, True)
>>> outer = Said("Approved: Assigned.", {"source": "Approved: %(why)s", "args": {"why": parts_of(said)}})
>>> spoken(parts_of(outer), lambda source, args: source % args, None)
'Approved: Assigned.'
"""


class Said(str):
    """A sentence in somebody's language that knows how to be said in another; in all else an ordinary text."""

    __slots__ = ("parts",)

    def __new__(cls, text, parts):
        said = super().__new__(cls, text)
        said.parts = parts
        return said

    def __str__(self):
        return self

    def strip(self, *chars):
        stripped = super().strip(*chars)
        return self if len(stripped) == len(self) else stripped


class saying:
    """``saying(self.env)._("The hold is over.")``: as ``self.env._``, but what comes out can be said in another language.

    The method's name makes the texts be found for translation.
    """

    def __init__(self, env):
        self.translate = env._

    def _(self, source, /, **args):
        """Return ``source`` in the language of the environment as :class:`Said`; arguments may be :class:`Said` too."""
        parts = {"source": source}
        if args:
            parts["args"] = {name: parts_of(value) or str(value) for name, value in args.items()}
        return Said(self.translate(source, **args), parts)


def label(records, name, value):
    """Return the label that ``value`` has in a selection field of the model of ``records``, as :class:`Said`."""
    text = dict(records._fields[name]._description_selection(records.env)).get(value) or ""
    return Said(text, {"field": [records._name, name, value]})


def parts_of(text):
    """Return what is to be stored of a sentence, None for a text that somebody typed."""
    return getattr(text, "parts", None)


def spoken(parts, translate, label_of):
    """Return a sentence in words.

    :param parts: what :func:`parts_of` returned
    :param translate: (source, arguments) → text in the reader's language
    :param label_of: (model, field, value) → label in the reader's language
    """
    if isinstance(parts, str):
        return parts
    if "field" in parts:
        return label_of(*parts["field"])
    args = {name: spoken(value, translate, label_of) for name, value in parts.get("args", {}).items()}
    return translate(parts["source"], args)
