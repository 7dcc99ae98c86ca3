from odoo import api, fields, models


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


class OpsMeeting(models.Model):
    """Open items of the last meeting come back on the next agenda."""

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
            self.filtered(lambda meeting: meeting.state in ("draft", "called"))._carry_over()
        return result

    def _became_distributed(self, previous):
        """The next meeting may have been planned before this one was held: what it left open comes onto that agenda."""
        super()._became_distributed(previous)
        self.search([("previous_id", "in", self.ids), ("state", "in", ("draft", "called"))])._carry_over()

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
                following = meeting.search([("previous_id", "=", meeting.id), ("state", "in", ("draft", "called"))])
                following.write({"previous_id": before.id})

    def _carry_over(self):
        """Put the open resolutions of the meeting before on the agenda of these meetings, first; each once.

        What was carried over there and is still open comes along: an item comes back until it is finished.
        """
        super()._carry_over()
        for meeting in self.sudo():  # sudo: the new agenda is made by the machinery, whoever organises it
            before = meeting.previous_id or meeting._last_of_series()
            same_series = before.series_id and before.series_id == meeting.series_id
            if before and not same_series and not before.with_user(meeting.organiser_id).has_access("read"):
                continue  # naming a meeting that one may not read shows nothing of it
            waiting = (before.resolution_ids | before.agenda_ids.resolution_id).filtered(
                lambda item: item.state == "open" or (item.state == "done" and item.needs_acceptance)
            ) - meeting.agenda_ids.resolution_id
            first = min(meeting.agenda_ids.mapped("sequence"), default=10) - len(waiting)
            self.env["ops.meeting.agenda"].sudo().create([
                {"meeting_id": meeting.id, "sequence": first + place, "name": item.name, "presenter_id": item.owner_id.id,
                 "resolution_id": item.id, "duration": 5}
                for place, item in enumerate(waiting.sorted(lambda item: (str(item.date_due or "9999"), item.id)))
            ])

    def _last_of_series(self):
        """Return the meeting of the same series before this one."""
        self.ensure_one()
        return self.search([
            ("series_id", "=", self.series_id.id), ("id", "!=", self.id), ("state", "!=", "cancelled"),
            ("date_start", "<", self.date_start),
        ], order="date_start desc, id desc", limit=1) if self.series_id and self.date_start else self.browse()
