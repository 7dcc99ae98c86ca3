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
        # sudo: people may not read each other's employee records
        employees = self.env["hr.employee"].sudo().search([("user_id", "in", self.user_id.ids)])
        found = {(employee.user_id.id, employee.company_id.id): employee.department_id for employee in employees}
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
