from odoo import api, fields, models
from odoo.fields import Domain

from ..mixins.domains import flag_search


class OpsPlan(models.Model):
    """What people see of a plan at a glance: what is missing, whose turn it is, how much stands in it."""

    _inherit = "ops.plan"

    missing = fields.Text(compute="_compute_missing", help="What has to be added before the plan can be submitted.")
    next_step = fields.Char(compute="_compute_next_step", help="Who has to do what now.")
    goal_count = fields.Integer(compute="_compute_line_counts")
    initiative_count = fields.Integer(compute="_compute_line_counts")
    milestone_count = fields.Integer(compute="_compute_line_counts")
    risk_count = fields.Integer(compute="_compute_line_counts")
    is_mine = fields.Boolean(string="My Department", compute="_compute_is_mine", search="_search_is_mine")
    is_reorganised = fields.Boolean(
        compute="_compute_is_reorganised", help="The department is called or led otherwise than when the plan was released."
    )
    has_last_year = fields.Boolean(compute="_compute_has_last_year", help="There is a plan of the year before to copy from.")

    @api.depends("state", "goal_ids", "initiative_ids", "resource_ids", "milestone_ids", "risk_ids")
    @api.depends_context("lang")
    def _compute_missing(self):
        """One sentence per line; only while somebody can still add it."""
        written = self.filtered(lambda plan: plan.ids and plan.state in self._flow_open)
        parts, content = written._missing_parts(), written._missing_content()
        for plan in self:
            lines = list(content.get(plan.id, ()))
            if lacking := parts.get(plan.id):
                lines.insert(0, self.env._("Parts without a line: %(parts)s.", parts=", ".join(lacking)))
            plan.missing = "\n".join(lines)

    @api.depends("state")
    @api.depends_context("lang")
    def _compute_next_step(self):
        for plan in self:
            plan.next_step = plan._next_step_of_state() if plan.id else False

    def _next_step_of_state(self):
        """Return one sentence: who has to do what now."""
        return {
            "draft": self.env._("The department writes its plan and submits it."),
            "returned": self.env._("The department reworks its plan and submits it again."),
            "submitted": self.env._("The GM office starts the review, or returns the plan."),
            "review": self.env._("Reviewers give their sheets; the department answers each comment and makes the plan final."),
            "final": self.env._("The GM office releases the plan with its breakdown."),
            "released": self.env._("The plan is in force. It changes by an approved change request only."),
        }.get(self.state, False)

    def _compute_line_counts(self):
        """Counts of all lines; a count betrays nothing."""
        counts = {}
        for name in ("goal", "initiative", "milestone", "risk"):
            # sudo: see above
            groups = self.env[f"ops.plan.{name}"].sudo()._read_group([("plan_id", "in", self.ids)], ["plan_id"], ["__count"])
            counts[name] = {plan.id: count for plan, count in groups}
        for plan in self:
            for name, found in counts.items():
                plan[f"{name}_count"] = found.get(plan.id, 0)

    @api.depends("department_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.env.user.ops_department_ids | self.env.user.ops_home_department_ids
        for plan in self:
            plan.is_mine = plan.department_id in mine

    @flag_search
    def _search_is_mine(self):
        user = self.env.user
        return Domain("department_id", "in", (user.ops_department_ids | user.ops_home_department_ids).ids)

    @api.depends("department_name", "head_name", "department_id.name", "department_id.manager_id.name")
    def _compute_is_reorganised(self):
        for plan in self.sudo():  # sudo: names only
            department = plan.department_id
            now = (department.name, department.manager_id.name or False)
            plan.is_reorganised = bool(plan.department_name) and (plan.department_name, plan.head_name) != now

    def _compute_has_last_year(self):
        known = self._plans_of(self.department_id, {plan.year - 1 for plan in self})
        for plan in self:
            plan.has_last_year = (plan.department_id.id, plan.year - 1) in known

    # -- what one opens ----------------------------------------------------------------------------------------------

    def _open_lines(self, name, model, views):
        """Return the action that opens lines of these plans; the web client's actions of the parts say the rest."""
        return {
            "type": "ir.actions.act_window", "res_model": model, "name": name,
            "domain": [("plan_id", "in", self.ids)],
            "context": {"default_plan_id": self.id, "create": self.can_edit} if len(self) == 1 else {"create": False},
            "views": [(False, view) for view in views], "mobile_view_mode": "kanban",
        }

    def action_open_initiatives(self):
        """Open the initiatives of these plans."""
        return self._open_lines(self.env._("Key Initiatives"), "ops.plan.initiative", ("list", "kanban", "form"))

    def action_open_milestones(self):
        """Open the milestones of these plans over the year."""
        action = self._open_lines(self.env._("Milestones"), "ops.plan.milestone", ("calendar", "list", "kanban", "form"))
        return {**action, "context": {**action["context"], "ops_year": True}}
