from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.ids import one_id


class OpsArticleProposal(models.Model):
    """What somebody would have the handbook say otherwise: taken up in a version, or declined with a reason."""

    _name = "ops.article.proposal"
    _description = "Proposal for the Handbook"
    _inherit = ["ops.link.mixin", "ops.source.mixin", "ops.form.mixin"]
    _order = "id desc"
    _rec_names_search = ["number", "name"]
    _search_fields = {"name": "A", "wanted": "C", "passage": "D", "reason": "D"}

    # Anybody proposes; operations, one office up where they wrote it, and whoever owns the article decide. Publishing the
    # version that it was taken up in settles it; where that version is dropped it waits for a decision again.
    _flow = {
        "draft": {"submitted": {"author"}, "cancelled": {"author"}},
        "submitted": {"accepted": {"decider", "owner"}, "declined": {"decider", "owner"}, "cancelled": {"author"}},
        "accepted": {"settled": set(), "declined": {"decider", "owner"}, "submitted": {"decider", "owner"}},
        "declined": {},
        "settled": {},
        "cancelled": {},
    }
    _flow_reason = {"declined", "cancelled"}
    _flow_open = {"draft"}
    _flow_closed = {"declined", "settled", "cancelled"}
    _flow_handed_in = set()  # its author alone hands it in; what is put back comes from whoever decides
    _flow_buttons = {
        "can_submit": "submitted", "can_accept": "accepted", "can_decline": "declined", "can_cancel": "cancelled",
        "can_put_back": "submitted",
    }
    _flow_protected = {"version_id"}
    _form_registrars = set()

    article_id = fields.Many2one("ops.article", required=True, index=True, ondelete="restrict")
    name = fields.Char(
        string="Subject", compute="_compute_name", store=True, readonly=False, required=True, precompute=True,
        help="In a few words; the title of the article where nothing else is said.",
    )
    passage = fields.Text(string="What It Says Now", help="The sentence or step in question, or where it stands.")
    wanted = fields.Text(string="What It Should Say", help="In your own words: whoever writes the handbook puts it into its form.")
    reason = fields.Text(string="Why", help="What happened, or what is easier, safer or cheaper like this.")
    photo_ids = fields.Many2many("ir.attachment", "ops_article_proposal_photo_rel", string="Photos", copy=False)
    version_id = fields.Many2one(
        "ops.article.version", readonly=True, copy=False, index="btree_not_null", ondelete="restrict",
        help="In which it was taken up; publishing that version settles the proposal.",
    )
    can_decline = fields.Boolean(compute="_compute_can")
    can_put_back = fields.Boolean(compute="_compute_can", help="The current user may take it out of its version again.")

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("submitted", self.env._("Submitted")),
            ("accepted", self.env._("Taken Up")),
            ("declined", self.env._("Declined")),
            ("settled", self.env._("Settled")),
            ("cancelled", self.env._("Withdrawn")),
        ]

    @api.depends("article_id")
    def _compute_name(self):
        for proposal in self:
            proposal.name = proposal.name or proposal.article_id.name

    @api.depends("number", "name")
    def _compute_display_name(self):
        super()._compute_display_name()

    def _compute_can(self):
        super()._compute_can()
        for proposal in self:
            proposal.can_submit = proposal.can_submit and proposal.state == "draft"
            proposal.can_put_back = proposal.can_put_back and proposal.state == "accepted"

    # -- creation and content ------------------------------------------------------------------------------------------

    def _prepare_create(self, vals_list):
        """A proposal belongs to the company of its article, which decides on it; of one for all, to that of its author."""
        articles = self._known_articles(vals_list)
        for vals in vals_list:
            article_sudo = articles.get(self._article_of(vals))
            if not article_sudo:
                raise ValidationError(self.env._("Article: choose the one that is to say something else."))
            if article_sudo.company_id:
                vals["company_id"] = article_sudo.company_id.id
            if vals.get("author_id") == self.env.uid:
                del vals["author_id"]  # people of a branch propose to the company above, for which they do not work
        super()._prepare_create(vals_list)

    def _article_of(self, vals):
        return one_id(vals.get("article_id") or self.env.context.get("default_article_id")) or None

    def _known_articles(self, vals_list):
        """Return the articles (sudo) that new proposals name: dict by id. Who may read them was asked by the link mixin."""
        ids = {self._article_of(vals) for vals in vals_list} - {None}
        articles_sudo = self.env["ops.article"].sudo().browse(ids).exists()
        return {article.id: article for article in articles_sudo}

    @api.model_create_multi
    def create(self, vals_list):
        proposals = super().create(vals_list)
        proposals._bind_photos()
        return proposals

    def write(self, vals):
        if not self.env.su and "article_id" in vals and any(proposal.article_id.id != vals["article_id"] for proposal in self):
            raise ValidationError(self.env._("Article: a proposal stays with its article. Withdraw it and write another one."))
        result = super().write(vals)
        if "photo_ids" in vals:
            self._bind_photos()
        return result

    def _bind_photos(self):
        """Attach the photos to their proposal, so that its rights and its lock are theirs."""
        # sudo: a photo that somebody else uploaded must be seen to be refused
        for proposal in self.sudo():
            for photo in proposal.photo_ids:
                if (photo.res_model, photo.res_id) == (self._name, proposal.id):
                    continue
                if photo.res_id or (not self.env.su and photo.create_uid.id != self.env.uid):
                    raise ValidationError(self.env._("Photos: one of them belongs to something else. Upload it here again."))
                photo.write({"res_model": self._name, "res_id": proposal.id})

    # -- handing in ------------------------------------------------------------------------------------------------------

    def action_submit(self):
        """Hand the proposals in: whoever keeps the article decides on them (D1)."""
        self.check_access("read")
        if any(proposal.state != "draft" for proposal in self):
            raise UserError(self.env._("This proposal was handed in already. Reload the page to see what became of it."))
        return self._transition("submitted")

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state == "submitted":
            for proposal in self.sudo():  # sudo: the names in the message are those of records that the caller may read
                if not (proposal.wanted or "").strip():
                    raise UserError(self.env._(
                        "%(proposal)s: say what the handbook should say, in your own words.", proposal=proposal.display_name
                    ))

    def _transition_values(self, state):
        values = super()._transition_values(state)
        if state == "submitted" and all(proposal.submitted_on for proposal in self.sudo()):  # sudo: when it was handed in
            values.pop("submitted_on")  # put back: it was handed in when it was handed in
        return values
