from odoo import api, fields, models

from .ops_cycle import OPENED


class OpsCycle(models.Model):
    """What the cycle's page counts, and the lists behind the numbers."""

    _inherit = "ops.cycle"

    plan_count = fields.Integer(string="Plans", compute="_compute_plan_count")
    plan_done_count = fields.Integer(string="Plans Released", compute="_compute_plan_count")
    kpi_count = fields.Integer(compute="_compute_kpi_count")
    can_add_departments = fields.Boolean(compute="_compute_can_add_departments")

    def _compute_plan_count(self):
        # sudo: how many there are and how far, not what they say
        groups = self.env["ops.plan"].sudo()._read_group(
            [("cycle_id", "in", self.ids), ("state", "!=", "cancelled")], ["cycle_id", "state"], ["__count"]
        )
        total, done = {}, {}
        for cycle, state, count in groups:
            total[cycle.id] = total.get(cycle.id, 0) + count
            done[cycle.id] = done.get(cycle.id, 0) + (count if state in ("released", "closed") else 0)
        for cycle in self:
            cycle.plan_count = total.get(cycle.id, 0)
            cycle.plan_done_count = done.get(cycle.id, 0)

    @api.depends("kpi_ids")
    def _compute_kpi_count(self):
        for cycle in self:
            cycle.kpi_count = len(cycle.kpi_ids)

    @api.depends("state", "department_ids", "company_id")
    @api.depends_context("uid")
    def _compute_can_add_departments(self):
        """Only where there is somebody to add."""
        roles = self._flow_roles()
        for cycle in self:
            cycle.can_add_departments = (
                cycle.state in OPENED and "gm_office" in roles.get(cycle.id, ()) and bool(cycle._missing_departments())
            )

    def _missing_departments(self):
        """Return the departments that keep plans by now and take no part yet (sudo)."""
        keepers = self.env["hr.department"].sudo()  # sudo: see _ops_keepers
        return keepers.union(*(keepers._ops_keepers(company) for company in self._companies())) - self.sudo().department_ids

    # -- the lists behind the numbers -----------------------------------------------------------------------------------

    def _open_list(self, model, name, domain, **context):
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "name": name,
            "domain": domain,
            "context": context,
        }

    def action_open_plans(self):
        """Open the departments' plans of these cycles."""
        return self._open_list("ops.plan", self.env._("Department Plans"), [("cycle_id", "in", self.ids)])

    def action_open_kpis(self):
        """Open the key indicators of these cycles."""
        default = {"default_cycle_id": self.id} if len(self.ids) == 1 else {}
        return self._open_list("ops.kpi", self.env._("Key Indicators"), [("cycle_id", "in", self.ids)], **default)

    def action_open_steps(self):
        """Open everything that is owed for the year of this cycle, as far as the user may read it."""
        self.ensure_one()
        self.check_access("read")
        domain = self.sudo()._timeline_domain()  # sudo: its companies; the list shows what the user may read
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.obligation",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "name": self.env._("Deadlines"),
            "domain": list(domain),
        }

    def action_open_meetings(self):
        """Open the meetings of these cycles."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.meeting",
            "views": [(False, "list"), (False, "kanban"), (False, "calendar"), (False, "form")],
            "mobile_view_mode": "kanban",
            "name": self.env._("Meetings"),
            "domain": [("cycle_id", "in", self.ids)],
            "context": {"create": False},
        }
