from odoo import api, fields, models
from odoo.tools import SQL

SETTLED = ("done", "waived")  # states of which the clock changes nothing any more; what is cancelled is in no figure
CHANGES = (
    "state", "on_time", "date_done", "date_close", "date_original", "company_id", "department_id", "standard_id",
)  # columns of an obligation that its figures follow from

# The time zone of a calendar, as far as PostgreSQL knows it: Odoo offers names that a newer system has no more.
ZONE = """
    CREATE OR REPLACE FUNCTION ops_obligation_stat_zone(name text) RETURNS text LANGUAGE plpgsql STABLE AS $body$
    BEGIN
        PERFORM now() AT TIME ZONE name;
        RETURN COALESCE(name, 'UTC');
    EXCEPTION WHEN invalid_parameter_value THEN
        RETURN 'UTC';
    END $body$;
"""
# One row for each obligation that is settled, changed afterwards or taken back: added to the sums, or taken off them.
COUNT = """
    INSERT INTO ops_obligation_stat
                (company_id, department_id, standard_id, period_month, met_nbr, late_nbr, missed_nbr, waived_nbr)
         SELECT item.company_id, item.department_id, item.standard_id,
                date_trunc('month', item.date_original AT TIME ZONE 'UTC' AT TIME ZONE ops_obligation_stat_zone(calendar.tz))::date,
                {sign} * (item.result = 'met')::int, {sign} * (item.result = 'late')::int,
                {sign} * (item.result = 'missed')::int, {sign} * (item.result = 'waived')::int
           FROM (SELECT {row}.company_id, {row}.department_id, {row}.standard_id, {row}.date_original,
                        CASE WHEN {row}.state = 'waived' THEN 'waived'
                             WHEN {row}.on_time THEN 'met'
                             WHEN {row}.date_close < {row}.date_done THEN 'missed'
                             ELSE 'late' END AS result) AS item
           JOIN res_company AS company ON company.id = item.company_id
      LEFT JOIN resource_calendar AS calendar ON calendar.id = company.resource_calendar_id;
"""
FUNCTION = f"""
    CREATE OR REPLACE FUNCTION ops_obligation_stat_count() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            IF OLD.state IN {SETTLED} THEN {COUNT.format(row="OLD", sign="-1")} END IF;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            IF NEW.state IN {SETTLED} THEN {COUNT.format(row="NEW", sign="1")} END IF;
        END IF;
        RETURN NULL;
    END $body$;
"""
TRIGGERS = f"""
    CREATE TRIGGER ops_obligation_stat_insert AFTER INSERT ON ops_obligation FOR EACH ROW
        WHEN (NEW.state IN {SETTLED}) EXECUTE FUNCTION ops_obligation_stat_count();
    CREATE TRIGGER ops_obligation_stat_update AFTER UPDATE OF {", ".join(CHANGES)} ON ops_obligation FOR EACH ROW
        WHEN (NEW.state IN {SETTLED} OR OLD.state IN {SETTLED}) EXECUTE FUNCTION ops_obligation_stat_count();
    CREATE TRIGGER ops_obligation_stat_delete AFTER DELETE ON ops_obligation FOR EACH ROW
        WHEN (OLD.state IN {SETTLED}) EXECUTE FUNCTION ops_obligation_stat_count();
"""


