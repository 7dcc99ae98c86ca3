from odoo import fields, models

from ...tools import token
from .ops_month_plan import PUBLISHED
from .ops_task import OPEN


class OpsMonthPlan(models.Model):
    """Reorganisations: a department is merged while its months run; whoever takes over its annual plan carries them on.

    A department has one plan for a month. Where whoever takes over has one as well, a plan that was not issued yet is
    cancelled; a month that was issued, or is closed, stays what it is, and what it leaves unfinished goes on over there.
    """

    _inherit = "ops.month.plan"

    successor_id = fields.Many2one(
        "hr.department", string="Carried on by", readonly=True, copy=False, ondelete="restrict", index="btree_not_null",
        help="The department with which what this month leaves unfinished goes on, after a reorganisation.",
    )

    def _carried_on_by(self, department, reason):
        """Let ``department`` carry on these plans of another one (superuser).

        :return: the plans that stay where they are
        """
        taken = set(self.search([
            ("department_id", "=", department.id), ("period", "in", self.mapped("period")), ("state", "!=", "cancelled"),
        ]).mapped("period"))
        running = self.filtered(lambda plan: plan.state not in plan._flow_closed)
        moving = running.filtered(lambda plan: plan.period not in taken)
        moving._move_to(department, reason)
        ending = (running - moving).filtered(lambda plan: plan.state not in PUBLISHED)
        ending._transition("cancelled", reason)
        staying = self - moving - ending
        (moving | staying)._note_successor(department)
        return staying

    def _note_successor(self, department):
        """Note that ``department`` carries on what these months (superuser) leave; of its own nobody else does."""
        own = self.filtered(lambda plan: plan.department_id == department)
        token.marked(own).write({"successor_id": False})
        token.marked(self - own).write({"successor_id": department.id})

    def _move_to(self, department, reason):
        """Give these plans (superuser) to ``department`` with their reports; what was said by then keeps the names of then."""
        reports = self.completion_ids.filtered(lambda report: report.state != "cancelled")
        said = self.filtered(lambda plan: plan.state in PUBLISHED)
        for forms in (said, reports.filtered(lambda report: report.state not in report._flow_open)):
            forms.filtered(lambda form: not form.department_name)._freeze_names_now()
        for forms in (self, reports):
            token.marked(forms).write({"department_id": department.id})
            self.env["ops.form.transition"]._log(forms, {form.id: form.state for form in forms}, None, reason)
            self.env["ops.obligation"]._hand_over(
                "R1", forms, reason, role="head", department=dict.fromkeys(forms.ids, department)
            )
            forms._hand_over_decision(reason, department)
        # whoever carries it on now need not ask itself
        self.task_ids.filtered(lambda task: task.consent_department_id == department and task.state in OPEN).write({
            "consent_department_id": False,
        })

    def _meet_owed(self):
        """Meet what the departments of these plans owe for their months, as far as the plans and their reports have got."""
        for forms, codes in ((self, ("M1", "M2")), (self.completion_ids, ("M6",))):
            for code in codes:
                forms.filtered(lambda form, code=code: form.state in form._clock_met[code])._fulfil_of_period(code)
