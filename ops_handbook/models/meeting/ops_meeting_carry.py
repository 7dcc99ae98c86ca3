from odoo import api, fields, models

from ...tools import clock

AHEAD = ("draft", "called")  # their agenda can still be read before they begin
TOOK_PLACE = ("held", "distributed", "closed")
# what nobody has finished, or nobody has accepted yet
UNFINISHED = ["|", ("state", "=", "open"), "&", ("state", "=", "done"), ("needs_acceptance", "=", True)]


class OpsMeetingAgenda(models.Model):
    """An item of the agenda may be what an earlier meeting decided and nobody has finished yet."""

    _inherit = "ops.meeting.agenda"

    resolution_id = fields.Many2one(
        "ops.resolution", string="Carried Over", readonly=True, copy=False, index="btree_not_null", ondelete="set null",
        help="What an earlier meeting decided.",
    )
    # as superuser: who attends this meeting need not have attended the one that decided
    resolution_state = fields.Selection(related="resolution_id.state", string="State of the Resolution", related_sudo=True)
    resolution_due = fields.Date(related="resolution_id.date_due", string="Due", related_sudo=True)
    resolution_owner_id = fields.Many2one(related="resolution_id.owner_id", string="Owner", related_sudo=True)


class OpsResolution(models.Model):
    _inherit = "ops.resolution"

    @api.ondelete(at_uninstall=False)
    def _unlink_carried(self):
        """What is taken out of minutes that are not distributed yet stands on no agenda to come either."""
        # sudo: the machinery made these items
        self.env["ops.meeting.agenda"].sudo().search([
            ("resolution_id", "in", self.ids), ("meeting_id.state", "in", AHEAD), ("notes", "in", (False, "")),
        ]).unlink()


class OpsMeeting(models.Model):
    """Open items of the last meeting, and of all meetings of a series before, come back on the next agenda."""

    _inherit = "ops.meeting"

    @api.model_create_multi
    def create(self, vals_list):
        meetings = super().create(vals_list)
        # a series does it itself
        if named := meetings.filtered(lambda meeting: meeting.previous_id and not meeting.series_id):
            named._carry_over()
        return meetings

    def write(self, vals):
        result = super().write(vals)
        if vals.get("previous_id"):
            self.filtered(lambda meeting: meeting.state in AHEAD)._carry_over()
        return result

    def _became_called(self, previous):
        """What meetings of the series have left open since this one was planned is on the agenda that its notice sends."""
        self.filtered("series_id")._carry_over()
        super()._became_called(previous)

    def _became_distributed(self, previous):
        """The next meeting may have been planned before this one was held: what it left open comes onto that agenda."""
        super()._became_distributed(previous)
        following = self.search([("previous_id", "in", self.ids), ("state", "in", AHEAD)])
        (following | self._next_of_series())._carry_over()

    def _became_cancelled(self, previous, reason):
        super()._became_cancelled(previous, reason)
        self._close_gap()

    @api.ondelete(at_uninstall=False)
    def _unlink_closes_gap(self):
        self._close_gap()

    def _close_gap(self):
        """Whatever followed a meeting that does not take place follows the one before it, and takes over what that left open."""
        dropped = self.sudo()  # sudo: the order of meetings is the machinery's
        for meeting in dropped:
            before = meeting.previous_id
            while before in dropped or before.state == "cancelled":
                before = before.previous_id
            if before:
                following = meeting.search([("previous_id", "=", meeting.id), ("state", "in", AHEAD)])
                following.write({"previous_id": before.id})

    def _carry_over(self):
        """Put on the agenda of these meetings, first and each once, what the meeting before and those of the series left open.

        What was carried over there and is still open comes along: an item comes back until it is finished.
        """
        super()._carry_over()
        meetings = self.sudo()  # sudo: the new agenda is made by the machinery, whoever organises it
        of_series, values = meetings._unfinished_of_series(), []
        for meeting in meetings:
            waiting = meeting._unfinished_of_previous() | of_series[meeting.id]
            values += meeting._carried_values(waiting - meeting.agenda_ids.resolution_id)
        meetings.env["ops.meeting.agenda"].create(values)

    def _carried_values(self, waiting):
        """Return the items of the agenda for the resolutions ``waiting``: before all others, the most urgent first."""
        first = min(self.agenda_ids.mapped("sequence"), default=10) - len(waiting)
        return [
            {"meeting_id": self.id, "sequence": first + place, "name": item.name, "presenter_id": item.owner_id.id,
             "resolution_id": item.id, "duration": 5}
            for place, item in enumerate(waiting.sorted(lambda item: (str(item.date_due or "9999"), item.id)))
        ]

    def _unfinished_of_previous(self):
        """Return what the meeting before left open, its own and what was carried over there (superuser)."""
        before = self.previous_id
        same_series = before.series_id and before.series_id == self.series_id
        if before and not same_series and not before.with_user(self.organiser_id).has_access("read"):
            return before.resolution_ids.browse()  # naming a meeting that one may not read shows nothing of it
        return (before.resolution_ids | before.agenda_ids.resolution_id).filtered_domain(UNFINISHED)

    # -- of a series -------------------------------------------------------------------------------------------------------

    def _unfinished_of_series(self):
        """Return what the earlier meetings of the same series left open: dict id → resolutions (superuser), one search.

        Of all of them: minutes may go out after the next meeting was held, or never.
        """
        resolutions = self.env["ops.resolution"]
        found = resolutions.search([
            ("meeting_id", "any", [("series_id", "in", self.series_id.ids), ("state", "in", TOOK_PLACE)]), *UNFINISHED,
        ]) if self.series_id else resolutions
        sources = found.grouped("meeting_id")
        return {
            meeting.id: resolutions.union(*(items for earlier, items in sources.items() if earlier._goes_before(meeting)))
            for meeting in self
        }

    def _goes_before(self, other):
        """Tell whether this meeting, which took place, is an earlier one of the series of ``other``."""
        begun = self._series_moment()
        return self.series_id == other.series_id and self != other and not (
            begun and other.date_start and begun >= other.date_start
        )

    def _series_moment(self):
        """Return where the meeting stands among those of its series: as planned, or without a plan as it was held."""
        return self.date_start or self.actual_start

    def _next_of_series(self):
        """Return the meetings to which what these left open goes on: the next of their series, and what has not been held yet."""
        began = {meeting: meeting._series_moment() for meeting in self if meeting.series_id and meeting._series_moment()}
        if not began:
            return self.browse()
        coming = self.search([
            ("series_id", "in", self.series_id.ids), ("state", "in", AHEAD), ("date_start", ">", min(began.values())),
        ], order="date_start, id")
        found, now = self.browse(), clock.now()
        for meeting, moment in began.items():
            later = coming.filtered(
                lambda item, series=meeting.series_id, moment=moment: item.series_id == series and item.date_start > moment
            )
            ahead = later.filtered(lambda item: item.date_start > now)
            found |= later - ahead[1:]
        return found
