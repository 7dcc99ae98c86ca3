from odoo import api, models

from ...tools import html_diff
from ...tools.ids import one_id

SHOWN = ("published", "superseded")  # what everybody compares who reads the article


class OpsArticleVersion(models.Model):
    """Any two versions of an article side by side, with the rules that changed between them."""

    _inherit = "ops.article.version"

    def _compare(self, other):
        """Return the rows that set the text of ``other``, the older one, against this one: see ``tools/html_diff.py``.

        The caller has asked who may read the two.
        """
        self.ensure_one()
        # sudo: whoever may read a version may read what it replaced
        after, before = self.sudo()._texts_with_same_files(other.sudo())
        return html_diff.side_by_side(before, after)

    def action_compare(self):
        """Open the comparison of this version with the one on which it was written."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.client"]._for_xml_id("ops_handbook.ops_article_version_diff_action")
        return {**action, "params": {"version_id": self.id}}

    @api.model
    def get_comparison(self, version_id=None, other_id=None, article_id=None):
        """Return two versions of an article side by side; a constant number of queries.

        :param int version_id: the newer one; default: the published one of ``article_id`` in the user's language
        :param int other_id: the older one; default: the one on which the newer one was written
        :param int article_id: used where ``version_id`` is not given
        :return: dict ``message`` (why there is nothing, in words), ``article``, ``versions`` (all that can be compared with
            it, newest first), ``before``, ``after`` (ids), ``title`` (before, after), ``rows`` (dicts ``kind``, ``before``,
            ``after``: safe HTML), ``changed``, ``rules`` (dicts ``code``, ``name``, ``before``, ``after``, ``effective``)
        """
        self = self.with_context(allowed_company_ids=self.env["ops.article"]._page_companies())
        version = self._compared_version(version_id, article_id)
        if not version:
            return {
                "message": self.env._("This version does not exist, or is not meant for you. Open the article and choose History."),
                "article": False, "versions": [], "before": False, "after": False, "rows": [], "rules": [], "title": False,
                "changed": False,
            }
        known = version._comparable()
        after = known.filtered(lambda item: item.id == version.id)
        before = known.filtered(lambda item: item.id == one_id(other_id)) or after.base_id & known or after._before_in(known)
        if before and known._ids.index(before.id) < known._ids.index(after.id):
            before, after = after, before  # whichever was asked for first, the newer one stands on the right
        rows = after._compare(before)
        return {
            "message": "",
            "article": {"id": after.article_id.id, "name": after.article_id.name, "outline": after.article_id.outline},
            "versions": known._compared_choices(),
            "before": before.id or False, "after": after.id,
            "title": {"before": before.name or "", "after": after.name},
            "rows": [row._asdict() for row in rows],
            "changed": html_diff.is_changed(rows) or bool(before) and before.name != after.name,
            "rules": after._compared_rules(before, known),
        }

    @api.model
    def _compared_version(self, version_id, article_id):
        """Return the version that is asked for (sudo) when the user may see it, otherwise none."""
        article = self.env["ops.article"].search([("id", "=", one_id(article_id) or 0)])
        if article and not version_id:
            return article.current_version_id.sudo()  # sudo: as below
        found_sudo = self.sudo().search([("id", "=", one_id(version_id) or 0)])  # sudo: it may be one that was superseded
        return found_sudo if found_sudo and found_sudo in found_sudo._comparable() else self.browse()

    def _comparable(self):
        """Return the versions of the same article and language that the user may compare, newest first (sudo).

        Readers compare what is and was published of an article that they read; drafts are for those who may read them.
        """
        self.ensure_one()
        same = [("article_id", "=", self.article_id.id), ("lang_id", "=", self.lang_id.id)]
        readable = self.sudo(False).search([*same, ("state", "!=", "cancelled")])
        found_sudo = readable.sudo()
        if any(version.state == "published" for version in readable):
            # sudo: whoever may read what is published may read what it replaced
            found_sudo |= self.sudo().search([*same, ("state", "in", SHOWN)])
        return found_sudo.sorted(lambda version: (version.version or float("inf"), version.id), reverse=True)

    def _before_in(self, known):
        """Return the version before this one among ``known``."""
        older = known[known._ids.index(self.id) + 1:]
        return older[:1]

    def _compared_choices(self):
        return [
            {
                "id": version.id, "version": version.version, "name": version.name, "state": version.state,
                "state_label": version._state_label(version.state),
                "kind": version.change_kind, "reason": version.reason or "",
                "published_on": version.published_on.isoformat(" ") if version.published_on else False,
                "published_by": version._page_publisher(),
            }
            for version in self
        ]

    def _compared_rules(self, before, known):
        """Return the changes of rules that came with the versions after ``before`` up to this one, in their order."""
        newest = known._ids.index(self.id)
        oldest = known._ids.index(before.id) if before else len(known)
        lines = known[newest:oldest].rule_ids.sorted(lambda line: (line.version_id.version or float("inf"), line.id))
        return [
            {
                "code": line.standard_id.code, "name": line.standard_id.name,
                "before": line.before_text or "", "after": line.after_text or "",
                "effective": line.date_effective.isoformat() if line.date_effective else False,
                "version": line.version_id.version,
            }
            for line in lines
        ]
