from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OpsStandardStep(models.Model):
    """A step of a standard's ladder: whom to remind, when and by which channel."""

    _name = "ops.standard.step"
    _description = "Reminder Step"
    _order = "standard_id, variant, sequence, id"

    standard_id = fields.Many2one("ops.standard", required=True, index=True, ondelete="cascade")
    variant = fields.Char(default="", help="Empty: for the standard itself and for variants without steps of their own.")
    sequence = fields.Integer(default=10)
    anchor = fields.Selection(
        [
            ("before_due", "Before the Due Time"),
            ("due", "On the Due Day"),
            ("after_due", "After the Due Time"),
            ("start", "After the Start"),
            ("fraction", "Part of the Time"),
        ],
        required=True,
        default="before_due",
    )
    value = fields.Float(string="How Much")
    unit = fields.Selection(
        [("workdays", "Working Days"), ("hours", "Hours"), ("percent", "Percent")], required=True, default="workdays"
    )
    channel = fields.Selection(
        [
            ("digest", "E-mail Digest"),
            ("activity", "Activity"),
            ("push", "Push Notification"),
            ("bot", "Chat Bot"),
            ("letter", "Reminder Letter"),
        ],
        required=True,
        default="digest",
    )
    receiver = fields.Selection(
        [
            ("responsible", "Whoever Answers"),
            ("next_level", "The Next Level Up"),
            ("gm_office", "GM Office"),
            ("general_manager", "General Manager"),
            ("operations", "Operations"),
            ("duty_officer", "Duty Officer"),
        ],
        required=True,
        default="responsible",
    )
    any_hour = fields.Boolean(help="Also at night and on days off; all other steps wait for working hours.")
    template_id = fields.Many2one(
        "mail.template", ondelete="set null", domain=[("model", "=", "ops.obligation")], index="btree_not_null"
    )

    @api.depends("anchor", "value", "unit")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = {name: dict(self._fields[name]._description_selection(self.env)) for name in ("anchor", "unit")}
        for step in self:
            anchor, unit = labels["anchor"].get(step.anchor, ""), labels["unit"].get(step.unit, "")
            step.display_name = anchor if step.anchor == "due" else f"{anchor}: {step.value:g} {unit}"

    @api.constrains("value", "unit", "anchor")
    def _check_value(self):
        for step in self:
            if step.value < 0 or ((step.unit == "percent") != (step.anchor == "fraction")):
                raise ValidationError(self.env._(
                    "How much: not negative, and in percent for a part of the time only. “%(step)s” cannot be.",
                    step=step.display_name,
                ))
            if step.anchor == "fraction" and step.value > 100:
                raise ValidationError(self.env._("How much: a part of the time is at most 100 percent."))
