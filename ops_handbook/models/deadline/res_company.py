from odoo import models
from odoo.fields import Domain

from ...tools import clock
from ...tools.saying import saying
from .ops_obligation import OPEN_STATES

CLOSED = "%(company)s was closed."  # by this the log tells what the closing cancelled


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        """What a company that is closed still owed is not owed any more: nobody works there who could answer.

        One that is opened again owes nothing of the time between; what lies ahead is owed again.
        """
        closed = self.filtered(lambda company: not company.active) if vals.get("active") else self.browse()
        result = super().write(vals)
        for company in closed:
            # sudo: bookkeeping of the engine
            lines_sudo = self.env["ops.standard.progress"].sudo().search([("company_id", "=", company.id)])
            lines_sudo._pass_over(clock.today(company._ops_tz()))
            company._ops_ask_again()
        if vals.get("active") is False:
            for company in self:
                # sudo: whoever closes a company need not see what it owes
                self.env["ops.obligation"].sudo().search(
                    [("company_id", "=", company.id), ("state", "in", OPEN_STATES)]
                )._set_state("cancelled", saying(self.env)._("%(company)s was closed.", company=company.name))
        return result

    def _ops_ask_again(self):
        """Open again what was cancelled because the company was closed, as far as it is not due yet."""
        self.ensure_one()
        engine = self.env["ops.obligation"].sudo()  # sudo: whoever opens a company need not see what it owes
        ahead = engine.search([
            ("company_id", "=", self.id), ("state", "=", "cancelled"), ("period", "!=", ""), ("date_due", ">=", clock.now()),
        ])
        # sudo: as above
        log = self.env["ops.form.transition"].sudo().search(
            [("res_model", "=", engine._name), ("res_id", "in", ahead.ids), ("to_state", "=", "cancelled")], order="id"
        )
        last = {line.res_id: (line.reason_parts or {}).get("source") for line in log}
        closed = [obligation for obligation, source in last.items() if source == CLOSED]
        engine._reopen_domain(Domain("id", "in", closed), saying(self.env)._("%(company)s was opened again.", company=self.name))

    def _ops_calendar_changed(self):
        """Open obligations get their due times by the new calendar, and the log says so."""
        super()._ops_calendar_changed()
        started = self.filtered("ops_started")
        if started:
            self.env["ops.standard.progress"]._forget(started)
            self.env["ops.obligation"]._follow("company_id", started)
