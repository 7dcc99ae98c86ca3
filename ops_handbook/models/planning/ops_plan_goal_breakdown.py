from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools import apportion, token


class OpsPlanGoal(models.Model):
    """The figure of a goal, month by month: it always comes to the year's (or ends at it, when it is a level)."""

    _name = "ops.plan.goal"
    _inherit = ["ops.plan.goal", "ops.breakdown.mixin"]

    _breakdown_field = "goal_id"
    _breakdown_follows = {"target", "kpi_id"}

    def _is_broken_down(self):
        return bool(self.kpi_id)

    def _breakdown_step(self):
        kpi_sudo = self.sudo().kpi_id  # sudo: how it is counted is no secret of who may write a month
        return kpi_sudo._step()

    def _breakdown_is_additive(self):
        return self.sudo().kpi_id.is_additive  # sudo: as above

    def _breakdown_year(self):
        return self._breakdown_figure(self.target)

    def _breakdown_complaint(self, parts):
        if not self.sudo().kpi_id:  # sudo: as above
            return self.env._(
                "“%(goal)s” has no key indicator, so there is no figure to break down. Choose its indicator first.",
                goal=self.name,
            )
        if missing := [month for month in self._months() if month not in parts]:
            return self.env._(
                "“%(goal)s”: the breakdown lacks %(months)s. Give all twelve months, or none.",
                goal=self.name, months=", ".join(missing),
            )
        figures, year, additive = [parts[month] for month in self._months()], self._breakdown_year(), self._breakdown_is_additive()
        missed = apportion.difference(figures, year, additive)
        if not missed:
            return None
        values = {
            "goal": self.name, "sum": self._breakdown_text(apportion.year_of(figures, additive)), "year": self._breakdown_text(year),
            "missed": self._breakdown_words(missed),
        }
        if additive:
            return self.env._(
                "“%(goal)s”: the months come to %(sum)s, the year is %(year)s: %(missed)s. Put the rest on other months.",
                **values,
            )
        return self.env._(
            "“%(goal)s”: the last month is %(sum)s, the year is %(year)s: %(missed)s. A level ends where the year ends.",
            **values,
        )

    # -- the year changes -----------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        goals = super(OpsPlanGoal, token.BREAKDOWN.on(self)).create(vals_list).with_env(self.env)
        goals._round_target()
        if any(vals.get("target_ids") for vals in vals_list):
            goals._check_breakdown()
        return goals

    def write(self, vals):
        if not {"target_ids", *self._breakdown_follows} & set(vals):
            return super().write(vals)
        result = super(OpsPlanGoal, token.BREAKDOWN.on(self)).write(vals)
        self._round_target()
        if "target_ids" not in vals:
            self._settle_when_written()
        elif not token.BREAKDOWN.of(self.env):
            self._check_breakdown()
            self.sudo().plan_id._grow_breakdown()  # sudo: only counts that something has changed
        return result

    def _round_target(self):
        """A year's figure is counted as its indicator says: otherwise no months could come to it."""
        for goal in self:
            if goal.kpi_id and goal.target != (figure := float(goal._breakdown_year())):
                super(OpsPlanGoal, goal).write({"target": figure})  # pylint: disable=super-method-mismatch

    def _settle_breakdown(self):
        """Let the months follow a change of the year's figure or of the indicator."""
        without = self.filtered(lambda goal: not goal._is_broken_down())
        rows_sudo = self.env["ops.plan.target"].sudo().search([("goal_id", "in", without.ids)])  # sudo: they follow
        token.BREAKDOWN.on(rows_sudo).unlink()
        (self - without)._rescale()

    def _apply_target(self, target=None, months=None):
        """Change the year's figure, single months, or both; what an approved change calls (as superuser).

        :param target: the new figure of the year; the months that are not over follow in proportion
        :param dict months: month (``2027-03``) → figure; given with ``target`` they must come to it
        :raise ValidationError: when the months do not come to the year, with by how much they miss
        """
        self.ensure_one()
        if target is not None and months:
            super().write({"target": target})  # pylint: disable=super-method-mismatch
            self._round_target()
        elif target is not None:
            self.write({"target": target})
        if months:
            self._set_breakdown(dict(months))
        return True

    # -- the indicator changes ------------------------------------------------------------------------------------------

    def _follow_count(self):
        """Count the figures of these goals anew, after their indicator is counted otherwise.

        :raise ValidationError: when a plan that is released would change by it
        """
        for goal in self if not token.PLAN.of(self.env) else ():
            if goal.plan_id.state in ("released", "closed"):
                raise ValidationError(self.env._(
                    "%(kpi)s: %(plan)s is released with it, so its decimals, its currency and whether it adds up stay.",
                    kpi=goal.kpi_id.display_name, plan=goal.plan_id.display_name,
                ))
        self._round_target()
        self._settle_breakdown()
