from odoo import api, fields, models
from odoo.tools import format_date


class OpsWorkLogLine(models.Model):
    """What stood in the way of a task becomes a problem report with one click."""

    _inherit = "ops.work.log.line"

    problem_id = fields.Many2one("ops.problem", string="Problem Report", readonly=True, copy=False, index="btree_not_null", ondelete="set null")

    @api.model
    def _followed_fields(self):
        return super()._followed_fields() | {"problem_id"}

    def action_report_problem(self):
        """Open the report of the problem that the line speaks of: the one made before, or a new draft filled with its words.

        :return: the action that opens the report
        :raise UserError: the line speaks of no problem
        """
        self.ensure_one()
        return self.log_id._report_problem(self)

    def _problem_values(self):
        """Return with what the report is filled: what the log says, and of which task."""
        task_sudo = self.task_id.sudo()  # sudo: the line names it
        return self.log_id._problem_words(self, self.env._(
            "Work log of %(day)s, task “%(task)s”", day=format_date(self.env, self.date), task=task_sudo.name
        ))
