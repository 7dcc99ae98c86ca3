from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL


class HrDepartment(models.Model):
    """What a new place of a department means for whom articles are written."""

    _inherit = "hr.department"

    @api.model
    def _ops_below(self):
        """Return each department with all below it: dict id → set of ids; one statement."""
        self.flush_model(["parent_path"])
        below = defaultdict(set)
        for department, path in self.env.execute_query(SQL("SELECT id, parent_path FROM hr_department")):
            for above in map(int, (path or str(department)).strip("/").split("/")):
                below[above].add(department)
        return below

    @api.model_create_multi
    def create(self, vals_list):
        departments = super().create(vals_list)
        if any(vals.get("parent_id") for vals in vals_list):
            self._ops_refresh_articles()
        return departments

    def write(self, vals):
        result = super().write(vals)
        if "parent_id" in vals:
            self._ops_refresh_articles()
        return result

    @api.model
    def _ops_refresh_articles(self):
        # sudo: whoever moves a department need not read the handbook
        self.env["ops.article"].sudo().with_context(active_test=False).search(
            ["|", ("department_ids", "!=", False), ("handbook_id.department_ids", "!=", False)]
        )._refresh_scopes()
