from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import token
from ...tools.moments import local_date
from ...tools.recurrence import due_day, period_bounds, shift_period
from .ops_completion_report import HANDED_IN

BY_RULE = 23  # day of the month on which the report is due where no standard says another


class OpsCompletionReport(models.Model):
    """What stands in a completion report: the tasks of the month, and those of earlier months that were running in the last one."""

    _inherit = "ops.completion.report"

    def _compile(self):
        """Bring the lines of these reports, many at once, up to date with the tasks; what people typed stays (superuser).

        A report that was handed in stays as it is.
        """
        reports = self.filtered(lambda report: report.state in report._flow_open)
        if not reports:
            return
        reports._find_due_days()
        tasks = reports._tasks_to_report()
        known = {(line.report_id.id, line.task_id.id): line for line in reports.line_ids}
        wanted = {
            (report.id, task.id): {
                "result": report._result_of(task), "weight": round(task.weight, 2), "progress": task.progress,
            }
            for report in reports for task in tasks[report.id]
        }
        token.marked(reports.line_ids.filtered(lambda line: (line.report_id.id, line.task_id.id) not in wanted)).unlink()
        for key, line in known.items():
            if key in wanted and line._differs(wanted[key]):
                token.marked(line).write(wanted[key])
        token.marked(reports.line_ids).create([
            {"report_id": report, "task_id": task, **vals} for (report, task), vals in wanted.items() if (report, task) not in known
        ])
        reports.invalidate_recordset(["line_ids"])  # in their order

    def _result_of(self, task):
        """Return what became of a task: done, unfinished, or running when it ends after the day on which the report is due.

        What its owner has given up is unfinished, whenever it would have ended; without an end a task ends with its month.
        """
        if task.state in ("done", "unfinished"):
            return task.state
        ends = task.date_end or fields.Date.end_of(task.month_plan_id.month, "month")
        return "running" if ends > self.due_day else "unfinished"

    def _tasks_to_report(self):
        """Return the tasks of each report: dict id → ``ops.task``; none is left out, and none stands in two months' reports."""
        Task = self.env["ops.task"]
        own = Task.search([("month_plan_id", "in", self.month_plan_id.ids), ("state", "!=", "cancelled")])
        by_plan = own.grouped("month_plan_id")
        running = self._running_before()
        return {
            report.id: Task.browse([
                *(task for department, task, period in running if department == report.department_id.id and period < report.period),
                *by_plan.get(report.month_plan_id, Task).ids,
            ])
            for report in self
        }

    def _running_before(self):
        """Return what was running in the last report in which it stood: list of (department id, task id, period of that report).

        After a reorganisation the department is the one that carries the month on.
        """
        merged = self.env["ops.month.plan"].search([("successor_id", "in", self.department_id.ids)]).department_id
        for model in ("ops.completion.report", "ops.completion.report.line", "ops.task"):
            self.env[model].flush_model()
        return self.env.execute_query(SQL(
            """
            SELECT COALESCE(plan.successor_id, line.department_id), line.task_id, line.period
              FROM ops_completion_report_line line
              JOIN ops_completion_report report ON report.id = line.report_id
              JOIN ops_month_plan plan ON plan.id = report.month_plan_id
              JOIN ops_task task ON task.id = line.task_id
             WHERE line.department_id IN %(departments)s AND line.result = 'running' AND report.state IN %(handed_in)s
               AND task.state != 'cancelled'
               AND NOT EXISTS (
                    SELECT 1
                      FROM ops_completion_report_line later
                      JOIN ops_completion_report later_report ON later_report.id = later.report_id
                     WHERE later.task_id = line.task_id AND later.period > line.period AND later_report.state IN %(handed_in)s
                   )
             ORDER BY task.date_end, task.id
            """,
            departments=tuple((self.department_id | merged).ids) or (0,), handed_in=HANDED_IN,
        ))

    # -- until when ------------------------------------------------------------------------------------------------------

    def _find_due_days(self):
        """Note the day on which each report is due: as the obligation says (M6), otherwise by the rule."""
        owed = self.env["ops.obligation"].search([
            ("code", "=", "M6"), ("department_id", "in", self.department_id.ids), ("period", "in", list(set(self.mapped("period")))),
            ("state", "!=", "cancelled"), ("date_due", "!=", False),
        ], order="id")
        asked = {
            (item.department_id.id, item.period): local_date(item.date_due, item.company_id._ops_tz()) for item in owed
        }
        days = {report.id: asked.get((report.department_id.id, report.period)) or report._due_by_rule() for report in self}
        for day, reports in self.grouped(lambda report: days[report.id]).items():
            if changed := reports.filtered(lambda report, day=day: report.due_day != day):
                token.marked(changed).write({"due_day": day})

    def _due_by_rule(self):
        """Return the local day on which the report of this month is due by the standard of the company."""
        nominal = period_bounds(self.period)[0].replace(day=BY_RULE)
        standard = self.env["ops.standard"]._get("M6", self.company_id)
        rule = standard and standard._revision_at(nominal)._as_rule(self.company_id)
        if not rule or rule.trigger != "monthly":
            return nominal
        return due_day(rule, shift_period(self.period, -rule.period_offset), self.company_id._ops_workdays())

    # -- opening ----------------------------------------------------------------------------------------------------------

    @api.model
    def _open_reports(self, plans):
        """Return the reports of month plans, those in work compiled anew, those that are missing made now; one batch.

        :param plans: ``ops.month.plan`` that operations have issued
        """
        found = self.search([("month_plan_id", "in", plans.ids), ("state", "!=", "cancelled")])
        found._filtered_access("write").sudo()._compile()  # sudo: as in action_compile
        return found | self.create([{"month_plan_id": plan.id} for plan in plans - found.month_plan_id])

    def _obligation_open_action(self, obligation=None):
        """Open what fulfils M6: the report of the department and month, compiled; made now when there is none."""
        if self or not obligation:
            return super()._obligation_open_action(obligation)
        plan = self._plan_of(obligation)
        if not plan:
            raise UserError(self.env._(
                "%(department)s has no month plan for %(month)s: make it first, and have it issued.",
                department=obligation.department_id.sudo().name,  # sudo: a department's name is no secret of hr
                month=obligation.period_label or obligation.period,
            ))
        if plan.state == "closed" and not plan._completion_report():
            return plan._obligation_open_action()  # its log says why it was closed without a report
        return self._open_reports(plan)[:1]._obligation_open_action()

    @api.model
    def _plan_of(self, obligation):
        """Return the month plan that an obligation (M6) is about; empty when there is none that the user may read."""
        return self.env["ops.month.plan"].search([
            ("department_id", "=", obligation.department_id.id), ("period", "=", obligation.period), ("state", "!=", "cancelled"),
        ], limit=1)

    @api.model
    def _obligation_defaults(self, obligation):
        """Return what a new report for an obligation begins with: the month plan, which says all else."""
        return {"month_plan_id": self._plan_of(obligation).id}
