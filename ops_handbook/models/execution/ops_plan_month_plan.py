from odoo import models
from odoo.fields import Domain

from ...tools.saying import saying

# what the calendar asks of a department for its months; M3 where a company asks for it department by department
OWED_FOR_MONTHS = ("M1", "M2", "M3", "M5", "M6")


class OpsPlan(models.Model):
    """A department is merged while its months run: whoever takes over its annual plan carries on what is open of them."""

    _inherit = "ops.plan"

    def _hand_over_obligations(self, before, department, reason):
        super()._hand_over_obligations(before, department, reason)
        self._hand_over_months(before, department, reason)

    def _end_for(self, department, reason):
        super()._end_for(department, reason)
        for plan in self.sudo():  # sudo: decided by the caller
            before = plan.department_id
            if (department.company_id or plan.company_id) == plan.company_id:
                plan._hand_over_months(before, department, saying(self.env)._(
                    "Handed over from %(before)s to %(after)s: %(reason)s",
                    before=before.name, after=department.name, reason=reason,
                ))

    def _hand_over_months(self, before, department, reason):
        """Give the months of this year to ``department``, and what is owed for them (superuser).

        What ``before`` has let pass without a plan stays its own, and so does what it owes for a month that stays.
        """
        months = self.env["ops.month.plan"]
        of_year, december = Domain("period", "=like", f"{self.year}-%"), Domain("period", "=", f"{self.year - 1}-12")
        # whoever carried on the months of others is merged itself, or hands back what is not its own
        months.search((of_year | december) & Domain("successor_id", "=", before.id))._note_successor(department)
        asked = Domain("department_id", "=", before.id) & Domain("state", "!=", "cancelled")
        # what the last month before the year leaves goes on in its first one; the month itself stays where it is
        months.search(asked & december)._note_successor(department)
        plans = months.search(asked & of_year)
        periods = set(plans.mapped("period"))
        staying = set(plans._carried_on_by(department, reason).mapped("period"))
        owed = self._still_owed(before, OWED_FOR_MONTHS)
        self._give_owed(owed.filtered(
            lambda item: item.period not in staying and (item.period in periods or not item.is_overdue)
        ), department, reason)
        months.search([
            ("department_id", "=", department.id), ("period", "in", list(periods - staying)), ("state", "!=", "cancelled"),
        ])._meet_owed()
