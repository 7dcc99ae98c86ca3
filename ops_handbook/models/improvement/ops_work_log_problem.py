from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...tools import token

NAME_LENGTH = 200  # characters of a subject


class OpsWorkLog(models.Model):
    """What stood in the way becomes a problem report with one click."""

    _inherit = "ops.work.log"

    problem_id = fields.Many2one("ops.problem", string="Problem Report", readonly=True, copy=False, index="btree_not_null", ondelete="set null")

    @api.model
    def _followed_fields(self):
        return super()._followed_fields() | {"problem_id"}

    def action_report_problem(self):
        """Open the report of the problem that the log speaks of: the one made before, or a new draft filled with its words.

        :return: the action that opens the report
        :raise UserError: the log speaks of no problem
        """
        self.ensure_one()
        return self._report_problem(self)

    def _report_problem(self, record):
        """Open the report of ``record`` (the log, or one of its lines); only whoever the log belongs to reports in one's name."""
        record.check_access("read")
        if not self.env.su and self.owner_id not in self.env.user._ops_principals():
            raise AccessError(self.env._("Problem: it is reported by whoever met it, or by their substitute."))
        record_sudo = record.sudo()  # sudo: whether there is one already, whoever may read it
        if not record_sudo.problem_id:
            if not (record.problem or "").strip():
                raise UserError(self.env._("Problem: say first what stood in the way."))
            # in the company of the log: its operations look at it
            problems = self.env["ops.problem"].with_company(self.company_id)
            token.marked(record_sudo).write({"problem_id": problems.create(record._problem_values()).id})
        problem = record_sudo.problem_id.with_env(self.env)
        problem.check_access("read")
        return {
            "type": "ir.actions.act_window", "res_model": "ops.problem", "res_id": problem.id, "views": [(False, "form")],
            "name": self.env._("Problem Report"),
        }

    def _problem_values(self):
        """Return with what the report is filled."""
        return self._problem_words(self, self.env._("Work log of %(day)s", day=format_date(self.env, self.date)))

    def _problem_words(self, record, origin):
        text = record.problem.strip()
        said = [text, origin]
        if record.measure_taken:
            said.append(self.env._("Measure taken: %(measure)s", measure=record.measure_taken.strip()))
        return {
            "name": text.splitlines()[0][:NAME_LENGTH], "description": "\n".join(said), "category": "execution",
            "company_id": self.company_id.id,
        }
