from odoo import models
from odoo.tools import format_datetime

RULED = "ops_handbook.ops_completion_report_mail_ruled"
FINAL = "ops_handbook.ops_completion_report_mail_final"
RETURNED = "ops_handbook.ops_completion_report_mail_returned"
OBJECTED = "ops_handbook.ops_completion_report_mail_objected"


class OpsCompletionReport(models.Model):
    """Whom a step of a completion report is told by mail: one mail per person and step, however many reports.

    What was submitted stands in My Work of those who rule (D1): on the day on which all departments report, a mail for each would
    be read by nobody.
    """

    _inherit = "ops.completion.report"

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        reports = self.sudo()  # sudo: the notice is the system's
        reports._entered("returned", previous)._tell_department(RETURNED, reason)
        reports._entered("ruled", previous).filtered("objection_until")._tell_department(RULED)
        reports._entered("objected", previous)._tell_deciders(OBJECTED)
        reports._entered("final", previous)._tell_department(FINAL)

    def _tell_department(self, template, reason=None):
        if self:
            self._tell(template, self._department_users(), reason)

    def _tell_deciders(self, template):
        if self:
            self._tell(template, self._deciding_users())

    def _department_users(self):
        """Return who is told for the department: its head, else the author, and who stands in: dict id → ``res.users``."""
        heads = self.department_id._ops_heads()
        named = {report.id: heads.get(report.department_id.id) or report.author_id for report in self}
        acting = self.env["res.users"].union(*named.values())._ops_acts_for()
        return {report_id: acting[user] if user else user for report_id, user in named.items()}

    def _deciding_users(self):
        """Return who decides on each report: dict id → ``res.users``; each office of a company is asked for once."""
        offices = {report.id: (report._flow_deciding_office(), report.company_id) for report in self}
        people = {office: self.env["res.users"]._ops_of_role(*office) for office in set(offices.values())}
        return {report.id: people[offices[report.id]] - report._flow_barred() for report in self}

    def _tell(self, template, users_of, reason=None):
        """Queue one mail per person, with all their reports, but to whoever acts now."""
        reports_of = {}
        for report in self:
            for user in users_of[report.id]:
                if user.active and user.id != self.env.uid:
                    reports_of[user] = reports_of.get(user, self.browse()) | report
        self.env["ops.notice"]._queue(template, [reports._digest(user, reason) for user, reports in reports_of.items()])

    def _digest(self, user, reason):
        """Return what one person is told of these reports, as a dict of :meth:`ops.notice._queue`."""
        reports = self.with_context(lang=user.lang)
        address = f"{self[:1].get_base_url()}/odoo/ops-completion-reports"
        return {
            "object": user, "user": user, "company": self[:1].company_id, "reason": reason or "",
            "summary": ", ".join(reports.mapped("display_name")) if len(self) <= 2 else reports.env._("%(count)s reports", count=len(self)),
            "items": [
                {
                    "name": report.display_name, "url": f"{address}/{report.id}",
                    "until": report._until_for(user), "lines": report._lines_told(),
                }
                for report in reports
            ],
        }

    def _until_for(self, user):
        """Return until when the department may object, as the user's clock shows it."""
        if self.state != "ruled" or not self.objection_until:
            return ""
        return format_datetime(
            self.env, self.objection_until, tz=user.tz or self.company_id._ops_tz(), dt_format="short", lang_code=user.lang or "en_US"
        )

    def _lines_told(self):
        """Return what stands in a mail of the unfinished tasks: task, ruling in words, and what was said about it last."""
        lines = self.line_ids.filtered(lambda line: line.result == "unfinished" and line.cause_ruled)
        if self.state == "objected":
            lines = lines.filtered("objection")
        labels = dict(lines._fields["cause_ruled"]._description_selection(self.env))
        return [
            {
                "name": line.task_id.name, "ruling": labels[line.cause_ruled],
                "text": line.objection_answer or line.objection or line.ruling_reason or "",
            }
            for line in lines
        ]
