from odoo import fields, models


class HrDepartment(models.Model):
    _inherit = "hr.department"

    ops_month_plan_reviewer_id = fields.Many2one(
        "res.users", string="Reviewer of Its Month Plan", index="btree_not_null", ondelete="set null",
        domain="[('share', '=', False)]", help="Files or returns what its head submits; empty: as the company says.",
    )

    def _ops_month_plan_reviewers(self):
        """Return who was named to review the month plan of each department: dict id → ``res.users``, empty for operations."""
        # sudo: whom a company names is no secret of hr
        return {
            department.id: next(
                (
                    user for user in (department.ops_month_plan_reviewer_id, department.company_id.ops_month_plan_reviewer_id)
                    if user.active and not user.share
                ),
                self.env["res.users"].sudo(),
            )
            for department in self.sudo()
        }

    def _ops_covered(self):
        """Return the departments whose people work by the plans of these: dict id → set of ids, itself included.

        Teams and lines below that make no plan of their own belong to the next department above that does.
        """
        # sudo: how a company is built is no secret of hr
        below = self.sudo().with_context(active_test=False).search([("id", "child_of", self.ids)])
        keepers = set(self.ids) | set(below.filtered("ops_keeps_plans").ids)
        covered = {department.id: set() for department in self}
        for department in below:
            keeper = next((item for item in department._ops_path() if item in keepers), None)
            if keeper in covered:
                covered[keeper].add(department.id)
        return covered
