from odoo import api, fields, models

from ...tools.saying import saying

WHO_ANSWERS = {"manager_id", "parent_id", "active"}


class HrDepartment(models.Model):
    _inherit = "hr.department"

    ops_keeps_plans = fields.Boolean(
        string="Keeps Plans", help="Owes the forms of the handbook. Teams and lines below a department usually do not."
    )

    @api.model
    def _ops_keepers(self, company):
        """Return the departments of a company that owe forms; one without a company counts with the top company."""
        owners = [company.id] if company.parent_id else [company.id, False]
        # sudo: asked by the engine
        return self.sudo().search([("ops_keeps_plans", "=", True), ("company_id", "in", owners)], order="id")

    def _ops_heads(self):
        """Return who leads each of these departments: dict id → ``res.users`` (sudo), empty when nobody does.

        A department without a head who can log in, or an archived one, is led by the next one above it.
        """
        departments_sudo = self.sudo().with_context(active_test=False)  # sudo: who answers is no secret of hr
        above = departments_sudo._ops_above()
        heads = {}
        for department in departments_sudo:
            found = (above[item]._ops_own_head() for item in department._ops_path())
            heads[department.id] = next((user for user in found if user), self.env["res.users"].sudo())
        return heads

    def _ops_path(self):
        """Return the ids of the department and of those above it, nearest first."""
        return [int(item) for item in reversed((self.parent_path or str(self.id)).strip("/").split("/"))]

    def _ops_above(self):
        """Return these departments and all above them: dict id → record."""
        return {item.id: item for item in self.browse({item for department in self for item in department._ops_path()})}

    def _ops_own_head(self):
        """Return the user who leads this very department; empty when it is archived or its manager cannot log in."""
        manager = self.manager_id if self.active else self.manager_id.browse()
        user = manager.user_id if manager.active else manager.user_id.browse()
        return user if user.active and not user.share else user.browse()

    def write(self, vals):
        result = super().write(vals)
        if WHO_ANSWERS & vals.keys():
            self.env["ops.obligation"]._reassign_departments(self, self._ops_reason_of(vals))
        return result

    def _ops_reason_of(self, vals):
        names = ", ".join(self.sudo().mapped("name"))
        if vals.get("active") is False:
            return saying(self.env)._("%(department)s was archived.", department=names)
        if "manager_id" in vals:
            return saying(self.env)._("%(department)s has another head.", department=names)
        return saying(self.env)._("%(department)s has another place among the departments.", department=names)
