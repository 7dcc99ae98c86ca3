from odoo import models


class OpsArticleProposal(models.Model):
    """Whom the decision on a proposal is told by mail: its author, once for all that is decided together."""

    _inherit = "ops.article.proposal"

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        declined = self.sudo()._entered("declined", previous)  # sudo: the notice is the system's
        declined._tell_authors("ops_article_proposal_mail_declined", {
            author: proposals[:1] for author, proposals in declined.grouped("author_id").items()
        }, reason=reason or "")
        settled = self.sudo()._entered("settled", previous)  # sudo: as above
        for version, proposals in settled.grouped("version_id").items():
            proposals._tell_authors(
                "ops_article_proposal_mail_settled", dict.fromkeys(proposals.author_id, version),
                compare_url=version.get_base_url() + version._compare_url(),
            )

    def _tell_authors(self, template, about, **names):
        """Queue one mail to each author of these proposals (sudo), or to their substitute, but to whoever acts now.

        :param dict about: author → record that the mail speaks of
        """
        acting, by_author = self.author_id._ops_acts_for(), self.grouped("author_id")
        self.env["ops.notice"]._queue(f"ops_handbook.{template}", [
            {"object": about[author], "user": user, "proposals": proposals, **names}
            for author, proposals in by_author.items()
            for user in acting[author]
            if user.id != self.env.uid and user.active
        ])
