from odoo import models
from odoo.exceptions import AccessError


class HrDepartment(models.Model):
    """A department's own QR code for problem reports."""

    _name = "hr.department"
    _inherit = ["hr.department", "ops.report.place"]

    _ops_report_code_unique = models.UniqueIndex(
        "(ops_report_code) WHERE ops_report_code IS NOT NULL", "Two departments cannot have the same report code."
    )

    def action_ops_print_poster(self):
        """Return the poster of these departments as PDF, in both languages on one sheet."""
        self._ops_check_poster()
        self._ops_ensure_report_code()
        return self.env.ref("ops_handbook.ops_report_poster_action").report_action(self)

    def _ops_check_poster(self):
        user = self.env.user
        allowed = user.ops_department_ids
        if user.has_group("ops_handbook.group_operations") or user.has_group("ops_handbook.group_administrator"):
            # sudo: only whose department it is; the answer is a refusal or nothing
            allowed |= self.filtered(lambda place: place.sudo().company_id in user.company_ids or not place.sudo().company_id)
        if foreign := self.sudo() - allowed.sudo():
            raise AccessError(self.env._(
                "Department: the poster of %(departments)s is printed and renewed by its head, by operations or by the "
                "handbook's administrator.",
                # those of another company have no name here
                departments=", ".join(self.browse(foreign.ids)._filtered_access("read").mapped(lambda place: place.display_name or "")),
            ))
