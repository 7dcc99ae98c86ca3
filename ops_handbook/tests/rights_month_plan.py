"""The rights matrix of month plans and their tasks."""

from odoo import Command

from .rights import Subject
from .rights_subjects import subject

PATHS = {
    "draft": (), "assigned": ("assigned",), "submitted": ("assigned", "submitted"),
    "returned": ("assigned", "submitted", "returned"), "filed": ("assigned", "submitted", "filed"),
    "issued": ("assigned", "submitted", "filed", "issued"),
    "reported": ("assigned", "submitted", "filed", "issued", "reported"),
    "closed": ("assigned", "submitted", "filed", "issued", "reported", "closed"), "cancelled": ("cancelled",),
}
TASK_PATHS = {"todo": (), "progress": ("progress",), "done": ("done",), "unfinished": ("unfinished",), "cancelled": ("cancelled",)}
MONTH, ANOTHER, OVER = "2031-05", "2031-06", "2025-05"


class OfMonthPlan(Subject):
    """What month plans and tasks need to come about."""

    def led_by(self, role):
        """Return the department that a role leads; None when it leads none."""
        return {
            "head": self.case.department, "operations": self.case.ops_department, "gm_office": self.case.gm_department,
            "outsider": self.case.foreign_department,
        }.get(role)

    def department(self, situation, role):
        """Return whose plan the role looks at; None when the situation does not exist for it."""
        foreign = self.case.foreign_department
        if situation == "company":
            return foreign if role == "outsider" else self.case.ops_department
        if situation == "home":
            return self.case.department if role == "employee" else None
        if situation == "other_company":
            return self.case.department if role == "outsider" else foreign
        if situation in ("led", "planned"):
            return self.led_by(role)
        return None if role in ("outsider", "portal") else self.case.third_department

    def person(self, situation, role):
        department = self.department(situation, role)
        return department and department.manager_id.user_id

    def key(self, situation, state, role):
        own = situation in ("owner", "consenter", "planned")
        return (situation, state, self.department(situation, role).id, role if own else None)

    def plan(self, department, state, month=MONTH, **task):
        """Return the plan of a department for a month in ``state``, with one task."""
        author = department.manager_id.user_id
        plans = self.env["ops.month.plan"].sudo()
        found = plans.search([("department_id", "=", department.id), ("period", "=", month), ("state", "!=", "cancelled")])
        if found:
            return found
        plan = plans.create({
            "department_id": department.id, "company_id": department.company_id.id, "author_id": author.id,
            "month": f"{month}-01", "task_ids": [Command.create(self.values(author, month, **task))],
        })
        for step in PATHS[state]:
            plan._transition(step, "Because")
        return plan

    def values(self, owner, month=MONTH, **values):
        return {"name": "Sweep", "owner_id": owner.id, "is_routine": True, "date_end": f"{month}-20", **values}


@subject
class MonthPlan(OfMonthPlan):
    """``company``: that of operations; ``led``: of the department that the role leads; ``home``: in which it works. State
    ``unreported``: issued, and its month is over."""

    model = "ops.month.plan"
    situations = ("company", "led", "home", "other_department", "other_company")
    states = (*PATHS, "unreported")
    stages = ("unreported",)
    states_of = {"other_company": ("draft", "submitted", "issued")}
    values_to_write = {"summary": "Quality first"}
    harmless = ("action_add_task", "action_export_workbook")

    def department(self, situation, role):
        if situation == "led":
            return self.case.department if role == "head" else None
        return super().department(situation, role)

    def new_values(self, situation, role):
        department = self.department(situation, role)
        return {"department_id": department.id, "company_id": department.company_id.id, "month": f"{ANOTHER}-01"}

    def record(self, situation, state, role):
        department = self.department(situation, role)
        return self.plan(department, "issued", OVER) if state == "unreported" else self.plan(department, state)


@subject
class Task(OfMonthPlan):
    """``company``: of operations, issued; ``planned``: on a plan that the role is writing; ``owner``: theirs, on the issued
    plan of another department; ``consenter``: needs the consent of the department that they lead; ``home``: issued to the
    department in which they work; ``stranger``: issued to another."""

    model = "ops.task"
    situations = ("company", "planned", "owner", "consenter", "home", "stranger", "other_company")
    states = tuple(TASK_PATHS)
    states_of = {
        "planned": ("todo",), "consenter": ("todo",), "home": ("todo",), "stranger": ("todo", "done"), "other_company": ("todo",),
    }
    values_to_write = {"name": "Sweep twice"}
    arguments = {
        "action_hand_over": lambda self, record, _role: [self.successor(record.sudo()).id, "On leave"],
        "action_move": lambda self, record, _role: ["done" if record.sudo().state in ("todo", "progress") else "progress"],
        "add_evidence": [[{"name": "hall.txt", "data": "aGVsbG8="}]],
    }

    def department(self, situation, role):
        if situation == "consenter" and role not in ("head", "operations", "gm_office"):
            return None
        return super().department(situation, role)

    def successor(self, task):
        """Return somebody else of the company, who holds the post of the task as well."""
        return self.case.foreigner if task.company_id == self.case.foreign else self.case.newcomer

    def owner(self, situation, role):
        """Return who carries the task out."""
        if situation == "owner":
            return self.case.people[role]
        department = self.department(situation, role)
        return self.case.outsider if department == self.case.foreign_department else department.manager_id.user_id

    def new_values(self, situation, role):
        department = self.department(situation, role)
        plan = self.plan(department, "draft" if situation == "planned" else "issued", ANOTHER)
        return {**self.values(self.owner(situation, role), ANOTHER), "month_plan_id": plan.id}

    def record(self, situation, state, role):
        department = self.department(situation, role)
        values = {"owner_id": self.owner(situation, role).id}
        if situation == "consenter":
            values["consent_department_id"] = self.led_by(role).id
        stage = {"planned": "draft", "consenter": "assigned"}.get(situation, "issued")
        task = self.plan(department, stage, **values).task_ids
        if stage == "issued":  # somebody else holds the post
            post = self.env["hr.job"].create({"name": "Sweeper", "company_id": department.company_id.id})
            self.case.employee_of(self.successor(task)).job_id = post
            task._write({"job_id": post.id})
            task.invalidate_recordset()
        for step in TASK_PATHS.get(state, ("done",)):
            task._transition(step, "Because")
        return task
