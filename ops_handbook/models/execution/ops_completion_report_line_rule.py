from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools import token
from ...tools.words import typed
from .ops_completion_report_line import CAUSES


class OpsCompletionReportLine(models.Model):
    """Rulings on unfinished tasks, one or many at a time; after an objection once more, with an answer."""

    _inherit = "ops.completion.report.line"

    @api.depends("report_id.state", "result", "objection")
    @api.depends_context("uid")
    def _compute_can_rule(self):
        rulable = self._filtered_rulable()
        for line in self:
            line.can_rule = line in rulable

    def _filtered_rulable(self):
        """Return the lines on which the current user rules now, or whose objection they answer."""
        # sudo: state and roles of the report decide
        reports_sudo = self.sudo().report_id
        roles = {} if self.env.su else reports_sudo.with_env(self.env)._flow_roles()
        own = reports_sudo.filtered(lambda report: self.env.su or "decider" in roles[report.id])
        return self.filtered(lambda line: line.sudo().report_id in own and line.sudo()._waits_for_ruling())

    def _waits_for_ruling(self):
        state = self.report_id.state
        return state == "submitted" and self.result == "unfinished" or state == "objected" and bool(self.objection)

    def action_rule(self, ruling=None, reason=None):
        """Rule on these unfinished tasks; of a report that was objected to: answer the objections, and keep or change the ruling.

        :param str ruling: ``objective`` or ``subjective``; none: a dialog asks
        :param str reason: asked for where the ruling differs from what the department proposed; the answer to an objection
        :raise AccessError: only whoever decides on the report may, and never on what they wrote or handed in
        """
        self.check_access("read")
        if ruling is None:
            return self.env["ops.completion.rule.wizard"]._ask(self)
        if not isinstance(ruling, str) or ruling not in dict(CAUSES):
            raise ValidationError(self.env._("Ruling: choose objective or subjective."))
        return self._rule(dict.fromkeys(self.ids, ruling), typed(reason))

    def action_rule_as_proposed(self):
        """Rule on these unfinished tasks as their departments propose."""
        self.check_access("read")
        return self._rule({line.id: line.cause_proposed for line in self})

    def _rule(self, rulings, reason=""):
        """Write rulings down: dict line id → cause; all or none."""
        if not self:
            return True
        reports = self.sudo().report_id.with_env(self.env)  # sudo: found here, asked just below
        reports._transition_lock()
        if refused := self - self._filtered_rulable():
            self._refuse_ruling(refused)
        lines = self.sudo()  # sudo: permission was decided just above, the content is locked
        again = lines.filtered(lambda line: line.report_id.state == "objected")
        lines._check_reason(again, rulings, reason)
        for ruling, ruled in lines.grouped(lambda line: rulings[line.id]).items():
            first = ruled - again
            token.marked(first).write({"cause_ruled": ruling, "cause_first": ruling, "ruling_reason": reason or False})
            token.marked(ruled & again).write({"cause_ruled": ruling, "objection_answer": reason})
        reports.sudo()._grow_version()  # sudo: as above
        return True

    def _refuse_ruling(self, lines):
        lines_sudo = lines.sudo()  # sudo: what the user may read is named; asked by the caller
        if all(line._waits_for_ruling() for line in lines_sudo):
            raise AccessError(self.env._(
                "%(tasks)s: whoever decides on the report rules on this, and never whoever wrote it or handed it in.",
                tasks=lines_sudo._listed(),
            ))
        raise UserError(self.env._(
            "%(tasks)s: there is nothing to rule on. Unfinished tasks are ruled on while their report is submitted, and once more "
            "where the department objects.", tasks=lines_sudo._listed(),
        ))

    def _check_reason(self, again, rulings, reason):
        """Whoever rules otherwise than proposed, or answers an objection, says why."""
        if reason:
            return
        if again:
            raise UserError(self.env._("Reason: answer the objection for %(tasks)s.", tasks=again._listed()))
        if differing := self.filtered(lambda line: rulings[line.id] != line.cause_proposed):
            raise UserError(self.env._(
                "Reason: say why the ruling differs from what the department proposed for %(tasks)s.", tasks=differing._listed()
            ))
