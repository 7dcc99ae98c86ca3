from odoo import fields, models


class OpsArticleProposal(models.Model):
    """What somebody would have the handbook say otherwise: taken up in a version, or declined with a reason."""

    _name = "ops.article.proposal"
    _description = "Proposal for the Handbook"
    _inherit = ["ops.link.mixin", "ops.form.mixin"]
    _order = "id desc"

    # anybody proposes; operations and whoever owns the article decide; publishing the version that takes it up settles it
    _flow = {
        "draft": {"submitted": {"author"}, "cancelled": {"author"}},
        "submitted": {"accepted": {"decider", "owner"}, "declined": {"decider", "owner"}, "cancelled": {"author"}},
        "accepted": {"settled": set(), "declined": {"decider", "owner"}},
        "declined": {},
        "settled": {},
        "cancelled": {},
    }
    _flow_reason = {"declined", "cancelled"}
    _flow_open = {"draft"}
    _flow_closed = {"declined", "settled", "cancelled"}
    _flow_buttons = {
        "can_submit": "submitted", "can_accept": "accepted", "can_decline": "declined", "can_cancel": "cancelled",
    }
    _flow_protected = {"version_id"}
    _form_registrars = set()

    article_id = fields.Many2one("ops.article", required=True, index=True, ondelete="restrict")
    name = fields.Char(string="Subject", required=True)
    passage = fields.Text(help="What the article says now.")
    wanted = fields.Text(string="Proposed Text", help="What it is to say.")
    reason = fields.Text()
    version_id = fields.Many2one(
        "ops.article.version", string="Settled by", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    can_decline = fields.Boolean(compute="_compute_can")

    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("submitted", self.env._("Submitted")),
            ("accepted", self.env._("Taken Up")),
            ("declined", self.env._("Declined")),
            ("settled", self.env._("Settled")),
            ("cancelled", self.env._("Cancelled")),
        ]
