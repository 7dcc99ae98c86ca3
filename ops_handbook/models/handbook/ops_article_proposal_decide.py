from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import token
from ...tools.ids import one_id


class OpsArticleProposal(models.Model):
    """Taking up what was proposed, and declining it: by operations or whoever owns the article, never by the author."""

    _inherit = "ops.article.proposal"

    can_open_version = fields.Boolean(compute="_compute_can_open_version", help="The current user may read its version.")
    can_revise = fields.Boolean(
        compute="_compute_can", help="It was taken up, stands in no version yet, and the current user writes versions."
    )

    @api.depends("version_id", "article_id.owner_id")
    def _compute_can(self):
        super()._compute_can()
        roles = self._flow_roles()
        for proposal in self:
            waits = proposal.state == "accepted" and not proposal.version_id
            proposal.can_revise = waits and bool(roles[proposal.id] & {"decider", "owner", "operations", "gm_office"})

    @api.depends("version_id")
    @api.depends_context("uid")
    def _compute_can_open_version(self):
        readable = self.version_id._filtered_access("read")
        for proposal in self:
            proposal.can_open_version = proposal.version_id in readable and bool(proposal.version_id)

    # -- who decides ---------------------------------------------------------------------------------------------------

    def _flow_extra_roles(self, roles, user, principals):
        extra = super()._flow_extra_roles(roles, user, principals)
        return extra | {"owner"} if self._deciding_owner() & principals else extra

    def _deciding_owner(self):
        """Return who decides because the article is theirs (sudo); nobody decides on what they proposed themselves."""
        return self.article_id.owner_id - self.author_id

    def _flow_holders(self, roles, users):
        holders = super()._flow_holders(roles, users)
        return holders | (self._deciding_owner() & users) if "owner" in roles else holders

    # -- taking up -------------------------------------------------------------------------------------------------------

    def action_accept(self, version=None):
        """Take the proposals up: their texts are written in a version of the article.

        :param int version: id of a version that is being written; default: the open one in the author's language, else in
            the main language of the handbook, else a new draft. Whoever decides without writing versions leaves it open
        :raise UserError: the version is in review, published, or of another article
        """
        self.check_access("read")
        self._transition_check("accepted", None)
        for target, proposals in self._targets(version).items():
            proposals._transition("accepted", values={"version_id": target.id})
        return True

    def action_revise(self, version=None):
        """Write proposals that were taken up before into a version, as :meth:`action_accept`, and open it."""
        self.check_access("read")
        if not self or not all(proposal.can_revise for proposal in self):
            raise UserError(self.env._(
                "Only what was taken up and stands in no version yet is written into one, by those who write the handbook."
            ))
        for target, proposals in self._targets(version).items():
            if not target:
                raise UserError(self.env._("There is no version to write it into: ask operations to begin one."))
            # sudo: in which version it stands is the machinery's; who may say so was asked above
            token.marked(proposals.sudo()).write({"version_id": target.id})
            self.env["ops.form.transition"]._log(proposals, dict.fromkeys(proposals.ids, "accepted"), None, target.display_name)
        return self[:1].action_open_version()

    def action_decline(self, reason=None):
        """Decline the proposals; ``reason`` is asked for on screen when it is missing, and the author is told."""
        if reason is None:
            return self._ask_reason("action_decline")
        return self._transition("declined", reason, values={"version_id": False})

    def action_put_back(self, reason=None):
        """Take the proposals out of their version: they wait for a decision again; ``reason`` is asked for on screen."""
        if reason is None:
            return self._ask_reason("action_put_back")
        self.check_access("read")
        if any(proposal.state != "accepted" for proposal in self):
            raise UserError(self.env._("Only what was taken up and is not published yet can be put back."))
        return self._put_back(reason)

    def _put_back(self, reason):
        return self._transition("submitted", reason, values={"version_id": False})

    def action_return(self, reason=None):
        """A proposal is no work to be done again: it is taken up or declined."""
        raise UserError(self.env._("A proposal is taken up or declined, not returned."))

    def action_close(self, *decision):
        """A proposal is over once it is settled or declined."""
        raise UserError(self.env._("A proposal is closed by publishing the version that takes it up."))

    def action_open_version(self):
        """Open the version in which the proposal was taken up."""
        self.ensure_one()
        self.check_access("read")
        version = self.version_id
        if not version or not version.has_access("read"):
            raise UserError(self.env._("It stands in no version that you may read yet: you are told when it is published."))
        return version._obligation_open_action()

    # -- into which version ------------------------------------------------------------------------------------------------

    def _targets(self, version=None):
        """Return in which versions these are taken up: dict version (empty where the user writes none) → proposals."""
        if version is not None:
            chosen = self._chosen_version(version)
            return {chosen: self}
        targets, open_versions = {}, self._open_versions()
        # sudo: in which languages they are published
        published = self.article_id.sudo()._published_by_lang()
        for proposal in self:
            lang = proposal._target_lang({*open_versions, *published})
            found = open_versions.get((proposal.article_id.id, lang.id))
            if found:
                self._check_open(found.sudo())  # sudo: the message says that there is one, and what it waits for
            elif found := proposal._begin_target(lang):
                open_versions[proposal.article_id.id, lang.id] = found
            targets[found] = targets.get(found, self.browse()) | proposal
        return targets

    def _chosen_version(self, version):
        """Return the version that a caller names; refuse what is not open, or of another article."""
        found = self.env["ops.article.version"].browse(one_id(getattr(version, "id", version))).exists()
        if not found or not found.has_access("read"):
            raise UserError(self.env._("Version: choose one that exists and that you may read."))
        if found.article_id != self.article_id:
            raise UserError(self.env._("%(version)s is of another article: choose one of its own.", version=found.display_name))
        self._check_open(found)
        return found

    @api.model
    def _check_open(self, version):
        if version.state not in version._flow_open:
            raise UserError(self.env._(
                "%(version)s is “%(state)s” and takes nothing up now: have it returned to whoever writes it, or wait until it "
                "is published.",
                version=version.display_name, state=version._state_label(version.state),
            ))

    def _open_versions(self):
        """Return what is being written or reviewed of these articles: dict (article id, language id) → version."""
        # sudo: an owner who may not see a draft of operations is told of it in _check_open only by its name
        versions_sudo = self.env["ops.article.version"].sudo().search([
            ("article_id", "in", self.article_id.ids), ("state", "in", ("draft", "returned", "submitted")),
        ], order="id desc")
        return {(version.article_id.id, version.lang_id.id): version.with_env(self.env) for version in versions_sudo}

    def _target_lang(self, known):
        """Return in which language it is written: the author's where the article has a text in it, else the handbook's.

        :param set known: (article id, language id) of what is published or being written
        """
        own = self.sudo().author_id.lang  # sudo: a language, to write in it
        found = self.env["res.lang"].browse(own and self.env["res.lang"]._get_data(code=own).id or ())
        return found if (self.article_id.id, found.id) in known else self.article_id.handbook_id.lang_id

    def _begin_target(self, lang):
        """Return a new draft in a language; empty where the current user writes none."""
        article = self.article_id
        if not self.env.su and article.id not in article._may_write():
            return self.env["ops.article.version"]
        return article._revise(lang.code)
