from odoo import models
from odoo.exceptions import UserError

from ...tools import clock


class OpsMeeting(models.Model):
    """The steps of a meeting: each a verb that people press and programs call."""

    _inherit = "ops.meeting"

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        groups = self.sudo().grouped("state")  # sudo: see _transition
        for state, meetings in groups.items():
            before = {meeting.id: previous[meeting.id] for meeting in meetings}
            if state == "called":
                meetings._became_called(before)
            elif state == "held":
                meetings._became_held(before)
            elif state == "distributed":
                meetings._became_distributed(before)
            elif state == "cancelled":
                meetings._became_cancelled(before, reason)

    # hooks of the layers above: superuser, ``previous`` is a dict id → state before

    def _became_called(self, previous):
        """The notice has gone out."""

    def _became_held(self, previous):
        """The meeting has taken place; coming from ``distributed`` its minutes are taken back for a correction."""

    def _became_distributed(self, previous):
        """The minutes have gone out."""

    def _became_cancelled(self, previous, reason):
        """The meeting does not take place."""

    # -- verbs -------------------------------------------------------------------------------------------------------

    def action_submit(self):
        """Handing a meeting in means calling it."""
        return self.action_call()

    def action_call(self):
        """Send the notice with agenda and material (C2)."""
        for meeting in self.sudo():  # sudo: named in the message only
            if not meeting.date_start:
                raise UserError(self.env._(
                    "Start: say when %(meeting)s takes place before you send the notice.", meeting=meeting.display_name
                ))
        return self._transition("called", values={"called_on": clock.now()})

    def action_hold(self, start=None, stop=None):
        """Say that the meetings took place (C3 starts at the end).

        :param start: when it began, naive UTC; default: as planned
        :param stop: when it ended, naive UTC; default: as planned, but not later than now
        """
        for meeting in self:
            now = clock.now()
            begun = start or min(meeting.date_start or now, now)
            meeting._transition("held", values={
                "actual_start": begun, "actual_stop": stop or max(min(meeting.date_stop or now, now), begun),
            })
        return True

    def action_return(self, reason=None):
        """A meeting is not returned."""
        raise UserError(self.env._("A meeting is not returned: correct its minutes, or cancel it."))

    def action_accept(self, *decision):
        """A meeting is not accepted."""
        raise UserError(self.env._("A meeting is not accepted: its attendees confirm the minutes."))
