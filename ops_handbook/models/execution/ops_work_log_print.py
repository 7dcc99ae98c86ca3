from odoo import models

from ...tools.recurrence import period_bounds
from ...tools.words import month_in_words


class OpsWorkLog(models.Model):
    """What the prints of form 6 show: a day, or a person's month. Nobody's log stands in it that the reader may not read."""

    _inherit = "ops.work.log"

    def _print_months(self):
        """Return the months in which these logs lie: list of dicts ``owner``, ``month``, ``reference``, ``logs`` by day.

        All days of the month that the reader may read are in it, whichever of them were chosen.
        """
        self.check_access("read")
        keys = list(dict.fromkeys((log.owner_id, log.period, log.company_id) for log in self.sorted("date")))
        found = self.search([
            ("owner_id", "in", [owner.id for owner, _period, _company in keys]),
            ("period", "in", [period for _owner, period, _company in keys]),
        ], order="date")
        logs = found.grouped(lambda log: (log.owner_id, log.period, log.company_id))
        return [
            {
                "owner": owner.sudo(), "company": company.sudo(),  # sudo: the names of whom one reads the logs of
                "month": month_in_words(period_bounds(period)[0], self.env.lang or "en_US"),
                "reference": f"WL-{period.replace('-', '')}-{owner.id:04}", "logs": logs[owner, period, company],
            }
            for owner, period, company in keys if (owner, period, company) in logs
        ]
