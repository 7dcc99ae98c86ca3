"""An article that people propose to change."""

from .handbook import HandbookCase


class ProposalCase(HandbookCase):
    """``process`` is published in English (``current``): everybody of the company and its branch reads it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.current = cls.publish(cls.process)

    def suggest(self, article=None, user=None, **values):
        """Return a proposal of ``user`` (default: the employee) that is not handed in yet."""
        return self.env["ops.article.proposal"].with_user(user or self.employee).create({
            "article_id": (article or self.process).id, "passage": "Monthly", "wanted": "Weekly", "reason": "It clogs", **values,
        })

    def proposal(self, user=None, **values):
        """Return a proposal that waits for a decision (superuser)."""
        proposal = self.suggest(user=user, **values)
        proposal.action_submit()
        return proposal.sudo().with_user(self.env.user).sudo()

    def release(self, version):
        """Hand a version in and publish it."""
        version = version.with_user(self.operations)
        version.body = version.body or "<p>Weekly</p>"
        version.action_submit()
        version.with_user(self.gm_office).action_publish()

    def decision(self, proposal):
        """Return the last obligation to decide on a proposal (D1)."""
        return self.owed("D1", ("source_model", "=", "ops.article.proposal"), ("source_id", "in", proposal.ids))[-1:]

    def notices(self):
        return self.env["mail.mail"].sudo().search([("ops_notice", "=", True)])
