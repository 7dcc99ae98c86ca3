"""Released plans and their progress reports, for the tests of the monitoring of process 1."""

from .planning import PlanningCase

MARCH = "2027-03-29 10:00"  # Monday


class ProgressCase(PlanningCase):
    """Two running plans of 2027, of the workshop (``plan``) and of sales (``other_plan``); the clock stands at ``MARCH``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Report = cls.env["ops.progress.report"].sudo()
        with cls.at("2027-01-04 10:00"):
            cls.plan = cls._released()
            cls.other_plan = cls._released(department=cls.other_department)
        cls.enterClassContext(cls.at(MARCH))
        cls.env.flush_all()

    @classmethod
    def _report(cls, period="2027-03", plan=None, user=None):
        """Return the draft of a month's report, filled in."""
        plan = plan or cls.plan
        user = user or cls._head_of(plan.sudo().department_id)
        return cls.env["ops.progress.report"].with_user(user).create({"plan_id": plan.id, "period": period})

    @classmethod
    def _line(cls, report, name):
        return report.line_ids.filtered(lambda line: line.name == name)

    @classmethod
    def _complete(cls, report, share=1.0):
        """Type into a report what is still missing: figures that are ``share`` of the plan, causes, actions."""
        for line in report.line_ids:
            planned = line.target if line.goal_id else line.target_to_date
            line.actual = min(planned * share, 100) if line.initiative_id else planned * share
            if {line.light, line.light_proposed} & {"amber", "red"}:
                line.write({"cause": "The supplier is late", "action": "Ask a second one"})
        return report

    @classmethod
    def _handed_in(cls, period="2027-03", plan=None, share=1.0):
        """Return a report that its head handed in."""
        report = cls._complete(cls._report(period, plan), share)
        report.action_submit()
        return report

    @classmethod
    def _accepted(cls, period="2027-03", plan=None, share=1.0):
        """Return a report that the GM office accepted."""
        report = cls._handed_in(period, plan, share)
        report.with_user(cls.gm_office).action_accept()
        return report
