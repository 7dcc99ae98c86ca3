"""Month plans and tasks in every state, for the tests of process 2."""

from odoo import Command

from ..tools import token
from .planning import PlanningCase

PERIOD = "2027-02"


class ExecutionCase(PlanningCase):
    """The workshop (``head``; ``employee`` and ``newcomer`` work there, ``colleague`` in the line below) plans February 2027.

    The workshop's annual plan is submitted; the clock stands at ``NOW``, in January. Posts: ``fitter`` (held by
    ``employee``), ``packer`` (by ``newcomer``).
    """

    NOW = "2027-01-20 10:00"  # Wednesday

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.MonthPlan = cls.env["ops.month.plan"]
        cls.Task = cls.env["ops.task"]
        cls.annual = cls._submitted()
        cls.fitter, cls.packer = cls.env["hr.job"].create([
            {"name": name, "company_id": cls.company.id} for name in ("Fitter", "Packer")
        ])
        cls.employee_of(cls.employee).job_id = cls.fitter
        cls.employee_of(cls.newcomer).job_id = cls.packer
        cls.env["mail.mail"].sudo().search([]).unlink()
        cls.env.flush_all()

    @classmethod
    def _month_plan(cls, tasks=None, user=None, department=None, month="2027-02-01", **values):
        """Return the draft of the workshop's month plan with ``tasks`` (lists of values; default: one of each kind)."""
        user, department = user or cls.head, department or cls.department
        if tasks is None:
            tasks = [
                cls._values("Order the line", month[:7], initiative_id=cls.annual.initiative_ids[0].id, weight=30),
                cls._values("Clean the hall", month[:7], owner_id=cls.newcomer.id, is_routine=True),
            ]
        return cls.MonthPlan.with_user(user).create({
            "department_id": department.id, "company_id": department.company_id.id, "month": month,
            "task_ids": [Command.create(vals) for vals in tasks], **values,
        })

    @classmethod
    def _values(cls, name, month=PERIOD, **values):
        """Return the values of a task of the employee's."""
        return {
            "name": name, "owner_id": cls.employee.id, "date_start": f"{month}-01", "date_end": f"{month}-26", **values,
        }

    @classmethod
    def _reach(cls, plan, state):
        """Take a month plan to ``state``, each step by whoever takes it."""
        steps = {
            "assigned": lambda: plan.action_assign(), "submitted": lambda: plan.action_submit(),
            "filed": lambda: plan.with_user(cls.operations).action_file(),
            "issued": lambda: plan.with_user(cls.operations).action_issue(),
        }
        order = list(steps)
        current = "draft" if plan.state == "draft" else "assigned" if plan.state == "returned" else plan.state
        for step in order[(order.index(current) + 1 if current in order else 0):order.index(state) + 1]:
            steps[step]()
        return plan

    def _resolution(self, owner, name="Measure the hall", due="2027-02-10"):
        """Return a resolution in force."""
        meeting = self.env["ops.meeting"].create({
            "name": "Monday round", "type_id": self.env["ops.meeting.type"].search([], limit=1).id,
            "date_start": "2027-01-18 01:00:00", "date_stop": "2027-01-18 02:00:00", "company_id": self.company.id,
            "organiser_id": self.head.id,
        })
        resolution = self.env["ops.resolution"].create({
            "meeting_id": meeting.id, "name": name, "owner_id": owner.id, "date_due": due,
            "acceptance_standard": "A drawing",
        })
        token.marked(resolution).write({"in_force": True})
        return resolution

    @classmethod
    def _issued(cls, **values):
        return cls._reach(cls._month_plan(**values), "issued")

    def generate(self):
        self.Obligation._generate(self.company | self.branch)

    def changes_told(self, user):
        """Let the job tell operations of tasks added and withdrawn; return the subjects of what ``user`` was told of them."""
        self.Task._tell_changes(self.Task._untold())
        return [subject for subject in self.told(user) if "Changed in the month" in subject]
