from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .ops_progress_report import HANDED_IN
from .ops_progress_report_line import LIGHTS

NAMES = ("progress", "light", "progress_period")


class OpsPlanProgressMixin(models.AbstractModel):
    """The latest reported progress on a goal or an initiative: for lists, boards and the map.

    Progress reports write it, in one statement for many; nobody else does.
    """

    _name = "ops.plan.progress.mixin"
    _description = "Part of a Plan with its Progress"

    progress = fields.Float(
        string="Progress (%)", digits=(6, 2), readonly=True, copy=False, aggregator="avg",
        help="By the last progress report: of an initiative what is done of the whole, of a goal the figure against the plan.",
    )
    light = fields.Selection(LIGHTS, readonly=True, copy=False)
    progress_period = fields.Char(string="Progress of", readonly=True, copy=False, help="Month of the last progress report.")

    @api.model_create_multi
    def create(self, vals_list):
        # said here for each, so that no default of a client can say it
        return super().create([{**vals, **dict.fromkeys(NAMES, False)} for vals in vals_list])

    def write(self, vals):
        if names := set(NAMES) & set(vals):
            labels = ", ".join(sorted(self._fields[name]._description_string(self.env) for name in names))
            raise UserError(self.env._("%(fields)s: this comes from the progress reports and cannot be typed.", fields=labels))
        return super().write(vals)

    @api.model
    def _take_progress(self, plans, column):
        """Take over what the last reports of ``plans`` say: one statement for all their goals or initiatives.

        :param str column: by which field a line of a report names its part
        """
        self.flush_model()
        self.env["ops.progress.report.line"].flush_model()
        self.env["ops.progress.report"].flush_model()
        self.env.cr.execute(SQL(
            """
            UPDATE %(table)s part
               SET progress = COALESCE(latest.progress, 0), light = latest.light, progress_period = latest.period
              FROM %(table)s known
              LEFT JOIN LATERAL (
                   SELECT line.progress, line.light, line.period
                     FROM ops_progress_report_line line
                     JOIN ops_progress_report report ON report.id = line.report_id
                    WHERE line.%(column)s = known.id AND report.state IN %(states)s
                    ORDER BY line.period DESC
                    LIMIT 1
                   ) latest ON TRUE
             WHERE known.plan_id IN %(plans)s AND part.id = known.id
               AND (part.progress, part.light, part.progress_period)
                   IS DISTINCT FROM (COALESCE(latest.progress, 0), latest.light, latest.period)
            """,
            table=SQL.identifier(self._table), column=SQL.identifier(column), states=HANDED_IN, plans=tuple(plans.ids),
        ))
        self.invalidate_model(list(NAMES), flush=False)
