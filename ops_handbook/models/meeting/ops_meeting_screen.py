from odoo import api, fields, models
from odoo.fields import Command, Domain

from ..mixins.domains import flag_search


class OpsMeeting(models.Model):
    """What people see and press."""

    _inherit = "ops.meeting"

    is_of_my_department = fields.Boolean(
        string="My Department", compute="_compute_is_of_my_department", search="_search_is_of_my_department",
        help="Of the department in which the user works, or of one that they lead.",
    )

    @api.depends("department_id")
    @api.depends_context("uid")
    def _compute_is_of_my_department(self):
        mine = self._my_departments()
        for meeting in self:
            meeting.is_of_my_department = meeting.department_id in mine

    @flag_search
    def _search_is_of_my_department(self):
        return Domain("department_id", "in", self._my_departments().ids)

    @api.model
    def _my_departments(self):
        # sudo: where one works oneself
        employees_sudo = self.env["hr.employee"].sudo().search([("user_id", "=", self.env.uid)])
        return employees_sudo.department_id.with_env(self.env) | self.env.user.ops_department_ids

    @api.onchange("type_id")
    def _onchange_type_id(self):
        """Offer the agenda of the kind as long as nothing else stands there."""
        if self.type_id and not self._origin and not any(item.notes or item.presenter_id for item in self.agenda_ids):
            self.agenda_ids = [Command.clear(), *(Command.create(item) for item in self.type_id._agenda_values())]
        if self.type_id and not self.name and self.type_id.kind != "general":
            self.name = self.type_id.name

    def action_open_hold(self):
        """Ask when the meeting began and ended, then say that it was held."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.meeting.hold.wizard",
            "views": [(False, "form")],
            "target": "new",
            "name": self.env._("The Meeting Was Held"),
            "context": {"default_meeting_id": self.id},
        }
