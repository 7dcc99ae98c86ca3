from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from .ops_plan_review_line import CRITERIA


class OpsPlanReview(models.Model):
    """A new sheet: about which plan, by whom, and in the name of which department; never by whoever wrote the plan."""

    _inherit = "ops.plan.review"

    def _prepare_create(self, vals_list):
        """A sheet belongs to its reviewer, and to the department that they lead or work in: its working days count."""
        for vals in vals_list:
            vals.setdefault("plan_id", self.env.context.get("default_plan_id"))
            vals.setdefault("reviewer_id", self.env.uid)
            vals["author_id"] = vals["reviewer_id"]
        pairs = self._checked_pairs(vals_list)
        homes = self._homes_of(pairs)
        for vals, (plan, user) in zip(vals_list, pairs, strict=True):
            home = homes[plan, user]
            vals["company_id"], vals["department_id"] = (home.company_id or plan.company_id).id, home.id
            vals.pop("line_ids", None)  # the three criteria are there from the beginning
        super()._prepare_create(vals_list)

    @api.model
    def _checked_pairs(self, vals_list):
        """Return (plan, reviewer) of each new sheet (sudo); refuse whoever wrote the plan, and plans not in review."""
        pairs = []
        for vals in vals_list:
            if not all(isinstance(vals[name], int) and vals[name] for name in ("plan_id", "reviewer_id")):
                raise ValidationError(self.env._("Plan, Reviewer: choose which plan is reviewed, and by whom."))
            # sudo: who may write a sheet is decided by the rules, and here by who wrote the plan
            pairs.append((
                self.env["ops.plan"].sudo().browse(vals["plan_id"]), self.env["res.users"].sudo().browse(vals["reviewer_id"]),
            ))
        plans, users = self.env["ops.plan"].union(*(p for p, _u in pairs)), self.env["res.users"].union(*(u for _p, u in pairs))
        if plans.exists() != plans or users.exists() != users:
            raise ValidationError(self.env._("Plan, Reviewer: choose which plan is reviewed, and by whom."))
        plans.with_env(self.env).check_access("read")  # first: the messages name the plan
        authors = plans.sudo()._authors()
        for plan, user in pairs:
            if plan.state != "review":
                raise UserError(self.env._(
                    "%(plan)s is “%(state)s”: sheets are written while it is in review.",
                    plan=plan.display_name, state=plan._state_label(plan.state),
                ))
            if user.share or not user.active:
                raise ValidationError(self.env._("Reviewer: choose an employee who can log in."))
            if user._ops_principals() & authors[plan.id]:
                raise ValidationError(self.env._(
                    "Reviewer: %(user)s wrote %(plan)s, or stands in for somebody who did, and cannot review it. Choose "
                    "somebody else.", user=user.name, plan=plan.display_name,
                ))
        return pairs

    @api.model
    def _homes_of(self, pairs):
        """Return the department in whose name each reviewer speaks: dict (plan, user) → department, maybe empty."""
        cycles = self.env["ops.cycle"].sudo().union(*(plan.cycle_id for plan, _user in pairs))
        heads = cycles.department_ids._ops_heads()
        users = self.env["res.users"].union(*(user for _plan, user in pairs))
        companies = cycles.company_id | self.env["ops.plan"].union(*(plan for plan, _user in pairs)).sudo().company_id
        works = self.env["hr.employee"]._ops_departments(users, companies | users.sudo().company_id)
        homes = {}
        for plan, user in pairs:
            led = plan.cycle_id.department_ids.filtered(lambda found, user=user: heads[found.id] == user)
            # the top company's GM office serves its branches
            company = next((item for item in (plan.company_id, plan.cycle_id.company_id, user.company_id)
                            if works.get((user.id, item.id))), user.company_id)
            homes[plan, user] = led[:1] or works.get((user.id, company.id)) or self.env["hr.department"]
        return homes

    @api.model_create_multi
    def create(self, vals_list):
        self.flush_model(["state"])  # one that was cancelled just now does not stand in the way of the next
        sheets = super().create(vals_list)
        # sudo: the three criteria are the machinery's; nobody adds or takes one out
        self.env["ops.plan.review.line"].sudo().create([
            {"review_id": sheet.id, "criterion": criterion} for sheet in sheets for criterion, _label in CRITERIA
        ])
        return sheets
