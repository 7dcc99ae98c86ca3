from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OpsMeetingAttendee(models.Model):
    """Somebody who is invited: a colleague, or somebody without a login."""

    _name = "ops.meeting.attendee"
    _description = "Attendee of a Meeting"
    _inherit = ["ops.form.line.mixin"]
    _order = "meeting_id, is_required desc, id"
    _rec_name = "partner_id"

    _form_field = "meeting_id"

    meeting_id = fields.Many2one("ops.meeting", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", string="Colleague", index="btree_not_null", ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", string="Contact", compute="_compute_partner_id", store=True, readonly=False, precompute=True,
        index=True, ondelete="restrict", help="Somebody without a login; of a colleague their own contact.",
    )
    department_id = fields.Many2one(
        "hr.department", compute="_compute_department_id", store=True, readonly=False, index="btree_not_null",
        ondelete="restrict",
    )
    is_required = fields.Boolean(string="Required", default=True)
    presence = fields.Selection(
        [("expected", "Expected"), ("present", "Present"), ("absent", "Absent")], required=True, default="expected",
        copy=False,
    )
    answer = fields.Selection(
        [("none", "No Answer"), ("confirmed", "Confirmed"), ("objected", "Objected")], required=True, default="none",
        readonly=True, copy=False,
    )
    answered_on = fields.Datetime(readonly=True, copy=False)
    remark = fields.Char(copy=False)

    _somebody = models.Constraint(
        "CHECK(user_id IS NOT NULL OR partner_id IS NOT NULL)", "Attendee: choose a colleague or a contact."
    )
    _once = models.UniqueIndex("(meeting_id, partner_id)", "Attendee: this person is invited already.")

    @api.depends("user_id")
    def _compute_partner_id(self):
        for attendee in self:
            attendee.partner_id = attendee.user_id.partner_id or attendee.partner_id

    @api.depends("user_id", "meeting_id.company_id")
    def _compute_department_id(self):
        """The department of the colleague: in the company of the meeting, otherwise in their own."""
        found = self.env["hr.employee"]._ops_departments(self.user_id)
        for attendee in self:
            user, company = attendee.user_id, attendee.meeting_id.company_id
            department = found.get((user.id, company.id)) or found.get((user.id, user.company_id.id))
            attendee.department_id = department or attendee.department_id

    @api.constrains("user_id")
    def _check_user(self):
        for attendee in self.sudo():  # sudo: whoever may write the meeting need not read the user
            if attendee.user_id.share:
                raise ValidationError(self.env._(
                    "Colleague: %(user)s has no login of an employee; invite them as a contact.",
                    user=attendee.user_id.display_name,
                ))

    # -- what follows --------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        attendees = super().create(vals_list)
        attendees.meeting_id._after_write({"attendee_ids"})
        return attendees

    def write(self, vals):
        before = self.meeting_id
        result = super().write(vals)
        if vals.keys() & {"user_id", "partner_id", "department_id", "meeting_id"}:
            (before | self.meeting_id)._after_write({"attendee_ids"})
        return result

    def unlink(self):
        meetings = self.meeting_id
        result = super().unlink()
        meetings.exists()._after_write({"attendee_ids"})
        return result
