from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..mixins.domains import flag_search

OWNERS = "ops_handbook.ops_improvement_measure_mail_owners"


class OpsImprovementMeasure(models.Model):
    """What one sees of a measure beside its fields, and what its owner is told by mail."""

    _inherit = "ops.improvement.measure"

    is_mine = fields.Boolean(string="Mine", compute="_compute_is_mine", search="_search_is_mine")

    @api.depends("owner_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        principals = self.env.user._ops_principals()
        for measure in self:
            measure.is_mine = bool(measure.owner_id & principals)

    @flag_search
    def _search_is_mine(self):
        return Domain("owner_id", "in", self.env.user._ops_principals().ids)

    def action_open_plan(self):
        """Open the improvement plan."""
        self.ensure_one()
        return self.plan_id._obligation_open_action()

    # -- mails ------------------------------------------------------------------------------------------------------------

    def _tell_asked(self):
        """Tell each owner what is theirs from now on: one mail for all their measures (superuser)."""
        self.env["ops.notice"]._queue(OWNERS, [
            measures._asked_mail(user) for user, measures in self._of_owners().items()
        ])

    def _asked_mail(self, user):
        """Return what one person is told of these measures, as a dict of :meth:`ops.notice._queue`."""
        texts, address = self.with_context(lang=user.lang).env, f"{self[:1].get_base_url()}/odoo/ops-improvement-measures"
        return {
            "object": user, "user": user, "company": self[:1].company_id, "address": address,
            "summary": texts._("Measures for you to carry out (%(count)s)", count=len(self)),
            "step": "asked",  # a text that was kept from before asks for it
            "items": [
                {
                    "name": measure.name, "department": measure.plan_id.department_id.name,
                    "due": format_date(texts, measure.date_due), "url": f"{address}/{measure.id}",
                }
                for measure in self.sorted("date_due")
            ],
        }
