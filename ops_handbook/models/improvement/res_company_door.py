from odoo import fields, models
from odoo.exceptions import AccessError


class ResCompany(models.Model):
    """The company's own link for problem reports, which names no department, and its e-mail address for them."""

    _name = "res.company"
    _inherit = ["res.company", "ops.report.place"]

    ops_problem_alias_id = fields.Many2one(
        "mail.alias", string="Problem Report E-mail", readonly=True, copy=False, ondelete="set null",
        groups="base.group_user", help="E-mails to this address become problem reports.",
    )

    _ops_report_code_unique = models.UniqueIndex(
        "(ops_report_code) WHERE ops_report_code IS NOT NULL", "Two companies cannot have the same report code."
    )

    def action_ops_report_anonymously(self):
        """Open the page without a login, on which not even the department is known."""
        company = self[:1] & self.env.user.company_ids or self.env.company
        company._ops_ensure_report_code()
        # sudo: every employee may report, the field is for those who hang up posters
        return {"type": "ir.actions.act_url", "url": f"/ops/report/{company.sudo().ops_report_code}", "target": "new"}

    def _ops_check_poster(self):
        user = self.env.user
        office = user.has_group("ops_handbook.group_operations") or user.has_group("ops_handbook.group_administrator")
        if not office or self - user.company_ids:
            raise AccessError(self.env._(
                "The report link of a company is renewed by its operations department or by the handbook's administrator."
            ))
