from odoo import api, fields, models
from odoo.exceptions import UserError


class OpsProblemVerification(models.Model):
    """Form 16: what the reporter found when the problem had been reported solved. Filed by ``action_verify`` alone."""

    _name = "ops.problem.verification"
    _description = "Verification Sheet"
    _inherit = ["ops.form.mixin"]
    _order = "id desc"  # not by the problem: its own order, turned round, would show the oldest first
    _search_fields = {"name": "A", "comment": "C"}

    # filed in one go and final: the next round has a sheet of its own
    _flow = {"draft": {"submitted": set()}, "submitted": {}}
    _flow_open = set()
    _flow_closed = {"submitted"}
    _form_standards = ("I4",)
    _form_decision_code = None

    problem_id = fields.Many2one("ops.problem", required=True, readonly=True, index=True, ondelete="restrict")
    name = fields.Char(string="Subject", related="problem_id.name")
    round = fields.Integer(readonly=True)
    plan_id = fields.Many2one("ops.problem.plan", string="Handling Plan", readonly=True, index=True, ondelete="restrict")
    effective = fields.Selection([("yes", "Effective"), ("no", "Not Effective")], string="Result", required=True, readonly=True)
    comment = fields.Text(readonly=True)
    in_stead = fields.Boolean(
        string="In the Reporter's Stead", readonly=True, help="Verified by operations, because nobody else answered in time."
    )

    _one_per_round = models.UniqueIndex("(problem_id, round)", "This round of the problem has been verified already.")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("A verification sheet is filed by the button “Verify” of the problem."))
        return super().create(vals_list)

    @api.model
    def _file(self, problems, effective, comment):
        """File one sheet per problem in the name of whoever verifies; the caller has checked that they may.

        :param problems: ``ops.problem`` that are resolved
        :param bool effective: whether the solution works
        :param str comment: what was seen
        :return: the sheets (sudo)
        """
        verifier = problems._verifier()
        # sudo: nobody may create a sheet but this door, and the caller has asked the flow
        sheets_sudo = self.sudo().create([
            {
                "problem_id": problem.id,
                "company_id": problem.company_id.id,
                "department_id": problem.department_id.id,
                "author_id": verifier.id,
                "round": problem.round,
                "plan_id": problem.plan_ids.filtered(lambda plan, problem=problem: plan._is_filed_for(problem))[:1].id,
                "effective": "yes" if effective else "no",
                "comment": comment,
                "in_stead": bool(verifier) and problem.author_id not in verifier._ops_principals(),
            }
            for problem in problems.sudo()
        ])
        sheets_sudo._transition("submitted")
        return sheets_sudo
