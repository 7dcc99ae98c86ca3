from datetime import timedelta

from odoo import models
from odoo.exceptions import AccessError

from ...tools.moments import at_hour
from ...tools.substitutes import Absence, gained_by


class OpsSubstitution(models.Model):
    """Nobody takes an office: neither as the substitute that they name nor by way of other substitutes."""

    _inherit = "ops.substitution"

    def _check_not_taken(self):
        """Refuse to take an office: a head may stand in for their people, but nobody gains an office that way.

        Administrators configure and do not decide, so they name others; Odoo's own system administrator may do all.
        """
        user = self.env.user
        if self.env.su or user.has_group("base.group_system"):
            return
        for substitution, people in self.sudo()._gained_by(user).items():  # sudo: see _check_not_lent
            if any(person._ops_offices() - user._ops_offices() or not self._is_led(person) for person in people):
                raise AccessError(substitution._taken_message())

    def _taken_message(self):
        if self.substitute_id == self.env.user:
            return self.env._(
                "Substitute: you cannot name yourself the substitute of %(name)s, whom you do not lead or who holds "
                "an office that you do not hold. Choose somebody else.",
                name=self.user_id.name,
            )
        return self.env._(  # who they are is not for everybody to know
            "Substitute: since substitutes are away too, you would act yourself for somebody whom you do not lead or who holds "
            "an office that you do not hold. Choose somebody else."
        )

    def _gained_by(self, user):
        """Return in whose name ``user`` acts by way of each of these (sudo) at any time: dict substitution → users."""
        if not self:
            return {}
        day = timedelta(days=1)  # the days of people elsewhere begin at other times
        beside = self.search([
            ("date_from", "<=", max(self.mapped("date_to")) + day), ("date_to", ">=", min(self.mapped("date_from")) - day),
        ])
        absences = {substitution: substitution._absence() for substitution in beside | self}
        return {
            substitution: self.env["res.users"].browse(gained_by(user.id, absences[substitution], absences.values()))
            for substitution in self
        }

    def _absence(self):
        tz = self._tz()
        return Absence(
            self.user_id.id, self.substitute_id.id, at_hour(self.date_from, 0.0, tz),
            at_hour(self.date_to + timedelta(days=1), 0.0, tz),
        )

    def _is_led(self, person):
        """Tell whether the current user leads the department of ``person``."""
        led = self.env.user.ops_department_ids
        employees_sudo = self.env["hr.employee"].sudo()  # sudo: heads may not read employee records
        return bool(employees_sudo.search_count([("user_id", "=", person.id), ("department_id", "in", led.ids)], limit=1))
