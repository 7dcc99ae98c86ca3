from odoo import api, models
from odoo.fields import Domain

from ...tools import qrcode
from ...tools.ids import one_id
from ...tools.outline import neighbours, numbered

ACTIONS = {
    "search": "ops_handbook.ops_search_action",
    "print_article": "ops_handbook.ops_article_report",
    "print_book": "ops_handbook.ops_handbook_report",
}


class OpsArticle(models.Model):
    """The reader's view: contents, text, rules and what the reader may do, in one call."""

    _inherit = "ops.article"

    @api.model
    def get_page(self, article_id=None, handbook_id=None, lang=None):
        """Return a page of the handbook as the current user reads it; a constant number of queries.

        :param int article_id: the article; None: the cover of a handbook
        :param int handbook_id: the handbook of the cover; None: the first that the user may read
        :param str lang: code of the language to read the text in; default: the user's, otherwise the handbook's
        :return: dict ``message`` (why there is nothing, in words), ``handbooks``, ``handbook``, ``tree`` (in reading order),
            ``article`` (False on a cover), ``unread``, ``search``, ``print_article``, ``print_book`` (names of actions or False).
            What is out of the user's scope is as if it did not exist.
        """
        self = self.with_context(allowed_company_ids=self._page_companies())
        handbooks = self._page_handbooks()
        article = self.search([("id", "=", one_id(article_id) or 0)])
        article = article if article.handbook_id in handbooks else self.browse()
        handbook = article.handbook_id or handbooks.filtered(lambda item: item.id == one_id(handbook_id)) or handbooks[:1]
        page = {
            "message": self._page_message(handbooks, article, article_id),
            "handbooks": [{"id": item.id, "name": item.name} for item in handbooks],
            "handbook": {"id": handbook.id, "name": handbook.name, "description": handbook.description or ""},
            "tree": [], "article": False, "unread": 0,
            **self._page_actions(),
        }
        if handbook:
            page["tree"] = tree = self._page_tree(handbook)
            page["unread"] = sum(item["unread"] for item in tree)
        if article:
            page["article"] = article._page_article(page["tree"], lang)
        return page

    @api.model
    def _page_companies(self):
        """Return the ids of all companies of the user, the chosen ones first: a link in a mail opens whatever is chosen."""
        chosen = self.env.companies.ids
        return [*chosen, *(company for company in self.env.user._get_company_ids() if company not in chosen)]

    def _page_handbooks(self):
        """Return the handbooks in which there is something for the user to read, in their order."""
        found = {handbook for handbook, in self._read_group([], ["handbook_id"])}
        return self.env["ops.handbook"].search([("id", "in", [handbook.id for handbook in found])])

    def _page_message(self, handbooks, article, article_id):
        if not handbooks:
            if self.env["ops.handbook"].has_access("write") or self.has_access("create"):
                return self.env._("No handbook yet. Begin one under Handbook › Articles, and publish its first texts.")
            return self.env._("No handbook yet. As soon as something is published for you, you read it here.")
        if article_id and not article:
            # the same whether it is out of scope, archived or was never there
            return self.env._("This article does not exist, or is not meant for you. The contents show what there is to read.")
        return ""

    def _page_actions(self):
        """Return the actions that the page offers beside the text, as far as there are any: dict by their use."""
        return {key: name if self.env.ref(name, raise_if_not_found=False) else False for key, name in ACTIONS.items()}

    # -- contents ----------------------------------------------------------------------------------------------------------

    def _page_tree(self, handbook):
        """Return the articles of a handbook in reading order: list of dicts.

        An article whose parent the reader may not see moves up to the next one above that; numbers stay those of the book.
        """
        articles = self.search_fetch([("handbook_id", "=", handbook.id)], ["name", "parent_path", "is_published"])
        above = {article.id: [int(key) for key in (article.parent_path or "").split("/") if key] for article in articles}
        places = numbered(
            (key, next((up for up in path[-2::-1] if up in above), None)) for key, path in above.items()
        )
        numbers, unread = articles._outlines(), articles._page_unread()
        return [
            {
                "id": place.key, "parent": place.parent or False, "level": place.level,
                "number": numbers.get(place.key, ""), "name": article.name,
                "has_text": article.is_published, "unread": place.key in unread,
            }
            for place in places for article in [self.browse(place.key)]
        ]

    def _page_unread(self):
        """Return the ids of those of these articles that the user is asked to read and has not confirmed."""
        groups = self.env["ops.article.reading"]._read_group(
            Domain("article_id", "in", self.ids) & Domain("reader_id", "=", self.env.uid) & Domain("state", "=", "asked"),
            ["article_id"],
        )
        return {article.id for article, in groups}

    # -- the text ----------------------------------------------------------------------------------------------------------

    def _page_article(self, tree, lang):
        """Return one article: its text, who stands behind it, and what the reader may do."""
        self.ensure_one()
        reading_order = [item["id"] for item in tree]
        before, after = neighbours(reading_order, self.id)
        own = next((item for item in tree if item["id"] == self.id), {})
        versions = self._page_versions()
        version = self._page_version(versions, lang)
        return {
            "id": self.id, "name": version.name or self.name, "number": own.get("number", ""), "path": self._page_path(tree),
            "previous": before or False, "next": after or False,
            "parts": [item["id"] for item in tree if item["parent"] == self.id],
            "owner": self.owner_id.sudo().name or "",  # sudo: whom to ask about the article
            "link": self._page_link(),
            "text": version._page_text() if version else False,
            "langs": [
                {"code": item.lang_id.code, "name": item.lang_id.name, "current": item == version} for item in versions
            ],
            "note": self._page_note(version, lang),
            "reading": self._page_reading(),
            "standards": self._page_standards(),
            "can_revise": self.can_revise,
            "can_propose": self.env["ops.article.proposal"].has_access("create"),
            "open_version": self._page_open_version(version),
        }

    def _page_link(self):
        """Return the address at which the article is read."""
        return f"{self.get_base_url()}/odoo/handbook/{self.id}"

    def _page_qr(self):
        """Return the address as a QR code, for the sheet on the wall."""
        return qrcode.address(self._page_link(), scale=16)

    def _page_path(self, tree):
        """Return the ids of what stands above the article, from the top."""
        parents, path = {item["id"]: item["parent"] for item in tree}, []
        key = parents.get(self.id)
        while key:
            path.insert(0, key)
            key = parents.get(key)
        return path

    def _page_versions(self):
        """Return the published texts of the article, one for each language."""
        return self.env["ops.article.version"].search([("article_id", "=", self.id), ("state", "=", "published")], order="lang_id")

    def _page_version(self, versions, lang):
        chosen = versions.filtered(lambda version: version.lang_id.code == lang) if isinstance(lang, str) else versions.browse()
        return chosen or self.current_version_id or versions[:1]

    def _page_note(self, version, lang):
        """Return what to say about the language of the text; nothing when it is the reader's or the one they chose."""
        wanted = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        if not version or version.lang_id.id == wanted.id or version.lang_id.code == lang:
            return ""
        # "Chinese, Simplified / 简体中文": as those who speak it call it, like the buttons that choose one
        called = [name.rsplit("/", 1)[-1].strip() for name in (wanted.name, version.lang_id.name)]
        return self.env._("There is no text in %(wanted)s yet: this is the one in %(shown)s.", wanted=called[0], shown=called[1])

    def _page_open_version(self, version):
        """Return the next version that is being written in the language that is read, as far as the user may see it."""
        found = self.env["ops.article.version"].search([
            ("article_id", "=", self.id), ("state", "in", ("draft", "submitted", "returned")),
            *([("lang_id", "=", version.lang_id.id)] if version else []),
        ], limit=1)
        return {"id": found.id, "state": found._state_label(found.state)} if found else False

    def _page_reading(self):
        """Return what the user was asked to read of the article last; False when they were not asked."""
        reading = self.env["ops.article.reading"].search(
            [("article_id", "=", self.id), ("reader_id", "=", self.env.uid), ("state", "!=", "obsolete")], limit=1
        )
        if not reading:
            return False
        return {
            "id": reading.id, "state": reading.state, "onboarding": reading.is_onboarding,
            "due": reading.date_due.isoformat(" ") if reading.date_due else False, "late": reading.is_late,
            "confirmed": reading.confirmed_on.isoformat(" ") if reading.confirmed_on else False,
        }

    def _page_standards(self):
        """Return the rules that the article states, with the forms that fulfil them."""
        codes = self.sudo().standard_ids.sorted("code").mapped("code")  # sudo: what stands in the text anyway
        if not codes:
            return []
        live = self.env["ops.standard"]._live(codes, self.env.company)
        labels = {name: self.env["ir.model"]._get(name).name for name in {rule["form_model"] for rule in live.values()} - {None}}
        return [
            {
                **{key: rule[key] for key in ("code", "name", "verb", "rule_text", "role", "rate", "can_open")},
                "form": labels.get(rule["form_model"], ""),
            }
            for rule in live.values()
        ]
