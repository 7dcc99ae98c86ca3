from decimal import Decimal

from odoo import api, models

from ...tools import apportion, token
from .ops_breakdown_mixin import PERCENT, WHOLE


class OpsPlanInitiative(models.Model):
    """How much of an initiative is to be done in which month, in percent; together 100."""

    _name = "ops.plan.initiative"
    _inherit = ["ops.plan.initiative", "ops.breakdown.mixin"]

    _breakdown_field = "initiative_id"
    _breakdown_follows = {"date_start", "date_end"}

    def _breakdown_fills(self):
        """Only the months in which something is to be done."""
        return False

    def _breakdown_open(self):
        """Return the months from start to end, within the year; all of them when there is no date, or none within it."""
        months = self._months()
        first = self.date_start.strftime("%Y-%m") if self.date_start else months[0]
        last = self.date_end.strftime("%Y-%m") if self.date_end else months[-1]
        return [index for index, month in enumerate(months) if first <= month <= last] or range(len(months))

    def _breakdown_complaint(self, parts):
        if wrong := [month for month, part in parts.items() if not 0 <= part <= WHOLE]:
            return self.env._(
                "“%(initiative)s”: %(months)s must be from 0 to 100 percent.", initiative=self.name, months=", ".join(sorted(wrong))
            )
        total = sum(parts.values(), Decimal(0))
        if total == WHOLE:
            return None
        return self.env._(
            "“%(initiative)s”: the months come to %(sum)s %%, the whole is 100 %%: %(missed)s. Put the rest on other months.",
            initiative=self.name, sum=self._breakdown_text(total), missed=self._breakdown_words(total - WHOLE),
        )

    # -- the dates change -------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        initiatives = super(OpsPlanInitiative, token.BREAKDOWN.on(self)).create(vals_list).with_env(self.env)
        if any(vals.get("target_ids") for vals in vals_list):
            initiatives._check_breakdown()
        return initiatives

    def write(self, vals):
        if not {"target_ids", *self._breakdown_follows} & set(vals):
            return super().write(vals)
        result = super(OpsPlanInitiative, token.BREAKDOWN.on(self)).write(vals)
        if "target_ids" not in vals:
            self._settle_when_written()
        elif not token.BREAKDOWN.of(self.env):
            self._check_breakdown()
            self.sudo().plan_id._grow_breakdown()  # sudo: only counts that something has changed
        return result

    def _settle_breakdown(self):
        """What was planned for months in which nothing is done any more goes to those that are left, in proportion."""
        existing, values = self._breakdown_rows(), {}
        for initiative in self:
            rows = {row.month: row.value for row in existing[initiative.id]}
            months, within, over = initiative._months(), initiative._breakdown_open(), initiative._breakdown_kept()
            kept = {index for index, month in enumerate(months) if month in over or index not in within}
            outside = {months[index] for index in kept if months[index] not in over}
            if not any(rows.get(month) for month in outside) or len(kept) == len(months):
                continue
            parts = [initiative._breakdown_figure(0 if month in outside else rows.get(month, 0)) for month in months]
            parts = apportion.rescale(parts, WHOLE, PERCENT, kept)
            values[initiative.id] = {
                month: part for month, part in zip(months, parts, strict=True) if part or month in rows
            }
        if values:
            self._put_breakdowns(values)
