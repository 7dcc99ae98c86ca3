from odoo import api, fields, models
from odoo.exceptions import UserError

from ..mixins.domains import flag_search

OFFICES = "ops_handbook.group_operations,ops_handbook.group_gm_office,ops_handbook.group_general_manager"


class OpsLessonLine(models.Model):
    """A case that revises the handbook: its publication proposes the change, the version that makes it is shown with it."""

    _name = "ops.lesson.line"
    _inherit = ["ops.link.mixin", "ops.lesson.line"]

    article_id = fields.Many2one(
        "ops.article", string="Article to Revise", index="btree_not_null", ondelete="set null", groups=OFFICES,
        domain="[('company_id', 'in', [company_id, False])]",
        help="Publishing the lessons proposes the change to whoever keeps this article.",
    )
    proposal_id = fields.Many2one(
        "ops.article.proposal", compute="_compute_proposal", help="What was proposed because of the case."
    )
    version_id = fields.Many2one(
        "ops.article.version", string="Settled by", compute="_compute_proposal",
        help="The version of the article that says it since.",
    )
    is_settled = fields.Boolean(
        string="The Handbook Says It", compute="_compute_proposal", search="_search_is_settled",
        help="A version of the handbook that takes the case up is published.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_proposal(self):
        """The proposal and the version that settled it, for those who may read them: a constant number of looks."""
        found = self.env["ops.article.proposal"]._made_for(self)
        proposals = self.env["ops.article.proposal"].browse([proposal.id for proposal in found.values()])._filtered_access("read")
        settled = {key: proposal.version_id.id for key, proposal in found.items() if proposal.state == "settled"}
        versions = self.env["ops.article.version"].browse(settled.values())._filtered_access("read")
        for line in self:
            proposal = found.get(line.id)
            line.proposal_id = proposals & proposals.browse(proposal.id if proposal else ())
            line.version_id = versions & versions.browse(settled.get(line.id, ()))
            line.is_settled = line.id in settled

    @flag_search
    def _search_is_settled(self):
        # sudo: that the handbook says it is no secret of those who read the case
        query = self.env["ops.article.proposal"].sudo()._search([("source_model", "=", self._name), ("state", "=", "settled")])
        return [("id", "in", query.select("source_id"))]

    def _check_decided(self):
        """A case that revises the handbook names the article, as soon as there is a handbook."""
        super()._check_decided()
        for line in self:
            if line.decision == "revise_handbook" and not line.article_id and line._has_articles():
                raise UserError(self.env._(
                    "Case “%(case)s”: choose the article of the handbook that is to be revised.", case=line.name
                ))

    def _has_articles(self):
        # sudo: whether the company has a handbook at all
        return bool(self.env["ops.article"].sudo().search_count([("company_id", "in", [self.company_id.id, False])], limit=1))

    def _open_proposals(self):
        """Propose what these cases, just published, are to change in the handbook; nothing is proposed twice."""
        revising = self.filtered(lambda line: line.decision == "revise_handbook" and line.article_id)
        self.env["ops.article.proposal"]._propose_for({line: line._proposal_values() for line in revising})
        self.invalidate_recordset(["proposal_id", "version_id", "is_settled"], flush=False)

    def _proposal_values(self):
        """Return what is proposed: the case has been told without the people already."""
        return {
            "article_id": self.article_id.id, "company_id": self.company_id.id, "name": self.name,
            "wanted": self.change_wanted, "reason": self.learnt or self.cause,
        }

    def action_open_proposal(self):
        """Open what was proposed because of the case."""
        self.ensure_one()
        self.check_access("read")
        if not self.proposal_id:
            raise UserError(self.env._("There is no proposal of this case that you may read."))
        return self.proposal_id._obligation_open_action()

    def action_open_version(self):
        """Open the version of the handbook that settled the case."""
        self.ensure_one()
        self.check_access("read")
        if not self.version_id:
            raise UserError(self.env._("No version that you may read has settled this case yet."))
        return self.version_id._obligation_open_action()
