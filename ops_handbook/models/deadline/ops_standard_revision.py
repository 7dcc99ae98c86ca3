from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools import clock
from ...tools.recurrence import Rule

# fields of a standard that decide on due times and on who answers; a change of one makes a revision
RULE_FIELDS = {
    "trigger", "due_month", "due_day", "due_weekday", "workdays_after", "period_offset", "event", "offset_value",
    "offset_unit", "exact", "urgent", "due_hour", "day_off_rule", "max_shift", "predecessor_id", "gap", "scope",
    "department_ids", "role", "variant_ids",
}
FIRST_DAY = date(2000, 1, 1)  # the first revision holds for whatever was before
VARIANT_FIELDS = ("event", "offset_value", "offset_unit", "exact", "urgent", "role")


class OpsStandardRevision(models.Model):
    """A rule as it stood from a day on: never changed, so that every obligation can show the rule it came from."""

    _name = "ops.standard.revision"
    _description = "Revision of a Standard"
    _order = "standard_id, date_effective desc, id desc"
    _rec_name = "date_effective"

    standard_id = fields.Many2one("ops.standard", required=True, index=True, ondelete="cascade", readonly=True)
    date_effective = fields.Date(
        string="In Force from", required=True, readonly=True, help="It holds for what falls due on this day or later."
    )
    rule = fields.Json(required=True, readonly=True, help="The rule's values, frozen.")
    changed = fields.Json(readonly=True, help="Names of the values that differ from the revision before.")
    author_id = fields.Many2one("res.users", string="Changed by", readonly=True, default=lambda self: self.env.user)
    create_date = fields.Datetime(string="Changed on", readonly=True)
    summary = fields.Text(string="Change", compute="_compute_summary")

    @api.depends("date_effective")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """The first revision holds for whatever was before: its day means nothing to anybody."""
        for revision in self:
            day = revision.date_effective
            revision.display_name = (
                self.env._("In force from %(day)s", day=format_date(self.env, day)) if day and day > FIRST_DAY
                else self.env._("As first written")
            )

    @api.depends("rule", "changed")
    @api.depends_context("lang")
    def _compute_summary(self):
        standards = self.env["ops.standard"]
        for revision in self:
            lines = []
            for name in revision.changed or []:
                label = standards._fields[name]._description_string(self.env)
                lines.append(f"{label}: {revision._value_text(name)}")
            revision.summary = "\n".join(lines) or self.env._("As first written")

    def _value_text(self, name):
        """Return a frozen value in words."""
        field, value = self.env["ops.standard"]._fields[name], self.rule.get(name)
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "–")
        if field.relational and name != "variant_ids":
            ids = [value] if isinstance(value, int) and value else value or []
            return ", ".join(self.env[field.comodel_name].browse(ids).exists().mapped("display_name")) or "–"
        if name == "variant_ids":
            return ", ".join(f"{key} {item['offset_value']:g} {item['offset_unit']}" for key, item in (value or {}).items())
        return str(value)

    def write(self, vals):
        raise UserError(self.env._("A revision is kept as it was: change the standard, which makes a new one."))

    # -- the rule in the terms of the date tools ----------------------------------------------------------------------

    def _values(self, variant=""):
        """Return the frozen values, those of a variant in place of the standard's own."""
        values = self.rule or {}
        return {**values, **((values.get("variant_ids") or {}).get(variant) or {})}

    def _as_rule(self, company, variant=""):
        """Return the :class:`~odoo.addons.ops_handbook.tools.recurrence.Rule` that these values mean in a company."""
        values = self._values(variant)
        return Rule(
            values["trigger"],
            month=values["due_month"] or 12,
            day=values["due_day"],
            weekday=int(values["due_weekday"]) if values["due_weekday"] else None,
            workdays_after_period=values["workdays_after"] or None,
            period_offset=values["period_offset"],
            day_off=values["day_off_rule"],
            max_shift=values["max_shift"],
            gap=values["gap"],
            offset=values["offset_value"],
            unit=values["offset_unit"] if values["offset_unit"] in ("hours", "days", "workdays") else "workdays",
            hour=values["due_hour"] or company.ops_day_close_hour or 24.0,
            exact=bool(values["exact"]),
        )

    def _has_due_rule(self, variant=""):
        """Tell whether the due time follows from the rule: not from the record's own date, and not without a date."""
        values = self._values(variant)
        return values["trigger"] != "event" or values["offset_unit"] in ("hours", "days", "workdays")

    def _is_in_force(self):
        return self.date_effective <= clock.now().date()

    def _is_being_written(self):
        """Tell whether the revision was made in this very transaction, and nothing has come of it yet."""
        if not self or self.create_date != self.env.cr.now():
            return False
        return not self.env["ops.obligation"].sudo().search_count([("revision_id", "=", self.id)], limit=1)  # sudo: of anybody
