from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date, is_html_empty

from ...tools import clock, token


class OpsArticleVersion(models.Model):
    """Publishing, in one transaction: the version takes the place of the one before, and all that follows from it happens.

    The hooks at the end are filled by what the handbook does with a published text: rules, readings, notices, search.
    """

    _inherit = "ops.article.version"

    def _publish_now(self):
        """Publish these versions; whoever may not, and whoever comes too late, is told so in words."""
        return self._transition("published")

    def _transition(self, state, reason=None, values=None):
        if state == "published" and self:
            self._make_room()
        return super()._transition(state, reason, values)

    def _transition_values(self, state):
        values, now = super()._transition_values(state), clock.now()
        if state == "published":
            values.update(published_on=now, published_by_id=self.env.uid)
        if state == "superseded":
            values["superseded_on"] = now
        return values

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state in ("submitted", "published"):
            for version in self.sudo():  # sudo: the content is checked, not shown
                if is_html_empty(version.body):
                    raise UserError(self.env._("Text: “%(title)s” says nothing yet. Write it first.", title=version.name))
                if state == "published" and not (version.article_id.active and version.handbook_id.active):
                    raise UserError(self.env._(
                        "“%(title)s” cannot be published: its article or its handbook is archived. Use that again first.",
                        title=version.name,
                    ))

    # -- before ----------------------------------------------------------------------------------------------------------

    def _make_room(self):
        """Check that these versions may be published on what is published now, number them, and supersede that."""
        self.check_access("read")
        self._lock_articles()
        self._transition_lock()
        self._transition_check("published", "")
        versions_sudo = self.sudo()  # sudo: permission was decided just above, from the flow
        published = versions_sudo.article_id._published_by_lang()
        before = {version: published.get((version.article_id.id, version.lang_id.id), self.browse()) for version in versions_sudo}
        for version, current in before.items():
            if version.base_id != current:
                version._raise_outdated(current)
        for number, group in versions_sudo.grouped(lambda version: before[version].version + 1).items():
            token.marked(group).write({"version": number})
        versions_sudo.union(*before.values()).filtered(lambda item: item.state == "published")._transition("superseded")
        self.env["ops.article.version"].flush_model(["state"])

    def _lock_articles(self):
        """Hold the articles: two versions of one are published one after the other."""
        articles = self.sudo().article_id.ids  # sudo: ids only
        self.env.cr.execute(SQL("SELECT id FROM ops_article WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(articles)))

    def _raise_outdated(self, current):
        """Say what was published since this version was begun; ``self`` and ``current`` are sudo."""
        if not current:
            raise UserError(self.env._(
                "“%(title)s” was written on version %(base)s, which is not published any more. Cancel this draft and begin "
                "another one.", title=self.name, base=self.base_id.version,
            ))
        raise UserError(self.env._(
            "%(user)s published version %(version)s of “%(title)s” on %(date)s, while this draft was written on "
            "%(base)s. Compare the two, then write what you change into a new draft of the published text.",
            user=current.published_by_id.name or self.env._("The system"), version=current.version, title=current.name,
            date=format_date(self.env, fields.Datetime.context_timestamp(self, current.published_on)),
            base=self.env._("version %(version)s", version=self.base_id.version) if self.base_id else self.env._("no text at all"),
        ))

    # -- after -----------------------------------------------------------------------------------------------------------

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        if published := self._entered("published", previous):
            published._after_publishing()

    def _after_publishing(self):
        """Let the articles show their new texts, then everything that follows; ``base_id`` is what was there before."""
        self._name_articles()
        self._link_standards()
        self._apply_rules()
        self._settle_proposals()
        if major := self.filtered(lambda version: version.change_kind == "major"):
            major._ask_readings()
        self._announce()
        self._index()
        self.article_id._reviewed_by_publishing()

    def _name_articles(self):
        """An article is called as its published text is, in the language of that."""
        for lang, versions in self.sudo().grouped("lang_id").items():  # sudo: titles are written by publishing only
            for version in versions:  # kept in the cache one by one, written out together: one statement for each language
                version.article_id.with_context(lang=lang.code).name = version.name
        self.sudo().article_id.filtered(lambda article: not article.is_published).is_published = True  # sudo: as above

    # -- hooks: called by publishing, on published versions, in the environment of whoever publishes --------------------

    def _link_standards(self):
        """Keep which standards the published texts show."""

    def _apply_rules(self):
        """Change the standards as the versions say."""

    def _settle_proposals(self):
        """Settle the proposals that the versions take up."""

    def _ask_readings(self):
        """Ask everybody in scope to read these major versions."""

    def _announce(self):
        """Tell those concerned what changed."""

    def _index(self):
        """Let the search know the new texts."""
