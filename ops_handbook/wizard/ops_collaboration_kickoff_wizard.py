from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools import clock

LONGEST = 8.0  # hours


class OpsCollaborationKickoffWizard(models.TransientModel):
    """When the kick-off takes place: the times at which all are free, or the least bad; one click makes the meeting (C1)."""

    _name = "ops.collaboration.kickoff.wizard"
    _description = "Plan a Kick-Off"

    collaboration_id = fields.Many2one("ops.collaboration", required=True, readonly=True, ondelete="cascade")
    duration = fields.Float(string="Duration (Hours)", default=1.0, required=True)
    slot_ids = fields.One2many("ops.collaboration.kickoff.slot", "wizard_id", string="Proposed Times")
    message = fields.Char(compute="_compute_message")
    people = fields.Char(string="To Attend", compute="_compute_message")
    own_start = fields.Datetime(string="Another Time")

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard.collaboration_id._check_kickoff()  # when others are free is told to whoever plans, and to nobody else
            if not wizard.slot_ids:
                wizard.slot_ids = wizard._commands()
        return wizards

    def action_propose(self):
        """Propose times anew, for the duration that was chosen: rows that are not saved have no working buttons."""
        self.ensure_one()
        self.collaboration_id._check_kickoff()
        self.slot_ids = self._commands()
        return self.collaboration_id._open_dialog(self._name, self.env._("Plan the Kick-Off"), self.id)

    def _commands(self):
        """Return the proposals for the chosen duration as commands."""
        slots = self.env["ops.collaboration.kickoff.slot"]
        if not 0 < self.duration <= LONGEST:
            return [Command.clear()]
        proposals = self.collaboration_id._propose_kickoff(timedelta(hours=self.duration))
        return [Command.clear(), *(Command.create(values) for values in slots._values_of(proposals))]

    def write(self, vals):
        if "collaboration_id" in vals:
            self.env["ops.collaboration"].browse(vals["collaboration_id"])._check_kickoff()
        return super().write(vals)

    @api.depends("slot_ids", "collaboration_id")
    def _compute_message(self):
        self.collaboration_id.check_access("read")  # whoever looks ahead with another number learns no names
        for wizard in self:
            free = wizard.slot_ids.filtered(lambda slot: not slot.missing and not slot.late)
            if free:
                wizard.message = self.env._("Everybody is free at these times.")
            elif wizard.slot_ids:
                wizard.message = self.env._("There is no time within the term at which all are free. These are the least bad.")
            else:
                wizard.message = self.env._("Nobody works within the term. Choose a time yourself.")
            users = wizard.collaboration_id._kickoff_users(self.env.user) if wizard.collaboration_id else self.env["res.users"]
            wizard.people = ", ".join(users.mapped("name"))

    def action_confirm(self):
        """Take the time that somebody chose themself."""
        self.ensure_one()
        if not self.own_start:
            raise UserError(self.env._("Another Time: choose when the kick-off begins, or take one of the proposals."))
        return self._plan(self.own_start)

    def _plan(self, start):
        """Create the kick-off that begins at ``start`` (naive UTC) and open it, ready to be called."""
        if not 0 < self.duration <= LONGEST:
            raise UserError(self.env._("Duration: choose more than 0 and at most 8 hours."))
        if start < clock.now():
            raise UserError(self.env._("Another Time: choose one that lies ahead."))
        meeting = self.collaboration_id._create_kickoff(start, start + timedelta(hours=self.duration))
        return meeting._obligation_open_action()
