import base64
import email
import email.policy
import os
import xmlrpc.client  # nosec B411  # as the mail gate does, to this test's own server
from email.message import EmailMessage

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import OpsCommon
from .test_ops_problem_public import picture

ALIAS = "problems-test"
DOMAIN = "ops.test.example.com"
ADDRESS = f"{ALIAS}@{DOMAIN}"
GATEWAY = "odoo.addons.mail.models.mail_thread"
COUNTED = (
    "ops.problem", "ops.obligation", "ops.task", "ops.cycle", "hr.department", "discuss.channel", "ir.actions.server", "mail.message",
)


class MailCase(OpsCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].create({
            "name": DOMAIN, "bounce_alias": "bounce-test", "catchall_alias": "catchall-test",
        })
        (cls.company | cls.branch).alias_domain_id = domain
        cls.alias = cls.env["ops.problem"]._ops_setup_alias(cls.company, ALIAS)
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.before = self.env["ops.problem"].search([])

    def new_problems(self):
        return self.env["ops.problem"].search([]) - self.before

    def letter(self, sender="Wang Fang <wang.fang@customer.example.com>", subject="Press 3 leaks", body="Oil on the floor.",
               to=ADDRESS, message_id="<first@customer.example.com>", **headers):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, to, subject
        if message_id:
            message["Message-Id"] = message_id
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(body)
        return message

    def receive(self, message):
        """Hand an e-mail to Odoo as the mail gateway does; return the reports that are new since the test began."""
        raw = message if isinstance(message, bytes) else message.as_bytes()
        self.env["mail.thread"].message_process(None, xmlrpc.client.Binary(raw))
        self.env.invalidate_all()
        return self.new_problems()


