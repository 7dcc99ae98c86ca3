"""A project beside the month plan of the workshop."""

from odoo import Command
from odoo.addons.ops_handbook.tests.execution import ExecutionCase


class ProjectCase(ExecutionCase):
    """The workshop's plan of January 2027 is issued; ``fitting`` is a project that employees see, ``secret`` one by invitation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._issued(month="2027-01-01", tasks=[
            cls._values("Order the line", "2027-01", is_routine=True), cls._values("Paint the doors", "2027-01", is_routine=True),
        ])
        cls.task, cls.paint = cls.plan.task_ids
        cls.fitting, cls.secret = cls.env["project.project"].create([
            {"name": "Fitting", "company_id": cls.company.id, "privacy_visibility": "employees"},
            {"name": "Secret", "company_id": cls.company.id, "privacy_visibility": "followers"},
        ])
        cls.drill = cls._project_task("Drill the holes")

    @classmethod
    def _project_task(cls, name, project=None, users=None, **values):
        project = project or cls.fitting
        return cls.env["project.task"].create({
            "name": name, "project_id": project.id, "user_ids": [Command.set((users or cls.employee).ids)], **values,
        })
