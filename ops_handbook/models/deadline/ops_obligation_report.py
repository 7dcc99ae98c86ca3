from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import clock
from .ops_standard import PROCESSES


class OpsObligationReport(models.Model):
    """The figures of how well the rules are kept: one definition for pivot, graph, list, cockpit and handbook.

    A query with the time bound to it, not a view: whether something is late depends on the clock of the addon.
    What is waived or cancelled, or not due yet, is in no rate; what is on hold is not due.
    """

    _name = "ops.obligation.report"
    _description = "Deadline Figures"
    _auto = False
    _order = "date_due desc, id desc"
    _rec_name = "code"

    obligation_id = fields.Many2one("ops.obligation", readonly=True)
    standard_id = fields.Many2one("ops.standard", readonly=True)
    code = fields.Char(readonly=True)
    process = fields.Selection(PROCESSES, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    responsible_id = fields.Many2one(
        "res.users", string="Person", readonly=True, help="Shown for oneself only: figures by person are one's own."
    )
    date_due = fields.Datetime(string="Due", readonly=True)
    date_original = fields.Datetime(string="Originally Due", readonly=True)
    date_done = fields.Datetime(string="Fulfilled on", readonly=True)
    period = fields.Char(readonly=True)
    period_month = fields.Date(string="Month", readonly=True, help="Month in which it was originally due, in the company's time.")
    result = fields.Selection(
        selection=lambda self: self.env["ops.obligation"]._fields["result"]._description_selection(self.env), readonly=True
    )

    nbr = fields.Integer(string="Obligations", readonly=True, aggregator="sum")
    due_nbr = fields.Integer(string="Due by Now", readonly=True, aggregator="sum")
    met_nbr = fields.Integer(string="Met", readonly=True, aggregator="sum")
    late_nbr = fields.Integer(string="Late", readonly=True, aggregator="sum")
    missed_nbr = fields.Integer(string="Missed", readonly=True, aggregator="sum")
    waived_nbr = fields.Integer(string="Waived", readonly=True, aggregator="sum")
    on_time_rate = fields.Float(string="On-Time Rate (%)", readonly=True, aggregator="avg")
    on_time_original_rate = fields.Float(
        string="On-Time Rate by Original Due Times (%)", readonly=True, aggregator="avg",
        help="As if no extension had been granted and no hold.",
    )
    closing_rate = fields.Float(string="Closing Rate (%)", readonly=True, aggregator="avg")
    extension_rate = fields.Float(string="Extension Rate (%)", readonly=True, aggregator="avg")
    delay_days = fields.Float(
        string="Median Delay (Days)", readonly=True, aggregator="avg",
        help="Of what was late: days from the due time to the fulfilment, or until now. Groups show the median.",
    )
    hold_hours = fields.Float(string="Time on Hold (Hours)", readonly=True, aggregator="sum")
    letters_nbr = fields.Integer(
        string="Letters Sent", readonly=True, aggregator="sum",
        help="Reminder letters that were issued about it; what was withdrawn afterwards does not count.",
    )
    repeat_rate = fields.Float(
        string="Repeat Rate (%)", readonly=True, aggregator="avg",
        help="Of what was late or missed: how much of it was so the time before, too. The same standard, owed by the same "
             "department, or by the same person where somebody answers by name.",
    )

    @property
    def _table_query(self):
        """Letters and repeats cost nothing where nobody asks for them: the database leaves out the join and the look-up."""
        obligations = self.env["ops.obligation"]
        obligations.flush_model()
        self.env["res.company"].flush_model(["resource_calendar_id"])
        return SQL(
            """
            SELECT item.*,
                   1 AS nbr,
                   (result IN ('met', 'late', 'missed'))::int AS due_nbr,
                   (result = 'met')::int AS met_nbr,
                   (result = 'late')::int AS late_nbr,
                   (result = 'missed')::int AS missed_nbr,
                   (result = 'waived')::int AS waived_nbr,
                   CASE WHEN result IN ('met', 'late', 'missed') THEN 100.0 * (result = 'met')::int END AS on_time_rate,
                   CASE WHEN result IN ('met', 'late', 'missed')
                        THEN 100.0 * COALESCE(date_done <= date_original, date_done IS NOT NULL)::int
                        END AS on_time_original_rate,
                   CASE WHEN result IN ('met', 'late', 'missed')
                        THEN 100.0 * (date_done IS NOT NULL)::int END AS closing_rate,
                   CASE WHEN result <> 'cancelled' THEN 100.0 * extended::int END AS extension_rate,
                   CASE WHEN result IN ('late', 'missed')
                        THEN EXTRACT(epoch FROM COALESCE(date_done, %(now)s) - date_due) / 86400.0 END AS delay_days,
                   CASE WHEN result IN ('late', 'missed') THEN 100.0 * COALESCE((%(repeated)s)::int, 0) END AS repeat_rate
              FROM (
                    SELECT ob.id, ob.id AS obligation_id, ob.standard_id, ob.code, ob.process, ob.company_id,
                           ob.department_id, CASE WHEN ob.responsible_id = %(uid)s THEN ob.responsible_id END AS responsible_id,
                           ob.date_due, ob.date_original, ob.date_done, ob.period, COALESCE(ob.extended, FALSE) AS extended,
                           ob.hold_hours, ob.source_model, ob.source_id, %(debtor)s AS debtor,
                           COALESCE(letters.number, 0)::int AS letters_nbr,
                           date_trunc('month', ob.date_original AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(cal.tz, 'UTC'))::date
                               AS period_month,
                           %(result)s AS result
                      FROM ops_obligation ob
                      JOIN res_company company ON company.id = ob.company_id
                 LEFT JOIN resource_calendar cal ON cal.id = company.resource_calendar_id
                 LEFT JOIN (%(letters)s) AS letters ON letters.obligation_id = ob.id
                   ) AS item
            """,
            now=clock.now(),
            uid=self.env.uid,
            result=self._sql_result("ob"),
            debtor=obligations._sql_debtor("ob"),
            letters=obligations._sql_letters(),
            repeated=obligations._sql_not_in_time_before("item"),
        )

    def action_open_obligation(self):
        """Open the obligation behind a row of the figures, as far as the user may read it."""
        self.ensure_one()
        self.obligation_id.check_access("read")
        return {
            "type": "ir.actions.act_window", "res_model": "ops.obligation", "res_id": self.obligation_id.id,
            "views": [(False, "form")],
        }

    @api.model
    def _sql_result(self, alias):
        """Return the result of an obligation by the clock as SQL; the mirror of ``ops.obligation._result_at``."""
        return SQL(
            """
            CASE WHEN %(ob)s.state IN ('waived', 'cancelled') THEN %(ob)s.state
                 WHEN %(ob)s.state = 'held' AND (%(ob)s.hold_until IS NULL OR %(ob)s.hold_until > %(now)s) THEN 'held'
                 WHEN %(ob)s.state = 'done' AND %(ob)s.on_time THEN 'met'
                 WHEN %(ob)s.state <> 'done' AND NOT COALESCE(%(ob)s.date_due < %(now)s, FALSE) THEN 'pending'
                 WHEN %(ob)s.date_close < CASE WHEN %(ob)s.state = 'done' THEN %(ob)s.date_done ELSE %(now)s END THEN 'missed'
                 ELSE 'late' END
            """,
            ob=SQL.identifier(alias),
            now=clock.now(),
        )

    def _read_group_select(self, aggregate_spec, query):
        """A delay is summed up by its median: one forgotten form must not hide that the others were prompt."""
        if aggregate_spec == "delay_days:avg":
            return SQL(
                "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s)", self._field_to_sql(self._table, "delay_days", query)
            )
        return super()._read_group_select(aggregate_spec, query)
