from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError

from ...tools import clock

PAUSE = timedelta(hours=1)  # between two reminders by hand
OFFICES = ("ops_handbook.group_operations", "ops_handbook.group_gm_office", "ops_handbook.group_general_manager")


class OpsObligation(models.Model):
    """Reminding by hand, with one click."""

    _inherit = "ops.obligation"

    reminder_ids = fields.One2many("ops.obligation.reminder", "obligation_id", string="Reminders", readonly=True)

    def action_remind(self):
        """Remind whoever answers for these obligations now (operations, GM office, general manager).

        :raise AccessError: somebody else asks
        """
        if not any(self.env.user.has_group(office) for office in OFFICES):
            raise AccessError(self.env._("Reminders by hand are sent by operations, the GM office or the general manager."))
        self.check_access("read")
        reminded = self._remind_now()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if reminded else "warning",
                "message": self.env._("%(count)s reminders go out.", count=len(reminded)) if reminded else self.env._(
                    "No reminder goes out: what you chose is settled or on hold, or was reminded of within the hour."
                ),
            },
        }

    def _remind_now(self):
        """Remind whoever answers, once an hour at most; it goes out in their working hours, what is urgent at once.

        :return: the obligations that are reminded of
        """
        open_sudo = self.sudo().filtered(lambda item: item.state == "open")  # sudo: writing the log; see action_remind
        recent = self.env["ops.obligation.reminder"].sudo().search([
            ("obligation_id", "in", open_sudo.ids), ("step_id", "=", False), ("moment", ">", clock.now() - PAUSE),
        ])
        chosen = open_sudo - recent.obligation_id
        by_hand = self.env["ops.standard.step"].sudo()
        chosen._log_steps([(item, by_hand, clock.now(), 0, None) for item in chosen], author=self.env.user)
        if chosen:
            self._wake()
        return chosen
