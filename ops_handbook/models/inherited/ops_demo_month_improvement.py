"""The improvement plans of the demo company: written, carried out, verified; one without effect, one to verify, one that runs."""

from odoo import Command, models

from ...tools import clock
from ...tools.moments import at_hour
from .ops_demo_month_stories import FINDING, IMPROVEMENTS, NO_EFFECT
from .ops_demo_plan_stories import PLANS

TZ = "Asia/Shanghai"


class OpsDemo(models.AbstractModel):
    _inherit = "ops.demo"

    def _month_told_scenes(self, told, today):
        """Return the scenes of one month; improvement plans follow from the rulings on its report."""
        scenes, due = super()._month_told_scenes(told, today), self._month_day(told["month"], 23)
        for (ago, name), (cause, measures, outcome) in IMPROVEMENTS.items():
            if ago != told["ago"]:
                continue
            steps = [
                (self._workday(due, -6), 10, self._improvement_submit, name, cause, measures, today),
                (self._workday(due, -7), 14, self._improvement_accept, name),
                *((self._workday(today, -days), 15, self._improvement_done, name, place)
                  for place, (_what, _owner, days) in enumerate(measures) if days < 0),
            ]
            if outcome == "works":
                steps.append((self._workday(today, 6), 16, self._improvement_close, name))
            elif outcome == "again":
                steps.append((self._workday(today, 1), 15, self._improvement_again, name))
            scenes += self._month_chain(told, at_hour(told["month"], 0, TZ), steps)
        return scenes

    def _improvement(self, told, name):
        """Return the plan that the ruling on a department's report asked for, if it is final by now."""
        report = self._reports(told, [name]).filtered(lambda report: report.state == "final")
        return self.env["ops.improvement.plan"].search([("completion_id", "in", report.ids), ("state", "!=", "cancelled")])

    def _improvement_submit(self, told, name, cause, measures, today):
        if plan := self._as(PLANS[name]["by"], self._improvement(told, name)):
            plan.write({"root_cause": cause, "measure_ids": [
                Command.create({
                    "name": what, "owner_id": self._user(owner).id, "acceptance_standard": "现场可查，记录齐全",
                    "date_due": max(self._workday(today, -days), clock.today(TZ)),
                })
                for what, owner, days in measures
            ]})
            plan.action_submit()

    def _improvement_accept(self, told, name):
        self._as("operations", self._improvement(told, name)).action_accept()

    def _improvement_done(self, told, name, place):
        if measure := self._improvement(told, name).measure_ids.sorted("id")[place:place + 1]:
            self._as(measure.owner_id.login, measure).action_done("已完成，记录见部门文件夹。")

    def _improvement_close(self, told, name):
        self._as("operations", self._improvement(told, name)).action_close(FINDING)

    def _improvement_again(self, told, name):
        """The measures had no effect: the head has to name others."""
        self._as("operations", self._improvement(told, name)).action_return(NO_EFFECT)
