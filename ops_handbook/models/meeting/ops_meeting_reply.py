from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import clock, token
from ...tools.saying import saying
from ...tools.words import typed

ANSWERS = {"answer", "answered_on", "remark"}


class OpsMeeting(models.Model):
    """Attendees confirm the minutes or object to them: on the form, and by the link in the mail."""

    _inherit = "ops.meeting"

    answer_ids = fields.One2many("ops.meeting.answer", "meeting_id", string="Answers of the Attendees", readonly=True)
    confirmed_count = fields.Integer(string="Confirmed", compute="_compute_answer_counts")
    objected_count = fields.Integer(string="Objections", compute="_compute_answer_counts")
    unanswered_count = fields.Integer(string="No Answer Yet", compute="_compute_answer_counts")
    objection_waiting = fields.Boolean(string="Objection to Decide", compute="_compute_answer_counts")
    can_answer = fields.Boolean(compute="_compute_can_answer", help="The current user may confirm the minutes or object.")
    my_answer = fields.Selection(
        [("none", "No Answer"), ("confirmed", "Confirmed"), ("objected", "Objected")], compute="_compute_can_answer"
    )

    @api.depends("attendee_ids.answer", "answer_ids")
    def _compute_answer_counts(self):
        for meeting in self:
            answers = meeting.attendee_ids.mapped("answer")
            meeting.confirmed_count = answers.count("confirmed")
            meeting.objected_count = answers.count("objected")
            meeting.unanswered_count = answers.count("none")
            meeting.objection_waiting = any(meeting.answer_ids.mapped("is_waiting"))

    @api.depends("state", "attendee_ids.answer", "attendee_ids.user_id")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        for meeting in self:
            mine = meeting._my_attendee()
            meeting.can_answer = bool(mine) and meeting.state == "distributed"
            meeting.my_answer = mine.answer if mine else False

    def _my_attendee(self):
        """Return the line of the current user (sudo), or of somebody in whose name they act."""
        lines_sudo = self.sudo().attendee_ids  # sudo: whoever attends answers, whatever else they may read
        own = lines_sudo.filtered(lambda attendee: attendee.user_id == self.env.user)
        return own or lines_sudo.filtered(lambda attendee: attendee.user_id in self.env.user.ops_principal_ids)[:1]

    def action_confirm(self):
        """Confirm the minutes as an attendee."""
        return self._answer_mine("confirmed", None)

    def action_object(self, remark=None):
        """Object to the minutes as an attendee.

        :param str remark: what is wrong; asked for on screen when it is missing
        """
        if remark is None:
            return self._ask_reason("action_object")
        return self._answer_mine("objected", remark)

    def _answer_mine(self, answer, remark):
        self.check_access("read")
        for meeting in self:
            mine = meeting._my_attendee()
            if not mine:
                raise AccessError(self.env._("Only those who were invited to %(meeting)s confirm its minutes or object.",
                                             meeting=meeting.display_name))
            mine.with_env(self.env)._answer(answer, remark)
        return True


class OpsMeetingAttendee(models.Model):
    """What an attendee answered is theirs: nobody writes it for them."""

    _inherit = "ops.meeting.attendee"

    @api.model_create_multi
    def create(self, vals_list):
        trusted, model = token.holds(self.env), token.cleared(self)
        if not trusted:
            for vals in vals_list:
                self._refuse_answers(name for name in vals if vals[name] and (name, vals[name]) != ("answer", "none"))
            # said here, so that no default of a client can say it
            vals_list = [{**vals, "answer": "none", "answered_on": False, "remark": False} for vals in vals_list]
        return super(OpsMeetingAttendee, model).create(vals_list)

    def write(self, vals):
        trusted, records = token.holds(self.env), token.cleared(self)
        if not trusted:
            self._refuse_answers(vals)
            if {"user_id", "partner_id", "meeting_id"} & set(vals):
                self._refuse_change_of_answered(self.env._("Attendee: %(name)s was sent the minutes; add another line instead."))
        return super(OpsMeetingAttendee, records).write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_not_sent(self):
        self._refuse_change_of_answered(self.env._("Attendee: %(name)s was sent the minutes and stays on the list."))

    def _refuse_change_of_answered(self, text):
        # sudo: the links are nobody's to read
        sent = self.env["ops.meeting.link"].sudo().search([("attendee_id", "in", self.ids)], limit=1).attendee_id
        if sent:
            raise UserError(text % {"name": sent.partner_id.name})

    @api.model
    def _refuse_answers(self, names):
        if ANSWERS & set(names):
            raise UserError(self.env._("Answer: whoever was invited answers, with the buttons of the meeting or the link."))

    def _answer(self, answer, remark, minutes=None, by_link=False):
        """Take down what an attendee answers to the minutes that are in force; the same answer twice is one.

        :param str answer: ``confirmed`` or ``objected``
        :param str remark: what is wrong; needed for an objection
        :param minutes: the version that was read; default: the one in force
        :param bool by_link: it came by the private link
        :raise UserError: when there is nothing to answer, or the objection says nothing
        """
        self.ensure_one()
        line, remark = self.sudo(), typed(remark)  # sudo: whoever asks is the attendee, see the callers
        line.lock_for_update()
        meeting = line.meeting_id
        latest = meeting.minutes_ids.sorted("version")[-1:]
        if meeting.state != "distributed" or (minutes and minutes != latest):
            raise UserError(self.env._(
                "The minutes of %(meeting)s cannot be answered now: they are being corrected, replaced or closed.",
                meeting=meeting.name,
            ))
        if answer == "objected" and not remark:
            raise UserError(self.env._("Remark: please say what is wrong in the minutes."))
        if (line.answer, line.remark or "") == (answer, remark):
            return
        log = self.env["ops.meeting.answer"]
        mine = latest.answer_ids.filtered(lambda item: item.attendee_id == line)
        mine._fulfil("D1")  # who answers anew withdraws what they objected before
        token.marked(line).write({"answer": answer, "answered_on": clock.now(), "remark": remark or False})
        found = log._append(latest, line, answer, remark, by_link)
        if answer == "objected":
            meeting._log_note(saying(self.env)._("%(who)s objects: %(remark)s", who=line.partner_id.name, remark=remark))
            found._ask_decision()
