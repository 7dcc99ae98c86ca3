from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from ...tools.words import typed
from .ops_article_version import OPEN_STATES


class OpsArticle(models.Model):
    """Beginning another version of an article, on the text that is published now."""

    _inherit = "ops.article"

    def action_revise(self, lang=None):
        """Open the draft of the next version, begun now unless somebody is writing it already.

        :param str lang: code of the language; default: the reader's where there is a text in it, otherwise the handbook's
        """
        self.ensure_one()
        companies = self._page_companies()
        action = self.with_context(allowed_company_ids=companies)._revise(lang)._obligation_open_action()
        return {**action, "context": {**action["context"], "allowed_company_ids": companies}}

    def _revise(self, lang=None):
        """Return the open drafts of these articles in a language, in their order; begins those that are missing.

        A draft is written on what is published (``base_id``).

        :param str lang: code of the language; default: see ``action_revise``
        :raise AccessError: when the current user may not write it
        """
        self.check_access("read")
        lang_of = self._langs_to_write(lang)
        versions = self.env["ops.article.version"]
        # sudo: an open draft is found, whoever may read it; reading it is asked below
        known = {
            (item.article_id.id, item.lang_id.id): item.id
            for item in versions.sudo().search([("article_id", "in", self.ids), ("state", "in", OPEN_STATES)])
        }
        published = self.sudo()._published_by_lang()  # sudo: whoever writes it reads it; asked by _may_write
        missing = self.filtered(lambda article: (article.id, lang_of[article.id]) not in known)
        if not self.env.su and set(missing.ids) - missing._may_write():
            raise AccessError(self.env._(
                "“%(article)s” is written by operations, the GM office and its owner. Propose a change instead.",
                article=missing[:1].name,
            ))
        created = versions.create([
            missing_article._draft_values(lang_of[missing_article.id], published) for missing_article in missing
        ])
        known.update({(item.article_id.id, item.lang_id.id): item.id for item in created})
        found = versions.browse([known[article.id, lang_of[article.id]] for article in self])
        found.check_access("read")
        return found

    def _draft_values(self, lang_id, published):
        """Return the values of the next version of one article in a language."""
        base = published.get((self.id, lang_id))
        main = self.sudo().handbook_id.lang_id.id  # sudo: the language only
        is_translation = lang_id != main and (self.id, main) in published
        code = self.env["res.lang"].with_context(active_test=False).sudo().browse(lang_id).code  # sudo: the code only
        return {
            "article_id": self.id, "lang_id": lang_id,
            "name": base.name if base else self.with_context(lang=code).name,
            "body": base.body if base else False,
            # what nobody has read yet is to be read; nobody reads it again because there is a translation of it now
            "change_kind": "minor" if base or is_translation else "major",
        }

    @api.model
    def _lang_id(self, code):
        """Return the id of a language by its code, installed or not."""
        wanted = typed(code) if isinstance(code, str) else ""
        found = self.env["res.lang"].with_context(active_test=False).sudo().search([("code", "=", wanted)], limit=1)  # sudo: as above
        if not found:
            raise ValidationError(self.env._("Language: there is none with the code “%(code)s”.", code=code))
        return found.id

    def _langs_to_write(self, lang):
        """Return in which language each of these articles is to be written: dict article id → language id."""
        if lang:
            return dict.fromkeys(self.ids, self._lang_id(lang))
        wanted = self.env["res.lang"]._get_data(code=self.env.lang or "en_US").id
        # sudo: which languages there are
        groups = self.env["ops.article.version"].sudo()._read_group(
            [("article_id", "in", self.ids), ("lang_id", "=", wanted), ("state", "!=", "cancelled")], ["article_id"]
        )
        known = {article.id for article, in groups}
        return {article.id: wanted if article.id in known else article.sudo().handbook_id.lang_id.id for article in self}

    def _published_by_lang(self):
        """Return the published texts of these articles: dict (article id, language id) → version."""
        found = self.env["ops.article.version"].search([("article_id", "in", self.ids), ("state", "=", "published")])
        return {(version.article_id.id, version.lang_id.id): version for version in found}

    def action_open_versions(self):
        """Open all versions of the article, as far as the user may read them."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window", "res_model": "ops.article.version", "name": self.display_name,
            "views": [(False, "list"), (False, "kanban"), (False, "form")], "mobile_view_mode": "kanban",
            "domain": [("article_id", "=", self.id)],
            "context": {"default_article_id": self.id},
        }
