"""Figures rounded as people write them, however large they are."""

from decimal import ROUND_HALF_UP, Decimal


def rounded(value, decimals):
    """Return a float rounded half up to ``decimals`` places, as its shortest text says it (Decimal).

    >>> rounded(123456789012.0, 6), rounded(2.675, 2), rounded(1e20, 2)
    (Decimal('123456789012.000000'), Decimal('2.68'), Decimal('1E+20'))
    """
    number = Decimal(repr(float(value)))
    # from there on a float has no decimals, and more digits than are reckoned with
    if not number.is_finite() or abs(number) >= 1e16:
        return number
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
