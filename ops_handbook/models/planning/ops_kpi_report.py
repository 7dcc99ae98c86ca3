from odoo import fields, models
from odoo.tools import SQL

from ..mixins.exact import Exact


class OpsKpiReport(models.Model):
    """Targets and actual figures of the indicators side by side, by department and month; reads, holds nothing itself."""

    _name = "ops.kpi.report"
    _description = "Targets and Actual Figures"
    _auto = False
    _order = "month desc, kpi_id, department_id, id"

    kpi_id = fields.Many2one("ops.kpi", string="Key Indicator", readonly=True)
    cycle_id = fields.Many2one("ops.cycle", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    plan_id = fields.Many2one("ops.plan", readonly=True)
    month = fields.Char(readonly=True)
    quarter = fields.Char(readonly=True)
    target = Exact(digits=(20, 6), min_display_digits=2, readonly=True)
    actual = Exact(digits=(20, 6), min_display_digits=2, readonly=True)
    has_actual = fields.Boolean(readonly=True)

    @property
    def _table_query(self):
        """Return a row for each indicator, department and month with a target of a released plan, an actual figure, or both.

        Several goals of a department with the same indicator are added up.
        """
        return SQL("""
            SELECT MIN(part.id) AS id, part.kpi_id, kpi.cycle_id, kpi.company_id, part.department_id, MAX(part.plan_id) AS plan_id,
                   part.month, LEFT(part.month, 4) || '-Q' || ((RIGHT(part.month, 2)::int + 2) / 3) AS quarter,
                   SUM(part.target) AS target, SUM(part.actual) AS actual, BOOL_OR(part.actual IS NOT NULL) AS has_actual
              FROM (
                   SELECT target.id * 2 AS id, target.kpi_id, target.department_id, target.plan_id, target.month,
                          target.value AS target, NULL::numeric AS actual
                     FROM ops_plan_target target
                     JOIN ops_plan plan ON plan.id = target.plan_id AND plan.state IN ('released', 'closed')
                    WHERE target.kpi_id IS NOT NULL
                    UNION ALL
                   SELECT value.id * 2 + 1, value.kpi_id, value.department_id, NULL, value.month, NULL, value.value
                     FROM ops_kpi_value value
                   ) part
              JOIN ops_kpi kpi ON kpi.id = part.kpi_id
             GROUP BY part.kpi_id, kpi.cycle_id, kpi.company_id, part.department_id, part.month
        """)
