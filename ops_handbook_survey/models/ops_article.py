from odoo import fields, models

# Which quiz there is, is for those who may read surveys: to everybody else Odoo tells nothing of them, not even the name.
SURVEY_GROUP = "survey.group_survey_user"


class OpsArticle(models.Model):
    """An article may end in a short quiz: without passing it nobody confirms that they have read it."""

    _inherit = "ops.article"

    survey_id = fields.Many2one(
        "survey.survey", string="Quiz", copy=False, index="btree_not_null", ondelete="set null", groups=SURVEY_GROUP,
        help="Whoever is asked to read the article passes it before they confirm. A version may name one of its own, e.g. in its "
             "language.",
    )
