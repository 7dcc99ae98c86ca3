"""Problems in every state, for the tests of process 4."""

from datetime import timedelta

from ..tools import clock
from .common import OpsCommon


class ProblemCase(OpsCommon):
    """Reports by ``employee``; accepted by ``operations`` for ``department``, handled by ``newcomer``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.handler = cls.newcomer

    def report(self, user=None, **values):
        """Return one report, submitted by ``user``."""
        return self.report_many(1, user, **values)

    def report_many(self, count, user=None, **values):
        user = user or self.employee
        problems = self.env["ops.problem"].with_user(user)
        return problems._report([
            {"name": f"The press stands still {number}", "description": "Since this morning", "proposed_severity": "2",
             "category": "resource", "company_id": user.company_id.id, **values}
            for number in range(count)
        ])

    def accept(self, problem, severity="2", handler=None, department=None):
        problem.with_user(self.operations).action_accept(
            severity, (department or self.department).id, (self.handler if handler is None else handler).id
        )
        return problem

    def accepted(self, severity="2", **values):
        return self.accept(self.report(**values), severity)

    def handling(self, severity="2", **values):
        problem = self.accepted(severity, **values)
        problem.with_user(self.handler).action_start("Switched off")
        return problem

    def plan(self, problem, owners=None, days=5):
        """Return a submitted handling plan with one measure for each of ``owners``."""
        plan = self.env["ops.problem.plan"].with_user(self.handler).create({
            "problem_id": problem.id,
            "root_cause": "Worn",
            "measure_ids": [
                (0, 0, {
                    "name": f"Measure {number}", "owner_id": owner.id,
                    "date_due": clock.today("Asia/Shanghai") + timedelta(days=days), "kind": "corrective",
                })
                for number, owner in enumerate(owners or [self.handler])
            ],
        })
        plan.action_submit()
        return plan

    def resolved(self, severity="2", **values):
        problem = self.handling(severity, **values)
        self.solve(problem)
        return problem

    def solve(self, problem):
        plan = self.plan(problem)
        for measure in plan.measure_ids:
            measure.with_user(measure.owner_id).action_done("Replaced")
        problem.with_user(self.handler).action_resolve("It runs again")
        return plan
