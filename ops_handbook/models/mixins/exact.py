from decimal import ROUND_HALF_UP, Decimal

from odoo import fields


class Exact(fields.Float):
    """A float with decimals that keeps large figures as they are.

    Odoo's own rounding helps halves over the edge by an amount that grows with the figure: 123456789012.0 with six decimals
    becomes 123456789012.000107, and twelve such months no longer add up. Here the shortest text of the number is rounded.
    """

    def _rounded(self, value, scale):
        number = Decimal(repr(float(value or 0.0)))
        return number.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP) if number.is_finite() else number

    def convert_to_column(self, value, record, values=None, validate=True):
        return str(self._rounded(value, self.get_digits(record.env)[1]))

    def convert_to_cache(self, value, record, validate=True):
        return float(self._rounded(value, self.get_digits(record.env)[1]))
