"""Attendees confirm or object: on the form, and by the private link without a login."""

import re
from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .minutes import MinutesCase


@tagged("post_install", "-at_install")
class TestMeetingAnswer(MinutesCase):
    def test_confirm_and_object_on_the_form(self):
        meeting = self.distributed()
        meeting.with_user(self.employee).action_confirm()
        meeting.with_user(self.employee).action_confirm()
        self.assertEqual(len(meeting.answer_ids), 1, "twice is once")
        self.assertEqual((meeting.confirmed_count, meeting.unanswered_count), (1, 4))
        with self.assertRaises(UserError):
            meeting.with_user(self.liaison).action_object(" ")
        meeting.with_user(self.liaison).action_object("It was water")
        with self.assertRaises(AccessError):
            meeting.with_user(self.operations).action_confirm()
        self.assertIn("It was water", meeting.transition_ids[:1].reason)

    def test_objection_asks_the_recorder(self):
        """D1: it ends by an answer with a reason …"""
        meeting = self.distributed()
        meeting.with_user(self.liaison).action_object("It was water")
        objection = meeting.answer_ids
        waiting = self.obligations("D1", objection)
        self.assertEqual((waiting.state, waiting.responsible_id, waiting.date_due), ("open", self.recorder, False))
        self.assertTrue(objection.is_waiting)
        for user in (self.liaison, self.employee, self.colleague):
            with self.assertRaises(AccessError):
                objection.with_user(user).action_answer_objection("No")
        with self.assertRaises(UserError):
            objection.with_user(self.recorder).action_answer_objection("  ")
        objection.with_user(self.recorder).action_answer_objection("The maker says\x00 oil\ud800")  # no database holds these
        self.assertEqual(waiting.state, "done")
        self.assertFalse(objection.is_waiting)
        self.assertIn("The maker says oil", self.mails_to(self.liaison.partner_id)[-1].body_html)
        self.assertIn("The maker says oil", meeting.transition_ids[:1].reason)
        with self.assertRaises(UserError):
            objection.with_user(self.recorder).action_answer_objection("Again")

    def test_objection_ends_by_a_correction(self):
        """D1: … or by a corrected version."""
        meeting = self.distributed()
        meeting.with_user(self.liaison).action_object("It was water")
        waiting = self.obligations("D1", meeting.answer_ids)
        meeting.answer_ids.with_user(self.recorder).action_correct()
        self.assertEqual(meeting.state, "held")
        self.assertEqual(waiting.state, "open")
        meeting.with_user(self.recorder).action_distribute()
        self.assertEqual(waiting.state, "done")
        self.assertFalse(meeting.objection_waiting)

    def test_objection_is_withdrawn(self):
        meeting = self.distributed()
        meeting.with_user(self.liaison).action_object("It was water")
        waiting = self.obligations("D1", meeting.answer_ids)
        meeting.with_user(self.liaison).action_confirm()
        self.assertEqual(waiting.state, "done")

    def test_recorder_who_objects_or_has_left(self):
        meeting = self.distributed(people=self.employee | self.recorder)
        meeting.with_user(self.recorder).action_object("I wrote nonsense")
        self.assertEqual(self.obligations("D1", meeting.answer_ids).responsible_id, self.head)

    def test_an_objection_is_never_asked_of_an_office_that_nobody_holds(self):
        """D1: recorder and organiser have left, and nobody holds operations."""
        meeting = self.distributed()
        meeting.with_user(self.liaison).action_object("It was water")
        group = self.env.ref("ops_handbook.group_operations")
        self.env["res.users"]._ops_of_role("operations", self.company).write({"group_ids": [Command.unlink(group.id)]})
        (meeting.recorder_id | meeting.organiser_id).with_env(self.env).active = False
        self.env["ops.obligation"]._look_after_decisions()
        waiting = self.obligations("D1", meeting.answer_ids)
        self.assertEqual((waiting.role, waiting.responsible_id.ids), ("gm_office", []))

    def test_answers_are_append_only(self):
        meeting = self.distributed()
        meeting.with_user(self.employee).action_confirm()
        for user in (self.employee, self.recorder, self.operations, self.gm, self.admin_ops, self.env.ref("base.user_admin")):
            answer = meeting.answer_ids.with_user(user)
            for call in (
                lambda answer=answer: answer.write({"answer": "objected"}), lambda answer=answer: answer.unlink(),
                lambda answer=answer: answer.create({
                    "minutes_id": answer.sudo().minutes_id.id, "meeting_id": meeting.id, "attendee_id": answer.sudo().attendee_id.id,
                    "answer": "objected", "date": "2026-01-01"}),
            ):
                with self.assertRaises(UserError):
                    call()
        with self.assertRaises(UserError):
            meeting.answer_ids.sudo().write({"remark": "x"})
        with self.assertRaises(UserError):
            meeting.answer_ids.sudo().unlink()

    def test_nobody_answers_for_an_attendee(self):
        meeting = self.meeting()
        line = meeting.attendee_ids[:1].with_user(self.recorder)
        for values in ({"answer": "confirmed"}, {"remark": "Fine"}, {"answered_on": "2026-01-01 00:00:00"}):
            with self.assertRaises(UserError):
                line.write(values)
        with self.assertRaises(UserError):
            line.create({"meeting_id": meeting.id, "user_id": self.colleague.id, "answer": "confirmed"})
        forged = line.with_context(default_answer="confirmed").create({"meeting_id": meeting.id, "user_id": self.colleague.id})
        self.assertEqual(forged.answer, "none")

    def test_an_attendee_who_was_sent_the_minutes_stays(self):
        meeting = self.distributed()
        meeting.with_user(self.recorder).action_correct("Somebody is missing")
        line = meeting.attendee_ids.filtered(lambda line: line.user_id == self.employee).with_user(self.recorder)
        with self.assertRaises(UserError):
            line.unlink()
        with self.assertRaises(UserError):
            line.user_id = self.colleague


