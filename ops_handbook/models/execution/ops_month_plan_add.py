from odoo import api, models
from odoo.exceptions import UserError

from ...tools import clock
from .ops_month_plan_carry import WRITABLE


class OpsMonthPlan(models.Model):
    """What is put on a month plan from elsewhere: on whose plan it belongs, who may, and whether that plan takes tasks now."""

    _inherit = "ops.month.plan"

    @api.model
    def _places_of(self, wanted):
        """Return on which plan the people of a department stand in a month, for many at once.

        It is that of the next department upwards, itself first, which has a plan for the month or keeps plans.

        :param wanted: set of (id of a department, period)
        :return: dict of these → (``hr.department``, ``ops.month.plan``), superuser; the plan is empty where none was made yet
        """
        # sudo: how a company is built is no secret of hr; whether there is a plan none of its department
        departments = self.env["hr.department"].sudo().browse({department for department, _period in wanted})
        above = departments._ops_above()
        plans_sudo = self.sudo().search([
            ("department_id", "in", list(above)), ("period", "in", list({period for _department, period in wanted})),
            ("state", "!=", "cancelled"),
        ]) if above else self.sudo().browse()
        plan_of = {(plan.department_id.id, plan.period): plan for plan in plans_sudo}
        places = {}
        for department, period in wanted:
            path = above[department]._ops_path()
            place = next((item for item in path if (item, period) in plan_of or above[item].ops_keeps_plans), department)
            places[department, period] = above[place], plan_of.get((place, period), plans_sudo.browse())
        return places

    @api.model
    def _filtered_led(self, departments):
        """Return those of ``departments`` (superuser) to whose month plans the current user may add tasks: the head's right.

        The only place where that is decided beforehand; the creation of the task asks the access rights once more.
        """
        if self.env.su:
            return departments
        led = self.env.user.sudo().ops_department_ids  # sudo: one's own departments
        companies = self.env.companies
        return departments.filtered(
            lambda department: department in led and (not department.company_id or department.company_id in companies)
        )

    def _check_takes_tasks(self):
        """Tasks are added to a plan in the making, and in the month to the issued one; otherwise say what to do (superuser)."""
        self.ensure_one()
        if self.state in (*WRITABLE, "issued"):
            return
        names = {"plan": self.display_name, "state": self._state_label(self.state)}
        if self.state in ("submitted", "filed"):
            raise UserError(self.env._(
                "%(plan)s is “%(state)s” and takes no tasks now. Make the task once it is issued, or have it returned first.",
                **names,
            ))
        raise UserError(self.env._(
            "%(plan)s is “%(state)s” and takes no more tasks. If the item is still open in the next month, make the task then.",
            **names,
        ))

    def _values_made_of(self, item):
        """Return the values of a task that somebody makes of ``item`` (superuser): as filled in, but from today on where the
        month runs already, and until the day that counts."""
        end = self._inside(item.date_due_now, self._last_day())
        begin = self._inside(clock.today(self.company_id._ops_tz()), self.month)
        return {**self._values_of_item(item), "date_start": min(begin, end), "date_end": end}
