"""Mails and prints of a collaboration."""

from odoo.tests import tagged

from .collaborations import CollaborationCase


@tagged("post_install", "-at_install")
class TestOpsCollaborationNotice(CollaborationCase):

    def setUp(self):
        super().setUp()
        self.last = self.env["mail.mail"].sudo().search([], order="id desc", limit=1).id or 0

    def sent(self):
        """Return the notices queued since the last time this was asked: (subject, login of the receiver, body)."""
        mails = self.env["mail.mail"].sudo().search([("ops_notice", "=", True), ("id", ">", self.last)], order="id")
        self.last = max([self.last, *mails.ids])
        return [(mail.subject, mail.recipient_ids.user_ids.login, str(mail.body_html)) for mail in mails]

    def heads(self, mails):
        return {(subject, login) for subject, login, _body in mails}

    def test_consent_is_asked_with_a_button_and_the_rule(self):
        with self.at("2026-11-20 18:30"):
            request = self.submitted()
        mails = self.sent()
        self.assertEqual(self.heads(mails), {
            ("Your help is asked for: New packaging line", "other.head.test"),
            ("Your help is asked for: New packaging line", "third.head.test"),
        })
        body = mails[0][2]
        party = self.party(request)
        for text in ("Two people of Sales", request.number, f"/odoo/ops-collaboration-parties/{party.id}", "11/23/26", "K1"):
            self.assertIn(text, body)

    def test_each_step_is_told_to_those_whom_it_concerns(self):
        with self.at("2026-11-23 10:00"):
            request = self.submitted()
            self.sent()
            mine, theirs = self.party(request), self.party(request, self.third_department)
            mine.with_user(self.other_head).action_accept(self.liaison.id)
            self.assertEqual(self.heads(self.sent()), {
                ("You are the liaison of Sales: New packaging line", "liaison.test")})
            theirs.with_user(self.third_head).action_decline("<b>No</b> hands")
            [(subject, login, body)] = self.sent()
            self.assertEqual((subject, login), ("Purchasing declined: New packaging line", "head.test"))
            self.assertIn("&lt;b&gt;No", body)
            theirs.with_user(self.operations).action_release("They have none")
            self.assertEqual(self.heads(self.sent()), {
                ("Purchasing: decided – New packaging line", login) for login in ("head.test", "third.head.test")})
            request.with_user(self.operations).action_return("Which hall?")
            [(subject, login, body)] = self.sent()
            self.assertEqual((subject, login), (f"{request.number}: please rework your request", "head.test"))
            self.assertIn("Which hall?", body)
            request.action_submit()
            self.assertFalse(self.sent(), "who agreed is not asked again, who was released neither")
            request.with_user(self.operations).action_file()
            self.assertEqual(self.heads(self.sent()), {(f"{request.number}: your request was filed", "head.test")})

    def test_kickoff_lead_done_and_closed(self):
        with self.at("2026-11-23 10:00"):
            request = self.planned()
            mails = self.sent()
            self.assertIn((f"{request.number}: the kick-off is planned", "head.test"), self.heads(mails))
            self.assertIn("11/24/26", mails[-1][2])
            self.hold(request)
            self.assertIn(("You lead: New packaging line", "other.head.test"), self.heads(self.sent()))
            request.with_user(self.other_head).action_finish()
            self.assertEqual(self.heads(self.sent()), {
                (f"{request.number}: done – what do you think of the result?", "head.test")})
            request.with_user(self.head).action_close("5", "Splendid")
            mails = self.sent()
            self.assertEqual(self.heads(mails), {
                (f"{request.number}: closed – thank you", login) for login in ("other.head.test", "third.head.test")})
            self.assertIn("Splendid", mails[0][2])

    def test_cancelled_is_told_to_those_who_were_asked(self):
        self.request().action_cancel("x")
        self.assertFalse(self.sent(), "nobody has heard of the draft")
        request = self.submitted()
        self.sent()
        request.action_cancel("Not needed")
        self.assertEqual({login for _subject, login in self.heads(self.sent())}, {"other.head.test", "third.head.test"})

    def test_a_substitute_is_told_and_the_language_is_the_receivers(self):
        self.env["ops.substitution"].create({
            "user_id": self.other_head.id, "substitute_id": self.colleague.id, "date_from": "2020-01-01", "date_to": "2099-01-01",
        })
        self.submitted(departments=self.other_department)
        self.assertEqual({login for _subject, login in self.heads(self.sent())}, {"colleague.test"})

    def test_many_parties_in_one_pass(self):
        """Twenty parties are asked in as many statements as five, but for their own rows."""
        counts = []
        for size in (5, 20):
            departments = self.env["hr.department"].union(*(
                self._create_department(f"D{size}-{number}", self._create_user(f"d{size}.{number}")) for number in range(size)
            ))
            request = self.request(departments=departments)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            request.action_submit()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(self.sent()), size)
        self.assertLessEqual(counts[1] - counts[0], 3 * 15, f"statements: {counts}")

    # -- prints ------------------------------------------------------------------------------------------------------

    def render(self, name, record, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.operations)
        return reports._render_qweb_html(f"ops_handbook.{name}", record.ids)[0].decode()

    def test_prints_of_forms_9_and_12(self):
        with self.at("2026-11-23 10:00"):
            request = self.running(background="<script>alert(1)</script>")
            self.party(request, self.third_department).with_user(self.third_head).action_decline("Nobody left")
            self.item(request)
            brief = self.env["ops.collaboration.brief"].with_user(self.other_head).create({"collaboration_id": request.id, "help": "A crane"})
        html = self.render("ops_collaboration_report", request, self.head)
        for text in (request.number, "Form 9", "Pack twice as fast", "Nobody left", "Declined", "Draw the line", "&lt;script&gt;", "Signatures"):
            self.assertIn(text, html)
        self.assertNotIn("<script>alert", html)
        html = self.render("ops_collaboration_brief_report", brief, self.other_head)
        for text in (brief.number, "Form 12", "2026-W48", "Draw the line", "A crane"):
            self.assertIn(text, html)

    def test_print_of_form_10(self):
        """The minutes of the kick-off say who speaks for each party and what falls to it, in print, frozen and in the mail."""
        with self.at("2026-11-23 10:00"):
            request = self.running()
            self.party(request).with_user(self.other_head).action_name_liaison(self.liaison.id)
            self.sent()
            meeting = self.minutes(request, ("Draw the line", self.other_head, 4, {}), ("Clear the hall", self.employee, 4, {}))
            later = request.with_user(self.other_head).action_plan_meeting()["res_id"]
        self.assertEqual([
            (row["department"].name, row["contacts"].mapped("name"), row["resolutions"].mapped("name"))
            for row in meeting._kickoff_contacts()
        ], [
            ("Sales", ["Liaison"], ["Draw the line"]), ("Purchasing", ["Third Head"], []),
            ("Workshop", ["Employee"], ["Clear the hall"]),
        ])
        html = self.render("ops_meeting_report", meeting)
        for text in ("Collaboration Kick-Off Minutes", "Form 10"):
            self.assertIn(text, html)
        mails = [body for subject, _login, body in self.sent() if "minutes, version 1" in subject]
        self.assertEqual(len(mails), 4, "three heads and operations")
        for body in (html, meeting.minutes_ids.body, *mails):
            self.assertIn("Division of Labour", body)
        another = self.env["ops.meeting"].browse(later).with_user(self.other_head)
        self.assertIsNone(another._kickoff_contacts())
        html = self.render("ops_meeting_report", another, self.other_head)
        self.assertIn("Form 11", html)
        self.assertNotIn("Division of Labour", html)

    def test_whoever_was_let_off_is_no_contact(self):
        with self.at("2026-11-23 10:00"):
            request = self.running()
            party = self.party(request, self.third_department)
            party.with_user(self.third_head).action_decline("No hands")
            party.with_user(self.operations).action_release("Fine")
            meeting = self.minutes(request, ("Nobody wants it", self.third_head, 4, {}), ("Not any more", self.head, 4, {}))
            meeting.resolution_ids.filtered(lambda item: item.owner_id == self.head).sudo().action_cancel("Changed")
            rows = meeting._kickoff_contacts()
        # the department stands there for what its head does, no longer as a party
        self.assertEqual([row["department"].name for row in rows], ["Sales", "Purchasing"])
        self.assertEqual((rows[1]["contacts"], rows[1]["resolutions"].mapped("name")), (self.third_head, ["Nobody wants it"]))
