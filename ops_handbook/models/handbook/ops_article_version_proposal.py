from odoo import api, fields, models

from ...tools.saying import saying


class OpsArticleVersion(models.Model):
    """What a version takes up: publishing settles it, dropping the version lets it wait for a decision again."""

    _inherit = "ops.article.version"

    proposal_count = fields.Integer(string="Proposals", compute="_compute_proposal_count")
    settles = fields.Char(compute="_compute_settles", help="What made somebody propose what this version takes up.")

    @api.depends("proposal_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_proposal_count(self):
        """Those that the current user may read."""
        groups = self.env["ops.article.proposal"]._read_group([("version_id", "in", self.ids)], ["version_id"], ["__count"])
        counts = dict(groups)
        for version in self:
            version.proposal_count = counts.get(version._origin, 0)

    @api.depends("proposal_ids.source_id")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_settles(self):
        """Where the proposals come from, for those who may read that, whoever may read the proposals."""
        proposals_sudo = self.sudo().proposal_ids  # sudo: the labels are of what the user may read
        labels = proposals_sudo.with_env(self.env)._source_labels()
        for version in self:
            found = (labels.get(proposal.id) for proposal in version.sudo().proposal_ids)  # sudo: as above
            version.settles = ", ".join(filter(None, found))

    def _settle_proposals(self):
        """Settle what these versions, just published, have taken up; the authors are told, one mail each."""
        # sudo: what publishing settles was decided when it was taken up
        taken_up = self.sudo().proposal_ids.filtered(lambda proposal: proposal.state == "accepted")
        taken_up._transition("settled")
        return super()._settle_proposals()

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        dropped = self.filtered(lambda version: version.state == "cancelled" and previous.get(version.id) != "cancelled")
        dropped._give_back_proposals(reason)

    @api.ondelete(at_uninstall=False)
    def _unlink_gives_back_proposals(self):
        self._give_back_proposals(None)

    def _give_back_proposals(self, reason):
        """Let what these versions had taken up wait for a decision again: no proposal is lost with a draft."""
        for version_sudo in self.sudo():  # sudo: the machinery's, whoever drops the version
            taken_up = version_sudo.proposal_ids.filtered(lambda proposal: proposal.state == "accepted")
            taken_up._put_back(saying(self.env)._(
                "%(version)s was dropped. %(reason)s", version=version_sudo.display_name, reason=reason or ""
            ))

    def action_open_proposals(self):
        """Open what the version has taken up."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window", "res_model": "ops.article.proposal", "name": self.env._("Proposals Taken Up"),
            "views": [(False, "list"), (False, "kanban"), (False, "form")], "mobile_view_mode": "kanban",
            "domain": [("version_id", "=", self.id)],
        }
