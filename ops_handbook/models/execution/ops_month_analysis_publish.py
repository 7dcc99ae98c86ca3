import logging

from psycopg2 import IntegrityError

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import clock
from ...tools.recurrence import period_bounds
from .ops_month_plan import PUBLISHED
from .ops_task import QUIET

_logger = logging.getLogger(__name__)


class OpsMonthAnalysis(models.Model):
    """From the proposal of a draft to its publication."""

    _inherit = "ops.month.analysis"

    # -- proposed by itself --------------------------------------------------------------------------------------------

    @api.model
    def _propose(self):
        """Make the drafts of months whose reports are all final, or that are over; each once (superuser)."""
        for company, period in self._months_to_analyse():
            try:
                with self.env.cr.savepoint():
                    # nobody made it: the log would name the job, in its language
                    self.with_context(**QUIET).create({"company_id": company.id, "period": period})
            except IntegrityError:  # somebody made it at the same time
                _logger.info("The analysis of %s is there already.", period)

    @api.model
    def _months_to_analyse(self):
        """Return the months that wait for an analysis: list of (top company, month)."""
        for model in ("ops.obligation", "ops.month.plan", "ops.completion.report", "ops.month.analysis"):
            self.env[model].flush_model()
        now = clock.now()
        found = self.env.execute_query(SQL(
            """
            SELECT top.id, item.period, bool_or(item.state IN ('open', 'held') OR NOT COALESCE(report.state = 'final', FALSE))
              FROM ops_obligation item
              JOIN res_company company ON company.id = item.company_id
              JOIN res_company top ON top.id = split_part(company.parent_path, '/', 1)::int
         LEFT JOIN ops_completion_report report
                ON report.department_id = item.department_id AND report.period = item.period AND report.state != 'cancelled'
             WHERE item.code = 'M6' AND item.state IN ('open', 'held', 'done') AND item.date_due > %(begin)s
               AND item.date_original IS NOT NULL
               AND EXISTS (
                    SELECT 1 FROM ops_month_plan plan
                     WHERE plan.department_id = item.department_id AND plan.period = item.period AND plan.state IN %(issued)s
                   )
               AND NOT EXISTS (
                    SELECT 1 FROM ops_month_analysis known WHERE known.company_id = top.id AND known.period = item.period
                   )
             GROUP BY top.id, item.period
             ORDER BY item.period, top.id
            """,
            begin=now.replace(year=now.year - 1, day=1), issued=PUBLISHED,
        ))
        companies = self.env["res.company"].browse([company for company, _period, _waits in found])
        return [
            (company, period) for company, (_id, period, waits) in zip(companies, found, strict=True)
            if not waits or period_bounds(period)[1] < clock.today(company._ops_tz())
        ]

    # -- publication ---------------------------------------------------------------------------------------------------

    def _check_publishable(self):
        super()._check_publishable()
        if period_bounds(self.period)[0] > clock.today(self.company_id._ops_tz()):
            raise UserError(self.env._("%(month)s has not begun yet: publish when it is reported.", month=self._period_in_words()))
