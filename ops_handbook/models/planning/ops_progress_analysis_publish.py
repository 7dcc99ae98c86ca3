from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import clock
from ...tools.recurrence import period_bounds, period_of
from .ops_progress_report_draft import OPTIONS


class OpsProgressAnalysis(models.Model):
    """From the proposal of a draft to its publication, and the meeting in which a quarter is reviewed."""

    _inherit = "ops.progress.analysis"

    # -- proposed by itself --------------------------------------------------------------------------------------------

    @api.model
    def _propose(self):
        """Make the drafts of the months whose A6 has passed, and of the quarters that ended with one of them."""
        cycles = self.env["ops.cycle"].sudo()  # sudo: the job serves everybody
        for company, month in self._months_passed():
            cycle = cycles._cycle_of(self.env["res.company"].sudo().browse(company), int(month[:4]))
            if cycle.state not in ("released", "running"):
                continue
            self._ensure(cycle, month, again=False)
            if int(month[5:]) % 3 == 0:
                self._ensure(cycle, period_of(period_bounds(month)[0], "quarterly"), again=False)

    @api.model
    def _months_passed(self):
        """Return the months whose last report is due by now: list of (top company id, month)."""
        self.env["ops.obligation"].flush_model()
        return self.env.execute_query(SQL(
            """
            SELECT split_part(company.parent_path, '/', 1)::int AS top, item.period
              FROM ops_obligation item
              JOIN res_company company ON company.id = item.company_id
             WHERE item.code = 'A6' AND item.state IN ('open', 'held', 'done') AND item.date_due > %(begin)s
               AND item.date_original IS NOT NULL
             GROUP BY top, item.period
            HAVING max(item.date_due) < %(now)s
             ORDER BY item.period, top
            """,
            now=clock.now(), begin=clock.now().replace(year=clock.now().year - 1, day=1),
        ))

    @api.model
    def _ensure(self, cycle, period, again=True):
        """Return the analysis of a period (superuser); it is made where there is none.

        :param again: make one also where one was cancelled
        """
        # sudo: whoever plans the meeting need not write analyses; the lock keeps two from making it at once
        analyses_sudo = self.sudo()
        self.env.cr.execute(SQL(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", f"ops_progress_analysis_{cycle.id}_{period}"
        ))
        found = analyses_sudo.search([("cycle_id", "=", cycle.id), ("period", "=", period)])
        alive = found.filtered(lambda analysis: analysis.state != "cancelled")
        if alive or (found and not again):
            return alive
        quiet = analyses_sudo.with_context(**OPTIONS)  # nobody made it: the log would name the job, in its language
        return quiet.create({"cycle_id": cycle.id, "period": period}).with_env(analyses_sudo.env)

    # -- publication ---------------------------------------------------------------------------------------------------

    def _check_publishable(self):
        super()._check_publishable()
        if period_bounds(self.period)[1] > clock.today(self.company_id._ops_tz()):
            raise UserError(self.env._("%(period)s is not over yet: publish when it is.", period=self._period_in_words()))

    # -- the review of a quarter ---------------------------------------------------------------------------------------

    def action_plan_meeting(self):
        """Open the meeting that reviews the quarter; where there is none yet, plan it."""
        self.ensure_one()
        self.check_access("read")
        if not self.is_quarter:
            raise UserError(self.env._("A review is held of a quarter: open the analysis of the quarter."))
        # sudo: to be found whoever asks; opening it asks the rules
        meeting = self.env["ops.meeting"].sudo().search([
            ("cycle_id", "=", self.cycle_id.id), ("cycle_quarter", "=", self.period), ("state", "!=", "cancelled"),
        ], limit=1).with_env(self.env)
        if meeting:
            return meeting._obligation_open_action()
        return self.cycle_id.action_plan_meeting("quarterly_review", quarter=self.period)
