from odoo import api, fields, models
from odoo.tools import SQL


class OpsStandard(models.Model):
    """Which standards are about things that somebody decided: their obligations stand in the resolution ledger."""

    _inherit = "ops.standard"

    in_ledger = fields.Boolean(
        string="In the Ledger",
        help="What it asks for was decided in a meeting, a plan or a collaboration: it stands in the resolution ledger.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        standards = super().create(vals_list)
        standards.filtered("in_ledger")._mark_ledger()
        return standards

    def write(self, vals):
        result = super().write(vals)
        if "in_ledger" in vals:
            self._mark_ledger()
        return result

    def _mark_ledger(self):
        """Say of the obligations that exist whether they stand in the ledger: one statement, however many years."""
        if not self:
            return
        self.flush_recordset(["in_ledger"])
        obligations = self.env["ops.obligation"]
        obligations.flush_model(["standard_id", "in_ledger"])
        self.env.cr.execute(SQL(
            """
            UPDATE ops_obligation AS obligation SET in_ledger = standard.in_ledger FROM ops_standard AS standard
             WHERE standard.id IN %s AND obligation.standard_id = standard.id
               AND obligation.in_ledger IS DISTINCT FROM standard.in_ledger
            """,
            tuple(self.ids),
        ))
        obligations.invalidate_model(["in_ledger"], flush=False)
