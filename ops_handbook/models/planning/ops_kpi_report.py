from odoo import fields, models
from odoo.tools import SQL

from ..mixins.exact import Exact


class OpsKpiReport(models.Model):
    """Targets and actual figures of the indicators, by department and month; reads, holds nothing itself.

    What adds up is in one column and summed, levels are in another and averaged: the sum of twelve satisfactions says nothing.
    """

    _name = "ops.kpi.report"
    _description = "Targets and Actual Figures"
    _auto = False
    _order = "month desc, kpi_id, department_id, kind desc, id"

    kpi_id = fields.Many2one("ops.kpi", string="Key Indicator", readonly=True)
    cycle_id = fields.Many2one("ops.cycle", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    plan_id = fields.Many2one("ops.plan", readonly=True)
    month = fields.Char(readonly=True)
    quarter = fields.Char(readonly=True)
    kind = fields.Selection([("target", "Target"), ("actual", "Actual")], string="Target or Actual", readonly=True)
    amount = Exact(
        digits=(20, 6), min_display_digits=2, readonly=True, help="Of an indicator of which the months add up to the year."
    )
    level = Exact(
        digits=(20, 2), aggregator="avg", readonly=True, help="Of an indicator that has a level of its own each month."
    )
    # each by itself, for tables: a target and what became of it are not added up
    target_amount = Exact(digits=(20, 6), min_display_digits=2, string="Target", readonly=True)
    actual_amount = Exact(digits=(20, 6), min_display_digits=2, string="Actual", readonly=True)
    target_level = Exact(digits=(20, 2), aggregator="avg", readonly=True)
    actual_level = Exact(digits=(20, 2), aggregator="avg", readonly=True)
    figure = Exact(digits=(20, 6), min_display_digits=2, aggregator=None, readonly=True)

    @property
    def _table_query(self):
        """Return a row for each target of a released plan and each actual figure."""
        return SQL("""
            SELECT part.id, part.kpi_id, kpi.cycle_id, kpi.company_id, part.department_id, part.plan_id, part.month, part.kind,
                   LEFT(part.month, 4) || '-Q' || ((RIGHT(part.month, 2)::int + 2) / 3) AS quarter, part.value AS figure,
                   CASE WHEN kpi.is_additive THEN part.value END AS amount, CASE WHEN NOT kpi.is_additive THEN part.value END AS level,
                   CASE WHEN kpi.is_additive AND part.kind = 'target' THEN part.value END AS target_amount,
                   CASE WHEN kpi.is_additive AND part.kind = 'actual' THEN part.value END AS actual_amount,
                   CASE WHEN NOT kpi.is_additive AND part.kind = 'target' THEN part.value END AS target_level,
                   CASE WHEN NOT kpi.is_additive AND part.kind = 'actual' THEN part.value END AS actual_level
              FROM (
                   SELECT target.id * 2 AS id, target.kpi_id, target.department_id, target.plan_id, target.month, target.value,
                          'target' AS kind
                     FROM ops_plan_target target
                     JOIN ops_plan plan ON plan.id = target.plan_id AND plan.state IN ('released', 'closed')
                    WHERE target.kpi_id IS NOT NULL
                    UNION ALL
                   SELECT value.id * 2 + 1, value.kpi_id, value.department_id, NULL, value.month, value.value, 'actual'
                     FROM ops_kpi_value value
                   ) part
              JOIN ops_kpi kpi ON kpi.id = part.kpi_id
        """)
