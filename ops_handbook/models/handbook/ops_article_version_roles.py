from odoo import models

OFFICES = {"gm_office", "general_manager"}  # who publishes where the handbook names nobody


class OpsArticleVersion(models.Model):
    """Who writes a version and who publishes it: never the same person."""

    _inherit = "ops.article.version"

    _decision_barred_by = ("author_id", "submitted_by_id", "submitted_for_id", "writer_ids")

    def _flow_extra_roles(self, roles, user, principals):
        """Operations, the GM office and the article's owner write; who publishes wrote no word of it."""
        extra = set()
        if roles & {"operations", "gm_office"} or self.article_id.owner_id & principals:
            extra.add("editor")
        if self._publishers() & principals or not self._publishers() and roles & OFFICES:
            if not self._wrote() & principals:
                extra.add("approver")
        return extra

    def _wrote(self):
        """Return everybody who has a part in this version (sudo)."""
        return self.author_id | self.submitted_by_id | self.submitted_for_id | self.writer_ids

    def _publishers(self):
        """Return whom the handbook names to publish this version (sudo); nobody: the offices do.

        Where only those are named who wrote it, the offices publish: otherwise nobody could.
        """
        named = self.handbook_id.approver_ids.filtered(lambda user: user.active and not user.share)
        return named - self._wrote()

    def _flow_holders(self, roles, users):
        """The log says for whom a substitute writes or publishes."""
        roles, holders = set(roles), users.browse()
        if "editor" in roles:
            holders |= self.article_id.owner_id
            roles |= {"operations", "gm_office"}
        if "approver" in roles:
            holders |= self._publishers()
            roles |= set() if self._publishers() else OFFICES
        return (holders & users) | super()._flow_holders(roles, users)

    # -- D1: who is asked to decide ------------------------------------------------------------------------------------

    def _flow_deciding_office(self):
        """Return who is asked: the one person whom the handbook names; an office where it names nobody, or several."""
        return "reviewer" if len(self._publishers()) == 1 else super()._flow_deciding_office()

    def _clock_named(self, role):
        """Return whom the version names for a role: the reviewer, who decides, is the handbook's only approver."""
        if role == "reviewer":
            found = self._publishers()
            return found if len(found) == 1 else found.browse()
        return super()._clock_named(role)

    def _flow_handed_in_by(self):
        """Whoever wrote in it decides as little as whoever handed it in: where a whole office did, the next one is asked."""
        return (super()._flow_handed_in_by() | self.writer_ids) - self._flow_author()

    def _decision_barred(self):
        return self._wrote()
