import logging
from datetime import datetime

from psycopg2 import OperationalError

from odoo import api, models
from odoo.tools import SQL

from ...tools import clock
from ...tools.moments import close_of_day
from .ops_progress_report import RUNNING

_logger = logging.getLogger(__name__)

CRON = "ops_handbook.ops_progress_cron_prefill"
BATCH = 100  # reports made between two commits
ADVISORY = 719_023_010  # one worker at a time makes drafts
OPTIONS = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}


class OpsProgressReport(models.Model):
    """The drafts of the month, made some working days ahead of A6, so that heads only add what the system cannot know.

    In batches with a commit after each: a job that was killed goes on where it was. A report that somebody makes at the same
    time is met by the unique index, and the batch is looked for anew.
    """

    _inherit = "ops.progress.report"

    @api.model
    def _cron_prefill(self):
        """Make the drafts that are due, propose the analyses of what has passed, and keep those in work up to date."""
        self._make_drafts()
        analyses = self.env["ops.progress.analysis"]
        analyses._propose()
        self.env["ir.cron"]._commit_progress(0)
        try:
            analyses._recompile()
        except OperationalError as error:  # somebody saved one of them at the same time: the next run takes it
            self.env.cr.rollback()
            _logger.info("progress analyses: %s, left to the next run", type(error).__name__)

    @api.model
    def _make_drafts(self):
        reports_sudo = self.sudo()  # sudo: the job serves everybody
        self.env["ir.cron"]._ops_work_off(CRON, BATCH, reports_sudo._missing_reports, reports_sudo._make_batch)

    @api.model
    def _make_batch(self, missing):
        """Make drafts (superuser): ``missing`` is a list of (plan id, month)."""
        return self.with_context(**OPTIONS).create([{"plan_id": plan, "period": period} for plan, period in missing])

    @api.model
    def _missing_reports(self, limit, without=(0,)):
        """Return what is due and has no report yet: list of (plan id, month), in one statement.

        Nothing while another worker makes drafts.

        :param without: ids of plans that are left out
        """
        if not self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s)", ADVISORY))[0][0]:
            return []
        horizons = self._horizons()
        if not horizons:
            return []
        for model in ("ops.plan", "ops.obligation", "ops.progress.report"):
            self.env[model].flush_model()
        return self.env.execute_query(SQL(
            """
            SELECT plan.id, item.period
              FROM ops_obligation item
              JOIN unnest(%(companies)s::int[], %(moments)s::timestamp[]) AS horizon(company_id, moment)
                ON horizon.company_id = item.company_id AND item.date_due <= horizon.moment
              JOIN ops_plan plan
                ON plan.department_id = item.department_id AND plan.state IN %(running)s
               AND plan.year::text = left(item.period, 4)
         LEFT JOIN ops_progress_report report
                ON report.plan_id = plan.id AND report.period = item.period AND report.state != 'cancelled'
             WHERE item.code = 'A6' AND item.state IN ('open', 'held') AND report.id IS NULL
               AND item.period <= %(month)s AND plan.id NOT IN %(without)s
             ORDER BY item.date_due, plan.id
             LIMIT %(limit)s
            """,
            companies=list(horizons), moments=list(horizons.values()), running=RUNNING, limit=limit,
            month=f"{clock.now():%Y-%m}", without=tuple(without),
        ))

    @api.model
    def _horizons(self):
        """Return up to which due time drafts are made now: dict company id → naive UTC moment."""
        companies = self.env["res.company"].sudo().search([("ops_started", "=", True)])  # sudo: as in _make_drafts
        return {company.id: self._horizon(company) for company in companies}

    @api.model
    def _horizon(self, company) -> datetime:
        tz, days = company._ops_tz(), company._ops_workdays()
        last = days.add(clock.today(tz), company.ops_progress_lead_days)
        return close_of_day(last, tz, company.ops_day_close_hour or 24.0)
