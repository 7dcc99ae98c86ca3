from odoo import models
from odoo.tools import format_datetime

from ...tools.roles import ROLE_GROUPS


class OpsReminderLetter(models.Model):
    """What a letter says besides its text, in words: for the mail, the print and whoever reads it on screen."""

    _inherit = "ops.reminder.letter"

    def _facts(self, tz=None):
        """Return the table of the letter as (label, value) in the language of the context.

        :param str tz: time zone of the reader; default: the company's
        """
        self.ensure_one()
        moments = {
            name: self[name] and format_datetime(
                self.env, self[name], tz=tz or self.company_id._ops_tz(), dt_format="short", lang_code=self.env.lang
            )
            for name in ("date_original", "date_due", "date_reply_by")
        }
        extended = self.date_due != self.date_original
        facts = [
            (self.env._("What is overdue"), self.name),
            (self.env._("Decided in"), self.source_text),
            (self.env._("Standard"), self.rule_text),
            (self.env._("Answered for by"), ", ".join(self.answering_ids.mapped("name"))),
            (self.env._("Originally due"), moments["date_original"]),
            (self.env._("Due after extension"), moments["date_due"] if extended else ""),
            (self.env._("Overdue by"), self._overdue_text()),
            (self.env._("Which letter"), self.level_label),
            (self.env._("Please reply by"), moments["date_reply_by"]),
        ]
        return [(label, value) for label, value in facts if value]

    def _overdue_text(self):
        """Return how late it is in words: working days and calendar days are never mistaken for each other."""
        workdays, days = self.workdays_overdue, self.days_overdue
        return self.env._(
            "%(workdays)s (%(days)s)",
            workdays=self.env._("1 working day") if workdays == 1 else self.env._("%(count)s working days", count=workdays),
            days=self.env._("1 calendar day") if days == 1 else self.env._("%(count)s calendar days", count=days),
        )

    def _salutation(self):
        """Return whom the letter speaks to, in the language of the context."""
        if self.receiver_id and self.department_id:
            return self.env._("To %(head)s, %(department)s", head=self.receiver_id.name, department=self.department_id.name)
        offices = dict(self.env["ops.obligation"]._fields["role"]._description_selection(self.env))
        return self.env._("To %(who)s", who=(
            self.receiver_id.name or self.department_id.name or ", ".join(self.answering_ids.mapped("name"))
            or offices.get(self.obligation_id.role, "")
        ))

    def _copies_text(self):
        """Return who receives a copy, in the language of the context: the offices, then whoever is named besides."""
        labels = dict(self._fields["office"]._description_selection(self.env))
        offices = [name for name in ("gm_office", "general_manager") if self[f"copy_{name}"]]
        besides = self.copy_ids.filtered(lambda user: not any(user.has_group(ROLE_GROUPS[name]) for name in offices))
        return ", ".join([labels[name] for name in offices] + besides.mapped("name"))

    def _issuer(self):
        """Return the office that signs, in the language of the context."""
        return dict(self._fields["office"]._description_selection(self.env))[self.office]
