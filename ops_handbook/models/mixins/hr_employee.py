from odoo import api, models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    @api.model
    def _ops_departments(self, users, companies=None):
        """Return in which department people work: dict (user id, company id) → ``hr.department``.

        :param users: ``res.users``
        :param companies: only these companies; default: every one
        """
        leaves = [("user_id", "in", users.ids)]
        if companies is not None:
            leaves.append(("company_id", "in", companies.ids))
        # sudo: people may not read each other's employee records
        employees = self.sudo().search(leaves)
        return {(employee.user_id.id, employee.company_id.id): employee.department_id for employee in employees}
