from odoo import fields, models


class OpsCollaboration(models.Model):
    """What one opens from a collaboration."""

    _inherit = "ops.collaboration"

    party_count = fields.Integer(compute="_compute_counts")
    party_accepted_count = fields.Integer(compute="_compute_counts")
    item_count = fields.Integer(compute="_compute_counts")
    item_done_count = fields.Integer(compute="_compute_counts")
    brief_count = fields.Integer(compute="_compute_counts")
    meeting_count = fields.Integer(compute="_compute_counts")
    next_step = fields.Char(compute="_compute_next_step", help="Who has to do what now.")

    def _compute_counts(self):
        """Counts of what hangs on the collaboration; of all of it, since a count betrays nothing."""
        parties = self._count_of("ops.collaboration.party")
        agreed = self._count_of("ops.collaboration.party", [("state", "in", ("accepted", "required"))])
        items = self._count_of("ops.collaboration.item", [("state", "!=", "cancelled")])
        done = self._count_of("ops.collaboration.item", [("state", "in", ("done", "accepted"))])
        briefs = self._count_of("ops.collaboration.brief", [("state", "!=", "cancelled")])
        meetings = self._count_of("ops.meeting", [("state", "!=", "cancelled")])
        for request in self:
            request.party_count, request.party_accepted_count = parties.get(request.id, 0), agreed.get(request.id, 0)
            request.item_count, request.item_done_count = items.get(request.id, 0), done.get(request.id, 0)
            request.brief_count, request.meeting_count = briefs.get(request.id, 0), meetings.get(request.id, 0)

    def _compute_next_step(self):
        for request in self:
            request.next_step = request._next_step_of_state() if request.id else False

    def _next_step_of_state(self):
        """Return one sentence: who has to do what now."""
        # sudo: whom one waits for is told to whoever may read the request
        request = self.sudo()
        silent = request.party_ids.filtered(lambda party: party.state in ("asked", "declined"))
        names = ", ".join(silent.department_id.mapped("name"))
        if request.state == "submitted":
            return self.env._("Operations file the request, or return it.")
        if request.state == "filed" and not request.kickoff_id:
            return self.env._("Operations plan the kick-off.")
        if request.state == "filed":
            return self.env._("The kick-off is being prepared.")
        if request.state == "running" and names:
            return self.env._("Not settled yet: %(departments)s.", departments=names)
        if request.state == "done":
            return self.env._("The requester assesses the result and closes.")
        return False

    def _obligation_open_action(self, obligation=None):
        """Open what fulfils the obligation: of C4 that is the brief of its week, begun or new."""
        if obligation and obligation.code == "C4" and len(self) == 1 and self.can_write_brief:
            brief = self.brief_ids.filtered(lambda brief: brief.period == obligation.period and brief.state != "cancelled")
            return (brief[:1] or brief)._obligation_open_action(obligation)
        return super()._obligation_open_action(obligation)

    def action_write_brief(self):
        """Open the brief of this week: the one in work, or a new one."""
        self.ensure_one()
        briefs = self.env["ops.collaboration.brief"]
        week = briefs.new({"collaboration_id": self.id}).period
        begun = self.brief_ids.filtered(lambda brief: brief.period == week and brief.state != "cancelled")
        if begun:
            return begun[:1]._obligation_open_action()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.collaboration.brief",
            "views": [(False, "form")],
            "name": self.env._("Brief of the Week"),
            "context": {"default_collaboration_id": self.id},
        }

    def _open_related(self, name, model, views=("list", "kanban", "form")):
        """Return the action that opens records that belong to these collaborations."""
        return {
            "type": "ir.actions.act_window", "res_model": model, "name": name,
            "domain": [("collaboration_id", "in", self.ids)],
            "context": {"default_collaboration_id": self.id} if len(self) == 1 else {},
            "views": [(False, view) for view in views], "mobile_view_mode": "kanban",
        }

    def action_open_items(self):
        """Open the items."""
        return self._open_related(self.env._("Items"), "ops.collaboration.item", ("list", "kanban", "calendar", "form"))

    def action_open_briefs(self):
        """Open the briefs of all weeks."""
        return self._open_related(self.env._("Briefs"), "ops.collaboration.brief")

    def action_open_meetings(self):
        """Open the meetings."""
        return {**self._open_related(self.env._("Meetings"), "ops.meeting"), "context": {"create": False}}

    def action_open_kickoff(self):
        """Open the kick-off."""
        self.ensure_one()
        return self.kickoff_id._obligation_open_action()