@tagged("post_install", "-at_install")
class TestMinutesLink(MinutesCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].search([("key", "like", "ops_handbook.door_limit")]).unlink()
        self.env["ops.rate.limit"].search([]).unlink()
        self.meeting_ = self.distributed()

    def url(self, partner):
        return re.findall(r"/ops/minutes/[A-Za-z0-9_-]+", self.mails_to(partner)[-1].body_html)[0]

    def visit(self, url, data=None, **headers):
        self.env.flush_all()
        return self.url_open(url, data=data, headers=headers, allow_redirects=False)

    def send(self, url, **values):
        token = re.search(r'name="form_token" value="([^"]+)"', self.visit(url).text)
        return self.visit(url, {"form_token": token and token[1] or "x", **values})

    @contextmanager
    def changes(self, count):
        before = self.env["ops.meeting.answer"].search_count([])
        yield
        self.env.invalidate_all()
        self.assertEqual(self.env["ops.meeting.answer"].search_count([]) - before, count)

    def test_confirm_by_the_link(self):
        url = self.url(self.guest)
        with self.changes(0):  # mail scanners follow links
            page = self.visit(f"{url}?answer=confirmed")
            self.opener.head(self.base_url() + url)
        self.assertEqual(page.status_code, 200)
        for words in ("Press line", "Version", 'value="confirmed"'):
            self.assertIn(words, page.text)
        for secret in ("It drips", "Employee", "Liaison", "Oil leak"):
            self.assertNotIn(secret, page.text)
        self.assertIn("frame-ancestors 'none'", page.headers["Content-Security-Policy"])
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertNotIn("session_id", page.headers.get("Set-Cookie", ""))
        with self.changes(1):
            self.assertIn("your answer is filed", self.send(url, answer="confirmed").text)
        line = self.meeting_.attendee_ids.filtered(lambda line: line.partner_id == self.guest)
        self.assertEqual(line.answer, "confirmed")
        self.assertTrue(self.meeting_.answer_ids.by_link)
        self.assertFalse(self.meeting_.answer_ids.by_id)

    def test_object_by_the_link(self):
        url = self.url(self.employee.partner_id)
        with self.changes(0):
            self.assertEqual(self.send(url, answer="objected").status_code, 422)
            self.assertEqual(self.send(url, answer="nonsense").status_code, 422)
            self.assertEqual(self.visit(url, {"answer": "confirmed"}).status_code, 409)
            self.assertEqual(self.visit(url, {"answer": "confirmed", "form_token": "forged"}).status_code, 409)
        with self.changes(1):
            self.send(url, answer="objected", remark="<script>alert(1)</script>")
        self.assertNotIn("<script>alert", self.visit(url).text)
        self.assertEqual(self.obligations("D1", self.meeting_.answer_ids).responsible_id, self.recorder)

    def test_one_link_is_good_for_its_own_page_only(self):
        mine, theirs = self.url(self.employee.partner_id), self.url(self.guest)
        token = re.search(r'name="form_token" value="([^"]+)"', self.visit(mine).text)[1]
        with self.changes(0):
            self.assertEqual(self.visit(theirs, {"form_token": token, "answer": "confirmed"}).status_code, 409)

    def test_unknown_links_tell_nothing(self):
        known = self.visit("/ops/minutes/" + "A" * 43)
        self.assertEqual(known.status_code, 404)
        for wrong in ("x", "A" * 200, "%00", "..%2f..%2f"):
            self.assertEqual(self.visit(f"/ops/minutes/{wrong}").status_code, 404)

    def test_an_old_link_names_the_newer_version(self):
        old = self.url(self.guest)
        self.meeting_.with_user(self.recorder).action_correct("A typo")
        self.assertNotIn("form_token", self.visit(old).text)
        self.meeting_.with_user(self.recorder).action_distribute()
        self.assertIn("newer", self.visit(old).text)
        with self.changes(0):
            self.send(old, answer="confirmed")
        with self.changes(1):
            self.send(self.url(self.guest), answer="confirmed")

    @mute_logger("odoo.http")
    def test_rate_limit(self):
        self.env["ir.config_parameter"].set_param("ops_handbook.door_limit_client", "2")
        url = self.url(self.guest)
        answers = [self.visit(url, {"answer": "confirmed"}).status_code for _attempt in range(4)]
        self.assertIn(429, answers)
