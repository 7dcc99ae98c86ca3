from odoo import api, fields, models
from odoo.fields import Date
from odoo.tools.misc import formatLang, get_lang

from ...tools.changes import Change
from ...tools.words import month_in_words

MONTHS = "target_ids"  # the breakdown, in what a version keeps


class OpsPlanVersion(models.Model):
    """A plan as it was released, and as each approved change left it."""

    _name = "ops.plan.version"
    _description = "Version of an Annual Plan"
    _inherit = ["ops.version.mixin"]

    _version_of = "plan_id"
    _version_content = {
        "summary": None,
        "goal_ids": ("name", "direction_id", "kpi_id", "target"),
        "initiative_ids": ("name", "goal_id", "owner_id", "date_start", "date_end", "deliverable", "weight"),
        "resource_ids": ("name", "kind", "quantity", "amount", "date_needed", "reason"),
        "milestone_ids": ("name", "date", "owner_id", "initiative_id"),
        "risk_ids": ("name", "probability", "impact", "contingency", "owner_id"),
        MONTHS: ("goal_id", "initiative_id", "month", "value"),
    }

    plan_id = fields.Many2one("ops.plan", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(related="plan_id.department_id", store=True, precompute=True, index=True)
    year = fields.Integer(related="plan_id.year", store=True, precompute=True, aggregator=None)
    is_latest = fields.Boolean(string="In Force", compute="_compute_is_latest")

    _once = models.UniqueIndex("(plan_id, version)")

    @api.depends("version", "plan_id.version_ids")
    def _compute_is_latest(self):
        latest = {plan: plan.latest_version for plan in self.sudo().plan_id}  # sudo: that there is a newer one is no secret
        for version in self:
            version.is_latest = version.version == latest[version.sudo().plan_id]

    def action_open_plan(self):
        """Open the plan of this version."""
        self.ensure_one()
        return self.plan_id._obligation_open_action()

    # -- how a plan looks ------------------------------------------------------------------------------------------------

    @api.model
    def _bodies_of(self, plans):
        """Return how ``plans`` look now: dict id → Markup, in the language of their company, the same for every reader."""
        installed, bodies = [code for code, _name in self.env["res.lang"].get_installed()], {}
        plans_sudo = self.env["ops.plan"].sudo().browse(plans.ids)  # sudo: the body holds all of the plan
        for company, group in plans_sudo.grouped("company_id").items():
            lang = company.partner_id.lang if company.partner_id.lang in installed else self.env.lang
            context = {"lang": lang, "tz": company._ops_tz()}
            group, qweb = group.with_context(**context), self.env["ir.qweb"].with_context(**context).sudo()  # sudo: as above
            parts = group._breakdown_quarters()
            for plan in group:
                bodies[plan.id] = qweb._render("ops_handbook.ops_plan_body", {
                    "plan": plan, "lang": lang, "breakdown": parts[plan.id], "figure": self.with_context(**context)._figure,
                })
        return bodies

    @api.model
    def _figure(self, goal, value):
        """Return a figure of a goal in words: with its currency or unit, to the decimals of its indicator."""
        kpi = goal.kpi_id
        if kpi.currency_id:
            return formatLang(self.env, value, currency_obj=kpi.currency_id)
        text = formatLang(self.env, value, digits=kpi.digits) if kpi else self._number_in_words(value)
        return f"{text} {kpi.unit}" if kpi.unit else text

    # -- what changed ----------------------------------------------------------------------------------------------------

    @api.model
    def _differences(self, before, after):
        """The months of the breakdown are told together, one change for each goal and initiative."""
        rest = [{name: value for name, value in content.items() if name != MONTHS} for content in (before, after)]
        return super()._differences(*rest) + self._month_differences(before.get(MONTHS) or {}, after.get(MONTHS) or {})

    @api.model
    def _month_differences(self, before, after):
        """Return what changed in the breakdown: one change for each goal and initiative, with its months that differ."""
        found = {}
        for key in sorted({*before, *after}, key=lambda key: (after.get(key) or before[key])["month"]):
            old, new = before.get(key), after.get(key)
            if old and new and old["value"] == new["value"]:
                continue
            line = new or old
            row = found.setdefault(line["goal_id"] or line["initiative_id"] or "", ([], []))
            for months, values in zip(row, (old, new), strict=True):
                if values:
                    months.append(values)
        return [Change((MONTHS, owner), old, new) for owner, (old, new) in found.items()]

    def _change_in_words(self, change, before, after):
        field, *rest = change.path
        if field != MONTHS:
            return super()._change_in_words(change, before, after)
        label = self.plan_id._fields[MONTHS]._description_string(self.env)
        return {
            "field": f"{label} › {rest[0]}",
            "before": "; ".join(self._month_in_words(values) for values in change.before),
            "after": "; ".join(self._month_in_words(values) for values in change.after),
        }

    def _month_in_words(self, values):
        month = month_in_words(Date.to_date(f"{values['month']}-01"), get_lang(self.env).code)
        value = self._number_in_words(values["value"])
        return f"{month}: {value}" + ("" if values["goal_id"] else " %")


class OpsPlan(models.Model):
    _inherit = "ops.plan"

    version_count = fields.Integer(string="Number of Versions", related="latest_version")

    def _breakdown_quarters(self):
        """Return the breakdown of these plans by quarter, for whoever reads it on paper or on the screen.

        :return: dict plan id → list of (goal or initiative, figures of the four quarters, figure of the year)
        """
        by_owner = {}
        # one statement, however many months: a thousand plans have some hundred thousand
        rows = self.env["ops.plan.target"].search_fetch(
            [("plan_id", "in", self.ids)], ["plan_id", "goal_id", "initiative_id", "month", "value"], order="id"
        )
        for row in rows:
            by_owner.setdefault(row.goal_id or row.initiative_id, {})[int(row.month[5:7]) - 1] = row.value
        result = {}
        for plan in self:
            owners = [owner for owner in (*plan.goal_ids, *plan.initiative_ids) if owner in by_owner]
            result[plan.id] = [(owner, *self._quarters(by_owner[owner], self._adds_up(owner))) for owner in owners]
        return result

    @api.model
    def _adds_up(self, owner):
        return owner._name != "ops.plan.goal" or owner.kpi_id.is_additive

    @api.model
    def _quarters(self, months, adds_up):
        """Return (figures of the four quarters, figure of the year) of ``months``, a dict of figures by index of the month.

        Where the months do not add up each quarter has the level of its last month; None where nothing is known.
        """
        def of(first, last):
            known = [months[month] for month in range(first, last) if month in months]
            return (sum(known) if adds_up else known[-1]) if known else None

        return [of(start, start + 3) for start in range(0, 12, 3)], of(0, 12)
