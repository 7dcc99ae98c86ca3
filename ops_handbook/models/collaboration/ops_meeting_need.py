from odoo import fields, models
from odoo.fields import Domain


class OpsMeetingAgenda(models.Model):
    """A need that is noted on an item of the agenda."""

    _name = "ops.meeting.agenda"
    _inherit = ["ops.meeting.agenda", "ops.need.mixin"]

    _need_anywhere = True

    def _need_departments(self):
        return self.sudo().meeting_id.department_id  # sudo: names on the meeting

    def _need_values(self):
        presenter = self.sudo().presenter_id  # sudo: where the presenter works
        departments = self.env["hr.employee"]._ops_departments(presenter)
        return {
            "name": self.name, "parties": list(departments.values())[:1],
            "background": "\n".join(filter(None, [self._need_text(self.notes), self.sudo().meeting_id.display_name])),
        }

    def _minutes_row(self):
        return {
            **super()._minutes_row(), "request": self.need_request_id.id,
            "can_request": self.can_request_collaboration or bool(self.need_request_id),
        }


class OpsResolution(models.Model):
    """A resolution that another department has to help with."""

    _name = "ops.resolution"
    _inherit = ["ops.resolution", "ops.need.mixin"]

    _need_anywhere = True

    def _is_need_open(self):
        return self.state == "open"

    def _need_departments(self):
        # sudo: names on the resolution
        return self.sudo().department_id | self.sudo().meeting_id.department_id

    def _need_values(self):
        return {
            "name": self.name, "parties": list(self.sudo().department_id), "date_expected": self._need_day(self.date_due),
            "deliverable_standard": self.acceptance_standard,
            "background": self.sudo().meeting_id.display_name,  # sudo: the resolution names it
        }


class OpsMeeting(models.Model):
    """The requests to other departments that came out of a meeting."""

    _inherit = "ops.meeting"

    need_request_count = fields.Integer(string="Requests to Other Departments", compute="_compute_need_request_count")

    def _compute_need_request_count(self):
        for meeting in self:
            meeting.need_request_count = self.env["ops.collaboration"].search_count(meeting._need_domain()) if meeting.id else 0

    def _need_domain(self):
        """Return what finds the requests that came out of these meetings."""
        found = Domain.FALSE
        for lines in (self.agenda_ids, self.resolution_ids):
            found |= Domain("source_model", "=", lines._name) & Domain("source_id", "in", lines.ids)
        return found & Domain("state", "!=", "cancelled")

    def action_open_need_requests(self):
        """Open the requests to other departments that came out of these meetings."""
        self.check_access("read")
        requests = self.env["ops.collaboration"].search(self._need_domain())
        if len(requests) == 1:
            return requests._obligation_open_action()
        return {
            "type": "ir.actions.act_window", "res_model": "ops.collaboration", "name": self.env._("Requests to Other Departments"),
            "views": [(False, "list"), (False, "kanban"), (False, "form")], "mobile_view_mode": "kanban",
            "domain": [("id", "in", requests.ids)], "context": {"create": False},
        }
