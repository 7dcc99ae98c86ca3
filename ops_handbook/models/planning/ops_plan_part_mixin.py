from odoo import fields, models
from odoo.exceptions import ValidationError


class OpsPlanPartMixin(models.AbstractModel):
    """What the lines of the five parts have in common: their plan, and whom and which days of its year they may name."""

    _name = "ops.plan.part.mixin"
    _description = "Part of an Annual Plan"
    _inherit = ["ops.link.mixin", "ops.form.line.mixin"]

    _form_field = "plan_id"

    plan_id = fields.Many2one("ops.plan", required=True, index=True, ondelete="cascade")
    cycle_id = fields.Many2one(related="plan_id.cycle_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(related="plan_id.department_id", store=True, precompute=True, index=True)
    plan_state = fields.Selection(related="plan_id.state", string="State of the Plan")
    year = fields.Integer(related="plan_id.year", aggregator=None)
    sequence = fields.Integer(default=10)

    def _check_owner(self):
        """Whoever owns a line can log in and works for the company of the plan."""
        for line in self.sudo():  # sudo: the choice is checked, not shown
            owner, company = line["owner_id"], line.plan_id.company_id
            if owner and (owner.share or not owner.active):
                raise ValidationError(self.env._(
                    "Owner of “%(line)s”: choose an employee who can log in, not %(owner)s.",
                    line=line["name"], owner=owner.name,
                ))
            if owner and company.active and company not in owner.company_ids:
                raise ValidationError(self.env._(
                    "Owner of “%(line)s”: %(owner)s does not work for %(company)s. Choose somebody who does.",
                    line=line["name"], owner=owner.name, company=company.name,
                ))

    def _check_in_year(self, name):
        """The day in the field ``name`` lies in the year of the plan."""
        for line in self:
            day, year = line[name], line.plan_id.sudo().year  # sudo: the year of a cycle is no secret
            if day and year and day.year != year:
                raise ValidationError(self.env._(
                    "%(field)s of “%(line)s”: %(date)s lies outside %(year)s, the year of this plan. Choose a day of that "
                    "year; what goes on longer is planned again next year.",
                    field=self._fields[name]._description_string(self.env), line=line["name"], date=day, year=year,
                ))

    def _check_same_plan(self, name):
        """What a line points to stands in the same plan."""
        for line in self.sudo():  # sudo: as in _check_owner
            if line[name] and line[name].plan_id != line.plan_id:
                raise ValidationError(self.env._(
                    "%(field)s of “%(line)s”: “%(other)s” stands in another plan. Choose one of this plan.",
                    field=self._fields[name]._description_string(self.env), line=line["name"], other=line[name].display_name,
                ))

    def _missing_in_words(self):
        """Return what these lines do not say yet before their plan can be handed in: list of sentences."""
        return []
