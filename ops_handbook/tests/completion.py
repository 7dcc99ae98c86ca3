"""Completion reports in every state, for the tests of process 2."""

from .execution import ExecutionCase


class CompletionCase(ExecutionCase):
    """The workshop reports on February 2027; the clock stands on the day before the report is due (23 February, a Tuesday).

    Tasks: ``done``, ``late`` (ended on 12 February, still open), ``long`` (ends on 26 February, begun), ``given_up``.
    """

    NOW = "2027-01-20 10:00"
    DAY = "2027-02-22 10:00"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Report = cls.env["ops.completion.report"]
        cls.Line = cls.env["ops.completion.report.line"]
        cls.plan = cls._issued(tasks=cls._four())
        cls.done, cls.late, cls.long, cls.given_up = (
            cls.plan.task_ids.filtered(lambda task, name=name: task.name == name) for name in ("Done", "Late", "Long", "Given up")
        )
        cls.done.with_user(cls.employee).action_done()
        cls.long.with_user(cls.employee).write({"progress": 40})
        cls.given_up.with_user(cls.employee).action_unfinished()
        cls.env["mail.mail"].sudo().search([]).unlink()
        cls.enterClassContext(cls.at(cls.DAY))
        cls.env.flush_all()

    @classmethod
    def _four(cls, month="2027-02"):
        values = lambda name, **more: cls._values(name, month, is_routine=True, **more)  # noqa: E731  # short for four lines
        return [
            values("Done", weight=40), values("Late", date_end=f"{month}-12", weight=30), values("Long", weight=20),
            values("Given up", date_end=f"{month}-12", weight=10),
        ]

    @classmethod
    def _report(cls, plan=None, user=None):
        """Return the compiled draft of a plan's report, made by its head."""
        return cls.Report.with_user(user or cls.head).create({"month_plan_id": (plan or cls.plan).id})

    @classmethod
    def _said(cls, report, cause="subjective", kind="execution"):
        """Say of every unfinished task why."""
        report.line_ids.filtered(lambda line: line.result == "unfinished").write({
            "cause_proposed": cause, "cause_kind": kind, "explanation": "The part came late.",
        })
        return report

    @classmethod
    def _submitted_report(cls, **causes):
        report = cls._said(cls._report(), **causes)
        report.action_submit()
        return report

    @classmethod
    def _ruled_report(cls):
        report = cls._submitted_report()
        report.with_user(cls.operations).action_rule_as_proposed()
        report.with_user(cls.operations).action_accept()
        return report

    def line(self, report, task):
        """Return the line of a task, as whoever ``report`` belongs to reads it."""
        return report.line_ids.filtered(lambda line: line.task_id == task)

    def results(self, report):
        return {line.task_id.name: line.result for line in report.line_ids}
