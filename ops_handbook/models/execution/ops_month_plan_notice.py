from odoo import models

from ...tools.saying import saying

ROUTINE = "ops_handbook.ops_month_plan_mail_routine"


class OpsMonthPlan(models.Model):
    """Whom a step of a month plan is told by mail: owners once, with all their tasks; operations what they have to know."""

    _inherit = "ops.month.plan"

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        plans = self.sudo()  # sudo: the notice is the system's
        given_back = plans._entered("issued", previous).filtered(lambda plan: previous[plan.id] == "reported")
        (plans._entered("assigned", previous) | given_back).task_ids._ask_consent()
        issued = plans._entered("issued", previous) - given_back
        issued.task_ids.filtered(lambda task: task.state != "cancelled")._notify_owners()
        plans._entered("submitted", previous)._warn_routine()
        plans._entered("returned", previous)._tell_returned(reason)

    def _tell_returned(self, reason):
        """Tell whoever leads the department, otherwise the author, why the plan comes back (superuser)."""
        heads = self.department_id._ops_heads()
        told = {plan: heads.get(plan.department_id.id) or plan.author_id for plan in self}
        self.env["ops.plan"]._tell_users(
            "ops_month_plan_mail_returned", [(plan, user) for plan, user in told.items() if user], reason=reason or "",
        )

    def _warn_routine(self):
        """Too much routine: noted in the log, and operations are told."""
        above = self.filtered("routine_is_high")
        for plan in above:
            self.env["ops.form.transition"]._log(plan, {plan.id: plan.state}, None, saying(self.env)._(
                "Routine makes up %(share)s %% of the weight of the tasks; %(limit)s %% is the limit.",
                share=f"{plan.routine_share:g}", limit=f"{plan.company_id.ops_routine_limit:g}",
            ))
        above._tell_operations(ROUTINE, lambda plan: {
            "share": f"{plan.routine_share:g}", "limit": f"{plan.company_id.ops_routine_limit:g}",
        })

    def _tell_operations(self, template, names_of):
        """Queue one mail per plan and person of operations but whoever acts; ``names_of(plan)`` says what stands in it."""
        mails = []
        for company, plans in self.grouped("company_id").items():
            for user in self.env["res.users"]._ops_of_role("operations", company):
                if user.id != self.env.uid:
                    mails += [{"object": plan, "user": user, **names_of(plan)} for plan in plans]
        self.env["ops.notice"]._queue(template, mails)
