"""Values of a change request: from what was typed to JSON, from JSON to what is written and to words."""
import math
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date, formatLang

from ...tools.exact import rounded
from ...tools.ids import one_id
from ...tools.words import typed

NUMBERS = ("float", "integer", "monetary")
LARGEST = 1e14  # what the fields hold with six decimals


class OpsPlanChangeLine(models.Model):
    """The typed values of a line."""

    _inherit = "ops.plan.change.line"

    # -- typed → JSON ----------------------------------------------------------------------------------------------------

    @api.model
    def _typed_values(self, model, given, names):
        """Return values by field as JSON holds them.

        :param model: records of the target's model
        :param given: dict by field as a client gave it
        :param names: the fields that may be given; of one that is required and missing the plan says so later
        :raise ValidationError: for what is no value of the field; it names the field
        """
        if not isinstance(given, dict) or set(given) - set(names):
            raise ValidationError(self.env._("New: give one value for each field of this part of the plan, and no other."))
        return {name: self._typed_value(model._fields[name], given[name]) for name in names if name in given}

    @api.model
    def _typed_value(self, field, given):
        if given is None or given is False or given == "":
            return 0.0 if field.type in NUMBERS else False
        try:
            return getattr(self, f"_typed_{'number' if field.type in NUMBERS else field.type}")(field, given)
        except (TypeError, ValueError, OverflowError):
            raise ValidationError(self.env._(
                "%(field)s: “%(value)s” is no value for it. Correct it.",
                field=field._description_string(self.env), value=typed(given)[:80],
            )) from None

    def _typed_char(self, _field, given):
        if not isinstance(given, str):
            raise TypeError
        return typed(given) or False

    _typed_text = _typed_char

    def _typed_number(self, field, given):
        if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given) or abs(given) > LARGEST:
            raise ValueError
        digits = field.get_digits(self.env) if field.type == "float" else None
        return float(rounded(given, digits[1] if digits else 2))

    def _typed_date(self, _field, given):
        return fields.Date.to_string(given if isinstance(given, date) else date.fromisoformat(given))

    def _typed_selection(self, field, given):
        if given not in field.get_values(self.env):
            raise ValueError
        return given

    def _typed_many2one(self, field, given):
        record_id = given[0] if isinstance(given, list | tuple) and given else given
        record = self.env[field.comodel_name].browse(one_id(record_id)).exists()
        if not record or not record.has_access("read"):  # nobody learns by this who or what there is
            raise ValueError
        return [record.id, record.display_name]

    # -- the plan's own values → JSON ------------------------------------------------------------------------------------

    @api.model
    def _present(self, target, names):
        """Return what a record (sudo) says now, as JSON holds it."""
        return {name: self._present_value(target, name) for name in names}

    def _present_value(self, target, name):
        field, value = target._fields[name], target[name]
        if field.type == "many2one":
            return [value.id, value.display_name] if value else False
        if field.type in NUMBERS:
            return self._typed_number(field, value)
        if field.type == "date":
            return fields.Date.to_string(value) if value else False
        return value or False

    @api.model
    def _same(self, one, other):
        """Tell whether two values are the same: of a record its id counts, not the name that it had."""
        key = [value[0] if isinstance(value, list) else value for value in (one, other)]
        return key[0] == key[1]

    # -- JSON → written, words -------------------------------------------------------------------------------------------

    @api.model
    def _writable(self, values):
        """Return values of JSON as ``write`` and ``create`` take them."""
        return {name: value[0] if isinstance(value, list) else value for name, value in (values or {}).items()}

    def _value_in_words(self, model, name, value):
        field = model._fields.get(name)
        if field is None or value is None or value is False:
            return ""
        if field.type == "many2one":
            return value[1]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type == "date":
            return format_date(self.env, value)
        if field.type in NUMBERS:
            text = formatLang(self.env, value, digits=6)
            point = formatLang(self.env, 1.5, digits=1)[1]
            return text.rstrip("0").rstrip(point) if point in text else text
        return str(value)
