from odoo import Command, api, models

from ...tools import clock, token
from ...tools.saying import saying

OPTIONS = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}
OPEN = ("draft", "submitted", "returned")  # what is not asked for any more ends; accepted measures go on


class OpsImprovementPlan(models.Model):
    """How improvement plans begin and end without anybody's hand: by rulings, and when these do not count any more."""

    _inherit = "ops.improvement.plan"

    @api.model
    def _ask_for(self, reports):
        """Ask for the improvement plans of completion reports that became final (superuser): however many in the same statements.

        The draft is made with its month and tasks, M7 starts with the last final ruling, the head is told. Where a plan is
        there already, it takes what is new.

        :return: the new plans
        """
        blamed = reports._blamed_lines()
        wanted = reports.filtered(lambda report: blamed[report.id])
        if not wanted:
            return self.browse()
        known = self.search([("completion_id", "in", wanted.ids), ("state", "!=", "cancelled")])
        known._take_lines(blamed)
        missing = wanted - known.completion_id
        departments = {report.id: report._improving_department() for report in missing}
        heads = self.env["hr.department"].union(*departments.values())._ops_heads()
        made = self.with_context(**OPTIONS).create([
            {"completion_id": report.id, "author_id": heads[departments[report.id].id].id} for report in missing
        ]).with_env(self.env)
        made._start_clock(
            "M7", start=made._ruled_on(), name=made._names(), responsible={plan.id: plan.author_id for plan in made},
        )
        made._tell_asked()
        return made

    def _ruled_on(self):
        """Return when the last ruling of each plan became final: dict id → naive UTC moment."""
        return {plan.id: plan.completion_id.final_on or clock.now() for plan in self}

    def _take_lines(self, blamed):
        """Take rulings that became final later: M7 counts from the last of them as long as it is open."""
        grown = self.filtered(lambda plan: blamed[plan.completion_id.id] - plan.line_ids)
        for plan in grown:
            token.marked(plan).write({"line_ids": [Command.set(blamed[plan.completion_id.id].ids)]})
        note = saying(self.env)._("Another ruling is final.")
        self.env["ops.obligation"]._move_event("M7", grown, grown._ruled_on(), note)

    def _end(self, reason):
        """End plans that are not asked for any more (superuser); what was accepted is carried out all the same."""
        self.filtered(lambda plan: plan.state in OPEN)._transition("cancelled", reason)
