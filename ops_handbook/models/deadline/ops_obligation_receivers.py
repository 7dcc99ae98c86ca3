from odoo import api, models

from ...tools.roles import NEXT_OFFICE, ROLE_GROUPS


class OpsObligation(models.Model):
    """Whom a reminder goes to."""

    _inherit = "ops.obligation"

    @api.model
    def _receivers(self, pairs):
        """Return whom to reach; a fixed number of queries for each office, department tree and the substitutes.

        Somebody who is away is reached by their substitute; where nobody is left, by operations.

        :param pairs: list of (obligation, receiver as a ladder step names it)
        :return: for each pair a dict user id → id of the person in whose name they are reached, or None
        """
        offices, instead = {}, {}
        named = [self._named_receivers(item, receiver, offices) for item, receiver in pairs]
        acting = self.env["res.users"].union(*named)._ops_acts_for()
        result = []
        for (item, _receiver), users in zip(pairs, named, strict=True):
            found, company = self._present(users, acting), item.company_id
            if not found and company not in instead:
                operations = self._office("operations", company, offices)
                instead[company] = self._present(operations, operations._ops_acts_for())
            result.append(found or instead[company])
        return result

    @api.model
    def _present(self, users, acting):
        """Return who stands for ``users`` now: dict user id → principal's id or None; those reached for themselves win."""
        found = {}
        for user in users:
            present = acting[user]
            if present.active and not present.share:
                found[present.id] = None if present == user or found.get(present.id, user) is None else user.id
        return found

    @api.model
    def _named_receivers(self, item, receiver, offices):
        """Return the users a step names (sudo), whether they are there or not."""
        if receiver == "responsible":
            return self._answering(item, offices)
        if receiver == "next_level":
            return self._next_level(item, offices)
        if receiver == "duty_officer":
            officer = item.company_id.ops_duty_officer_id
            return officer if officer.active else self._office("operations", item.company_id, offices)
        return self._office(receiver, item.company_id, offices)

    @api.model
    def _answering(self, item, offices):
        if item.responsible_id:
            return item.responsible_id
        return self._office(item.role if item.role in ROLE_GROUPS else "operations", item.company_id, offices)

    @api.model
    def _next_level(self, item, offices):
        """Return the head above whoever answers; of an office the next office; at last operations."""
        if not item.responsible_id and item.role in NEXT_OFFICE:
            return self._office(NEXT_OFFICE[item.role], item.company_id, offices)
        department = item.department_id.with_context(active_test=False)
        above = department._ops_above() if department else {}
        heads = [above[key]._ops_own_head() for key in (department._ops_path() if department else ())]
        if item.responsible_id and item.responsible_id in heads:  # above the highest department that they lead: nobody is told of their own superior
            heads = heads[len(heads) - heads[::-1].index(item.responsible_id):]
        found = next((head for head in heads if head and head != item.responsible_id), None)
        return found or self._office("operations", item.company_id, offices)

    @api.model
    def _office(self, role, company, offices):
        key = role, company.id
        if key not in offices:
            offices[key] = self.env["res.users"]._ops_of_role(role, company)
        return offices[key]
