from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import float_round

from ..mixins.domains import flag_search


class OpsCompletionReport(models.Model):
    """What one sees of a completion report beside its fields: figures, whose it is, what one opens from it."""

    _inherit = "ops.completion.report"

    done_count = fields.Integer(string="Done", compute="_compute_figures")
    running_count = fields.Integer(string="Running", compute="_compute_figures")
    unfinished_count = fields.Integer(string="Unfinished", compute="_compute_figures")
    open_count = fields.Integer(string="To Rule", compute="_compute_figures", help="Unfinished tasks without a ruling.")
    completion = fields.Float(
        string="Completion (%)", compute="_compute_figures", digits=(6, 1), aggregator="avg",
        help="By weight; what is still running counts next month.",
    )
    in_my_departments = fields.Boolean(compute="_compute_in_my_departments", search="_search_in_my_departments")

    @api.depends("line_ids.result", "line_ids.weight", "line_ids.cause_ruled")
    def _compute_figures(self):
        rows = {}
        # sudo: figures betray nothing; the lines are read with the user's own rights
        for report, result, ruling, count, weight in self.env["ops.completion.report.line"].sudo()._read_group(
            [("report_id", "in", self.ids)], ["report_id", "result", "cause_ruled"], ["__count", "weight:sum"],
        ):
            rows.setdefault(report.id, []).append((result, ruling, count, weight or 0.0))
        for report in self:
            found = rows.get(report._origin.id, ())
            for result in ("done", "running", "unfinished"):
                report[f"{result}_count"] = sum(row[2] for row in found if row[0] == result)
            report.open_count = sum(row[2] for row in found if row[0] == "unfinished" and not row[1])
            done, due = (sum(row[3] for row in found if row[0] in results) for results in (("done",), ("done", "unfinished")))
            report.completion = float_round(100.0 * done / due, precision_digits=1) if due else 0.0

    @api.depends("department_id")
    @api.depends_context("uid")
    def _compute_in_my_departments(self):
        mine = self.env.user.ops_department_ids
        for report in self:
            report.in_my_departments = report.department_id in mine

    @flag_search
    def _search_in_my_departments(self):
        return Domain("department_id", "in", self.env.user.ops_department_ids.ids)

    def action_open_month_plan(self):
        """Open the month plan on whose tasks it reports."""
        self.ensure_one()
        self.check_access("read")
        return self.month_plan_id._obligation_open_action()

    def action_open_lines(self):
        """Open the tasks of these reports as a list of their own."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window", "res_model": "ops.completion.report.line", "name": self.env._("Reported Tasks"),
            "views": [(False, view) for view in ("list", "kanban", "pivot", "graph", "form")], "mobile_view_mode": "kanban",
            "domain": [("report_id", "in", self.ids)],
        }
