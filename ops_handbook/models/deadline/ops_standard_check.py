from odoo import api, models
from odoo.exceptions import ValidationError

# field → the least and the greatest value that a rule takes
RANGES = {
    "due_month": (1, 12), "due_day": (0, 31), "due_hour": (0, 24), "workdays_after": (0, 250), "max_shift": (0, 250), "gap": (0, 250),
}


class OpsStandard(models.Model):
    """What a rule may say, asked when a change of it is planned or drafted: the day on which it applies is too late."""

    _inherit = "ops.standard"

    @api.model
    def _check_rule_values(self, values, labels=None):
        """Refuse values that no rule can have.

        :param dict values: fields of the rule → new values
        :param labels: records whose labels the message uses; default: the standard's
        :raise ValidationError: out of range, or empty where something must be chosen
        """
        shown = (self if labels is None else labels)._fields
        for name, value in values.items():
            least, most = RANGES.get(name, (None, None))
            if name in RANGES and not least <= value <= most:
                raise ValidationError(self.env._(
                    "%(field)s: choose %(least)s to %(most)s.",
                    field=shown[name]._description_string(self.env), least=least, most=most,
                ))
            if self._fields[name].required and not value:
                raise ValidationError(self.env._("%(field)s: choose one.", field=shown[name]._description_string(self.env)))
