from datetime import timedelta

from odoo import fields, models

PASSED = "passed"  # signature of a line whose standard was not asked for: no time of it is looked at again


class OpsStandardProgress(models.Model):
    """How far a standard has been asked for in a company: what lets a second run find at once that nothing is left."""

    _name = "ops.standard.progress"
    _description = "Progress of a Standard"
    _log_access = False

    standard_id = fields.Many2one("ops.standard", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    date_until = fields.Date(required=True, help="Last due day that has been asked for.")
    signature = fields.Char(help="The rule and those who owe it, as they were then; empty: look at everything again.")

    _standard_company_uniq = models.UniqueIndex("(standard_id, company_id)")

    def _forget(self, companies):
        """Have the next run look at everything again, after the calendar of ``companies`` has changed."""
        # sudo: bookkeeping of the engine
        lines = self.sudo().search([("company_id", "in", companies.ids)])
        lines.filtered(lambda line: line.signature != PASSED).write({"signature": False})

    def _pass_over(self, today):
        """Let the time before ``today`` pass without asking: these standards are off, or their company is closed.

        So what is switched on again is asked for from then on, as a form that is installed later.
        """
        before = today - timedelta(days=1)
        self.filtered(lambda line: line.date_until < before).write({"date_until": before, "signature": PASSED})
