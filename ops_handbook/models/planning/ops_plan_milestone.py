from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import clock, token
from ...tools.saying import saying
from ...tools.words import typed

NEAR = 14  # days before the date from which on a milestone is shown as near


class OpsPlanMilestone(models.Model):
    """A day on which something is reached."""

    _name = "ops.plan.milestone"
    _description = "Milestone"
    _inherit = ["ops.plan.part.mixin"]
    _order = "date, sequence, id"

    name = fields.Char(string="Milestone", required=True)
    date = fields.Date(required=True, index=True)
    initiative_id = fields.Many2one(
        "ops.plan.initiative", index="btree_not_null", ondelete="set null", domain="[('plan_id', '=', plan_id)]"
    )
    owner_id = fields.Many2one(
        "res.users", index="btree_not_null", ondelete="restrict", domain="[('share', '=', False)]",
        help="Says when it is reached; empty: the head of the department.",
    )
    reached_on = fields.Date(readonly=True, copy=False)
    status = fields.Selection(
        [("open", "Open"), ("near", "Near"), ("late", "Late"), ("reached", "Reached"), ("reached_late", "Reached Late")],
        compute="_compute_status", search="_search_status",
    )
    can_reach = fields.Boolean(compute="_compute_can_reach")

    # -- where it stands ---------------------------------------------------------------------------------------------

    def _today(self):
        """Return today in the company of the milestone."""
        return clock.today(self[:1].sudo().company_id._ops_tz() or "UTC")  # sudo: only its time zone

    @api.depends("date", "reached_on")
    def _compute_status(self):
        for milestone in self:
            reached, date = milestone.reached_on, milestone.date
            if reached:
                milestone.status = "reached_late" if date and reached > date else "reached"
                continue
            days = (date - milestone._today()).days if date else NEAR + 1
            milestone.status = "late" if days < 0 else "near" if days <= NEAR else "open"

    @api.depends("name", "department_id.name", "status")
    @api.depends_context("ops_year", "lang")
    def _compute_display_name(self):
        """In the year view a milestone says whose it is and where it stands: there is no room for more than its name."""
        super()._compute_display_name()
        if self.env.context.get("ops_year"):
            labels = dict(self._fields["status"]._description_selection(self.env))
            for milestone in self:
                department = milestone.sudo().department_id  # sudo: called by its name
                milestone.display_name = " · ".join(filter(None, (
                    milestone.name, department.name, labels.get(milestone.status),
                )))

    def _search_status(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        today = clock.today(self.env.company._ops_tz() or "UTC")
        near, open_ = fields.Date.add(today, days=NEAR), Domain("reached_on", "=", False)
        late = Domain.custom(to_sql=lambda model, alias, query: model._sql_reached_late(alias))
        domains = {
            "late": open_ & Domain("date", "<", today),
            "near": open_ & Domain("date", ">=", today) & Domain("date", "<=", near),
            "open": open_ & Domain("date", ">", near),
            "reached": Domain("reached_on", "!=", False) & ~late,
            "reached_late": Domain("reached_on", "!=", False) & late,
        }
        domain = Domain.OR(domains[key] for key in domains.keys() & set(value))
        return domain if operator == "in" else ~domain

    def _sql_reached_late(self, alias):
        return SQL("COALESCE(%s > %s, FALSE)", SQL.identifier(alias, "reached_on"), SQL.identifier(alias, "date"))

    # -- content -----------------------------------------------------------------------------------------------------

    @api.constrains("owner_id", "plan_id")
    def _check_owner_works_here(self):
        self._check_owner()

    @api.constrains("date", "plan_id")
    def _check_date_in_year(self):
        self._check_in_year("date")

    @api.constrains("initiative_id", "plan_id")
    def _check_initiative(self):
        self._check_same_plan("initiative_id")

    @api.model_create_multi
    def create(self, vals_list):
        if not token.holds(self.env):
            for vals in vals_list:
                self._refuse_reached(vals)
            # said here for each, so that no default of a client can say it
            vals_list = [{**vals, "reached_on": False} for vals in vals_list]
        return super(OpsPlanMilestone, token.cleared(self)).create(vals_list)

    def write(self, vals):
        if not token.holds(self.env):
            self._refuse_reached(vals)
        return super(OpsPlanMilestone, token.cleared(self)).write(vals)

    @api.model
    def _refuse_reached(self, vals):
        if vals.get("reached_on"):
            raise UserError(self.env._("Reached on: it cannot be written directly. Use the button “Reached”."))

    # -- reached -----------------------------------------------------------------------------------------------------

    @api.depends("plan_state", "reached_on")
    @api.depends_context("uid")
    def _compute_can_reach(self):
        responsible = self._filtered_responsible()
        for milestone in self:
            milestone.can_reach = milestone in responsible and milestone.plan_state == "released"

    def _filtered_responsible(self):
        """Return those of which the current user may say that they are reached: as the owner, or as the plan's head."""
        principals, roles = self.env.user._ops_principals(), self.plan_id._flow_roles()
        return self.filtered(
            lambda milestone: milestone.sudo().owner_id & principals  # sudo: the name decides
            or roles.get(milestone.plan_id.id, set()) & {"head", "writer"}
        )

    def action_reach(self, date=None):
        """Say that milestones of released plans are reached; the plan itself stays locked.

        :param date: the day (date, or text like 2027-03-31); default: today
        """
        day = self._typed_day(date)
        for milestone in self.filtered("reached_on"):
            raise UserError(self.env._(
                "“%(name)s” was reached on %(date)s already. Take that back first, if it is wrong.",
                name=milestone.name, date=milestone.reached_on,
            ))
        return self._say_reached(day, {
            milestone.id: saying(self.env)._("Milestone “%(name)s” reached on %(date)s.", name=milestone.name, date=day)
            for milestone in self
        })

    def action_unreach(self, reason=None):
        """Take back that milestones are reached, and say why."""
        self.check_access("read")
        for milestone in self.filtered(lambda milestone: not milestone.reached_on):
            raise UserError(self.env._("“%(name)s” has not been reached yet.", name=milestone.name))
        if reason is None:
            return self._ask_reason("action_unreach")
        reason = typed(reason)
        if not reason:
            raise UserError(self.env._("Reason: say why it is not reached after all."))
        return self._say_reached(False, {
            milestone.id: saying(self.env)._(
                "Milestone “%(name)s” is not reached after all: %(reason)s", name=milestone.name, reason=reason
            )
            for milestone in self
        })

    def _ask_reason(self, method):
        """Return the dialog that asks for a reason and then calls ``method``."""
        return self.env["ops.reason.wizard"]._ask(self, method)

    @api.model
    def _typed_day(self, date):
        """Return a day that somebody gave."""
        try:
            day = fields.Date.to_date(date) if date else self._today()
        except (TypeError, ValueError):
            day = None
        if not day:
            raise ValidationError(self.env._("Reached on: give a day like 2027-03-31."))
        return day

    def _say_reached(self, day, notes):
        """Write the day and log it with the plan; asked for here, since the plan's lock lets nobody write."""
        self.check_access("read")
        if refused := self - self._filtered_responsible():
            raise AccessError(self.env._(
                "“%(name)s”: only its owner or the head of the department says whether it is reached.", name=refused[:1].name
            ))
        milestones_sudo = self.sudo()  # sudo: decided just above; the content of the plan stays locked
        for milestone in milestones_sudo:
            if milestone.plan_id.state != "released":
                raise UserError(self.env._(
                    "“%(name)s”: its plan is “%(state)s”. Milestones are reached while a plan is released.",
                    name=milestone.name, state=milestone.plan_id._state_label(milestone.plan_id.state),
                ))
            if day and day > milestone._today():
                raise ValidationError(self.env._(
                    "“%(name)s”: %(date)s lies ahead. Give the day on which it was reached.", name=milestone.name, date=day
                ))
        token.marked(milestones_sudo).write({"reached_on": day})
        for milestone in milestones_sudo:
            self.env["ops.form.transition"]._log(
                milestone.plan_id, {milestone.plan_id.id: milestone.plan_id.state}, None, notes[milestone.id]
            )
        return True
