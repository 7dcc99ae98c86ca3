from odoo import models


class OpsCollaboration(models.Model):
    """Who may take which step, beyond what all forms share."""

    _inherit = "ops.collaboration"

    def _flow_extra_roles(self, roles, user, principals):
        """``registrar``: wrote it down for a head; ``lead_head``: leads the lead department; ``liaison``: named by a party."""
        found = set()
        if self.create_uid == user and "operations" in roles:
            found.add("registrar")
        if self._lead_department() & user.ops_department_ids:
            found.add("lead_head")
        if self.liaison_user_ids & principals:
            found.add("liaison")
        return found

    def _flow_handed_in_by(self):
        """A registrar hands in for a head what that head asked for: it is not theirs."""
        people = super()._flow_handed_in_by()
        return people if self.submitted_for_id else people - self.create_uid

    def _flow_holders(self, roles, users):
        holders = super()._flow_holders(roles, users)
        if "lead_head" in roles:
            holders |= self._lead_department().manager_id.user_id & users
        return holders

    def _filtered_steered(self):
        """Return those whose items the current user may make and change: lead, head of the lead department, operations."""
        if self.env.su:
            return self
        roles = self._flow_roles()
        return self.filtered(
            lambda request: request.sudo().state in ("filed", "running")  # sudo: the state decides
            and roles[request.id] & {"decider", "lead", "lead_head"}
        )

    def _lead_in_charge(self):
        """Return who answers as the lead now: the person named, or the head of the lead department when they have left."""
        if self.lead_id.active:
            return self.lead_id
        department = self._lead_department()
        return department._ops_heads().get(department.id, self.env["res.users"])

    def _requester_in_charge(self):
        """Return who answers as the requester now: the author, or the head of the requesting department."""
        if self.author_id.active:
            return self.author_id
        return self.department_id._ops_heads().get(self.department_id.id, self.env["res.users"])
