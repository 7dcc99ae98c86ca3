"""What errors, dialogs and links between records betray to whoever may not read a record: not even its name."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .collaborations import CollaborationCase
from .meetings import MeetingCase

SECRET = "Closing of the Foundry"


@tagged("post_install", "-at_install")
class TestOutsidersOfMeetings(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outsider = cls.colleague

    def test_verbs_do_not_name_what_they_refuse(self):
        """A draft that lacks something says so to its people only."""
        with self.at(self.PLANNED):
            draft = self.Meeting.with_user(self.head).create({"name": SECRET})
        for verb, args in (
            ("action_call", ()), ("action_submit", ()), ("action_correct", ("why",)), ("action_distribute", ()), ("action_hold", ()),
            ("action_close", ()), ("action_cancel", ("why",)), ("action_confirm", ()), ("action_object", ("why",)),
            ("get_minutes", ()), ("save_minutes_resolution", ("Buy @x",)), ("action_write_minutes", ()),
            ("action_accept_invitation", ()), ("find_minutes_people", ("a",)), ("save_minutes_all_present", ()),
        ):
            with self.subTest(verb), self.assertRaises(UserError) as caught, self.cr.savepoint():
                getattr(draft.with_user(self.outsider), verb)(*args)
            self.assertNotIn(SECRET, str(caught.exception), verb)

    def test_the_dialog_shows_nothing(self):
        """The dialog that asks when it was held, made or looked at ahead over RPC with any number."""
        meeting = self.call(name=SECRET)
        wizards = self.env["ops.meeting.hold.wizard"].with_user(self.outsider)
        with self.assertRaises(AccessError), self.cr.savepoint():
            wizards.create({"meeting_id": meeting.id})
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            wizards.onchange({"meeting_id": meeting.id}, ["meeting_id"], {
                "meeting_id": {"fields": {"display_name": {}}}, "actual_start": {}, "recorder_id": {"fields": {"display_name": {}}},
            })
        self.assertNotIn(SECRET, str(caught.exception))
        own = self.env["ops.meeting.hold.wizard"].with_user(self.head).create({"meeting_id": meeting.id})
        self.assertEqual(own.recorder_id, self.employee)

    def test_what_visitors_write_is_no_formula(self):
        """An objection by the link in a mail, a report without a login: nobody's spreadsheet runs it."""
        meeting = self.hold()
        meeting.attendee_ids.write({"presence": "present"})
        meeting.action_distribute()
        meeting.with_user(self.liaison).action_object("=HYPERLINK(A1)")
        self.head.group_ids += self.env.ref("base.group_allow_export")
        exported = meeting.answer_ids.with_user(self.head).export_data(["remark"])["datas"]
        self.assertEqual(exported, [["'=HYPERLINK(A1)"]])
        partner = self.env["res.partner"].create({"name": "=Not ours"})
        self.assertEqual(partner.export_data(["name"])["datas"], [["=Not ours"]])


@tagged("post_install", "-at_install")
class TestOutsidersOfCollaborations(CollaborationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outsider = cls.colleague

    def test_dialogs_show_nothing(self):
        request = self.submitted(name=SECRET)
        for model in ("ops.collaboration.close.wizard", "ops.collaboration.kickoff.wizard"):
            wizards, spec = self.env[model].with_user(self.outsider), {"collaboration_id": {"fields": {"display_name": {}}}}
            values = {"collaboration_id": request.id, "rating": "3", "assessment": "x"}
            values = {name: value for name, value in values.items() if name in wizards._fields}
            with self.subTest(model), self.assertRaises(AccessError), self.cr.savepoint():
                wizards.create(values)
            shown = "deliverable_standard" if "deliverable_standard" in wizards._fields else "people"
            with self.subTest(shown):
                with self.assertRaises(UserError) as caught, self.cr.savepoint():
                    wizards.onchange(values, ["collaboration_id"], {**spec, shown: {}})
                self.assertNotIn(SECRET, str(caught.exception))

    def test_a_brief_does_not_name_what_it_is_refused_for(self):
        request = self.submitted(name=SECRET)
        with self.assertRaises(AccessError) as caught, self.cr.savepoint():
            self.env["ops.collaboration.brief"].with_user(self.outsider).create({"collaboration_id": request.id})
        self.assertNotIn(SECRET, str(caught.exception))

    def test_verbs_do_not_name_what_they_refuse(self):
        request = self.submitted(name=SECRET)
        party = self.party(request)
        calls = [(request, verb, args) for verb, args in (
            ("action_submit", ()), ("action_file", ()), ("action_finish", ()), ("action_close", ("3", "x")), ("action_resume", ("x",)),
            ("action_cancel", ("x",)), ("action_plan_kickoff", ()), ("action_plan_meeting", ()), ("action_return", ("x",)),
        )] + [(party, verb, args) for verb, args in (
            ("action_accept", ()), ("action_decline", ("x",)), ("action_require", ("x",)), ("action_release", ("x",)),
            ("action_name_liaison", (self.colleague.id,)), ("action_open_collaboration", ()),
        )]
        for record, verb, args in calls:
            with self.subTest(verb), self.assertRaises(UserError) as caught, self.cr.savepoint():
                getattr(record.with_user(self.outsider), verb)(*args)
            self.assertNotIn(SECRET, str(caught.exception), verb)
