"""The rights matrix of work logs and their lines."""

from datetime import timedelta

from odoo import Command

from .rights_month_plan import OfMonthPlan
from .rights_subjects import subject


class OfWorkLog(OfMonthPlan):
    """``own``; ``below``: of a department below the head's; ``substitute``: of somebody whom the role stands in for; ``closed``:
    one's own, of a day long gone."""

    situations = ("own", "own_department", "below", "other_department", "other_company")
    states = ("open", "closed")
    stages = states
    states_of = dict.fromkeys(("own_department", "below", "other_department", "other_company"), ("open",))

    def person(self, situation, role):
        if role == "portal" and situation == "own":
            return None
        return super(OfMonthPlan, self).person(situation, role)

    def key(self, situation, state, role):
        return super(OfMonthPlan, self).key(situation, state, role)

    def day(self, back):
        """Return a day some days ago, where the people of the tests work."""
        return self.env["ops.work.log"]._writable_days(self.case.company)[1] - timedelta(days=back)

    def task(self, owner):
        """Return a task that runs and that ``owner`` carries out."""
        foreign = owner.company_id == self.case.foreign
        plan = self.plan(self.case.foreign_department if foreign else self.case.ops_department, "issued")
        # sudo: the head of the plan adds it
        return self.env["ops.task"].sudo().create({**self.values(owner), "month_plan_id": plan.id})

    def log(self, situation, state, role):
        owner, day = self.person(situation, role), self.day(1)
        logs = self.env["ops.work.log"].sudo()
        if found := logs.search([("owner_id", "=", owner.id), ("date", "=", day)]):
            return found
        log = logs.create({"owner_id": owner.id, "date": day, "problem": "Cold", "line_ids": [
            Command.create({"task_id": self.task(owner).id, "progress": 20, "problem": "Cold"}),
        ]})
        if state == "closed":
            log._write({"date": self.day(90)})
            log.line_ids._write({"date": self.day(90)})
            log.invalidate_recordset()
        return log


@subject
class WorkLog(OfWorkLog):
    model = "ops.work.log"
    situations = (*OfWorkLog.situations, "program")
    states_of = {**OfWorkLog.states_of, "program": ("open",)}
    arguments = {"quick_save": [{"note": "Swept"}]}
    values_to_write = {"note": "Swept the hall"}

    def new_values(self, situation, role):
        return {"owner_id": self.person(situation, role).id, "date": str(self.day(0)), "note": "Swept"}

    def record(self, situation, state, role):
        return self.env["ops.work.log"] if situation == "program" else self.log(situation, state, role)


@subject
class WorkLogLine(OfWorkLog):
    model = "ops.work.log.line"
    values_to_write = {"note": "Swept the hall"}

    def new_values(self, situation, role):
        log = self.log(situation, "open", role)
        return {"log_id": log.id, "task_id": self.task(log.owner_id).id, "progress": 30}

    def record(self, situation, state, role):
        return self.log(situation, state, role).line_ids
