from odoo import api, fields, models


class OpsArticleVersion(models.Model):
    """What an article says in a language: written, reviewed by somebody else, published, and superseded by the next one."""

    _name = "ops.article.version"
    _description = "Version of an Article"
    _inherit = ["ops.link.mixin", "ops.form.mixin"]
    _order = "article_id, lang_id, version desc, id desc"

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
    _flow_protected = {"version", "published_on", "published_by_id", "superseded_on"}
    _form_registrars = set()

    article_id = fields.Many2one("ops.article", required=True, index=True, ondelete="restrict")
    handbook_id = fields.Many2one(related="article_id.handbook_id", store=True, index=True)
    lang_id = fields.Many2one(
        "res.lang", string="Language", required=True, ondelete="restrict", context={"active_test": False}
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
                              help="The version that was published when this one was begun.")
    rule_ids = fields.One2many("ops.article.rule", "version_id", string="Standards to Change")
    proposal_ids = fields.One2many("ops.article.proposal", "version_id", string="Proposals Taken Up")
    published_on = fields.Datetime(readonly=True, copy=False)
    published_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    superseded_on = fields.Datetime(readonly=True, copy=False)
    can_publish = fields.Boolean(compute="_compute_can")

    _published_once = models.UniqueIndex(
        "(article_id, lang_id) WHERE state = 'published'", "Article: a version in this language is published already."
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
