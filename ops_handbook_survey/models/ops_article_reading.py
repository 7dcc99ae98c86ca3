from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError


class OpsArticleReading(models.Model):
    """A reading of an article with a quiz is confirmed by whoever has passed it; the answers stay Odoo's business."""

    _inherit = "ops.article.reading"

    has_quiz = fields.Boolean(string="With a Quiz", compute="_compute_quiz", help="It is confirmed after a short quiz.")
    can_take_quiz = fields.Boolean(compute="_compute_quiz", help="The current user has to pass the quiz before they confirm.")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_quiz(self):
        """That there is a quiz is told to all who may read the reading, whether it was passed to its reader only."""
        quizzes = self._quizzes()
        mine = self.filtered(lambda reading: reading.can_confirm and reading in quizzes)
        waiting = mine._without_pass(quizzes)
        for reading in self:
            reading.has_quiz = reading in quizzes
            reading.can_take_quiz = reading in waiting

    def _quizzes(self):
        """Return the quiz of each of these readings that has one: dict reading → survey (sudo), as the text stands now."""
        # sudo: which quiz belongs to a text does not depend on who asks
        readings_sudo = self.sudo()
        published = readings_sudo.article_id._published_by_lang()
        found = {}
        for reading in readings_sudo:
            asked = reading.version_id
            version = published.get((asked.article_id.id, asked.lang_id.id)) or asked
            if quiz := version._quiz():
                found[reading.with_env(self.env)] = quiz
        return found

    def _without_pass(self, quizzes):
        """Return those of these readings whose reader has not passed the quiz since they were asked to read; one search.

        :param dict quizzes: reading → survey (sudo)
        """
        if not self:
            return self
        # sudo: whether somebody has passed, not what they answered
        inputs_sudo = self.env["survey.user_input"].sudo().search([
            ("survey_id", "in", [quizzes[reading].id for reading in self]), ("partner_id", "in", self.reader_id.partner_id.ids),
            ("state", "=", "done"), ("test_entry", "=", False),
        ])
        passed = {}
        for done in inputs_sudo:
            if done.scoring_success or done.survey_id.scoring_type == "no_scoring":
                key = (done.survey_id, done.partner_id)
                passed[key] = max(passed.get(key, done.end_datetime), done.end_datetime)
        return self.filtered(lambda reading: not (
            (last := passed.get((quizzes[reading], reading.sudo().reader_id.partner_id))) and last >= reading.asked_on
        ))

    # -- taking it -------------------------------------------------------------------------------------------------------

    def action_take_quiz(self):
        """Open the quiz of the article; an attempt that was begun goes on.

        :raise UserError: there is none to be taken, or no attempt is left
        """
        self.ensure_one()
        self.check_access("read")
        if not self.can_take_quiz:
            raise UserError(self.env._("There is no quiz that you have to take here: confirm that you have read the article."))
        quiz_sudo = self._quizzes()[self]
        # sudo: Odoo lets nobody without a right to surveys begin one; whoever was asked to read is asked to take it
        attempts_sudo = self.env["survey.user_input"].sudo().search([
            ("survey_id", "=", quiz_sudo.id), ("partner_id", "=", self.env.user.partner_id.id), ("test_entry", "=", False),
            ("invite_token", "=", self._quiz_pool()), ("state", "!=", "done"),
        ])
        begun = attempts_sudo.filtered(lambda attempt: not attempt.survey_time_limit_reached)
        answer_sudo = begun[:1] or quiz_sudo._create_answer(user=self.env.user, invite_token=self._quiz_pool())
        return {**quiz_sudo.action_start_survey(answer=answer_sudo), "target": "new"}

    def _quiz_pool(self):
        """Return under which name attempts are counted: for each reading anew, what changed since is understood again."""
        return f"{self._name},{self.id}"

    def action_confirm(self):
        """Confirm, as before, what has no quiz or whose quiz was passed.

        :raise RedirectWarning: a quiz is still to be passed; the way there is shown
        """
        self.check_access("read")
        mine = self.filtered(lambda reading: reading.state == "asked" and reading.reader_id == self.env.user)
        quizzes = mine._quizzes()
        if missing := mine.filtered(lambda reading: reading in quizzes)._without_pass(quizzes):
            raise RedirectWarning(
                self.env._("%(article)s: pass the quiz first, then confirm.", article=missing[0].display_name),
                missing[0]._form_action(), self.env._("To the Quiz"),
            )
        return super().action_confirm()

    def _form_action(self):
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id, "views": [(False, "form")],
            "name": self.display_name,
        }
