import io
import re
from datetime import timedelta
from unittest.mock import patch

from PIL import Image

from odoo import fields
from odoo.exceptions import ConcurrencyError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools import clock
from .common import OpsCommon


def picture(format="JPEG", size=(40, 30), **options):
    """Return the bytes of a small picture."""
    target = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(target, format, **options)
    return target.getvalue()


class PublicCase(OpsCommon, HttpCase):
    """A visitor without an account, who speaks plain HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].search([("key", "like", "ops_handbook.door_limit")]).unlink()
        cls.department._ops_ensure_report_code()
        cls.code = cls.department.ops_report_code
        cls.url = f"/ops/report/{cls.code}"

    def setUp(self):
        super().setUp()
        self.problems = self.env["ops.problem"]
        self.before = self.problems.search([])

    def new_problems(self):
        self.env.invalidate_all()
        return self.problems.search([]) - self.before

    def visit(self, url, data=None, files=None, **headers):
        """GET, or POST when there is ``data``, without cookies of any kind but the test's own."""
        return self.url_open(url, data=data, files=files, headers=headers, allow_redirects=False)

    def clear_limits(self):
        self.env["ops.rate.limit"].search([]).unlink()

    def form_token(self, url=None):
        return re.search(r'name="form_token" value="([^"]+)"', self.visit(url or self.url).text)[1]

    def send(self, photos=(), url=None, **values):
        if "form_token" not in values:
            values["form_token"] = self.form_token(url)
        values.setdefault("description", "Oil on the floor\nIt drips from press 3.")
        files = [("photos", (name, data, "image/jpeg")) for name, data in photos] or [("photos", ("", b""))]
        return self.visit(url or self.url, data=values, files=files)

    def follow_url(self, response):
        return re.search(r"/ops/follow/[A-Za-z0-9_-]+", response.text)[0]


