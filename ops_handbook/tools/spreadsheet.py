"""What leaves the house as a spreadsheet: nobody's text may become a formula there. Pure Python."""

STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutral(value):
    """Return a cell in which a spreadsheet program sees text; values that are no text stay as they are.

    >>> neutral("=HYPERLINK(A1)"), neutral("Minutes"), neutral(-3)
    ("'=HYPERLINK(A1)", 'Minutes', -3)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(STARTS) else value
