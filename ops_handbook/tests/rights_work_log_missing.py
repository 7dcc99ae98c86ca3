"""The rights matrix of missing logs and their rate: who sees a person's day, and who sees figures only."""

from datetime import timedelta

from .rights_month_plan import OfMonthPlan
from .rights_subjects import subject


class OfMissing(OfMonthPlan):
    """``own``: one's own missing day; the others: of somebody of the departments that :data:`rights.RELATED` names."""

    situations = ("own", "own_department", "below", "other_department", "other_company")
    states = ("-",)
    states_of = {}

    def person(self, situation, role):
        if role == "portal" and situation == "own":
            return None
        return super(OfMonthPlan, self).person(situation, role)

    def key(self, situation, state, role):
        return super(OfMonthPlan, self).key(situation, state, role)

    def missing(self, situation, role):
        """Return a day on which the log of the person of the situation is missing: a working day of the last weeks."""
        owner = self.person(situation, role)
        company = owner.company_id
        company.sudo().write({"ops_started": True, "ops_start_date": "2020-01-01"})
        day = self.env["ops.work.log"]._writable_days(company)[1] - timedelta(days=1)
        day = company._ops_workdays().subtract(day, 3)
        department = self.case.foreign_department if company == self.case.foreign else self.case.ops_department
        task = self.plan(department, "issued").task_ids[:1]
        self.env.flush_all()
        self.env.cr.execute("""
            INSERT INTO ops_task_days (task_id, owner_id, department_id, date_from, date_to) VALUES (%s, %s, %s, %s, %s)
        """, [task.id, owner.id, task.department_id.id, day, day])
        missing = self.env["ops.work.log.missing"].sudo().with_context(allowed_company_ids=company.ids)
        found = missing.search([("owner_id", "=", owner.id), ("date", "=", day)])
        assert found, f"{owner.name} misses no log on {day}"
        return found


@subject
class MissingLog(OfMissing):
    model = "ops.work.log.missing"
    values_to_write = {"date": "2031-05-05"}

    def new_values(self, situation, role):
        return {"date": "2031-05-05"}

    def record(self, situation, state, role):
        return self.missing(situation, role).with_context({})


@subject
class LogRate(OfMissing):
    model = "ops.work.log.rate"
    values_to_write = {"date": "2031-05-05"}

    def new_values(self, situation, role):
        return {"date": "2031-05-05"}

    def record(self, situation, state, role):
        row = self.missing(situation, role)
        rates = self.env["ops.work.log.rate"].sudo().with_context(allowed_company_ids=row.company_id.ids)
        return rates.search([("department_id", "=", row.department_id.id), ("date", "=", row.date)]).with_context({})


@subject
class TaskDays(OfMissing):
    """Nobody reads or writes from when to when a task was in progress: lists and figures are made of it."""

    model = "ops.task.days"
    situations = ("own",)
    values_to_write = {"date_to": "2031-05-05"}

    def new_values(self, situation, role):
        owner = self.person(situation, role)
        return {"task_id": self.plan(self.case.ops_department, "issued").task_ids[:1].id, "owner_id": owner.id, "date_from": "2031-05-05"}

    def record(self, situation, state, role):
        owner = self.missing(situation, role).owner_id
        return self.env["ops.task.days"].sudo().search([("owner_id", "=", owner.id)], limit=1)
