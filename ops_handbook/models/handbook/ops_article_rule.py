from odoo import api, fields, models

from ..deadline.ops_standard import ROLES, UNITS

# what a revision of the handbook may change of a rule; its rhythm and its event make it another rule
CHANGEABLE = (
    "due_month", "due_day", "due_weekday", "workdays_after", "period_offset", "offset_value", "offset_unit", "exact", "urgent",
    "due_hour", "day_off_rule", "max_shift", "gap", "role",
)
OF_VARIANT = ("offset_value", "offset_unit", "exact", "urgent", "role")


class OpsArticleRule(models.Model):
    """A change of a standard that comes into force with the version of the article that states it."""

    _name = "ops.article.rule"
    _description = "Change of a Standard"
    _inherit = ["ops.link.mixin", "ops.form.line.mixin"]
    _order = "version_id, id"
    _form_field = "version_id"

    version_id = fields.Many2one("ops.article.version", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="version_id.company_id", store=True, index=True)
    standard_id = fields.Many2one("ops.standard", required=True, index=True, ondelete="restrict")
    variant_id = fields.Many2one(
        "ops.standard.variant", index="btree_not_null", ondelete="restrict", domain="[('standard_id', '=', standard_id)]",
        help="Empty: the rule itself.",
    )
    trigger = fields.Selection(related="standard_id.trigger")
    date_effective = fields.Date(
        string="In Force from", help="First due day to which it applies; empty: from the day of publication."
    )

    # the rule as it is to be, at first as it is
    due_month = fields.Integer(string="Month", compute="_compute_rule", store=True, readonly=False)
    due_day = fields.Integer(
        string="Day", compute="_compute_rule", store=True, readonly=False, help="Day of the month; 0 is its last day."
    )
    due_weekday = fields.Selection(
        [
            ("0", "Monday"), ("1", "Tuesday"), ("2", "Wednesday"), ("3", "Thursday"),
            ("4", "Friday"), ("5", "Saturday"), ("6", "Sunday"),
        ],
        string="Weekday", compute="_compute_rule", store=True, readonly=False, help="Empty: the last working day of the week.",
    )
    workdays_after = fields.Integer(
        string="Working Days after the Period", compute="_compute_rule", store=True, readonly=False,
        help="Due so many working days after the period; 0: on the day above.",
    )
    period_offset = fields.Integer(string="Periods Ahead", compute="_compute_rule", store=True, readonly=False)
    offset_value = fields.Float(
        string="Within", compute="_compute_rule", store=True, readonly=False,
        help="How long after the event; negative: before it.",
    )
    offset_unit = fields.Selection(UNITS, string="Unit", compute="_compute_rule", store=True, readonly=False)
    exact = fields.Boolean(string="Same Hour", compute="_compute_rule", store=True, readonly=False)
    urgent = fields.Boolean(
        compute="_compute_rule", store=True, readonly=False, help="Reminders at any hour, with the duty officer."
    )
    due_hour = fields.Float(
        compute="_compute_rule", store=True, readonly=False,
        help="Local hour at which the due day ends; 0: the company's close of the day.",
    )
    day_off_rule = fields.Selection(
        [("earlier", "Earlier"), ("later", "Later"), ("unchanged", "Unchanged")],
        string="On a Day Off", compute="_compute_rule", store=True, readonly=False,
    )
    max_shift = fields.Integer(
        string="Earlier by at Most", compute="_compute_rule", store=True, readonly=False,
        help="Days; a longer holiday moves the due time later instead.",
    )
    gap = fields.Integer(
        compute="_compute_rule", store=True, readonly=False,
        help="At least so many working days after the standard that it follows.",
    )
    role = fields.Selection(ROLES, compute="_compute_rule", store=True, readonly=False)

    base_values = fields.Json(
        string="Begun from", compute="_compute_base_values", store=True, help="The rule as it was when the change was begun."
    )
    values = fields.Json(
        string="New Values", compute="_compute_values", store=True, help="The rule's new values: fields of the standard that change."
    )
    before_values = fields.Json(string="Rule Before", readonly=True, copy=False, help="The rule as it was when it was changed.")
    revision_id = fields.Many2one(
        "ops.standard.revision", string="Made", readonly=True, copy=False, index="btree_not_null", ondelete="set null",
        help="The revision of the standard that publishing made of it.",
    )
    before_text = fields.Text(string="Before", compute="_compute_texts")
    after_text = fields.Text(string="After", compute="_compute_texts")

    _once = models.UniqueIndex(
        "(version_id, standard_id, COALESCE(variant_id, 0))", "Standards to change: each one is changed once in a version."
    )

    # -- what differs --------------------------------------------------------------------------------------------------

    def _names(self):
        """Return the names of the values that can be changed."""
        return OF_VARIANT if self.variant_id else CHANGEABLE

    def _present(self):
        """Return the rule as it is now: dict of the values that can be changed."""
        self.ensure_one()
        record = self.variant_id or self.standard_id
        return {name: record[name] or (record[name] if record._fields[name].type in ("integer", "float") else False)
                for name in self._names()} if record else {}

    @api.depends("standard_id", "variant_id")
    def _compute_rule(self):
        for line in self:
            present = line._present()
            for name in CHANGEABLE:
                line[name] = present.get(name, False)

    @api.depends("standard_id", "variant_id")
    def _compute_base_values(self):
        """What the change is measured by: a rule that another revision changes meanwhile is not changed back."""
        for line in self:
            line.base_values = line._present()

    @api.depends("base_values", *CHANGEABLE)
    def _compute_values(self):
        for line in self:
            base = line.base_values or {}
            line.values = {
                name: line[name] for name in line._names() if name in base and (line[name] or False) != (base[name] or False)
            }

    @api.depends("values", "before_values", "standard_id", "variant_id")
    @api.depends_context("lang")
    def _compute_texts(self):
        for line in self:
            before = line.before_values or line._present()
            line.before_text = line._words(before) if line.standard_id else False
            line.after_text = line._words({**before, **(line.values or {})}) if line.standard_id else False

    def _words(self, rule):
        """Return a rule in words: dict of the values that can be changed."""
        if self.variant_id:
            text = self.standard_id._words_of_variant(self.variant_id, rule, self.values or ())
            return f"{self.variant_id.name}: {text}"
        return self.standard_id._changed_words(rule, self.values or ())

    @api.depends("standard_id", "variant_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = " – ".join(filter(None, [line.standard_id.display_name, line.variant_id.name]))
