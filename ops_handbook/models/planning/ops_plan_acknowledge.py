from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import clock, token
from ...tools.saying import saying
from ..mixins.domains import flag_search


class OpsPlan(models.Model):
    """Acknowledgement: the head says that the released plan has been read (V2), of each version anew."""

    _inherit = "ops.plan"

    latest_version = fields.Integer(compute="_compute_latest_version", help="Number of the version in force.")
    can_acknowledge = fields.Boolean(compute="_compute_can_acknowledge")
    is_unacknowledged = fields.Boolean(
        string="Waits for Acknowledgement", compute="_compute_is_unacknowledged", search="_search_is_unacknowledged",
        help="Released, and the head has not said yet that the version in force has been read.",
    )

    @api.depends("version_ids")
    def _compute_latest_version(self):
        # sudo: that there is a version is no secret of the plan
        groups = self.env["ops.plan.version"].sudo()._read_group([("plan_id", "in", self.ids)], ["plan_id"], ["version:max"])
        latest = {plan.id: version for plan, version in groups}
        for plan in self:
            plan.latest_version = latest.get(plan.id, 0)

    @api.depends("state", "acknowledged_on")
    def _compute_is_unacknowledged(self):
        for plan in self:
            plan.is_unacknowledged = plan.state == "released" and not plan.acknowledged_on

    @flag_search
    def _search_is_unacknowledged(self):
        return [("state", "=", "released"), ("acknowledged_on", "=", False)]

    @api.depends("is_unacknowledged")
    @api.depends_context("uid")
    def _compute_can_acknowledge(self):
        roles = self._flow_roles()
        for plan in self:
            plan.can_acknowledge = plan.is_unacknowledged and "head" in roles[plan.id]

    def action_open_versions(self):
        """Open the versions of these plans, the latest first."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.plan.version",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "name": self.env._("Versions of Annual Plans"),
            "domain": [("plan_id", "in", self.ids)],
        }

    def action_acknowledge(self):
        """Say, as the head of the department or in their place, that the released plans have been read (V2)."""
        self.check_access("read")
        self.flush_recordset(["acknowledged_on"])
        self._transition_lock()
        self.invalidate_recordset(["acknowledged_on"])  # of two who press at once the second sees what the first wrote
        roles = self._flow_roles()
        for plan in self:
            if "head" not in roles[plan.id]:
                raise AccessError(self.env._("%(plan)s is acknowledged by the head of its department.", plan=plan.display_name))
            if not plan.is_unacknowledged:
                raise UserError(self.env._(
                    "%(plan)s: there is no released version that waits to be acknowledged.", plan=plan.display_name
                ))
        behalf, plans_sudo = self._on_behalf(lambda plan: {"head"}), self.sudo()  # sudo: the machinery's own fields
        for version, plans in plans_sudo.grouped("latest_version").items():
            token.marked(plans).write({
                "acknowledged_version": version, "acknowledged_on": clock.now(), "acknowledged_by_id": self.env.uid,
            })
        self.env["ops.form.transition"]._log(
            self, dict.fromkeys(self.ids, "released"), None,
            {plan.id: saying(self.env)._("Version %(version)s acknowledged.", version=plan.latest_version) for plan in plans_sudo},
            behalf,
        )
        plans_sudo._fulfil("V2")
        return True

    def _ask_acknowledgement(self):
        """Ask the heads anew: a version has come into force (V2). Where they still owe the one before that goes on."""
        token.marked(self).write({"acknowledged_on": False, "acknowledged_by_id": False})
        # sudo: our own clock
        owed = self.env["ops.obligation"].sudo().search([
            ("code", "=", "V2"), ("source_model", "=", self._name), ("source_id", "in", self.ids),
            ("state", "in", ("open", "held")),
        ])
        fresh = self - self.browse(owed.mapped("source_id"))
        if fresh:
            fresh._start_clock("V2", round=fresh._next_rounds("V2"))
