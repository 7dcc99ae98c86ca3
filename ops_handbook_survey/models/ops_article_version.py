from odoo import api, fields, models

from .ops_article import SURVEY_GROUP


class OpsArticleVersion(models.Model):
    """A version may have a quiz of its own, e.g. in its language; the next one is begun with it."""

    _inherit = "ops.article.version"

    survey_id = fields.Many2one(
        "survey.survey", string="Quiz", compute="_compute_survey_id", store=True, readonly=False, copy=False,
        index="btree_not_null", ondelete="set null", groups=SURVEY_GROUP, help="Empty: the quiz of the article, if it has one.",
    )

    @api.depends("base_id")
    def _compute_survey_id(self):
        for version in self:
            version.survey_id = version.survey_id or version.base_id.survey_id

    def _quiz(self):
        """Return the quiz to be passed before this version (sudo) is confirmed; none when it is closed or has no question."""
        survey = self.survey_id or self.article_id.survey_id
        return survey.filtered(lambda quiz: quiz.active and quiz.question_ids)
