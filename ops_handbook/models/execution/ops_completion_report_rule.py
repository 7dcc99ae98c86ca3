from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ...tools import clock, token
from ...tools.moments import close_of_day, local_date
from ...tools.saying import saying
from ...tools.words import typed

CRON = "ops_handbook.ops_completion_report_cron_final"
BATCH = 100  # reports made final between two commits


class OpsCompletionReport(models.Model):
    """The ruling: operations rule on each unfinished task, the department agrees or objects once, then it is final."""

    _inherit = "ops.completion.report"

    # -- the steps ------------------------------------------------------------------------------------------------------

    def action_rule_as_proposed(self):
        """Rule as the departments propose, on every unfinished task on which there is no ruling yet."""
        self.check_access("read")
        lines_sudo = self.sudo().line_ids  # sudo: found here, asked just below
        waiting = lines_sudo.filtered(lambda line: line.result == "unfinished" and not line.cause_ruled).with_env(self.env)
        if not waiting:
            raise UserError(self.env._("There is a ruling on every unfinished task already, or none is unfinished."))
        return waiting.action_rule_as_proposed()

    def action_accept(self, *decision):
        """Conclude the ruling: every unfinished task has one. A report without unfinished tasks is final at once."""
        if decision:
            return super().action_accept(*decision)
        self._transition("ruled")
        # sudo: the step that was allowed just above includes this one
        settled = self.sudo().filtered(lambda report: report.state == "ruled" and not report.objection_until)
        return settled._transition("final", saying(self.env)._("Nothing was left unfinished."))

    def action_agree(self):
        """Accept the ruling for the department: it is final without waiting for the time to pass."""
        return self._finish_from("ruled")

    def action_object(self, objections=None):
        """Object to rulings, once, all together; operations then decide anew, and that is final.

        :param dict objections: id of a line → why its ruling is wrong; none: a dialog asks
        :raise UserError: nothing was said, or it is too late
        """
        self.ensure_one()
        self.check_access("read")
        if objections is None:
            return self.env["ops.completion.objection.wizard"]._ask(self)
        texts = self._typed_objections(objections)
        self._transition_lock()
        self._transition_check("objected", None)
        lines = self.sudo().line_ids  # sudo: permission was decided just above
        for line in lines.filtered(lambda line: line.id in texts):
            token.marked(line).write({"objection": texts[line.id]})
        token.marked(lines.filtered(lambda line: line.result == "unfinished" and line.id not in texts)).write({"is_final": True})
        return self._transition("objected")

    def _typed_objections(self, objections):
        """Return what was said: dict line id → text, of lines of this report on which there is a ruling."""
        known = {str(line.id): line.id for line in self.line_ids if line.cause_ruled}
        given = {str(key): typed(text) for key, text in objections.items()} if isinstance(objections, dict) else {}
        given = {key: text for key, text in given.items() if text}
        if not given:
            raise UserError(self.env._("Objection: say for at least one task why its ruling is wrong."))
        if set(given) - set(known):
            raise ValidationError(self.env._("Objection: choose tasks of this report that have a ruling."))
        return {known[key]: text for key, text in given.items()}

    def action_decide(self):
        """Conclude the second ruling: every objection has its answer, and what is ruled now is final."""
        return self._finish_from("objected")

    def _finish_from(self, state):
        """Make reports final that are in ``state``: two doors lead there, each from a state of its own."""
        self.check_access("read")
        self._transition_lock()
        for report in self.sudo():  # sudo: the state decides, what is named may be read
            if report.state != state:
                raise UserError(self.env._(
                    "%(report)s is “%(current)s”, not “%(state)s”: this step is not the next one.",
                    report=report.display_name, current=report._state_label(report.state), state=report._state_label(state),
                ))
        return self._transition("final")

    # -- what they ask for ------------------------------------------------------------------------------------------------

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        for report in self.sudo():  # sudo: the content decides
            lines = report.line_ids
            if state == "ruled":
                if silent := lines.filtered(lambda line: line.result == "unfinished" and not line.cause_ruled):
                    raise UserError(self.env._("Ruling: choose objective or subjective for %(tasks)s.", tasks=silent._listed()))
            elif state == "objected" and report.objection_until and clock.now() > report.objection_until:
                raise UserError(self.env._(
                    "%(report)s: the time to object has passed; the ruling stands.", report=report.display_name
                ))
            elif state == "final" and report.state == "objected":
                if silent := lines.filtered(lambda line: line.objection and not line.objection_answer):
                    raise UserError(self.env._("Objection: answer it for %(tasks)s.", tasks=silent._listed()))

    # -- what follows -----------------------------------------------------------------------------------------------------

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        reports = self.sudo()  # sudo: what follows from a step that was allowed is the machinery's
        if ruled := reports._entered("ruled", previous):
            ruled.filtered(lambda report: "unfinished" in report.line_ids.mapped("result"))._open_objection()
        if final := reports._entered("final", previous):
            token.marked(final.line_ids.filtered(lambda line: line.result == "unfinished")).write({"is_final": True})
            final._after_final()

    def _after_final(self):
        """Hook: what follows from final rulings (superuser), many reports at once."""

    def _open_objection(self):
        """From now on the department may object, until the close of the company's last day for it."""
        ends = {company: self._objection_end(company) for company in self.company_id}
        for company, reports in self.grouped("company_id").items():
            token.marked(reports).write({"objection_until": ends[company]})
        if ends:
            self.env.ref(CRON).sudo()._trigger(at=list(ends.values()))  # sudo: the job is nobody's

    @api.model
    def _objection_end(self, company):
        """Return until when one may object to a ruling given now (naive UTC)."""
        tz = company._ops_tz()
        last = company._ops_workdays().add(local_date(clock.now(), tz), company.ops_objection_days)
        return close_of_day(last, tz, company.ops_day_close_hour or 24.0)

    @api.model
    def _cron_final(self):
        """Hourly: rulings to which nobody objected in time are final. In batches with a commit after each."""
        reports_sudo = self.sudo()  # sudo: run by the clock
        self.env["ir.cron"]._ops_work_off(CRON, BATCH, reports_sudo._unopposed, reports_sudo._finish_unopposed)

    @api.model
    def _unopposed(self, limit=None, without=(0,)):
        """Return the reports to whose ruling nobody objected in time: list of (id,)."""
        found = self.search([
            ("state", "=", "ruled"), "|", ("objection_until", "=", False), ("objection_until", "<", clock.now()),
            ("id", "not in", list(without)),
        ], limit=limit, order="objection_until, id")
        return [(report.id,) for report in found]

    @api.model
    def _finish_unopposed(self, found):
        """Make the rulings final that were found (superuser)."""
        self.browse([report for (report,) in found])._transition("final", saying(self.env)._("Nobody objected in time."))
