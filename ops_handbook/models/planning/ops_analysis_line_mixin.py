from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import token

RESULTS = [
    ("met", "On Time"), ("late", "Late"), ("overdue", "Overdue"), ("missed", "Missed"), ("pending", "Not Due Yet"), ("held", "On Hold"),
    ("waived", "Waived"), ("cancelled", "Cancelled"), ("none", "Not Asked For"),
]


class OpsAnalysisLineMixin(models.AbstractModel):
    """One department in an analysis, as it stood when it was compiled: only the remark beside it is written by people."""

    _name = "ops.analysis.line.mixin"
    _description = "Department in an Analysis"
    _inherit = ["ops.form.line.mixin"]
    _rec_name = "department_name"
    _form_field = "analysis_id"

    department_id = fields.Many2one("hr.department", readonly=True, index=True, ondelete="restrict")
    department_name = fields.Char(string="Department Then", readonly=True)
    head_name = fields.Char(string="Head Then", readonly=True)
    result = fields.Selection(RESULTS, string="Reported", readonly=True, help="What became of the report that was due.")
    is_reported = fields.Boolean(string="Handed in", readonly=True)
    remark = fields.Text(help="What whoever analyses says of this department.")

    @api.model
    def _refusal(self):
        return UserError(self.env._("Departments of an analysis are compiled from the reports: use “Compile Again”."))

    @api.model_create_multi
    def create(self, vals_list):
        if not token.holds(self.env):
            raise self._refusal()
        return super(OpsAnalysisLineMixin, token.cleared(self)).create(vals_list)

    def write(self, vals):
        if token.holds(self.env):
            return super(OpsAnalysisLineMixin, token.cleared(self)).write(vals)
        if compiled := set(vals) - {"remark"}:
            labels = ", ".join(sorted(
                self._fields[name]._description_string(self.env) for name in compiled if name in self._fields
            ))
            raise UserError(self.env._("%(fields)s: this is compiled from the reports; write a remark beside it.", fields=labels))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_by_compiling_only(self):
        if not token.holds(self.env):
            raise self._refusal()