class OpsObligationStat(models.Model):
    """What has become of obligations, counted by department, standard and month: the cockpit reads sums, not a million rows.

    Only what is settled stands here, since nothing of it depends on the clock; what is open is counted when it is asked for
    (see ``ops.cockpit``). The database itself adds a row whenever an obligation is settled or taken back, in the same
    transaction and whoever writes it: sums are right at any moment, and nobody waits for anybody, since rows are only
    added. Every night they are counted anew, one for each department, standard and month.
    """

    _name = "ops.obligation.stat"
    _description = "Figures of Settled Obligations"
    _log_access = False
    _order = "period_month desc, id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    department_id = fields.Many2one("hr.department", readonly=True, ondelete="cascade")
    standard_id = fields.Many2one("ops.standard", required=True, readonly=True, index=True, ondelete="cascade")
    period_month = fields.Date(string="Month", readonly=True, help="Month in which it was originally due, in the company's time.")
    met_nbr = fields.Integer(string="Met", readonly=True, aggregator="sum")
    late_nbr = fields.Integer(string="Late", readonly=True, aggregator="sum")
    missed_nbr = fields.Integer(string="Missed", readonly=True, aggregator="sum")
    waived_nbr = fields.Integer(string="Waived", readonly=True, aggregator="sum")

    _month_idx = models.Index("(period_month DESC, id DESC)")
    _department_idx = models.Index("(department_id, period_month)")
    _company_idx = models.Index("(company_id, period_month)")

    @api.model
    def _install(self):
        """Let the database count from now on, and count what is there. Called at every installation and upgrade."""
        self.env.cr.execute(ZONE)
        self.env.cr.execute(FUNCTION)
        self.env.cr.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'ops_obligation'::regclass AND tgname LIKE 'ops_obligation_stat_%'"
        )
        if not self.env.cr.fetchone()[0]:  # an upgrade locks nobody out of their obligations for them
            self.env.cr.execute(TRIGGERS)
        self._rebuild()
        self._rebuild_soon()  # what others have settled since this transaction began

    @api.model
    def _uninstall(self):
        """Take the counting out of the database: triggers would go with their table, their function would not."""
        self.env.cr.execute("DROP FUNCTION IF EXISTS ops_obligation_stat_count() CASCADE")
        self.env.cr.execute("DROP FUNCTION IF EXISTS ops_obligation_stat_zone(text)")

    @api.model
    def _rebuild(self):
        """Count everything anew, one row for each department, standard and month.

        What others settle meanwhile is added by them: they do not see the rows deleted here, nor are theirs seen here.
        """
        self.env["ops.obligation"].flush_model()
        self.env["res.company"].flush_model(["resource_calendar_id"])
        self.env["resource.calendar"].flush_model(["tz"])
        self.env.cr.execute("DELETE FROM ops_obligation_stat")
        self.env.cr.execute(SQL(
            """
            INSERT INTO ops_obligation_stat
                        (company_id, department_id, standard_id, period_month, met_nbr, late_nbr, missed_nbr, waived_nbr)
                 SELECT item.company_id, item.department_id, item.standard_id,
                        date_trunc('month', item.date_original AT TIME ZONE 'UTC' AT TIME ZONE company.zone)::date,
                        count(*) FILTER (WHERE result = 'met'), count(*) FILTER (WHERE result = 'late'),
                        count(*) FILTER (WHERE result = 'missed'), count(*) FILTER (WHERE result = 'waived')
                   FROM (SELECT company_id, department_id, standard_id, date_original, %s AS result
                           FROM ops_obligation WHERE state IN %s) AS item
                   JOIN (%s) AS company ON company.id = item.company_id
               GROUP BY 1, 2, 3, 4
               ORDER BY 4, 1, 2, 3
            """,
            self.env["ops.obligation.report"]._sql_result("ops_obligation"), SETTLED, self._sql_zones(),
        ))
        self.invalidate_model(flush=False)

    @api.model
    def _sql_zones(self):
        """Return the companies' time zones, as columns ``id`` and ``zone``, asked for once each.

        OFFSET keeps the planner from asking the function for every obligation instead.
        """
        return SQL(
            """
            SELECT company.id, ops_obligation_stat_zone(calendar.tz) AS zone
              FROM res_company AS company
         LEFT JOIN resource_calendar AS calendar ON calendar.id = company.resource_calendar_id
            OFFSET 0
            """
        )

    @api.model
    def _rebuild_soon(self):
        """Count anew as soon as a worker is free: a company has another time zone."""
        if cron := self.env.ref("ops_handbook.ops_obligation_stat_cron", raise_if_not_found=False):
            cron.sudo()._trigger()  # sudo: jobs belong to the system

    @api.model
    def _cron_rebuild(self):
        """Every night: one row for each department, standard and month again, by the companies' present time zones."""
        self._rebuild()
