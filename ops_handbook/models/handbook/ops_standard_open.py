from odoo import api, models

from ..deadline.ops_obligation import OPEN_STATES


class OpsStandard(models.Model):
    """From a rule to the form that fulfils it."""

    _inherit = "ops.standard"

    @api.model
    def action_open_live(self, code=None):
        """Open the form that fulfils a standard: what the user owes by it, otherwise the list of these forms.

        :param str code: code of the standard
        :return: an action; of a code that nobody knows, the standards
        """
        code = code if isinstance(code, str) else ""
        owed = self.env["ops.obligation"].search(
            [("code", "=", code), ("state", "in", OPEN_STATES), ("is_mine", "=", True)], order="date_due, id", limit=2
        )
        if len(owed) == 1:
            return owed.action_open_form()
        if owed:
            return self._action_of_owed(code)
        model, screen = self._live_screen(code, self._get(code, self.env.company))
        if model and self.env[model].has_access("read"):
            return self.env["ir.actions.actions"]._for_xml_id(screen) if screen else self._action_of_model(model)
        return self._action_of_rule(code)

    def _action_of_owed(self, code):
        """Return the list of what the user owes by a standard."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.obligation",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "name": self.env._("Deadlines"),
            "domain": [("code", "=", code), ("state", "in", list(OPEN_STATES)), ("is_mine", "=", True)],
        }

    def _action_of_model(self, model):
        """Return the screen of the menu for a form, with its filters; a plain list where it has none."""
        # sudo: which screens there are is no secret
        known = self.env["ir.actions.act_window"].sudo().search(
            [("res_model", "=", model), ("path", "!=", False)], order="id", limit=1
        )
        if known:
            return known._get_action_dict()
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "name": self.env[model]._description,
        }

    def _action_of_rule(self, code):
        """Return the rule itself, where no form can be opened."""
        standard = self._get(code, self.env.company)
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.standard",
            "views": [(False, "form")] if standard else [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "res_id": standard.id,
            "name": self.env._("Standards"),
        }

    def _action_url(self, action):
        """Return the address at which an action stands in the web client; values for a new form do not fit into one."""
        model = action.get("res_model")
        if action.get("res_id"):
            return f"/odoo/{model}/{action['res_id']}"
        if action.get("views", [[False, "list"]])[0][1] == "form":
            return f"/odoo/{model}/new"
        place = action.get("path") or model
        return f"/odoo/{place}" if place else "/odoo"
