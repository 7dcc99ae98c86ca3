"""Who is told what, in which language, with a link that leads to the form."""

from odoo.tests import tagged

from .problems import ProblemCase


@tagged("post_install", "-at_install")
class TestOpsProblemNotice(ProblemCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["res.lang"]._activate_lang("fr_FR")

    def mails(self, step):
        """Return the mails that ``step`` queues."""
        before = self.env["mail.mail"].sudo().search([])
        step()
        mails = self.env["mail.mail"].sudo().search([]) - before
        self.assertTrue(all(mail.state == "outgoing" for mail in mails), "queued, never sent at once")
        return mails

    def assertTold(self, mails, user, words):
        """One mail to ``user`` alone, with ``words`` in its subject, that opens the form."""
        mine = mails.filtered(lambda mail: words in mail.subject)
        self.assertEqual(len(mine), 1, mails.mapped("subject"))
        self.assertEqual(mine.recipient_ids, user.partner_id)
        self.assertFalse(mine.email_to)
        self.assertIn("/odoo/ops-problems/", mine.body_html)
        return mine

    def test_each_step_tells_whom_it_concerns(self):
        told = self.mails(lambda: self.report())
        problem = self.env["ops.problem"].search([], order="id desc", limit=1)
        mail = self.assertTold(told, self.employee, "we have received")
        self.assertIn(problem.number, mail.subject)
        self.assertIn(f"/odoo/ops-problems/{problem.id}", mail.body_html)
        told = self.mails(lambda: problem.with_user(self.operations).action_return("Which press?"))
        self.assertIn("Which press?", self.assertTold(told, self.employee, "please complete").body_html)
        problem.with_user(self.employee).action_submit()
        told = self.mails(lambda: self.accept(problem))
        self.assertEqual(len(told), 2)
        self.assertIn("Important", self.assertTold(told, self.employee, "was accepted").body_html)
        self.assertTold(told, self.handler, "assigned to you")
        told = self.mails(lambda: problem.with_user(self.operations).action_assign(self.colleague.id))
        self.assertTold(told, self.colleague, "assigned to you")
        problem.with_user(self.operations).action_assign(self.handler.id)
        problem.with_user(self.handler).action_start("x")
        told = self.mails(lambda: self.solve(problem))
        self.assertIn("It runs again", self.assertTold(told, self.employee, "Please verify").body_html)
        told = self.mails(lambda: problem.with_user(self.employee).action_verify(False, "Still loud"))
        self.assertIn("Still loud", self.assertTold(told, self.handler, "does not work").body_html)
        self.solve(problem)
        told = self.mails(lambda: problem.with_user(self.employee).action_verify(True, "Quiet"))
        self.assertTold(told, self.employee, "closed")

    def test_rejected_with_the_reason(self):
        problem = self.report()
        told = self.mails(lambda: problem.with_user(self.operations).action_reject("Known, ordered"))
        self.assertIn("Known, ordered", self.assertTold(told, self.employee, "not accepted").body_html)

    def test_dropped_with_the_reason(self):
        """Whoever reported a problem hears it when operations drop it after they accepted it."""
        problem = self.accepted()
        told = self.mails(lambda: problem.with_user(self.operations).action_cancel("The press was sold"))
        self.assertIn("The press was sold", self.assertTold(told, self.employee, "not pursued").body_html)
        own = self.report()
        self.assertFalse(self.mails(lambda: own.with_user(self.employee).action_cancel("A mistake")))

    def test_returned_and_dropped(self):
        """Whoever was asked to complete a report hears it when operations drop it; nobody is told what they did themselves."""
        dropped, own = self.report_many(2)
        (dropped | own).with_user(self.operations).action_return("Which press?")
        told = self.mails(lambda: dropped.with_user(self.operations).action_cancel("The press was sold"))
        self.assertIn("The press was sold", self.assertTold(told, self.employee, "not pursued").body_html)
        self.assertFalse(self.mails(lambda: own.with_user(self.employee).action_cancel("A mistake")))

    def test_each_in_their_language(self):
        """A template says it in each receiver's language, whoever presses the button."""
        template = self.env.ref("ops_handbook.ops_problem_mail_received")
        template.with_context(lang="fr_FR").subject = "{{ object.number }} : reçu"
        self.employee.lang = "fr_FR"
        problems = self.env["ops.problem"]
        both = [
            {"name": "a", "author_id": self.employee.id, "company_id": self.company.id},
            {"name": "b", "author_id": self.colleague.id, "company_id": self.company.id},
        ]
        told = self.mails(lambda: problems.with_user(self.operations)._report(both))
        subjects = {mail.recipient_ids: mail.subject.split(" ", 1)[1] for mail in told}
        self.assertEqual(subjects[self.employee.partner_id], ": reçu")
        self.assertIn("received", subjects[self.colleague.partner_id])

    def test_a_reporter_without_an_account(self):
        door = self.env["ops.problem"].with_user(self.env.ref("base.user_root")).sudo()
        values = {"name": "x", "author_id": False, "contact": "Gate Keeper, gate@example.com", "company_id": self.company.id}
        told = self.mails(lambda: door._report([values], follow_urls=["https://example.com/ops/follow/abc"]))
        self.assertEqual(told.email_to, "gate@example.com")
        self.assertIn("https://example.com/ops/follow/abc", told.body_html)
        self.assertNotIn("/odoo/", told.body_html)
        problem = self.env["ops.problem"].search([], order="id desc", limit=1)
        self.assertFalse(problem.message_ids.filtered("body"), "a private link stands in no chatter")
        unreachable = {**values, "contact": "by phone 123"}
        self.assertFalse(self.mails(lambda: door._report([unreachable])))
        anonymous = {"name": "x", "author_id": False, "is_anonymous": True, "company_id": self.company.id}
        self.assertFalse(self.mails(lambda: door._report([anonymous])))

    def test_an_edited_template_is_used_and_a_deleted_one_is_missed_by_nobody(self):
        template = self.env.ref("ops_handbook.ops_problem_mail_received")
        template.subject = "Danke {{ object.number }}"
        self.assertIn("Danke", self.mails(lambda: self.report()).subject)
        template.unlink()
        self.assertFalse(self.mails(lambda: self.report()))

    def test_texts_of_reporters_are_text(self):
        told = self.mails(lambda: self.report(name="<img src=x onerror=alert(1)>\r\nBcc: x@example.com"))
        self.assertNotIn("<img src=x", told.body_html)
        self.assertNotIn("\n", told.subject)