@tagged("post_install", "-at_install")
class TestProblemMail(MailCase):

    def test_employee_is_the_author(self):
        """I1 starts for a report by e-mail as for any other."""
        message = self.letter(sender=f"Somebody <{self.employee.email.upper()}>")
        message.add_attachment(picture(), maintype="image", subtype="jpeg", filename="press.jpg")
        message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="manual.pdf")
        problem = self.receive(message)
        self.assertRecordValues(problem, [{
            "name": "Press 3 leaks", "description": "Oil on the floor.", "channel": "email", "state": "new",
            "author_id": self.employee.id, "contact": False, "is_anonymous": False, "company_id": self.company.id,
            "department_id": self.department.id,
        }])
        self.assertEqual(problem.photo_ids.mapped("name"), ["press.jpg"])
        files = self.env["ir.attachment"].search([("res_model", "=", "ops.problem"), ("res_id", "=", problem.id)])
        self.assertEqual(set(files.mapped("name")), {"press.jpg", "manual.pdf"})

    def test_unknown_sender_is_welcome(self):
        problem = self.receive(self.letter())
        self.assertRecordValues(problem, [{
            "channel": "email", "state": "new", "author_id": False, "is_anonymous": False,
            "contact": '"Wang Fang" <wang.fang@customer.example.com>',
        }])
        self.assertTrue(problem.token_hash, "can be followed by a private link")
        self.assertFalse(self.env["res.partner"].search([("email", "ilike", "wang.fang@customer")]))

    def test_twice_is_once(self):
        self.receive(self.letter())
        self.assertEqual(len(self.receive(self.letter())), 1)

    def test_twice_at_the_same_moment_is_once(self):
        """The second delivery does not see the first one's message yet: the key in the database stops it."""
        vals = {"subject": "A", "body": "b", "email_from": "a@b.example.com", "message_id": "<same@x>"}
        first = self.env["ops.problem"].message_new(dict(vals), {"company_id": self.company.id})
        self.assertEqual(self.env["ops.problem"].message_new(dict(vals), {"company_id": self.company.id}), first)

    def test_html_becomes_text(self):
        message = self.letter()
        message.set_content("plain")
        message.add_alternative(
            "<style>p {color: red}</style><p>Oil &amp; <b>water</b></p><script>alert(1)</script><p>on the floor</p>",
            subtype="html")
        problem = self.receive(message)
        self.assertIn("Oil &", problem.description)
        self.assertIn("on the floor", problem.description)
        for markup in ("<", "alert", "color"):
            self.assertNotIn(markup, problem.description)

    def test_missing_parts_have_substitutes(self):
        without_subject = self.letter(subject="", body="First line\nSecond line")
        self.assertEqual(self.receive(without_subject).name, "First line")
        empty = self.letter(subject="Re: 答复：", body="", message_id="<empty@x>")
        names = self.receive(empty).mapped("name")
        self.assertIn("E-mail without a subject", names)
        replied = self.letter(subject="Fwd: RE: Press 3", message_id="<replied@x>")
        self.assertIn("Press 3", self.receive(replied).mapped("name"))

    def test_large_attachment_is_kept(self):
        message = self.letter()
        content = os.urandom(30 * 1024 * 1024)
        message.add_attachment(content, maintype="application", subtype="zip", filename="all.zip")
        problem = self.receive(message)
        self.assertEqual(len(problem), 1)
        file = self.env["ir.attachment"].search([("res_model", "=", "ops.problem"), ("res_id", "=", problem.id)])
        self.assertTrue(file.raw == content)

    @mute_logger("odoo.addons.ops_handbook.models.improvement.mail_thread", GATEWAY)
    def test_garbage_is_kept(self):
        head = f"From: x@y.example.com\r\nTo: {ADDRESS}\r\nSubject: Garbage\r\n".encode()
        letters = [
            os.urandom(2000),
            b"",
            b"\x00" * 100,
            head + b"Content-Type: text/plain; charset=no-such-charset\r\n\r\n\xff\xfe\x00\x81",
            head + b"Content-Type: text/html; charset=utf-8\r\n\r\n<<<<\x00\x01\x02>>>>",
            head + b"Content-Type: multipart/mixed; boundary=\"x\"\r\n\r\n--x\r\nContent-Type: a/b/c\r\n"
                   b"Content-Transfer-Encoding: base64\r\n\r\n%%%%\r\n--x",
            head + b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
            b"From: \xff\xfe\r\nTo: " + ADDRESS.encode() + b"\r\nSubject: =?utf-8?B?////?= \x00\r\n\r\nbody\x00body",
        ]
        for number, raw in enumerate(letters, start=1):
            self.assertEqual(len(self.receive(raw)), number, raw[:80])
        self.assertEqual(set(self.new_problems().mapped("state")), {"new"})

    @mute_logger("odoo.addons.ops_handbook.models.improvement.mail_thread", GATEWAY)
    def test_garbage_twice_is_once_and_complete(self):
        raw = os.urandom(5000)
        self.receive(raw)
        problem = self.receive(raw)
        self.assertEqual(len(problem), 1)
        file = self.env["ir.attachment"].search([("res_model", "=", "ops.problem"), ("res_id", "=", problem.id)])
        self.assertEqual(len(file), 1)
        self.assertTrue(file.raw == raw, "the e-mail is kept as it arrived")
        self.assertFalse(problem.photo_ids)

    @mute_logger(GATEWAY)
    def test_mail_for_others_is_none_of_ours(self):
        with self.assertRaises(ValueError):
            self.receive(self.letter(to="nobody@elsewhere.example.com"))
        self.assertFalse(self.new_problems())

    def test_reply_goes_to_the_report(self):
        problem = self.receive(self.letter())
        question = problem.message_post(body="Which press?", message_type="comment", subtype_xmlid="mail.mt_comment")
        reply = self.letter(subject=f"Re: {problem.number}", body="The one by the door", message_id="<reply@x>",
                            In_Reply_To=question.message_id, References=question.message_id)
        self.assertEqual(self.receive(reply), problem)
        self.assertIn("The one by the door", problem.message_ids[0].body)
        self.assertEqual(problem.description, "Oil on the floor.")

    def test_machines_open_no_reports(self):
        for number, headers in enumerate((
            {"Auto_Submitted": "auto-replied"}, {"Auto_Submitted": "auto-generated; x=y"}, {"Precedence": "auto_reply"},
            {"X_Autoreply": "yes"},
        )):
            self.assertFalse(self.receive(self.letter(message_id=f"<machine{number}@x>", **headers)), headers)
        bounce = self.letter(sender="MAILER-DAEMON@customer.example.com", subject="Undelivered Mail")
        self.assertFalse(self.receive(bounce))
        human = self.letter(message_id="<human@x>", Auto_Submitted="no")
        self.assertEqual(len(self.receive(human)), 1)

    def test_alias_of_each_company(self):
        branch = self.env["ops.problem"].with_user(self.admin_ops).sudo()._ops_setup_alias(self.branch, "branch-test")
        self.assertNotEqual(branch, self.alias)
        self.assertEqual(self.receive(self.letter(to=f"branch-test@{DOMAIN}")).company_id, self.branch)
        same = self.env["ops.problem"]._ops_setup_alias(self.branch, "branch-new")
        self.assertEqual((same, same.alias_name), (branch, "branch-new"))
        self.env["ops.problem"]._ops_setup_alias(self.branch, False)
        self.assertFalse(self.branch.ops_problem_alias_id)
        self.assertFalse(branch.exists())

    def test_employee_of_another_company_follows_by_a_link(self):
        """Whoever does not work for the company cannot open its reports: they are answered as somebody without an account."""
        self.env["ops.problem"]._ops_setup_alias(self.branch, "branch-test")
        problem = self.receive(self.letter(sender=self.employee.email, to=f"branch-test@{DOMAIN}"))
        self.assertRecordValues(problem, [{
            "company_id": self.branch.id, "author_id": False, "contact": self.employee.email, "is_anonymous": False,
        }])
        self.assertTrue(problem.token_hash)
        problem.with_user(self.operations).action_return("Which press?")
        both = self.receive(self.letter(sender=self.operations.email, to=f"branch-test@{DOMAIN}", message_id="<second@x>"))
        self.assertEqual((both - problem).author_id, self.operations)

    def test_address_is_a_setting(self):
        settings = self.env["res.config.settings"].with_company(self.branch)
        settings.create({"company_id": self.branch.id, "ops_problem_alias_name": "branch-set"}).execute()
        self.assertEqual(self.branch.ops_problem_alias_id.alias_name, "branch-set")
        self.assertEqual(settings.default_get(["ops_problem_alias_name"])["ops_problem_alias_name"], "branch-set")
        settings.create({"company_id": self.branch.id, "ops_problem_alias_name": False}).execute()
        self.assertFalse(self.branch.ops_problem_alias_id)

    def test_to_both_companies_is_one_each(self):
        self.env["ops.problem"]._ops_setup_alias(self.branch, "branch-test")
        problems = self.receive(self.letter(to=f"{ADDRESS}, branch-test@{DOMAIN}"))
        self.assertEqual(problems.company_id, self.company | self.branch)


