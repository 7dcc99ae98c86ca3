from odoo import api, fields, models


class OpsCollaborationKickoffSlot(models.TransientModel):
    """One time that is proposed for a kick-off."""

    _name = "ops.collaboration.kickoff.slot"
    _description = "Proposed Time"
    _order = "id"

    wizard_id = fields.Many2one("ops.collaboration.kickoff.wizard", required=True, index=True, ondelete="cascade")
    start = fields.Datetime(string="Beginning", required=True, readonly=True)
    stop = fields.Datetime(string="End", required=True, readonly=True)
    missing = fields.Char(string="Cannot Come", readonly=True)
    late = fields.Boolean(string="After the Term", readonly=True)
    note = fields.Char(string="Who Is Free", compute="_compute_note")

    @api.depends("missing", "late")
    def _compute_note(self):
        for slot in self:
            free = self.env._("Cannot come: %(names)s", names=slot.missing) if slot.missing else self.env._("All are free")
            slot.note = self.env._("%(free)s, but after the term", free=free) if slot.late else free

    @api.model
    def _values_of(self, proposals):
        """Return the values of slots for the ``Proposal`` tuples of a collaboration."""
        ids = {user for proposal in proposals for user in proposal.missing}
        names = {user.id: user.name for user in self.env["res.users"].sudo().browse(ids)}  # sudo: names only
        return [
            {
                "start": proposal.start, "stop": proposal.stop, "late": proposal.late,
                "missing": ", ".join(names[user] for user in proposal.missing),
            }
            for proposal in proposals
        ]

    def action_choose(self):
        """Plan the kick-off at this time."""
        self.ensure_one()
        return self.wizard_id._plan(self.start)