@tagged("post_install", "-at_install")
class TestProblemForm(PublicCase):

    def test_page_is_light_and_safe(self):
        response = self.visit(self.url)
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("Set-Cookie", response.headers)
        for name, value in {
            "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store",
            "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff",
        }.items():
            self.assertEqual(response.headers[name], value)
        self.assertIn("default-src 'none'", response.headers["Content-Security-Policy"])
        self.assertNotIn("unsafe", response.headers["Content-Security-Policy"])
        self.assertFalse(re.findall(r'(?:src|href|action)="(?:https?:)?//', response.text), "nothing from elsewhere")
        self.assertFalse(re.findall(r"<script(?![^>]*src=)|style=|\son\w+=", response.text), "nothing inline")
        self.assertLess(len(response.content), 12_000)

    def test_page_costs_few_queries(self):
        self.visit(self.url)
        with self.assertQueryCount(8):
            self.visit(self.url)

    def test_every_field_has_a_label(self):
        text = self.visit(self.url).text
        names = set(re.findall(r'<(?:textarea|select|input(?! type="hidden"))[^>]* id="(\w+)"', text))
        self.assertTrue(names)
        self.assertFalse(names - set(re.findall(r'<label[^>]* for="(\w+)"', text)))

    def test_sending_files_and_submits(self):
        """I1 starts: the report is with operations as soon as it is sent."""
        response = self.send([("IMG_0001.jpg", picture())], proposed_severity="2", category="resource", impact="Press 3")
        self.assertEqual(response.status_code, 200, response.text)
        problem = self.new_problems()
        self.assertEqual(len(problem), 1)
        self.assertIn(problem.number, response.text)
        self.assertRecordValues(problem, [{
            "state": "new", "channel": "qr", "is_anonymous": True, "author_id": False, "contact": False,
            "company_id": self.company.id, "department_id": self.department.id, "name": "Oil on the floor",
            "proposed_severity": "2", "category": "resource", "impact": "Press 3",
        }])
        self.assertEqual(problem.photo_ids.mapped("name"), ["photo-1.jpg"])
        self.assertEqual(problem.photo_ids.res_id, problem.id)
        self.assertFalse(problem.photo_ids.public)
        self.assertFalse(problem.message_follower_ids)
        self.assertNotIn("Set-Cookie", response.headers)

    def test_contact_is_the_choice_of_the_reporter(self):
        self.send(contact_name="Li Wei", contact_phone="138 0000 0000")
        self.assertRecordValues(self.new_problems(), [{"is_anonymous": False, "contact": "Li Wei, 138 0000 0000"}])

    def test_time_is_that_of_the_company(self):
        self.send(occurred_on="2026-03-02T08:30")
        self.assertEqual(str(self.new_problems().occurred_on), "2026-03-02 00:30:00")

    def test_pressing_twice_files_once(self):
        token = self.form_token()
        first, second = self.send(form_token=token), self.send(form_token=token)
        self.assertEqual(len(self.new_problems()), 1)
        self.assertEqual(second.status_code, 200)
        self.assertEqual(self.follow_url(first), self.follow_url(second), "the browser shows the answer to the second post")

    def test_photos_outlive_a_conflict(self):
        """Served again after a conflict, all photos are read again, sent as the page sends them: an empty camera first."""
        report, tries = type(self.problems)._door_report, []

        def late(problems, *args, **kwargs):
            tries.append(1)
            if len(tries) == 1:
                raise ConcurrencyError("This report is being filed right now.")
            return report(problems, *args, **kwargs)

        self.patch(type(self.problems), "_door_report", late)
        with patch("odoo.service.model.random.uniform", return_value=0.0), mute_logger("odoo.service.model"):
            response = self.send([("", b""), ("1.jpg", picture()), ("2.jpg", picture(size=(30, 40)))])
        self.assertEqual((response.status_code, len(tries)), (200, 2), response.text)
        self.assertEqual(sorted(self.new_problems().photo_ids.mapped("name")), ["photo-1.jpg", "photo-2.jpg"])

    def test_a_mail_leads_to_our_own_address(self):
        """Whatever host the visitor's program names: it is not what the mail links to."""
        values = {"form_token": self.form_token(), "description": "Oil", "contact_phone": "li@customer.example.com"}
        self.assertEqual(self.visit(self.url, data=values, Host="evil.example.com").status_code, 200)
        mail = self.env["mail.mail"].search([("email_to", "=", "li@customer.example.com")], order="id desc", limit=1)
        self.assertIn(f"{self.new_problems().get_base_url()}/ops/follow/", mail.body_html)
        self.assertNotIn("evil.example.com", mail.body_html)

    def test_only_a_form_of_ours_can_be_sent(self):
        other = self.env["hr.department"].create({"name": "Store", "company_id": self.company.id})
        other._ops_ensure_report_code()
        foreign = self.form_token(f"/ops/report/{other.ops_report_code}")
        good = self.form_token()
        for token in ("", "x", "AAAA", foreign, good[:-6] + "AAAAAA", "é" * 50):
            response = self.send(form_token=token)
            self.assertEqual(response.status_code, 400, token)
            self.assertIn("Oil on the floor", response.text, "what was written is kept")
        self.assertFalse(self.new_problems())

    def _in_hours(self, hours):
        """Return a time that lies ahead, as the form sends it: that of the company."""
        local = fields.Datetime.context_timestamp(self.company.with_context(tz=self.company._ops_tz()), clock.now())
        return (local + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")

    def test_what_is_wrong_is_said(self):
        for values, words in (
            ({"description": " \n"}, "What happened: please describe"),
            ({"description": "x" * 10_001}, "10000 characters"),
            ({"occurred_on": "2999-01-01T00:00"}, "When: please enter"),
            ({"occurred_on": self._in_hours(2)}, "When: please enter"),
            ({"occurred_on": "never"}, "When: please enter"),
            ({"occurred_on": "0001-01-01T00:00"}, "When: please enter"),
        ):
            response = self.send(**values)
            self.assertEqual(response.status_code, 422, values)
            self.assertIn(words, response.text)
            self.clear_limits()
        self.assertFalse(self.new_problems())

    def test_photos_that_are_none_are_refused(self):
        for data, words in (
            (b"%PDF-1.4 not a picture", "not a picture that can be read"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture that can be read"),
            (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50, "HEIC"),
            (picture()[:200], "not a picture that can be read"),
            (b"\x00" * (25 * 1024**2 + 1), "larger than 25 MB"),
        ):
            response = self.send([("a.jpg", data)])
            self.assertEqual(response.status_code, 422)
            self.assertIn(words, response.text)
            self.clear_limits()
        response = self.send([(f"{number}.jpg", picture()) for number in range(7)])
        self.assertIn("at most 6", response.text)
        self.assertFalse(self.new_problems())

    def test_a_post_that_is_too_large_is_told_so(self):
        response = self.send([("a.jpg", b"\x00" * (65 * 1024**2))])
        self.assertEqual(response.status_code, 413)
        self.assertIn("The photos are too large", response.text)

    def test_nonsense_does_no_harm(self):
        response = self.send(
            description="<script>alert(1)</script>\x00\x07 \ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
            category="nonsense", proposed_severity="9", state="closed", author_id="2", company_id="1", name="forged",
        )
        self.assertEqual(response.status_code, 200)
        problem = self.new_problems()
        self.assertRecordValues(problem, [{
            "description": "<script>alert(1)</script> 😀", "category": "other", "proposed_severity": "3", "state": "new",
            "author_id": False, "company_id": self.company.id,
        }])
        page = self.visit(self.follow_url(response)).text
        self.assertIn("&lt;script&gt;", page)
        self.assertNotIn("<script>alert", page)

    def test_names_of_the_program_do_no_harm(self):
        forged = dict.fromkeys(("self", "code", "token", "params", "door", "place", "endpoint", "cls"), "x")
        data = {**forged, "form_token": self.form_token(), "description": "Oil"}
        self.assertEqual(self.visit(self.url, data=data).status_code, 200)
        self.assertEqual(self.visit(f"{self.url}?self=1&code=2").status_code, 200)
        self.assertEqual(len(self.new_problems()), 1)

    def test_file_where_text_belongs(self):
        response = self.visit(self.url, data={"form_token": self.form_token()}, files=[("description", ("a.txt", b"text"))])
        self.assertEqual(response.status_code, 422)

    def test_unknown_places_all_look_alike(self):
        archived = self.env["hr.department"].create({"name": "Gone", "company_id": self.company.id})
        archived._ops_ensure_report_code()
        archived.active = False
        pages = set()
        for code in ("nothing", str(self.department.id), archived.ops_report_code, self.code[:-1], self.code + "%00", "%F0"):
            for data in (None, {"description": "x", "form_token": self.form_token()}):
                response = self.visit(f"/ops/report/{code}", data=data)
                self.assertEqual(response.status_code, 404, code)
                pages.add(response.text.replace(f"/ops/report/{code}", ""))
                self.assertNotIn("Gone", response.text)
            self.clear_limits()
        self.assertFalse(self.new_problems())
        pages = {re.sub(r'href="[^"]*"', "", page) for page in pages}
        self.assertEqual(len(pages), 1)

    def test_company_link_names_no_department(self):
        action = self.company.with_user(self.employee).action_ops_report_anonymously()
        self.assertEqual(self.send(url=action["url"]).status_code, 200)
        self.assertRecordValues(self.new_problems(), [{"department_id": False, "company_id": self.company.id}])

    def test_language_by_browser_and_by_choice(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        for headers, query, language in (
            ({}, "", "en-US"),
            ({"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}, "", "zh-CN"),
            ({"Accept-Language": "zh-Hant-TW"}, "", "zh-CN"),
            ({"Accept-Language": "fr,en;q=0.5"}, "", "en-US"),
            ({"Accept-Language": "zh-CN"}, "?lang=en_US", "en-US"),
            ({}, "?lang=xx_XX", "en-US"),
        ):
            text = self.visit(self.url + query, **headers).text
            self.assertIn(f'<html lang="{language}">', text)
            self.assertIn("?lang=zh_CN", text, "a visible switch")


@tagged("post_install", "-at_install")
class TestProblemLimits(PublicCase):

    def test_a_thousand_posts_in_a_minute(self):
        """A thousand posts are slowed, not served; who only reads is served."""
        token = self.form_token()
        codes = {}
        with clock.frozen(clock.now()):
            for number in range(1000):
                response = self.visit(self.url, data={"form_token": token, "description": f"Flood {number}"})
                codes[response.status_code] = codes.get(response.status_code, 0) + 1
            self.assertEqual(codes, {200: 10, 429: 990})
            self.assertGreater(int(response.headers["Retry-After"]), 0)
            self.assertIn("Too much at once", response.text)
            self.assertEqual(self.visit(self.url).status_code, 200)
        with clock.frozen(clock.now() + timedelta(seconds=61)):
            self.assertEqual(self.send().status_code, 200)

    def test_limits_of_link_and_of_all(self):
        limiter = self.env["ops.rate.limit"]
        with clock.frozen(clock.now()):
            self.assertEqual([limiter._admit(f"10.0.0.{n}", "/a") for n in range(20)], [0] * 20)
            self.assertEqual(limiter._admit("10.0.1.1", "/a"), 60)
            waits = [limiter._admit(f"10.1.0.{n}", f"/b{n}") for n in range(50)]
            self.assertEqual((waits.count(0), waits[-1]), (40, 60))

    def test_limits_can_be_set(self):
        self.env["ir.config_parameter"].set_param("ops_handbook.door_limit_client", "1")
        limiter = self.env["ops.rate.limit"]
        self.assertFalse(limiter._admit("10.0.0.1", "/a"))
        self.assertTrue(limiter._admit("10.0.0.1", "/a"))

    def test_counters_know_no_address_and_forget(self):
        limiter = self.env["ops.rate.limit"]
        start = clock.now()
        with clock.frozen(start):
            limiter._admit("203.0.113.77", "/a")
            key = limiter._key(limiter._salt(), "client", "203.0.113.77")
        self.assertTrue(limiter.search([("key", "=", key)]))
        with clock.frozen(start + timedelta(days=1)):
            self.assertNotEqual(limiter._key(limiter._salt(), "client", "203.0.113.77"), key, "a new salt every day")
            limiter._admit("203.0.113.78", "/a")
        self.assertFalse(limiter.search([("moment", "<=", start)]))
        limiter._forget()

    def test_nobody_reads_the_counters(self):
        for user in (self.admin_ops, self.operations, self.gm):
            self.assertFalse(self.env["ops.rate.limit"].with_user(user).has_access("read"))


@tagged("post_install", "-at_install")
class TestProblemFollow(PublicCase):

    def setUp(self):
        super().setUp()
        response = self.send()
        self.follow = self.follow_url(response)
        self.problem = self.new_problems()

    def resolved(self):
        """Bring the report to where its reporter is asked."""
        problem = self.problem.with_user(self.operations)
        problem.action_accept("3", self.department.id)
        problem.with_user(self.head).action_start("Sand on the oil")
        self._resolve()

    def _resolve(self):
        plan = self.env["ops.problem.plan"].with_user(self.head).create(self.plan_values())
        plan.action_submit()
        self.problem.measure_ids.filtered(lambda measure: measure.state == "open").with_user(self.head).action_done()
        self.problem.with_user(self.head).action_resolve("The seal was changed")

    def plan_values(self):
        return {
            "problem_id": self.problem.id,
            "root_cause": "Worn seal",
            "measure_ids": [(0, 0, {
                "name": f"{kind} measure", "kind": kind, "owner_id": self.head.id, "acceptance_standard": "No drop of oil",
                "date_due": clock.today("Asia/Shanghai") + timedelta(days=3), "evidence": "Seen",
            }) for kind in ("immediate", "corrective", "preventive")],
        }

    def answer(self, **values):
        if "form_token" not in values:
            values["form_token"] = self.form_token(self.follow)
        return self.visit(self.follow, data=values)

    def test_only_the_hash_is_stored(self):
        private = self.follow.rsplit("/", 1)[1]
        self.assertNotEqual(self.problem.token_hash, private)
        self.assertEqual(self.problem.token_hash, self.problems._hash_token(private))

    def test_page_shows_progress_and_nothing_else(self):
        self.resolved()
        response = self.visit(self.follow)
        self.assertEqual(response.status_code, 200)
        for words in (self.problem.number, "Resolved", "The seal was changed", "It drips from press 3."):
            self.assertIn(words, response.text)
        for words in (self.head.name, self.operations.name, "Worn seal", "Sand on the oil"):
            self.assertNotIn(words, response.text)
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertNotIn("Set-Cookie", response.headers)

    def test_other_links_open_nothing(self):
        private = self.follow.rsplit("/", 1)[1]
        for token in ("x", private[:-1], private[:-1] + ("a" if private[-1] != "a" else "b"), self.problem.token_hash, "%00"):
            response = self.visit(f"/ops/follow/{token}")
            self.assertEqual(response.status_code, 404)
            self.assertNotIn(self.problem.number, response.text)
        self.assertEqual(self.visit("/ops/follow/x", data={"effective": "yes"}).status_code, 404)

    def test_rejection_is_explained(self):
        self.problem.with_user(self.operations).action_reject("Known, a new press is ordered")
        self.assertIn("Known, a new press is ordered", self.visit(self.follow).text)

    def test_dropping_is_explained(self):
        """What was dropped is not called closed, and the page says why."""
        self.problem.with_user(self.operations).action_accept("2", self.department.id)
        self.problem.with_user(self.operations).action_cancel("The press was sold")
        page = self.visit(self.follow).text
        self.assertIn("The press was sold", page)
        self.assertNotIn("Closed", page)

    def test_effective_closes(self):
        """I4: the reporter verifies by the private link."""
        self.resolved()
        token = self.form_token(self.follow)
        response = self.answer(form_token=token, effective="yes", comment="Dry since Monday")
        self.assertEqual(response.status_code, 200, response.text)
        self.env.invalidate_all()
        self.assertEqual(self.problem.state, "closed")
        sheet = self.problem.verification_ids
        self.assertEqual(len(sheet), 1)
        self.assertEqual(self.answer(form_token=token, effective="yes").status_code, 409, "pressed twice")
        self.env.invalidate_all()
        self.assertEqual(len(self.problem.verification_ids), 1)

    def test_not_effective_goes_back_then_effective(self):
        """I4: not effective returns the problem to handling and counts the round."""
        self.resolved()
        self.assertEqual(self.answer(effective="no").status_code, 422, "a comment is asked for")
        self.assertEqual(self.answer().status_code, 422)
        self.env.invalidate_all()
        self.assertEqual(self.problem.state, "resolved")
        files = [("photos", ("again.jpg", picture(), "image/jpeg"))]
        data = {"form_token": self.form_token(self.follow), "effective": "no", "comment": "It drips again"}
        self.assertEqual(self.visit(self.follow, data=data, files=files).status_code, 200)
        self.env.invalidate_all()
        self.assertRecordValues(self.problem, [{"state": "handling", "round": 2}])
        photo = self.env["ir.attachment"].search([
            ("res_model", "=", "ops.problem.verification"), ("res_id", "in", self.problem.verification_ids.ids),
        ])
        self.assertEqual(photo.name, "photo-1.jpg")
        self._resolve()
        self.assertEqual(self.answer(effective="yes").status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(self.problem.state, "closed")
        self.assertFalse(self.problem.verification_ids.filtered("author_id"), "no person on the sheet")

    def test_not_before_it_is_resolved(self):
        self.assertNotIn("effective", self.visit(self.follow).text)
        token = self.env["ops.door"].sudo()._form_token(f"follow:{self.problem.id}:new:{self.problem.round}")
        self.assertEqual(self.answer(form_token=token, effective="yes").status_code, 422)
        self.assertFalse(self.problem.verification_ids)

    def test_question_is_answered(self):
        self.problem.with_user(self.operations).action_return("Which press exactly?")
        self.assertIn("Which press exactly?", self.visit(self.follow).text)
        self.assertEqual(self.answer(comment=" ").status_code, 422)
        self.assertEqual(self.answer(comment="The one by the door").status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(self.problem.state, "new")
        self.assertIn("The one by the door", self.problem.description)


@tagged("post_install", "-at_install")
class TestReportPoster(PublicCase):

    def test_new_code_makes_posters_invalid(self):
        self.department.with_user(self.head).action_ops_renew_report_code()
        self.env.invalidate_all()
        self.assertNotEqual(self.department.ops_report_code, self.code)
        self.assertEqual(self.visit(self.url).status_code, 404)
        self.assertEqual(self.visit(f"/ops/report/{self.department.ops_report_code}").status_code, 200)

    def test_poster_holds_the_link_in_both_languages(self):
        self.department.with_user(self.head).action_ops_print_poster()
        html = self.env["ir.actions.report"].with_user(self.head)._render_qweb_html(
            "ops_handbook.ops_report_poster", self.department.ids)[0].decode()
        for words in ("Seen a problem?", "发现问题", self.department.name, self.code, "data:image/png;base64,"):
            self.assertIn(words, html)

    def test_who_prints(self):
        for user in (self.head, self.operations, self.admin_ops):
            self.department.with_user(user).action_ops_print_poster()
        for user in (self.other_head, self.employee):
            with self.assertRaisesRegex(Exception, "Department: the poster"):
                self.department.with_user(user).action_ops_print_poster()
            with self.assertRaisesRegex(Exception, "Department: the poster"):
                self.department.with_user(user).action_ops_renew_report_code()

    def test_nobody_prints_past_the_button(self):
        """The address of the report is open to every login; the code on it is not."""
        for user in (self.other_head, self.employee):
            with self.assertRaisesRegex(Exception, "Department: the poster"):
                self.env["ir.actions.report"].with_user(user)._render_qweb_html(
                    "ops_handbook.ops_report_poster", self.department.ids)

    def test_employees_do_not_read_codes(self):
        field = self.department._fields["ops_report_url"]
        for user, may in ((self.employee, False), (self.head, True), (self.operations, True), (self.admin_ops, True)):
            self.assertEqual(self.department.with_user(user)._has_field_access(field, "read"), may, user.name)
