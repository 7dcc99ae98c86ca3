from odoo import Command, api, fields, models

from ...tools import clock, token
from ...tools.live_blocks import found


class OpsArticleVersion(models.Model):
    """Live standards in the texts: written out for whoever reads, linked and changed by publishing."""

    _inherit = "ops.article.version"

    live_body = fields.Html(
        string="Text as Read", compute="_compute_live_body", sanitize=False,
        help="The text with its live standards written out, in the language of the reader.",
    )

    plain_body = fields.Html(
        string="Text in Words", compute="_compute_plain_body", sanitize=False,
        help="The text with sentences in the place of its live standards, without figures.",
    )

    @api.depends("body")
    @api.depends_context("lang", "uid", "allowed_company_ids", "ops_live_paper")
    def _compute_live_body(self):
        """All texts that are read together, with one look at the standards."""
        bodies = self.env["ops.standard"]._expand_live([version.body or "" for version in self])
        for version, body in zip(self, bodies, strict=True):
            version.live_body = body

    @api.depends("body", "handbook_id.company_id")
    @api.depends_context("lang")
    def _compute_plain_body(self):
        standards = self.env["ops.standard"]
        for company, versions in self.grouped(lambda version: version.handbook_id.company_id).items():
            bodies = standards._expand_live([version.body or "" for version in versions], company, plain=True)
            for version, body in zip(versions, bodies, strict=True):
                version.plain_body = body

    def _reading_body(self, lang=None):
        """Return the text as it is read, live standards written out: the rule of the reader's company, in their language.

        With ``ops_live_paper`` in the context there are no buttons.
        """
        self.ensure_one()
        version = self.with_context(lang=lang) if lang else self
        return version.live_body or ""

    def _plain_body(self, lang=None):
        """Return the text with sentences in the place of live standards, without figures: for searching and comparing (Markup).

        It is the rule of the handbook's company, the common one where there is none.
        """
        self.ensure_one()
        version = self.with_context(lang=lang) if lang else self
        return version.plain_body or ""

    # -- handing in ----------------------------------------------------------------------------------------------------

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state in ("submitted", "published"):
            lines_sudo = self.sudo().rule_ids  # sudo: the content is checked, not shown
            lines_sudo._check_difference()
            lines_sudo._check_standard()

    # -- publishing ----------------------------------------------------------------------------------------------------

    def _link_standards(self):
        """Keep which standards the published texts of these articles show, and which article states each of them."""
        super()._link_standards()
        # sudo: what publishing says of standards and articles
        articles = self.sudo().article_id
        shown, blocks = articles._shown_standards(), {}
        for article, (standards, stated) in shown.items():
            if standards != article.standard_ids:
                article.standard_ids = [Command.set(standards.ids)]
            blocks[article] = stated
        articles._state_standards(blocks)

    def _apply_rules(self):
        """Change the standards as the versions say, today or from the day that they name on."""
        super()._apply_rules()
        # sudo: whoever publishes was asked by the flow; the standards are the administrators' otherwise
        for line in self.sudo().rule_ids:
            line._apply()


class OpsArticleRule(models.Model):
    _inherit = "ops.article.rule"

    def _apply(self):
        """Make the change of one line (superuser): today, or from its day on; the revision points to the version."""
        self.ensure_one()
        today, present = clock.now().date(), self._present()
        day = max(self.date_effective or today, today)
        standard = token.VERSION.on(self.standard_id, self.version_id.id)
        if day > today:
            revision = standard._schedule_change(self.values, day)
        else:
            target = token.VERSION.on(self.variant_id, self.version_id.id) if self.variant_id else standard
            target.write(self.values)
            revision = standard.revision_id
        self.write({"before_values": present, "date_effective": day, "revision_id": revision.id})


class OpsArticle(models.Model):
    _inherit = "ops.article"

    def _shown_standards(self):
        """Return the standards of the published texts of these articles (superuser): dict article → (shown, stated).

        Those that stand there as a block are stated by the article, the others are only mentioned.
        """
        versions = self.env["ops.article.version"].search([("article_id", "in", self.ids), ("state", "=", "published")])
        places = {article: set() for article in self}
        for version in versions:
            places[version.article_id].update(found(version.body))
        codes = {code for found_here in places.values() for _kind, code in found_here}
        standards = self.env["ops.standard"].with_context(active_test=False).search([("code", "in", list(codes))])
        result = {}
        for article, found_here in places.items():
            mine = standards.filtered(lambda item, article=article: article._may_state(item))
            stated = {code for kind, code in found_here if kind == "block"}
            every = {code for _kind, code in found_here}
            result[article] = (
                mine.filtered(lambda item, every=every: item.code in every),
                mine.filtered(lambda item, stated=stated: item.code in stated),
            )
        return result

    def _may_state(self, standard):
        """Tell whether the rule is one of the companies for which the article is written."""
        return not self.company_id or not standard.company_id or self.company_id in standard.company_id.parent_ids

    def _state_standards(self, blocks):
        """Keep which article states a standard: the first that shows it as a block, until it does so no more."""
        standards = self.env["ops.standard"]
        lost = standards.with_context(active_test=False).search([("article_id", "in", self.ids)]).filtered(
            lambda item: item not in blocks.get(item.article_id, standards)
        )
        for standard in lost:
            others = (standard.article_ids - self)._filtered_in_force()
            stating = [article for article, (_shown, stated) in others._shown_standards().items() if standard in stated]
            standard.article_id = stating[0] if stating else False
        self._state_free(blocks)

    def _state_free(self, blocks):
        """Let these articles (superuser) state what nobody states.

        :param dict blocks: article → standards that it shows as a block
        """
        for article, stated in blocks.items():
            free = stated.filtered(lambda item: not item.article_id._filtered_in_force())
            if free:
                free.article_id = article
