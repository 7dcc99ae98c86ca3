from odoo import fields, models

from ...tools.saying import saying


class OpsArticle(models.Model):
    """Proposing a change from an article, and who decides on it when the article gets another owner."""

    _inherit = "ops.article"

    proposal_ids = fields.One2many("ops.article.proposal", "article_id", string="Proposals")
    proposal_count = fields.Integer(
        string="Open Proposals", compute="_compute_proposal_count", help="Not decided, or not published yet; of those that you may read."
    )

    def _compute_proposal_count(self):
        groups = self.env["ops.article.proposal"]._read_group(
            [("article_id", "in", self.ids), ("state", "in", ("submitted", "accepted"))], ["article_id"], ["__count"],
        )
        counts = dict(groups)
        for article in self:
            article.proposal_count = counts.get(article._origin, 0)

    def write(self, vals):
        before = {article: article.owner_id for article in self} if "owner_id" in vals else {}
        result = super().write(vals)
        moved = self.filtered(lambda article: article in before and article.owner_id != before[article])
        if moved:
            # sudo: who decides follows the article, whoever may read the proposals
            moved.sudo().proposal_ids._hand_over_decision(saying(self.env)._("The article has another owner."))
        return result

    def action_propose(self):
        """Open a new proposal for this article: what it says now, what it should say, why, photos."""
        self.ensure_one()
        companies = self._page_companies()
        self.with_context(allowed_company_ids=companies).check_access("read")
        return {
            "type": "ir.actions.act_window", "res_model": "ops.article.proposal", "views": [(False, "form")],
            "name": self.env._("Propose a Change"),
            "context": {"default_article_id": self.id, "allowed_company_ids": companies},
        }

    def action_open_proposals(self):
        """Open the proposals for this article that the current user may read."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window", "res_model": "ops.article.proposal", "name": self.env._("Proposals"),
            "views": [(False, "list"), (False, "kanban"), (False, "form")], "mobile_view_mode": "kanban",
            "domain": [("article_id", "=", self.id)],
            "context": {"default_article_id": self.id},
        }
