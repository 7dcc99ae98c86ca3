from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .ops_plan_review_line import NEEDS_COMMENT


class OpsPlanReview(models.Model):
    """What one reviewer says of one plan, by three criteria; the plan's author answers every comment."""

    _name = "ops.plan.review"
    _description = "Review Sheet"
    _inherit = ["ops.form.mixin"]
    _order = "plan_id.id desc, id"
    _search_fields = {"overrule_reason": "C"}

    _flow = {
        # who was asked is let off by the GM office alone; what one wrote unasked one may drop
        "draft": {"submitted": {"giver"}, "cancelled": {"volunteer", "office"}},
        "submitted": {"draft": {"giver"}},
        "cancelled": {},
    }
    _flow_named = {"reviewer": "reviewer_id"}
    _flow_reason = {"cancelled"}
    _flow_open = {"draft"}
    _flow_closed = {"submitted", "cancelled"}
    _flow_decider = "gm_office"
    _flow_buttons = {"can_submit": "submitted", "can_cancel": "cancelled", "can_take_back": "draft"}
    _flow_protected = {"asked_by_id", "overruled_by_id", "overruled_on", "overrule_reason"}
    _form_registrars = set()
    _form_standards = ("V1",)
    _form_decision_code = None

    plan_id = fields.Many2one("ops.plan", required=True, index=True, ondelete="cascade", readonly=True)
    reviewer_id = fields.Many2one("res.users", required=True, index=True, ondelete="restrict", readonly=True)
    asked_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict", index="btree_not_null",
        help="Who asked for the sheet; empty when the reviewer wrote it unasked.",
    )
    line_ids = fields.One2many("ops.plan.review.line", "review_id", string="Criteria")
    overruled_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    overruled_on = fields.Datetime(readonly=True, copy=False)
    overrule_reason = fields.Text(readonly=True, copy=False)

    # what it is about
    plan_department_id = fields.Many2one(related="plan_id.department_id", string="Plan of", store=True, index=True)
    plan_state = fields.Selection(related="plan_id.state", string="State of the Plan")
    year = fields.Integer(related="plan_id.year", store=True, aggregator=None)

    # what it comes to
    verdict = fields.Selection(
        [("pass", "Pass"), ("conditional", "Conditional"), ("fail", "Fail")], compute="_compute_verdict", store=True,
        help="The worst of its three verdicts.",
    )
    waiting_count = fields.Integer(
        string="Comments to Answer", compute="_compute_waiting_count", store=True, aggregator="sum"
    )
    can_take_back = fields.Boolean(compute="_compute_can")
    can_overrule = fields.Boolean(compute="_compute_can_overrule")

    _once = models.UniqueIndex(
        "(plan_id, reviewer_id) WHERE state != 'cancelled'", "Reviewer: they have a sheet for this plan already. Open that one."
    )

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Asked")),
            ("submitted", self.env._("Given")),
            ("cancelled", self.env._("Cancelled")),
        ]

    # -- computes ------------------------------------------------------------------------------------------------------

    @api.depends("number", "plan_id.department_id.name", "reviewer_id.name")
    def _compute_display_name(self):
        for sheet in self:
            sheet_sudo = sheet.sudo()  # sudo: whose plan and who reviews, to call the sheet by
            parts = (sheet.number, sheet_sudo.plan_id.department_id.name, sheet_sudo.reviewer_id.name)
            sheet.display_name = " – ".join(filter(None, parts)) or self.env._("New")

    @api.depends("line_ids.verdict")
    def _compute_verdict(self):
        for sheet in self:
            found = set(sheet.line_ids.mapped("verdict"))
            sheet.verdict = next((verdict for verdict in ("fail", "conditional", "pass") if verdict in found), False)

    @api.depends("state", "line_ids.comment", "line_ids.answer")
    def _compute_waiting_count(self):
        for sheet in self:
            waiting = sheet.line_ids.filtered(lambda line: line.comment and not line.answer)
            sheet.waiting_count = len(waiting) if sheet.state == "submitted" else 0

    @api.depends("state", "verdict", "overruled_on", "plan_id.state")
    @api.depends_context("uid")
    def _compute_can_overrule(self):
        deciding = self._deciding()
        for sheet in self:
            sheet.can_overrule = sheet in deciding and sheet._awaits_overruling()

    # -- who may do what -----------------------------------------------------------------------------------------------

    def _flow_roles(self):
        """``giver``: the reviewer, as long as the plan is being reviewed and they did not write it themselves; ``volunteer``:
        a reviewer whom nobody asked; ``office``: who decides on the plan."""
        roles = super()._flow_roles()
        for sheet in self._deciding():
            roles[sheet.id].add("office")
        sheets_sudo = self.sudo()  # sudo: the decision needs the plan, not the user's right to read it
        written = sheets_sudo.plan_id._written_by(self.env.user)
        for sheet in sheets_sudo:
            if "reviewer" not in roles[sheet.id]:
                continue
            if sheet.plan_id not in written and sheet.plan_id.state == "review":
                roles[sheet.id].add("giver")
            if not sheet.asked_by_id:
                roles[sheet.id].add("volunteer")
        return roles

    def _flow_holders(self, roles, users):
        named = {"reviewer"} if roles & {"giver", "volunteer"} else set()
        return super()._flow_holders(roles | named | ({"gm_office"} if "office" in roles else set()), users)

    def _deciding(self):
        """Return those of whose plan the current user is the decider: the GM office, of its own plan the general manager."""
        roles = self.sudo().plan_id.with_env(self.env)._flow_roles()  # sudo: the decision needs the plan only
        written = self.sudo().plan_id._written_by(self.env.user)
        return self.filtered(
            lambda sheet: "decider" in roles[sheet.sudo().plan_id.id] and sheet.sudo().plan_id not in written
        )

    def _awaits_overruling(self):
        sheet_sudo = self.sudo()  # sudo: see _deciding
        open_plan = sheet_sudo.plan_id.state in ("review", "returned", "submitted")
        return sheet_sudo.state == "submitted" and sheet_sudo.verdict == "fail" and not sheet_sudo.overruled_on and open_plan

    # -- content -------------------------------------------------------------------------------------------------------

    def write(self, vals):
        if not self.env.su:
            self._check_content(vals)
        return super().write(vals)

    def _check_content(self, vals):
        """What a sheet is about and who writes it stay; whoever wrote the plan writes no sheet of it, named or not."""
        for name in {"plan_id", "reviewer_id", "department_id"} & set(vals):
            if any(sheet[name].id != vals[name] for sheet in self):
                raise ValidationError(self.env._(
                    "%(field)s: a sheet stays with its plan and its reviewer.",
                    field=self._fields[name]._description_string(self.env),
                ))
        if "line_ids" in vals:
            self._refuse_authors()

    def _refuse_authors(self):
        """Refuse whoever wrote the plan, also where they stand in for its reviewer."""
        written = self.sudo().plan_id._written_by(self.env.user)  # sudo: see _flow_roles
        if written:
            raise ValidationError(self.env._(
                "Reviewer: you wrote %(plan)s, or stand in for somebody who did, and cannot review it.",
                plan=written[:1].display_name,
            ))

    # -- steps ---------------------------------------------------------------------------------------------------------

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state == "submitted":
            for sheet in self.sudo():  # sudo: the content decides
                sheet._check_complete()

    def _check_complete(self):
        """Each criterion has a verdict, and whoever is not content says why."""
        labels = dict(self.line_ids._fields["criterion"]._description_selection(self.env))
        for line in self.line_ids:
            if not line.verdict:
                raise UserError(self.env._("%(criterion)s: choose a verdict, then give the sheet.", criterion=labels[line.criterion]))
            if line.verdict in NEEDS_COMMENT and not (line.comment or "").strip():
                raise UserError(self.env._(
                    "%(criterion)s: say in a comment what has to become different.", criterion=labels[line.criterion]
                ))

    def action_submit(self):
        """Give the sheets (V1): their comments wait for the author's answers now."""
        return self._transition("submitted")

    def action_take_back(self):
        """Take given sheets back to change them, as long as the plan is in review; what stays as it was keeps its answer."""
        return self._transition("draft")

    def action_overrule(self, reason=None):
        """Let the plans go on although these sheets say “fail”; the GM office alone, with a reason."""
        if reason is None:
            return self._ask_reason("action_overrule")
        return self._overrule(reason)

    def action_open_plan(self):
        """Open the plan that is reviewed."""
        self.ensure_one()
        return self.plan_id._obligation_open_action()
