from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import token
from ...tools.article_html import clean
from ...tools.ids import one_id

OPEN_STATES = ("draft", "submitted", "returned")
WRITTEN = {"name", "body", "rule_ids", "change_kind", "reason"}  # whoever changes one of these has written the version


class OpsArticleVersion(models.Model):
    """What an article says in a language: written, reviewed by somebody else, published, and superseded by the next one."""

    _name = "ops.article.version"
    _description = "Version of an Article"
    _inherit = ["ops.link.mixin", "ops.form.mixin"]
    _order = "article_id, lang_id, version desc, id desc"
    _rec_names_search = ["number", "name"]

    # whoever writes hands it in; somebody else whom the handbook names, or the GM office, publishes; only publishing supersedes
    _flow = {
        "draft": {"submitted": {"author", "editor"}, "cancelled": {"author", "editor"}},
        "returned": {"submitted": {"author", "editor"}, "cancelled": {"author", "editor"}},
        "submitted": {"returned": {"approver"}, "published": {"approver"}, "cancelled": {"author", "editor"}},
        "published": {"superseded": set()},
        "superseded": {},
        "cancelled": {},
    }
    _flow_open = {"draft", "returned"}
    _flow_closed = {"published", "superseded", "cancelled"}
    _flow_decider = "gm_office"
    _flow_buttons = {
        "can_submit": "submitted", "can_return": "returned", "can_publish": "published", "can_cancel": "cancelled",
    }
    _flow_protected = {
        "version", "base_id", "published_on", "published_by_id", "superseded_on", "writer_ids",
    }
    _form_registrars = set()

    article_id = fields.Many2one("ops.article", required=True, index=True, ondelete="restrict")
    handbook_id = fields.Many2one(related="article_id.handbook_id", store=True, index=True)
    lang_id = fields.Many2one(
        "res.lang", string="Language", required=True, ondelete="restrict", context={"active_test": False},
        default=lambda self: self.env["ops.handbook"]._default_lang_id(),
    )
    version = fields.Integer(readonly=True, copy=False, aggregator=None, help="Counted when it is published.")
    name = fields.Char(string="Title", required=True)
    body = fields.Html(string="Text", sanitize=True, sanitize_style=True, sanitize_form=True)
    reason = fields.Text(string="What Changes and Why")
    change_kind = fields.Selection(
        [("major", "Major: Everybody in Scope Confirms"), ("minor", "Minor: Nobody Confirms Again")],
        string="Kind of Change", required=True, default="minor",
    )
    base_id = fields.Many2one("ops.article.version", string="Written on", readonly=True, copy=False, ondelete="restrict",
                              index="btree_not_null", help="The version that was published when this one was begun.")
    rule_ids = fields.One2many("ops.article.rule", "version_id", string="Standards to Change")
    proposal_ids = fields.One2many("ops.article.proposal", "version_id", string="Proposals Taken Up", copy=False)
    writer_ids = fields.Many2many(
        "res.users", "ops_article_version_writer_rel", string="Written by", readonly=True, copy=False,
        help="Everybody who wrote in it: none of them publishes it.",
    )
    published_on = fields.Datetime(readonly=True, copy=False)
    published_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    superseded_on = fields.Datetime(readonly=True, copy=False)
    can_publish = fields.Boolean(compute="_compute_can")

    _published_once = models.UniqueIndex(
        "(article_id, lang_id) WHERE state = 'published'", "Article: a version in this language is published already."
    )
    _open_once = models.UniqueIndex(
        "(article_id, lang_id) WHERE state IN ('draft', 'submitted', 'returned')",
        "Article: somebody is writing a version in this language already. Go on with that one.",
    )

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("submitted", self.env._("In Review")),
            ("returned", self.env._("Returned")),
            ("published", self.env._("Published")),
            ("superseded", self.env._("Superseded")),
            ("cancelled", self.env._("Cancelled")),
        ]

    @api.depends("number", "name", "version")
    def _compute_display_name(self):
        for version in self:
            version.display_name = (
                self.env._("%(title)s, version %(version)s", title=version.name, version=version.version)
                if version.version else " ".join(filter(None, [version.number, version.name])) or self.env._("New")
            )

    def _reading_body(self, lang=None):
        """Return the text as it is read, on screen, in print, in mails and by the search (Markup).

        :param str lang: code of the reader's language; default: that of the context
        """
        self.ensure_one()
        return self.body or ""

    # -- beginning one -------------------------------------------------------------------------------------------------

    def _prepare_create(self, vals_list):
        """A version belongs to the company of its handbook, and knows which published text it was written on."""
        articles_sudo = self.env["ops.article"].sudo()  # sudo: the link to the article is checked by the link mixin
        article_ids = [one_id(vals.get("article_id") or self.env.context.get("default_article_id")) for vals in vals_list]
        articles_sudo = articles_sudo.browse({found for found in article_ids if found}).exists()
        published = articles_sudo._published_by_lang()
        for vals, article_id in zip(vals_list, article_ids, strict=True):
            article = articles_sudo.filtered(lambda item, wanted=article_id: item.id == wanted)
            if not article:
                raise ValidationError(self.env._("Article: choose the one whose text this is."))
            if company := article.company_id:
                vals["company_id"] = company.id
            lang = vals.get("lang_id") or self.env.context.get("default_lang_id") or self.env["ops.handbook"]._default_lang_id()
            base = published.get((article.id, lang))
            vals.update(lang_id=lang, base_id=base.id if base else False)
            if self.env.su:
                vals.setdefault("author_id", False)
            else:
                vals["writer_ids"] = [Command.set(self.env.user.ids)]
        super()._prepare_create(vals_list)

    @api.model_create_multi
    def create(self, vals_list):
        self.flush_model(["state", "article_id", "lang_id"])  # one that has just been cancelled stands in nobody's way
        vals_list = [dict(vals) for vals in vals_list]
        self._say_defaults(vals_list, {"body"})
        return super().create([self._cleaned(vals) for vals in vals_list])

    # -- guards beyond those of the form -------------------------------------------------------------------------------

    def write(self, vals):
        if not self.env.su:
            self._check_place_kept(vals)
        result = super().write(self._cleaned(vals))
        if not self.env.su and WRITTEN & vals.keys():
            self._note_writer()
        return result

    @api.model
    def _cleaned(self, vals):
        """Return values with a text that holds nothing but text: whatever door it came through."""
        return {**vals, "body": clean(vals["body"])} if vals.get("body") else vals

    def _check_place_kept(self, vals):
        for version in self:
            for name in ("article_id", "lang_id"):
                if name in vals and version[name].id != vals[name]:
                    raise ValidationError(self.env._(
                        "%(field)s: a version stays where it was begun. Cancel it and begin another one there.",
                        field=self._fields[name]._description_string(self.env),
                    ))

    def _note_writer(self):
        """Keep who wrote in these drafts: nobody publishes what they wrote, not even a part of it."""
        versions_sudo = self.sudo()  # sudo: the machinery's own field
        if missing := versions_sudo.filtered(lambda version: self.env.user not in version.writer_ids):
            token.marked(missing).write({"writer_ids": [Command.link(self.env.uid)]})

    # -- actions -------------------------------------------------------------------------------------------------------

    def action_publish(self):
        """Publish: the text cannot be altered any more, and takes the place of the one before."""
        return self._publish_now()

    def action_accept(self, *decision):
        """Publish; a version is accepted by publishing it."""
        if decision:
            raise UserError(self.env._("Publishing a version takes no further values: leave them out."))
        return self._publish_now()

    def action_close(self, *decision):
        raise UserError(self.env._("A version is published, not closed."))

    def action_open_article(self):
        """Open the article to which the version belongs."""
        self.ensure_one()
        self.check_access("read")
        return self.article_id.get_formview_action()
