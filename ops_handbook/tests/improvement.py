"""Improvement plans in every state, each from a completion report that was ruled on."""

from odoo import Command

from .execution import ExecutionCase


class ImprovementCase(ExecutionCase):
    """The workshop left two tasks of February unfinished: one by its own fault, one because of the supplier.

    The clock stands at ``LATER`` (the report is due on the 23rd); a final ruling asks for the improvement plan (M7).
    """

    LATER = "2027-02-22 10:00"  # Monday

    def setUp(self):
        super().setUp()
        self.month_plan = self._issued(tasks=[
            self._values("Order the line", date_end="2027-02-12", is_routine=True),
            self._values("Clean the hall", date_end="2027-02-12", is_routine=True, owner_id=self.newcomer.id),
        ])
        self.enterContext(self.at(self.LATER))
        self.env["mail.mail"].sudo().search([]).unlink()

    def submitted_report(self, plan=None, user=None):
        """Return the completion report of a month plan, handed in by ``user`` (default: the head)."""
        report = self.env["ops.completion.report"].with_user(user or self.head).create({
            "month_plan_id": (plan or self.month_plan).id,
        })
        for line in report.line_ids:
            line.write({"cause_kind": "execution", "cause_proposed": "subjective", "explanation": f"{line.task_id.name}: forgotten"})
        report.action_submit()
        return report

    def final_report(self, *rulings, report=None, decider=None):
        """Return a report whose rulings became final since nobody objected; of its tasks in turn (default: the first is
        subjective)."""
        report = report or self.submitted_report()
        ruling = iter(rulings or ("subjective", "objective"))
        deciding = report.with_user(decider or self.operations)
        for line in deciding.line_ids:
            line.action_rule(next(ruling), "As everybody knows")
        deciding.action_accept()
        self.env["ops.completion.report"].sudo().browse(report.id)._transition("final")  # as the job does
        return report

    def improvement(self, report=None):
        """Return the draft that the machinery made, as its head sees it."""
        report = report or self.final_report()
        return self.env["ops.improvement.plan"].search([("completion_id", "=", report.id)]).with_user(self.head)

    def complete(self, plan, *measures, **values):
        """Write root cause and measures into a plan (default: one of the employee's, due in two weeks)."""
        plan.write({
            "root_cause": "Nobody looks at the list", **values,
            "measure_ids": [Command.create(vals) for vals in measures or (self.measure_values(),)],
        })
        return plan

    def measure_values(self, name="Look at the list each morning", **values):
        return {"name": name, "owner_id": self.employee.id, "date_due": "2027-03-05", "acceptance_standard": "A tick", **values}

    def submitted(self, *measures, **values):
        plan = self.complete(self.improvement(), *measures, **values)
        plan.action_submit()
        return plan

    def accepted(self, *measures, **values):
        plan = self.submitted(*measures, **values)
        plan.with_user(self.operations).action_accept()
        return plan

    def of(self, code, record):
        """Return what a record owes under a standard, oldest first."""
        return self.owed(code, ("source_model", "=", record._name), ("source_id", "in", record.ids))
