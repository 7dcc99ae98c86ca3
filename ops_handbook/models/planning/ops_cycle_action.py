from datetime import date

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import clock
from ...tools.saying import saying
from ...tools.words import typed
from .ops_cycle import OPENED

QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}
OPEN_PLAN = ("draft", "returned", "submitted")


class OpsCycle(models.Model):
    """The steps of a cycle: opened, reviewed, released, run, closed."""

    _inherit = "ops.cycle"

    final_count = fields.Integer(string="Plans to Release", compute="_compute_final_count")
    can_release_plans = fields.Boolean(compute="_compute_final_count")

    def _compute_final_count(self):
        # sudo: how many wait, not what they say
        counts = dict(self.env["ops.plan"].sudo()._read_group(
            [("cycle_id", "in", self.ids), ("state", "=", "final")], ["cycle_id"], ["__count"]
        ))
        roles = self._flow_roles()
        for cycle in self:
            cycle.final_count = counts.get(cycle._origin, 0)
            cycle.can_release_plans = bool(cycle.final_count) and "gm_office" in roles.get(cycle.id, ())

    # -- opening ------------------------------------------------------------------------------------------------------

    def action_open(self):
        """Open the cycles: each department gets the draft of its plan, its head is told.

        :raise UserError: something is missing that the departments need
        """
        self.check_access("read")  # first: the message names the cycle
        for cycle in self.sudo():  # sudo: whether it is complete
            if cycle.state == "preparation" and (missing := cycle._missing_to_open()):
                raise UserError(self.env._(
                    "%(cycle)s cannot be opened yet. %(missing)s", cycle=cycle.display_name, missing=" ".join(missing)
                ))
        self._transition("drafting")
        self._create_plans()
        self._sync_release()  # plans may have been entered as running already
        return True

    def _missing_to_open(self):
        """Return in sentences what the departments need before they can begin."""
        found = []
        if not self.direction_ids:
            found.append(self.env._("Strategic directions: write at least one, the departments' goals refer to them."))
        if not self.department_ids:
            found.append(self.env._("Departments: choose those that make a plan, or mark departments as keeping plans."))
        return found

    def _create_plans(self, departments=None):
        """Give each department that has no plan yet its draft, in one batch, and tell the heads.

        :param departments: only these; default: all that take part
        :return: the new plans (sudo)
        """
        plans_sudo = self.env["ops.plan"].sudo()  # sudo: a draft in the name of each head; asked for by an opened cycle
        known = set(plans_sudo._read_group(
            [("cycle_id", "in", self.ids), ("state", "!=", "cancelled")], ["cycle_id", "department_id"]
        ))
        wanted = [
            (cycle, department) for cycle in self.sudo()
            for department in (cycle.department_ids if departments is None else departments.sudo())
            if (cycle, department) not in known
        ]
        heads = self.env["hr.department"].union(*(department for _cycle, department in wanted))._ops_heads()
        created = plans_sudo.with_context(**QUIET).create([
            {
                "cycle_id": cycle.id,
                "department_id": department.id,
                "company_id": (department.company_id or cycle.company_id).id,
                # nobody leads it yet: whoever will, writes it as the head
                "author_id": heads[department.id].id,
            }
            for cycle, department in wanted
        ]).with_env(plans_sudo.env)
        self._notify_open(created)
        return created

    def action_add_departments(self):
        """Let departments that keep plans by now and are missing in the cycle take part: each gets its draft."""
        self.ensure_one()
        self.check_access("read")
        self._check_gm_office()
        cycle_sudo = self.sudo()  # sudo: the right was asked for just above; the cycle may be locked
        if cycle_sudo.state not in OPENED:
            raise UserError(self.env._("%(cycle)s is not open: departments take part when it is.", cycle=cycle_sudo.display_name))
        added = cycle_sudo._missing_departments()
        cycle_sudo.write({"department_ids": [fields.Command.link(item.id) for item in added]})
        return self._tell(
            self.env._("%(count)s departments take part now and write their plans.", count=len(added))
            if added else self.env._("Every department that keeps plans takes part already.")
        )

    def _check_gm_office(self):
        roles = self._flow_roles()
        if not self.env.su and any("gm_office" not in roles[cycle.id] for cycle in self):
            raise AccessError(self.env._("The GM office runs the annual cycle. Ask them to do it."))

    def _tell(self, message, kind="success"):
        """Return what shows a message and then the page anew."""
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {"type": kind, "message": message, "next": {"type": "ir.actions.client", "tag": "soft_reload"}},
        }

    # -- review and release -------------------------------------------------------------------------------------------

    def action_review(self):
        """Say that the departments review each other's plans now; it comes by itself with the first plan in review."""
        return self._transition("review")

    def action_release(self):
        """Release all plans that are final and broken down; the cycle becomes released with the first of them.

        :return: the notification that tells how many, and what keeps the others
        :raise UserError: there is none, or none that is ready
        """
        self.ensure_one()
        self.check_access("read")
        self._check_gm_office()
        final = self.env["ops.plan"].search([("cycle_id", "=", self.id), ("state", "=", "final")])
        ready, others = self._ready_for_release(final)
        if not ready:
            raise UserError(self.env._("No plan can be released now. %(why)s", why=" ".join(others) or self.env._(
                "Plans are released once they are final."
            )))
        answer = ready.action_release()
        if answer is not True:  # so many that a job releases them
            return answer
        message = self.env._("%(count)s plans were released.", count=len(ready))
        return self._tell(" ".join([message, *others]), "warning" if others else "success")

    def _ready_for_release(self, final):
        """Return those of ``final`` that the current user may release and that are broken down, and sentences on the rest."""
        states = {} if self.env.su else final._next_states()
        allowed = final.filtered(lambda plan: self.env.su or "released" in states[plan.id])
        others = [self._releaser_in_words(plan) for plan in (final - allowed).sudo()]  # sudo: the name of the department
        missing = allowed._missing_for_release()
        for plan in allowed.sudo().filtered(lambda plan: missing.get(plan.id)):  # sudo: as above
            others.append(f"{plan.department_id.name}: {' '.join(missing[plan.id])}")
        return allowed.filtered(lambda plan: not missing.get(plan.id)), others

    def _releaser_in_words(self, plan):
        """Return who releases a plan (sudo) that the current user may not release, as a sentence."""
        if plan._flow_deciding_office() == "general_manager":
            return self.env._("%(department)s: its plan is released by the general manager.", department=plan.department_id.name)
        return self.env._(
            "%(department)s: its plan is released by a colleague, because you wrote it or made it final.", department=plan.department_id.name
        )

    def action_run(self):
        """Say that the year runs: for a company that holds no kick-off, otherwise it comes by itself with that."""
        return self._transition("running")

    # -- the end ------------------------------------------------------------------------------------------------------

    def action_close(self):
        """Close the year: its released plans are closed with it.

        :raise UserError: the year has not ended
        """
        self.check_access("read")
        for cycle in self.sudo():  # sudo: its year
            if clock.today(cycle.company_id._ops_tz()) <= date(cycle.year, 12, 31):
                raise UserError(self.env._(
                    "%(cycle)s can be closed once its year is over, from 1 January %(next)s on.",
                    cycle=cycle.display_name, next=cycle.year + 1,
                ))
        self._transition("closed")
        # sudo: closed with the year, whoever would close a single plan
        self.env["ops.plan"].sudo().search([("cycle_id", "in", self.ids), ("state", "=", "released")])._transition("closed")
        return True

    def action_cancel(self, reason=None):
        """Cancel the cycles with their plans and planned meetings; what their meetings had fulfilled is owed again."""
        if reason is None:
            return self._ask_reason("action_cancel")
        reason = typed(reason)
        self._transition("cancelled", reason)
        why = saying(self.env)._("The annual cycle was cancelled: %(reason)s", reason=reason)
        # sudo: they go with the cycle, whoever would cancel one of them
        plans_sudo = self.env["ops.plan"].sudo().search([("cycle_id", "in", self.ids), ("state", "in", OPEN_PLAN)])
        plans_sudo._transition("cancelled", why)
        meetings_sudo = self.env["ops.meeting"].sudo().search([("cycle_id", "in", self.ids)])
        meetings_sudo.filtered(lambda meeting: meeting.state in ("draft", "called"))._transition("cancelled", why)
        self._reopen_steps(meetings_sudo, why)
        return True
