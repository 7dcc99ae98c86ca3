import logging

from psycopg2 import IntegrityError

from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL

from ...tools import clock
from .ops_completion_report import HANDED_IN

_logger = logging.getLogger(__name__)
WRITABLE = ("draft", "assigned", "returned")
RUNNING = ("submitted", "filed", "issued")
RULED = ("ruled", "objected", "final")  # such a report is not given back any more


class OpsMonthPlan(models.Model):
    """What was not finished goes on in the next month, once: on the plan that is being made, or on the one that runs.

    A plan that its department has reported on takes nothing more: its tasks would not run. What finds no plan waits for the
    next one, which begins with it.
    """

    _inherit = "ops.month.plan"

    @api.model
    def _prefill_carried(self, plans):
        """What was not finished in earlier months and has not been carried over yet: dict plan id → values of tasks.

        What the head decided not to carry on stays where it is. What the last report calls running goes on under its own plan,
        and is ruled with the next one.
        """
        last_month = max(plans.mapped("month"), default=None)
        tasks = self.env["ops.task"].search([
            "|", ("department_id", "in", plans.department_id.ids), ("month_plan_id.successor_id", "in", plans.department_id.ids),
            ("month_plan_id.month", "<", last_month),
            ("month_plan_id.state", "in", ("issued", "reported", "closed")),
            "|", ("state", "=", "unfinished"), "&", ("state", "in", ("todo", "progress")), ("date_end", "<", clock.now().date()),
        ]) if last_month else self.env["ops.task"]
        tasks -= tasks._filtered_carried() | tasks._filtered_settled()
        tasks -= self.env["ops.completion.report.line"]._running_tasks(
            tasks.filtered(lambda task: task.month_plan_id.state == "reported")
        )
        return {
            plan.id: [
                plan._carried_line(task) for task in tasks
                if (task.month_plan_id.successor_id or task.department_id) == plan.department_id and task.period < plan.period
            ]
            for plan in plans
        }

    def _carried_line(self, task):
        """Return the values of ``task`` on this plan: for the whole month."""
        values = task._carried_values()
        if values.get("consent_department_id") == self.department_id.id:  # whoever carries it on now need not ask itself
            values = {name: value for name, value in values.items() if not name.startswith("consent_")}
        return {
            **values, "date_start": self.month, "date_end": self._last_day(),
            "owner_id": self._working(task.owner_id).id, "helper_ids": [Command.set(self._working(task.helper_ids).ids)],
        }

    @api.model
    def _carry_over(self, departments=None):
        """Carry what reports called unfinished over to the next month, for many departments in the same few statements.

        Nothing twice, nothing lost: whoever calls it again goes on where it stopped.

        :param departments: ``hr.department`` (default: all)
        :return: the new tasks (superuser)
        """
        return self._carry_found(self._to_carry_over(departments))

    @api.model
    def _carry_found(self, found):
        """Carry over what ``_to_carry_over`` found, and return the new tasks (superuser)."""
        plans = self.sudo().browse(plan for _task, plan in found)  # sudo: the machinery's own work
        tasks = plans.env["ops.task"].browse(task for task, _plan in found)
        heads, wanted = plans.department_id._ops_heads() if found else {}, []
        for task, plan in zip(tasks, plans, strict=True):
            vals = {**plan._carried_line(task), "month_plan_id": plan.id}
            if plan.state in RUNNING:
                vals["added_on"] = clock.now()
                # what runs has an owner
                vals["owner_id"] = vals["owner_id"] or plan._working(heads[plan.department_id.id]).id
            wanted.append(vals)
        return tasks._create_prefilled(wanted)

    @api.model
    def _carry_over_now(self, departments):
        """Carry over with the step that somebody takes; what two do at the same time is left to the job."""
        try:
            with self.env.cr.savepoint():
                self._carry_over(departments)
        except IntegrityError:
            _logger.info("Tasks of %s are being carried over already.", departments.ids)

    @api.model
    def _to_carry_over(self, departments=None, limit=None, without=(0,)):
        """Return what goes on where, in one statement: list of (task id, month plan id).

        The plan is the next one of the department, or of whoever carries it on after a reorganisation, that is not reported yet
        and whose month is not over. As long as the report may be given back only a plan that is still being made takes it.
        """
        for model in ("ops.task", "ops.month.plan", "ops.completion.report", "ops.completion.report.line"):
            self.env[model].flush_model()
        return self.env.execute_query(self._carry_sql(departments, limit, without))

    @api.model
    def _carry_sql(self, departments, limit, without):
        """Return the statement of ``_to_carry_over``.

        Nearly all that was ever left unfinished has been carried over long since: that is sorted out first, by itself, and
        reports and plans are looked at for the rest only.
        """
        return SQL(
            """
              WITH waiting AS MATERIALIZED (
                   SELECT task.id, task.period, task.month_plan_id, task.source_model, task.source_id
                     FROM ops_task task
                    WHERE task.state = 'unfinished' AND task.id NOT IN %(without)s %(mine)s
                      AND NOT EXISTS (
                           SELECT 1 FROM ops_task carried
                             JOIN ops_month_plan carried_plan ON carried_plan.id = carried.month_plan_id
                            WHERE carried.carried_from_id = task.id
                              AND (carried.state != 'cancelled' OR carried_plan.state != 'cancelled')
                          )
                   )
            SELECT task.id, target.id
              FROM waiting task
              JOIN ops_month_plan plan ON plan.id = task.month_plan_id
         LEFT JOIN LATERAL (
                   SELECT line.period, line.result, report.state
                     FROM ops_completion_report_line line
                     JOIN ops_completion_report report ON report.id = line.report_id
                    WHERE line.task_id = task.id AND report.state IN %(handed_in)s
                    ORDER BY line.period DESC LIMIT 1
                   ) told ON TRUE
              JOIN LATERAL (
                   SELECT later.id, later.state
                     FROM ops_month_plan later
                    WHERE later.department_id = COALESCE(plan.successor_id, plan.department_id)
                      AND later.period > GREATEST(plan.period, told.period)
                      AND later.state IN %(taking)s AND later.month + interval '1 month' > %(today)s
                    ORDER BY later.period LIMIT 1
                   ) target ON TRUE
             WHERE plan.state IN ('reported', 'closed')
               AND (told.result = 'unfinished' OR plan.state = 'closed')
               AND (target.state IN %(writable)s OR told.state IN %(ruled)s OR plan.state = 'closed')
               AND NOT %(settled)s
             ORDER BY task.period, task.id %(limit)s
            """,
            handed_in=HANDED_IN, without=tuple(without), taking=WRITABLE + RUNNING, today=clock.now().date(), writable=WRITABLE, ruled=RULED,
            settled=self.env["ops.task"]._settled_sql(),
            mine=SQL("AND task.department_id = ANY(%s)", departments.ids) if departments is not None else SQL(),
            limit=SQL("LIMIT %s", limit) if limit else SQL(),
        )
