from dateutil.relativedelta import relativedelta

from odoo import Command, models
from odoo.exceptions import UserError

# what of last year's plan a new one begins with, besides what is found anew (see ``_carried_<part>``)
GOAL = ("sequence", "name", "target")
INITIATIVE = ("sequence", "name", "deliverable", "weight")
MILESTONE = ("sequence", "name")
RISK = ("sequence", "name", "probability", "impact", "contingency")
FINISHED = 100.0  # percent


class OpsPlan(models.Model):
    """Begin a plan with what last year's leaves to do: goals, unfinished initiatives, open milestones, risks."""

    _inherit = "ops.plan"

    def action_copy_last_year(self):
        """Bring over what last year's plan of the department leaves to do; what stands in the plan already stays as it is.

        Goals find the indicators of the new cycle by code or name, dates move by a year, and nobody who has left owns
        anything. Resource needs are asked for anew.
        """
        self.check_access("write")
        last_year = self._plans_of(self.department_id, {plan.year - 1 for plan in self})
        for plan in self:
            source_sudo = last_year.get((plan.department_id.id, plan.year - 1))  # sudo: of the same department
            if not source_sudo:
                raise UserError(self.env._(
                    "%(department)s has no plan of %(year)s to copy from. Write the parts by hand, or import them.",
                    department=plan.department_id.display_name, year=plan.year - 1,
                ))
            plan._carry_over(source_sudo)
        return True

    def _carry_over(self, source_sudo):
        """Add to this plan the lines of ``source_sudo`` that go on."""
        known = {name: set(self[name].mapped("name")) for name in ("goal_ids", "initiative_ids", "milestone_ids", "risk_ids")}
        goals = source_sudo.goal_ids.filtered(lambda goal: goal.name not in known["goal_ids"])
        self.write({"goal_ids": [Command.create(values) for values in self._carried_goals(goals)]})
        initiatives = source_sudo.initiative_ids._filtered_unfinished().filtered(
            lambda initiative: initiative.name not in known["initiative_ids"]
        )
        self.write({"initiative_ids": [Command.create(self._carried_initiative(item)) for item in initiatives]})
        milestones = source_sudo.milestone_ids.filtered(
            lambda milestone: not milestone.reached_on and milestone.name not in known["milestone_ids"]
        )
        risks = source_sudo.risk_ids.filtered(lambda risk: risk.name not in known["risk_ids"])
        self.write({
            "milestone_ids": [Command.create(self._carried_milestone(item)) for item in milestones],
            "risk_ids": [
                Command.create({**self._plain_values(item, RISK), "owner_id": self._still_here(item.owner_id).id})
                for item in risks
            ],
        })

    def _carried_goals(self, goals):
        """Return the values of goals of last year, on the directions and indicators of this cycle."""
        cycle_sudo = self.cycle_id.sudo()  # sudo: whoever writes the plan may choose from them
        by_code = {kpi.code: kpi for kpi in cycle_sudo.kpi_ids if kpi.code}
        by_name = {kpi.name: kpi for kpi in cycle_sudo.kpi_ids}
        directions = {direction.name: direction for direction in cycle_sudo.direction_ids}
        for goal in goals:
            kpi = by_code.get(goal.kpi_id.code) or by_name.get(goal.kpi_id.name) or goal.kpi_id.browse()
            direction = kpi.direction_id or directions.get(goal.direction_id.name) or goal.direction_id.browse()
            yield {**self._plain_values(goal, GOAL), "kpi_id": kpi.id, "direction_id": direction.id}

    def _carried_initiative(self, initiative):
        goal = self.goal_ids.filtered(lambda goal: initiative.goal_id and goal.name == initiative.goal_id.name)
        return {
            **self._plain_values(initiative, INITIATIVE),
            "goal_id": goal[:1].id,
            "owner_id": self._still_here(initiative.owner_id).id,
            "date_start": self._next_year(initiative.date_start),
            "date_end": self._next_year(initiative.date_end),
        }

    def _carried_milestone(self, milestone):
        name = milestone.initiative_id.name
        initiative = self.initiative_ids.filtered(lambda initiative: name and initiative.name == name)
        return {
            **self._plain_values(milestone, MILESTONE),
            "date": self._next_year(milestone.date),
            "initiative_id": initiative[:1].id,
            "owner_id": self._still_here(milestone.owner_id).id,
        }

    def _plain_values(self, line, names):
        return {name: line[name] for name in names}

    def _next_year(self, day):
        """Return the same day a year later; of 29 February the 28th."""
        return day and day + relativedelta(years=1)

    def _still_here(self, user):
        """Return ``user``, or nobody when they have left or do not work for the company any more."""
        return user.filtered(lambda user: user.active and not user.share and self.company_id in user.company_ids)


class OpsPlanInitiative(models.Model):
    _inherit = "ops.plan.initiative"

    def _filtered_unfinished(self):
        """Return the initiatives that are not done: the last report on them says less than the whole."""
        # sudo: the reports of the plan that is carried over, whoever may read them
        lines = self.env["ops.progress.report.line"].sudo().search(
            [("initiative_id", "in", self.ids), ("report_id.state", "not in", ("draft", "cancelled"))], order="period, id"
        )
        progress = {line.initiative_id.id: line.progress for line in lines}
        return self.filtered(lambda initiative: progress.get(initiative.id, 0.0) < FINISHED)