@tagged("post_install", "-at_install")
class TestMailHandedIn(MailCase):
    """Whoever hands in e-mails without being the mail gateway gets no further with them than by hand."""

    def setUp(self):
        super().setUp()
        self.alias.alias_status = "valid"  # Odoo asks for an administrator to see the first e-mail to a new address through
        self.system = self.env.ref("base.user_admin")

    def hand_in(self, user, message, model=False, values=None, context=None, thread_id=None):
        """Hand in an e-mail as ``user`` may over RPC; return the reports that are new since the test began."""
        thread = self.env["mail.thread"].with_user(user).with_context(**(context or {}))
        thread.message_process(model, xmlrpc.client.Binary(message.as_bytes()), values, thread_id=thread_id)
        self.env.invalidate_all()
        return self.new_problems()

    def counts(self):
        self.env.invalidate_all()
        return {model: self.env[model].with_context(active_test=False).search_count([]) for model in COUNTED}

    def assertNotTaken(self, message, *args, **kwargs):
        before = self.counts()
        with self.refused(AccessError, "Only the mail gateway"):
            self.hand_in(self.employee, message, *args, **kwargs)
        self.assertEqual(self.counts(), before)

    def elsewhere(self, **options):
        """Return an e-mail to no address of ours, so that the model counts that the caller names."""
        return self.letter(to="nobody@elsewhere.example.com", **options)

    # -- to an address of ours ----------------------------------------------------------------------------------------

    def test_addresses_stay_open(self):
        """From strangers and in one's own name, as on the public page; what the caller says beside the e-mail counts for nothing."""
        values = {"token_hash": "0" * 64, "severity": "1"}
        forged = {f"default_{name}": value for name, value in values.items()}
        stranger = self.hand_in(self.employee, self.letter(), "ops.problem", values, forged)
        own = self.letter(sender=f"Me <{self.employee.email}>", message_id="<own@x>")
        own = self.hand_in(self.employee, own, "ops.problem", values, forged) - stranger
        self.assertRecordValues(stranger + own, [
            {"author_id": author.id, "company_id": self.company.id, "severity": False, "channel": "email", "state": "new"}
            for author in (self.env["res.users"], self.employee)
        ])
        self.assertNotIn("0" * 64, (stranger + own).mapped("token_hash"))

    def test_nobody_is_signed_for(self):
        self.colleague.active = False  # those who left have a name too
        for sender in (
            self.head.email, f"Somebody <{self.operations.email.upper()}>", self.portal.email, self.colleague.email,
            f'"{self.employee.email}" <{self.head.email}>',
        ):
            self.assertNotTaken(self.letter(sender=sender))

    def test_address_of_somebody_else_is_not_ones_own(self):
        """Everybody may write their own e-mail address."""
        self.employee.email = self.head.email
        self.assertNotTaken(self.letter(sender=self.head.email))

    def test_replies_come_through_the_gateway(self):
        problem = self.receive(self.letter())
        question = problem.message_post(body="Which press?", message_type="comment", subtype_xmlid="mail.mt_comment")
        for number, sender in enumerate((self.employee.email, self.head.email, "wang.fang@customer.example.com")):
            reply = self.letter(sender=sender, body="The one by the door", message_id=f"<reply{number}@x>",
                                In_Reply_To=question.message_id, References=question.message_id)
            self.assertNotTaken(reply)
            self.assertNotTaken(reply, "ops.problem", thread_id=problem.id)
        self.assertEqual(self.hand_in(self.system, reply), problem)
        self.assertIn("The one by the door", problem.message_ids[0].body)

    def test_what_an_address_may_say(self):
        """Company and department; what is decided about a report later it cannot say, nor who follows it."""
        self.alias.alias_defaults = repr({
            "company_id": self.company.id, "department_id": self.other_department.id, "severity": "1", "token_hash": "0" * 64,
            "handler_id": self.employee.id, "is_anonymous": True,
        })
        problem = self.receive(self.letter(sender=self.employee.email))
        self.assertRecordValues(problem, [{
            "author_id": self.employee.id, "company_id": self.company.id, "department_id": self.other_department.id,
            "severity": False, "token_hash": False, "handler_id": False, "is_anonymous": False,
        }])

    # -- to no address: the model that the caller names ---------------------------------------------------------------

    def test_no_record_of_ours_by_name(self):
        """Neither with values nor by a reply; in the name of nobody, of oneself or of a colleague."""
        for sender in ("x@y.example.com", self.employee.email, self.head.email):
            for model, values in (
                ("ops.obligation", {"company_id": self.company.id, "state": "done", "responsible_id": self.employee.id}),
                ("ops.task", {"owner_id": self.employee.id}), ("ops.cycle", {"company_id": self.company.id, "year": 2055}),
                ("ops.problem", {"company_id": self.company.id, "token_hash": "0" * 64}), ("ops.problem", None),
            ):
                self.assertNotTaken(self.elsewhere(sender=sender), model, values)
            self.assertNotTaken(self.elsewhere(sender=sender), "ops.cycle", thread_id=1)

    def test_no_people_by_name(self):
        """Rights go by departments, employees and accounts."""
        mine = {"name": "Mine", "company_id": self.company.id, "manager_id": self.employee_of(self.employee).id}
        for model, values in (
            ("hr.department", {**mine, "child_ids": [[4, self.other_department.id]]}), ("hr.department", mine), ("hr.department", None),
            ("hr.employee", {"user_id": self.employee.id, "company_id": self.branch.id}),
            ("res.partner", {"user_ids": [[4, self.head.id]]}), ("res.partner", None),
            ("calendar.event", {"start": "2026-11-20", "stop": "2026-11-20"}),
        ):
            self.assertNotTaken(self.elsewhere(), model, values)
        self.assertNotTaken(self.elsewhere(), "hr.department", thread_id=self.department.id)
        self.assertFalse(self.other_department.parent_id)

    def test_no_other_record_beyond_ones_rights(self):
        """Of models of others: nothing that one may not make by hand, and nothing that reaches for what is there."""
        group, channels = self.env.ref("base.group_system"), "discuss.channel"
        code = {"model_id": self.env["ir.model"]._get_id("res.users"), "state": "code", "code": "raise Exception"}
        self.assertNotTaken(self.elsewhere(), "ir.actions.server", code)
        self.assertNotTaken(self.elsewhere(), channels, {"group_ids": [[1, group.id, {"user_ids": [[4, self.employee.id]]}]]})
        self.assertNotTaken(self.elsewhere(), channels, [["name", "A list of pairs"]])
        self.assertFalse(self.employee.has_group("base.group_system"))
        # what one may make is Odoo's own business, as it was
        message = email.message_from_bytes(self.elsewhere().as_bytes(), policy=email.policy.SMTP)
        thread = self.env["mail.thread"].with_user(self.employee)
        [route] = thread.message_route(message, thread.message_parse(message), channels, None, {"name": "By mail"})
        self.assertEqual(route[:3], (channels, None, {"name": "By mail"}))

    def test_gateway_makes_what_it_is_told(self):
        """The superuser and system administrators: the model that they name is made, as Odoo does."""
        for number, user in enumerate((self.env.user, self.system)):
            reports = self.new_problems()
            letter = self.elsewhere(sender=self.head.email, message_id=f"<gate{number}@x>")
            values = {"company_id": self.company.id, "token_hash": "0" * 64}
            report = self.hand_in(user, letter, "ops.problem", values) - reports
            self.assertRecordValues(report, [{"author_id": self.head.id, "company_id": self.company.id, "token_hash": False}])
            letter = self.elsewhere(message_id=f"<department{number}@x>")
            self.hand_in(user, letter, "hr.department", {"name": f"Department {number}", "company_id": self.company.id})
            self.assertTrue(self.env["hr.department"].search([("name", "=", f"Department {number}")]))


@tagged("post_install", "-at_install")
class TestProblemMailGate(MailCase, HttpCase):

    def test_over_rpc_as_the_gateway_script_does(self):
        self.env.ref("base.user_admin").password = "admin-for-the-gate"
        login = self.env.ref("base.user_admin").login
        message = self.letter()
        message.add_attachment(picture(), maintype="image", subtype="jpeg", filename="press.jpg")
        uid = self.xmlrpc_common.login(self.env.cr.dbname, login, "admin-for-the-gate")
        for _time in range(2):
            self.xmlrpc_object.execute_kw(
                self.env.cr.dbname, uid, "admin-for-the-gate", "mail.thread", "message_process",
                [False, xmlrpc.client.Binary(message.as_bytes())], {"save_original": False, "strip_attachments": False})
        self.env.invalidate_all()
        problem = self.new_problems()
        self.assertEqual(len(problem), 1)
        self.assertEqual(problem.photo_ids.mapped("name"), ["press.jpg"])
        self.assertEqual(base64.b64decode(problem.photo_ids.datas)[:2], b"\xff\xd8")
