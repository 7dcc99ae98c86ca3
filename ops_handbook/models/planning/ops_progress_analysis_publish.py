from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, html2plaintext

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

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state == "published":
            for analysis in self.sudo():  # sudo: the content decides
                analysis._check_publishable()

    def _check_publishable(self):
        if not html2plaintext(self.body or "").strip():
            raise UserError(self.env._(
                "Analysis: say what the figures of %(period)s show and what follows from it, then publish.",
                period=self._period_in_words(),
            ))
        if period_bounds(self.period)[1] > clock.today(self.company_id._ops_tz()):
            raise UserError(self.env._("%(period)s is not over yet: publish when it is.", period=self._period_in_words()))

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        if published := self._entered("published", previous):
            published._fulfil("D1")
            published._announce()
        if cancelled := self._entered("cancelled", previous):
            cancelled._cancel_clock("D1", reason)

    def _announce(self):
        """Tell the heads of the departments and the general manager by mail, in one pass."""
        mails = []
        for analysis in self.sudo():  # sudo: the notice is the system's
            departments = analysis.line_ids.department_id
            heads = self.env["res.users"].sudo().union(*departments._ops_heads().values())
            told = heads | self.env["res.users"]._ops_of_role("general_manager", analysis.company_id)
            mails += [
                {"object": analysis, "user": user, "company": analysis.company_id} for user in told if user.id != self.env.uid
            ]
        self.env["ops.notice"]._queue("ops_handbook.ops_progress_analysis_mail_published", mails)

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
