"""An article that ends in a quiz: nobody confirms it without passing, and nobody learns more than Odoo's Surveys tell."""

from odoo import Command
from odoo.addons.ops_handbook.tests.handbook import HandbookCase
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged


@tagged("post_install", "-at_install", "ops_handbook_survey")
class TestOpsArticleQuiz(HandbookCase):
    """``process`` has a quiz of one question, and was published as major: everybody is asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(cls.at(cls.NOW, python=True))  # surveys ask Python for the time
        cls.quiz = cls.make_quiz("When is it handed in?")
        cls.process.survey_id = cls.quiz
        cls.version = cls.publish(cls.process, change_kind="major")

    @classmethod
    def make_quiz(cls, title, **values):
        quiz = cls.env["survey.survey"].create({
            "title": title, "scoring_type": "scoring_without_answers", "scoring_success_min": 80, "access_mode": "token",
            "users_login_required": True, "questions_layout": "one_page", **values,
        })
        cls.env["survey.question"].create({
            "survey_id": quiz.id, "title": title, "question_type": "simple_choice", "suggested_answer_ids": [
                Command.create({"value": "By the 25th", "is_correct": True, "answer_score": 10}),
                Command.create({"value": "Whenever"}),
            ],
        })
        return quiz

    def reading(self, user=None, article=None):
        user = user or self.employee
        return self.env["ops.article.reading"].with_user(user).search([
            ("reader_id", "=", user.id), ("article_id", "=", (article or self.process).id), ("state", "=", "asked"),
        ])

    def attempt(self, reading):
        """Begin the quiz as the button does; return the attempt (superuser)."""
        before = self.env["survey.user_input"].sudo().search([])
        action = reading.action_take_quiz()
        found = self.env["survey.user_input"].sudo().search([]) - before
        found = found or before.filtered(lambda attempt: attempt.access_token in action["url"])
        self.assertIn(found.access_token, action["url"])
        return found

    def answer(self, reading, right=True):
        """Take the quiz to its end."""
        attempt = self.attempt(reading)
        question = attempt.survey_id.question_ids
        choice = question.suggested_answer_ids.filtered(lambda item: item.is_correct == right)[:1]
        attempt._save_lines(question, str(choice.id))
        attempt._mark_done()
        self.env.flush_all()
        self.env.invalidate_all()
        return attempt

    def test_confirmed_after_passing(self):
        reading = self.reading()
        self.assertEqual((reading.has_quiz, reading.can_take_quiz), (True, True))
        with self.assertRaises(RedirectWarning) as caught:
            reading.action_confirm()
        self.assertIn("pass the quiz", caught.exception.args[0])
        self.assertEqual(caught.exception.args[1]["res_id"], reading.id)
        self.answer(reading, right=False)
        self.assertTrue(reading.can_take_quiz)
        with self.assertRaises(RedirectWarning):
            reading.action_confirm()
        self.assertEqual(self.owed("H2", ("source_id", "in", reading.ids)).state, "open")
        self.answer(reading)
        self.assertFalse(reading.can_take_quiz)
        reading.action_confirm()
        self.assertEqual((reading.state, self.owed("H2", ("source_id", "in", reading.ids)).state), ("confirmed", "done"))
        with self.refused(UserError, "no quiz that you have to take"):
            reading.action_take_quiz()

    def test_an_attempt_goes_on(self):
        reading = self.reading()
        self.assertEqual(self.attempt(reading), self.attempt(reading))

    def test_nobody_passes_for_another(self):
        """Neither does a test run of whoever made the quiz count, nor what a colleague passed."""
        self.answer(self.reading(self.newcomer))
        reading = self.reading()
        with self.assertRaises(RedirectWarning):
            reading.action_confirm()
        attempt = self.answer(reading)
        attempt.test_entry = True
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(RedirectWarning):
            reading.action_confirm()
        head = reading.with_user(self.head)
        self.assertEqual((head.has_quiz, head.can_take_quiz), (True, False), "the head sees the confirmation, not the quiz")
        with self.refused(UserError, "no quiz"):
            head.action_take_quiz()

    def test_answers_stay_with_surveys(self):
        attempt = self.answer(self.reading())
        for user in (self.employee, self.head, self.operations, self.admin_ops):
            for record in (attempt, self.quiz):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["display_name"])
            for record in (self.process, self.version):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["survey_id"])
        self.assertNotIn("survey_id", self.process.with_user(self.operations).fields_get())

    def test_a_revision_is_understood_again(self):
        """What somebody passed for an earlier version does not confirm the next one; attempts are counted anew."""
        self.quiz.write({"is_attempts_limited": True, "attempts_limit": 1})
        first = self.reading()
        self.answer(first)
        first.action_confirm()
        with self.at("2027-02-01 10:00", python=True):
            self.publish(self.process, "<p>By the 20th</p>", change_kind="major")
            second = self.reading()
            self.assertTrue(second.can_take_quiz)
            with self.assertRaises(RedirectWarning):
                second.action_confirm()
            self.answer(second, right=False)
            with self.refused(UserError, "attempts"):
                second.action_take_quiz()

    def test_a_version_has_its_own(self):
        """E.g. in its language; the next draft begins with it, and a published one keeps it."""
        own, maker = self.make_quiz("什么时候提交？"), self.operations_colleague
        maker.group_ids = [Command.link(self.env.ref("survey.group_survey_user").id)]
        draft = self.draft(self.process, lang="zh_CN", user=maker)
        self.assertFalse(draft.survey_id)
        draft.survey_id = own
        draft.action_submit()
        draft.with_user(self.gm_office).action_publish()
        self.assertEqual(draft.sudo()._quiz(), own)
        self.assertEqual(self.version._quiz(), self.quiz)
        with self.assertRaises(AccessError):
            draft.survey_id = self.quiz
        again = self.process.with_user(maker)._revise("zh_CN")
        self.assertEqual(again.survey_id, own)

    def test_a_quiz_that_is_closed_asks_nobody(self):
        self.quiz.active = False
        self.env.invalidate_all()
        reading = self.reading()
        self.assertFalse(reading.has_quiz)
        reading.action_confirm()
        self.assertEqual(reading.state, "confirmed")
        self.quiz.active = True
        self.quiz.question_ids.unlink()
        self.reading(self.newcomer).action_confirm()

    def test_without_points_it_is_enough_to_answer(self):
        self.quiz.scoring_type = "no_scoring"
        reading = self.reading()
        with self.assertRaises(RedirectWarning):
            reading.action_confirm()
        self.answer(reading, right=False)
        reading.action_confirm()
        self.assertEqual(reading.state, "confirmed")

    def test_what_has_no_quiz_is_confirmed_as_before(self):
        self.publish(self.step, change_kind="major")
        reading = self.reading(article=self.step)
        self.assertFalse(reading.has_quiz)
        reading.action_confirm()
        self.assertEqual(reading.state, "confirmed")

    def test_a_list_of_readings_costs_few_statements(self):
        articles = self.env["ops.article"].union(*(self.article(f"Article {number}") for number in range(20)))
        articles.survey_id = self.quiz
        for article in articles:
            self.publish(article, change_kind="major")
        readings = self.env["ops.article.reading"].with_user(self.employee).search([("is_mine", "=", True)])
        self.assertEqual(len(readings), 21)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(40):
            readings.mapped("can_take_quiz")
