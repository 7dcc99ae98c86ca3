from odoo import fields
from odoo.exceptions import UserError

from ...tools.exact import rounded


class Exact(fields.Float):
    """A float with decimals that keeps large figures as they are.

    Odoo's own rounding helps halves over the edge by an amount that grows with the figure: 123456789012.0 with six decimals
    becomes 123456789012.000107, and twelve such months no longer add up. Here the shortest text of the number is rounded.
    """

    def _rounded(self, value, record):
        """Return ``value`` as a Decimal of this field's decimals.

        :raise UserError: what a program sent is no number
        """
        try:
            return rounded(value or 0.0, self.get_digits(record.env)[1])
        except (TypeError, ValueError):
            raise UserError(record.env._(
                "%(field)s: this is not a number. Write it like 1234.5.", field=self._description_string(record.env)
            )) from None

    def convert_to_column(self, value, record, values=None, validate=True):
        return str(self._rounded(value, record))

    def convert_to_cache(self, value, record, validate=True):
        return float(self._rounded(value, record))
