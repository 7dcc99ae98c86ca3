from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import token
from ...tools.saying import saying
from .ops_plan_change_line import CHANGEABLE


class OpsPlanChange(models.Model):
    """The steps of a change request, and who decides on it."""

    _inherit = "ops.plan.change"

    is_small = fields.Boolean(compute="_compute_is_small", help="Within what the GM office decides by itself.")
    decided_by = fields.Char(compute="_compute_is_small", help="Who decides on it, and why.")

    @api.depends("line_ids.old_json", "line_ids.new_json", "line_ids.kind", "plan_id", "state")
    @api.depends_context("lang")
    def _compute_is_small(self):
        for change in self:
            large = change._large_lines() if change.sudo().line_ids else change.line_ids  # sudo: see _is_small
            change.is_small = bool(change.sudo().line_ids) and not large
            change.decided_by = change._decider_in_words(large)

    def _decider_in_words(self, large):
        if not self.sudo().line_ids:
            return False
        if self.id and self._flow_deciding_office() == "general_manager":
            if self.sudo()._flow_is_own_of("gm_office"):  # sudo: whose it is
                return self.env._("The general manager decides, because it is a request of the GM office itself.")
            return self.env._("The general manager decides, because the GM office has nobody but who handed it in.")
        if not large:
            return self.env._("The GM office decides: owners, dates and figures stay within its limits.")
        names = [line._about() for line in large[:3]] + (["…"] if len(large) > 3 else [])
        return self.env._(
            "The general manager decides, because this is beyond what the GM office decides: %(lines)s", lines="; ".join(names),
        )

    # -- checks ----------------------------------------------------------------------------------------------------------

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state == "submitted":
            for change in self.sudo():  # sudo: the rules are asked of the whole plan
                change._check_complete()

    def _check_complete(self):
        """Refuse a request that lacks something, or whose new values the plan would not take; all is said at once."""
        missing = [
            self._fields[name]._description_string(self.env) for name in ("reason", "impact", "line_ids") if not self[name]
        ]
        if missing:
            raise UserError(self.env._(
                "%(fields)s: fill this in before you submit the request, so that it can be decided.", fields=", ".join(missing)
            ))
        self._check_plan_released()
        self._check_effective()
        self._renew_old_values()
        self._raise_problems(self._problems() or self.plan_id._try_changes(self.line_ids))

    def _check_plan_released(self):
        plan = self.plan_id
        if plan.state != "released":
            raise UserError(self.env._(
                "%(plan)s is “%(state)s”: only a released plan is changed by a request.",
                plan=plan.display_name, state=plan._state_label(plan.state),
            ))

    def _raise_problems(self, problems):
        if problems:
            raise UserError("\n".join([self.env._("The plan cannot be changed like this:"), *problems]))

    def _renew_old_values(self):
        """Take the old values from the plan as it is now (sudo): what is decided on is what is there."""
        lines = self.line_ids.filtered(lambda line: line.kind != "add")
        targets = lines._targets([{"target_model": line.target_model, "target_id": line.target_id} for line in lines])
        for line in lines:
            if target := targets.get((line.target_model, line.target_id)):
                names = CHANGEABLE[line.target_model] if line.kind == "remove" else [line.target_field]
                token.marked(line).write({"old_json": line._present(target, names), "name": line._target_title(target)})

    # -- what a step does ------------------------------------------------------------------------------------------------

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        self._clock_checked(previous, reason)
        approved = self._entered("approved", previous)
        self._entered("returned", previous).sudo()._drop_past_day()  # sudo: whoever works on it again names another day
        approved.sudo()._settle_effective()  # sudo: the content is locked by now
        for change in approved.sorted(lambda change: (change.plan_id.id, change.id)):
            change.sudo().plan_id._apply(change.sudo())  # sudo: what is approved is done, whoever may write it
        self._notify(previous, reason)

    def _decided_by(self):
        """What the GM office has checked the general manager decides."""
        return ("general_manager", self.env["res.users"]) if self.state == "checked" else super()._decided_by()

    def _clock_checked(self, previous, reason):
        """D1: what the GM office has checked waits for the general manager, in their My work."""
        code = self._form_decision_code
        if checked := self._entered("checked", previous):
            checked._start_clock(code, round=checked._next_rounds(code), role="general_manager")
        left = self._left("checked", previous)
        if withdrawn := left.filtered(lambda change: change.state == "cancelled"):
            withdrawn._cancel_clock(code, reason)
        if decided := left.filtered(lambda change: change.state != "cancelled"):
            decided._fulfil(code)

    # -- verbs -----------------------------------------------------------------------------------------------------------

    def action_check(self):
        """Pass the requests on to the general manager: the GM office finds nothing wrong with them."""
        return self._transition("checked")

    def action_approve(self):
        """Approve the requests: their lines are written into the plans, all or nothing, and make new versions."""
        return self._transition("approved")

    def action_accept(self, *decision):
        """Approve; the name that all forms share."""
        if decision:
            return super().action_accept(*decision)
        return self.action_approve()

    def action_reject(self, reason=None):
        """Reject the requests; ``reason`` is asked for on screen when it is missing. They can be written anew."""
        if reason is None:
            return self._ask_reason("action_reject")
        return self._transition("rejected", reason)

    def action_close(self):
        """A request is over once it is decided: there is nothing to close."""
        raise UserError(self.env._("A change request is closed by the decision on it."))

    def action_rework(self):
        """Write a rejected or withdrawn request anew: a draft with its lines, their old values renewed.

        :return: the action that opens the draft
        """
        self.ensure_one()
        self.check_access("read")
        if self.state not in ("rejected", "cancelled"):
            raise UserError(self.env._(
                "%(record)s is “%(state)s”: only what was rejected or withdrawn is written anew.",
                record=self.display_name, state=self._state_label(self.state),
            ))
        if again := self.sudo().rework_ids[:1]:  # sudo: whether there is one
            return again.with_env(self.env)._obligation_open_action()
        known = self.sudo().line_ids._still_there()  # sudo: what the plan still has is asked, not shown
        draft = self.create({
            "plan_id": self.plan_id.id, "reason": self.reason, "impact": self.impact,
            "line_ids": [(0, 0, line._rework_values()) for line in known],
        })
        token.marked(draft.sudo()).write({"previous_id": self.id})  # sudo: the link is the machinery's
        return draft._obligation_open_action()

    def action_open_plan(self):
        """Open the plan that shall change."""
        self.ensure_one()
        return self.plan_id._obligation_open_action()

    def action_open_version(self):
        """Open the version of the plan that the request has made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "res_model": "ops.plan.version", "res_id": self.version_id.id,
            "views": [(False, "form")], "name": self.version_id.display_name,
        }

    # -- the dialog in which a part of the plan is changed ---------------------------------------------------------------

    def action_change_part(self):
        """Open the dialog in which a part of the plan is changed."""
        return self._open_part("change")

    def action_add_part(self):
        """Open the dialog in which a part is added to the plan."""
        return self._open_part("add")

    def action_take_out_part(self):
        """Open the dialog in which a part is taken out of the plan."""
        return self._open_part("remove")

    def _open_part(self, kind, **defaults):
        self.ensure_one()
        self.check_access("write")
        names = {"change": self.env._("Change"), "add": self.env._("Add"), "remove": self.env._("Take Out")}
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.plan.change.wizard",
            "view_mode": "form",
            "target": "new",
            "name": names[kind],
            "context": {
                "default_change_id": self.id, "default_kind": kind,
                **{f"default_{name}": value for name, value in defaults.items()},
            },
        }

    def _cancel_with_plan(self):
        """Withdraw what is open about plans that are over (sudo)."""
        waiting = self.filtered(lambda change: change.state not in change._flow_closed)
        waiting._transition("cancelled", saying(self.env)._("The plan is not in force any more."))


class OpsPlanChangeLine(models.Model):
    _inherit = "ops.plan.change.line"

    def action_edit(self):
        """Open the dialog with what this line changes."""
        self.ensure_one()
        self.check_access("read")
        field = {
            "ops.plan.goal": "item_goal_id", "ops.plan.initiative": "item_initiative_id",
            "ops.plan.resource": "item_resource_id", "ops.plan.milestone": "item_milestone_id",
            "ops.plan.risk": "item_risk_id", "ops.plan.target": "item_month_id", "ops.kpi": "item_kpi_id",
        }[self.target_model]
        chosen = {field: self.target_id} if self.target_id else {"line_id": self.id}
        return self.change_id._open_part(self.kind, target_model=self.target_model, **chosen)

    def _about(self):
        """Return what this line changes, in words."""
        if not self.field_label:
            return self.display_name
        return self.env._("%(item)s, %(field)s", item=self.display_name, field=self.field_label)

    def _still_there(self):
        """Return the lines (sudo) whose part of the plan is still there, and additions."""
        targets = self._targets([{"target_model": line.target_model, "target_id": line.target_id} for line in self])
        there = {key for key, target in targets.items() if "active" not in target._fields or target.active}
        return self.filtered(lambda line: line.kind == "add" or (line.target_model, line.target_id) in there)

    def _rework_values(self):
        return {
            "sequence": self.sequence, "kind": self.kind, "target_model": self.target_model, "target_id": self.target_id,
            "target_field": self.target_field, "new_json": self.new_json,
        }
