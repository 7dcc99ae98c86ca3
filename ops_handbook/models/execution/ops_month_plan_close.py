from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.saying import saying
from ...tools.words import typed
from .ops_task import OPEN

CRON = "ops_handbook.ops_month_plan_cron_close"
BATCH = 200  # tasks or plans between two commits


class OpsMonthPlan(models.Model):
    """A month ends: its report is final, nothing of it runs any more and everything unfinished is ruled on."""

    _inherit = "ops.month.plan"

    closing = fields.Text(string="Before It Closes", compute="_compute_closing")

    @api.depends("state", "task_ids.state", "completion_ids.state")
    @api.depends_context("lang")
    def _compute_closing(self):
        saved = self.filtered("id")
        waiting = saved.filtered(lambda plan: plan.state == "reported") | saved._filtered_unreported()
        missing = waiting._missing_to_close() if waiting else {}
        for plan in self:
            plan.closing = "\n".join(missing.get(plan.id, ())) or False

    def _missing_to_close(self):
        """Return what a month still waits for: dict id → list of sentences; many at once."""
        plans = self.sudo()  # sudo: the rule counts all reports and tasks, whoever may read them
        final = plans.env["ops.completion.report"].search([
            ("month_plan_id", "in", self.ids), ("state", "=", "final"),
        ]).month_plan_id
        tasks = plans.env["ops.task"].search([("month_plan_id", "in", self.ids), ("state", "in", (*OPEN, "unfinished"))])
        ruled = plans.env["ops.completion.report.line"].search([
            ("task_id", "in", tasks.ids), ("result", "=", "unfinished"), ("is_final", "=", True),
        ]).task_id
        found = {}
        for plan in plans:
            own = tasks.filtered(lambda task, plan=plan: task.month_plan_id == plan)
            running, waiting = own.filtered(lambda task: task.state in OPEN), own - ruled
            found[plan.id] = [] if plan in final else [plan._missing_report()]
            if running:
                found[plan.id].append(self.env._("Running: %(tasks)s.", tasks=plan._listed(running)))
            if waiting := waiting - running:
                found[plan.id].append(self.env._(
                    "Ruling: it is not final for %(tasks)s, which the next report speaks of.", tasks=plan._listed(waiting)
                ))
        return found

    def _missing_report(self):
        if self.state == "issued":
            return self.env._("Completion report: none was handed in.")
        return self.env._("Completion report: it is not final yet.")

    def action_close(self, reason=None):
        """Close months by hand. What is missing is named, and a reason asked for; what still runs ends unfinished and is carried over.

        Of a month that is over also one on which its department has not reported.

        :param str reason: why it is closed although something is missing; asked for on screen
        """
        self.check_access("read")
        missing = self._missing_to_close()
        named = [sentence for sentences in missing.values() for sentence in sentences]
        if not named:
            return self._transition("closed")
        if reason is None:
            return self._ask_reason("action_close")
        why = typed(reason)
        # those of which the log says the same take the step together
        for sentences, plans in self.grouped(lambda plan: tuple(missing[plan.id])).items():
            plans._transition("closed", "\n".join([why, *sentences]) if why else None)
        return True

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state == "closed" and not self.env.su and not reason:
            missing = self._missing_to_close()
            for plan in self.sudo():  # sudo: named in the message only
                if sentences := missing[plan.id]:
                    raise UserError("\n".join([
                        self.env._("%(plan)s waits for something; say why it is closed all the same:", plan=plan.display_name),
                        *(f"• {sentence}" for sentence in sentences),
                    ]))

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        if closed := self.sudo()._entered("closed", previous):  # sudo: what follows is the machinery's
            closed.task_ids.filtered(lambda task: task.state in OPEN)._transition(
                "unfinished", saying(self.env)._("The month was closed.")
            )
            closed._carry_over_now(closed.department_id)

    # -- by itself ---------------------------------------------------------------------------------------------------------

    @api.model
    def _to_close(self, limit=None, without=(0,), plans=None):
        """Return the months that are over, as ``_missing_to_close`` says, in one statement: list of (id,)."""
        for model in ("ops.task", "ops.month.plan", "ops.completion.report", "ops.completion.report.line"):
            self.env[model].flush_model()
        return self.env.execute_query(SQL(
            """
            SELECT plan.id
              FROM ops_month_plan plan
             WHERE plan.state = 'reported' AND plan.id NOT IN %(without)s %(mine)s
               AND EXISTS (
                    SELECT 1 FROM ops_completion_report report
                     WHERE report.month_plan_id = plan.id AND report.state = 'final'
                   )
               AND NOT EXISTS (
                    SELECT 1 FROM ops_task task
                     WHERE task.month_plan_id = plan.id
                       AND (task.state IN %(open)s OR task.state = 'unfinished' AND NOT EXISTS (
                            SELECT 1 FROM ops_completion_report_line line
                             WHERE line.task_id = task.id AND line.result = 'unfinished' AND line.is_final
                           ))
                   )
             ORDER BY plan.period, plan.id %(limit)s
            """,
            without=tuple(without), open=OPEN, limit=SQL("LIMIT %s", limit) if limit else SQL(),
            mine=SQL("AND plan.id = ANY(%s)", plans.ids) if plans is not None else SQL(),
        ))

    @api.model
    def _close_found(self, found):
        """Close months that wait for nothing any more (superuser)."""
        # sudo: the machinery's step
        self.sudo().browse([plan for (plan,) in found])._transition("closed", saying(self.env)._("All of it is done or ruled on."))

    @api.model
    def _cron_close(self):
        """Hourly: what was not finished goes on, months that wait for nothing close, analyses are proposed.

        In batches with a commit after each: a job that was killed goes on where it was.
        """
        plans_sudo = self.sudo()  # sudo: run by the clock
        cron = self.env["ir.cron"]
        cron._ops_work_off(CRON, BATCH, plans_sudo._to_carry_over, plans_sudo._carry_found)
        cron._ops_work_off(CRON, BATCH, plans_sudo._to_close, plans_sudo._close_found)
        self.env["ops.month.analysis"].sudo()._propose()  # sudo: as above
