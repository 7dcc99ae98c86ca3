from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import clock, token
from ...tools.ids import some_ids
from ...tools.roles import NEXT_OFFICE, ROLE_GROUPS
from ...tools.saying import label, saying

KINDS = [("hold", "Hold"), ("extension", "Extension"), ("waiver", "Waiver")]


class OpsObligationChange(models.Model):
    """The three legitimate ways in which a due time changes or goes: asked for in time, decided by somebody else."""

    _name = "ops.obligation.change"
    _description = "Hold, Extension or Waiver"
    _inherit = ["ops.transition.mixin"]
    _order = "id desc"

    # operations decides; what operations owes the GM office decides, what that owes the general manager
    _flow = {
        "requested": {"approved": {"decider"}, "refused": {"decider"}, "cancelled": {"author"}},
        "approved": {},
        "refused": {},
        "cancelled": {},
    }
    _flow_reason = {"refused", "cancelled"}
    _flow_open = set()
    _flow_closed = {"approved", "refused", "cancelled"}
    _flow_buttons = {"can_approve": "approved", "can_refuse": "refused", "can_cancel": "cancelled"}

    obligation_id = fields.Many2one("ops.obligation", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(KINDS, required=True, default="extension")
    reason = fields.Text(required=True, help="Why the due time cannot be kept.")
    date_until = fields.Datetime(string="Until", help="Extension: the new due time. Hold: when the clock goes on.")

    company_id = fields.Many2one(related="obligation_id.company_id", store=True, index=True)
    department_id = fields.Many2one(related="obligation_id.department_id", store=True, index="btree_not_null")
    author_id = fields.Many2one(
        "res.users", string="Asked by", required=True, readonly=True, default=lambda self: self.env.user,
        ondelete="restrict", index=True,
    )
    date_requested = fields.Datetime(string="Asked on", required=True, readonly=True, default=lambda self: clock.now())
    state = fields.Selection(
        [("requested", "Requested"), ("approved", "Approved"), ("refused", "Refused"), ("cancelled", "Withdrawn")]
    )
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True, ondelete="restrict", index="btree_not_null")
    date_decided = fields.Datetime(string="Decided on", readonly=True)
    date_before = fields.Datetime(string="Due Before", readonly=True)
    date_after = fields.Datetime(string="Due Now", readonly=True)

    can_approve = fields.Boolean(compute="_compute_can")
    can_refuse = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")

    _one_request = models.UniqueIndex(
        "(obligation_id) WHERE state = 'requested'", "A request for this obligation is waiting for its decision already."
    )

    @api.depends("kind", "obligation_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for change in self:
            change.display_name = f"{kinds.get(change.kind, '')}: {change.obligation_id.display_name or ''}"

    # -- asking ---------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:  # who asked, and when, is what the decision rests on
            vals.update(author_id=self.env.uid, date_requested=clock.now())
            vals.update(dict.fromkeys(("decided_by_id", "date_decided", "date_before", "date_after"), False))
        self._say_defaults(vals_list, {"obligation_id"})
        asked = self.env["ops.obligation"].browse(some_ids([vals.get("obligation_id") for vals in vals_list])).exists()
        asked.check_access("read")  # first: the refusals name the obligation
        self.flush_model(["state"])  # the index that allows one request at a time looks at the table
        changes = super().create(vals_list)
        for change in changes:
            change._check_asker()
            change._check_request()
        return changes

    def _check_asker(self):
        if not self.env.su and not self.obligation_id._is_answered_by(self.env.user):
            raise AccessError(self.env._(
                "Only whoever answers for “%(obligation)s”, or the head of the department, can ask for this.",
                obligation=self.obligation_id.display_name,
            ))

    def _check_request(self):
        """Asked after the due time it is refused, and the original due time counts."""
        obligation_sudo, now = self.obligation_id.sudo(), self.date_requested  # sudo: who may ask was checked before
        if obligation_sudo.state != "open" or not obligation_sudo.date_due:
            raise UserError(self.env._(
                "“%(obligation)s” is not open with a due time: there is nothing to hold, extend or waive.",
                obligation=obligation_sudo.display_name,
            ))
        if obligation_sudo.date_due <= now:
            raise UserError(self.env._(
                "“%(obligation)s” is past its due time: a change has to be asked for before. Hand it in as soon as you can.",
                obligation=obligation_sudo.display_name,
            ))
        if self.kind == "extension" and not (self.date_until and self.date_until > obligation_sudo.date_due):
            raise UserError(self.env._("Until: choose a new due time after the present one."))
        if self.kind == "hold" and not (self.date_until and self.date_until > now):
            raise UserError(self.env._("Until: choose when the hold ends; it has to lie ahead."))

    # -- deciding -------------------------------------------------------------------------------------------------------

    def _flow_deciding_office(self):
        """Operations decides; what operations owes the GM office does, and what that owes the general manager."""
        for office in ("gm_office", "operations"):
            if self._flow_is_own_of(office):
                return self._flow_held(NEXT_OFFICE[office])
        return self._flow_held(self._flow_decider)

    def _flow_is_own_of(self, office):
        """What an office answers for is that office's own, whichever department it stands under."""
        return super()._flow_is_own_of(office) or self.obligation_id.role == office

    def _flow_barred(self):
        """Nobody decides on what they answer for themself, even when somebody else asked."""
        return super()._flow_barred() | self.obligation_id.responsible_id

    def _transition_values(self, state):
        values = super()._transition_values(state)
        if state in ("approved", "refused"):
            values.update(decided_by_id=self.env.uid, date_decided=clock.now())
        return values

    def _after_transition(self, previous, reason):
        result = super()._after_transition(previous, reason)
        for change in self.sudo():  # sudo: decided just now; only the engine writes obligations
            if change.state == "approved":
                change._apply()
            elif change.state == "refused":
                change.obligation_id._log(
                    saying(self.env)._("%(change)s refused: %(reason)s", change=label(change, "kind", change.kind), reason=reason)
                )
        return result

    def _apply(self):
        """Do to the obligation what was approved; its log says who decided and why it was asked for."""
        obligation = self.obligation_id
        if obligation.state != "open":
            raise UserError(self.env._(
                "“%(obligation)s” is not open any more: refuse the request instead.", obligation=obligation.display_name
            ))
        before = obligation.date_due
        reason = saying(self.env)._("%(change)s approved: %(reason)s", change=label(self, "kind", self.kind), reason=self.reason)
        if self.kind == "waiver":
            obligation._set_state("waived", reason)
        elif self.kind == "extension":
            obligation._move_due({obligation: self.date_until}, reason, extended=True)
        else:
            obligation._hold(self.date_requested, self.date_until, reason)
        after = False if self.kind == "waiver" else obligation.date_due
        token.marked(self).write({"date_before": before, "date_after": after})

    # -- buttons --------------------------------------------------------------------------------------------------------

    def action_approve(self):
        """Grant what is asked for."""
        return self._transition("approved")

    def action_refuse(self, reason=None):
        """Refuse what is asked for, and say why."""
        if reason is None:
            return self._ask_reason("action_refuse")
        return self._transition("refused", reason)

    def action_cancel(self, reason=None):
        """Withdraw the request."""
        if reason is None:
            return self._ask_reason("action_cancel")
        return self._transition("cancelled", reason)


class OpsObligation(models.Model):
    _inherit = "ops.obligation"

    can_ask_change = fields.Boolean(compute="_compute_can_ask_change")

    @api.depends("state", "date_due", "responsible_id", "department_id", "role")
    @api.depends_context("uid")
    def _compute_can_ask_change(self):
        now = clock.now()
        for item in self:
            open_in_time = item.state == "open" and item.date_due and item.date_due > now
            item.can_ask_change = bool(open_in_time and item._is_answered_by(self.env.user))

    def _is_answered_by(self, user):
        """Tell whether ``user`` answers for this obligation: in person, as a substitute, as head, or by office."""
        item_sudo = self.sudo()  # sudo: the decision needs the names, not the right to read them
        if item_sudo.responsible_id & user._ops_principals() or item_sudo.department_id in user.ops_department_ids:
            return True
        group = ROLE_GROUPS.get(item_sudo.role)
        return bool(group and user.has_group(group) and item_sudo.company_id in user.company_ids)

    def action_ask_change(self):
        """Open the request for a hold, an extension or a waiver."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.obligation.change",
            "views": [(False, "form")],
            "target": "new",
            "name": self.env._("Ask for a Hold, an Extension or a Waiver"),
            "context": {"default_obligation_id": self.id},
        }
