from odoo import api, models

from ...tools import clock
from ...tools.ladder import Step, due_steps, ladder, next_step


class Planner:
    """The ladders of many obligations as moments; what they have in common is worked out once.

    :param env: environment (sudo)
    :param rows: dicts with standard_id, company_id (ids), and as far as there is one variant, responsible_id, date_start,
        date_due (naive UTC)
    """

    def __init__(self, env, rows):
        self.env = env
        self._steps = self._load_steps({row["standard_id"] for row in rows})
        self._clocks = env["res.users"]._ops_clocks({self._owner(row) for row in rows})
        self._workdays = {
            company.id: company._ops_workdays() for company in env["res.company"].browse({row["company_id"] for row in rows})
        }
        self._known = {}

    def _load_steps(self, standard_ids):
        steps = self.env["ops.standard.step"].search([("standard_id", "in", list(standard_ids))])
        return steps.grouped(lambda step: (step.standard_id.id, step.variant or ""))

    def steps(self, row):
        """Return the ladder's steps: those of the variant, or the standard's own."""
        standard = row["standard_id"]
        return self._steps.get((standard, row.get("variant") or "")) or self._steps.get((standard, "")) or ()

    def _owner(self, row):
        return row.get("responsible_id") or None, row["company_id"]

    def moments(self, row):
        """Return the moments of the ladder as a sorted list of (naive UTC, step id), by the clock of who answers."""
        clock_of, start, due = self._clocks[self._owner(row)], row.get("date_start"), row.get("date_due")
        key = row["standard_id"], row.get("variant"), row["company_id"], start, due, clock_of.key
        if key not in self._known:
            steps = [Step(step.id, step.anchor, step.value, step.unit, step.any_hour) for step in self.steps(row)]
            self._known[key] = ladder(
                steps, start or None, due or None, self._workdays[row["company_id"]],
                tz=clock_of.tz, hours=clock_of.hours,
            )
        return self._known[key]


class OpsObligation(models.Model):
    """When the next reminder of an obligation is due."""

    _inherit = "ops.obligation"

    @api.model
    def _next_steps(self, rows):
        """Return the time of the first ladder step still to come for each of ``rows``; None when there is none.

        Of something new also what has passed already: it is caught up with in one message. Where a due time has moved,
        what would have passed by the new one is left alone, unless a reminder was outstanding anyway.

        :param rows: as :class:`Planner` reads them; of what exists also id and date_next_step
        :return: list of naive UTC moments or None, in the same order
        """
        now, planner = clock.now(), Planner(self.sudo().env, rows)  # sudo: the engine reads ladders and people's hours
        return [self._first_to_come(row, planner.moments(row), now) for row in rows]

    @api.model
    def _first_to_come(self, row, moments, now):
        outstanding = row.get("date_next_step")
        if not row.get("id"):
            return moments[0][0] if moments else None
        if outstanding and outstanding <= now and moments and moments[0][0] <= now:
            return outstanding
        found = next_step(moments, now)
        return found and found[0]

    @api.model
    def _insert(self, rows):
        created = super()._insert(rows)
        self._wake_for(row["date_next_step"] for row in rows if row.get("urgent"))
        return created

    def _refresh_next_steps(self):
        result = super()._refresh_next_steps()
        self._wake_for(item.date_next_step for item in self if item.urgent)
        return result

    def _replan_steps(self):
        """Find the next steps anew where only the days before the due time or the ladder changed; what stays is not written."""
        rows = [
            row | {"date_next_step": item.date_next_step or None} for item, row in zip(self, self._ladder_rows(), strict=True)
        ]
        self._plan_steps({
            row["id"]: moment for row, moment in zip(rows, self._next_steps(rows), strict=True) if moment != row["date_next_step"]
        })

    def _plan_steps_since(self, moments):
        """Set the next step to the first one not before a moment that may have passed: dict id → naive UTC."""
        rows = self._ladder_rows()
        planner = Planner(self.env, rows)
        self._plan_steps({
            row["id"]: next((moment for moment, _step in planner.moments(row) if moment >= moments[row["id"]]), None)
            for row in rows
        })

    def _plan_steps(self, moments):
        self._write_next_steps(moments)
        self._wake_for(moments[item.id] for item in self if item.urgent and item.id in moments)

    @api.model
    def _wake_for(self, moments):
        """Run the reminders at these moments (naive UTC), at once where they have passed: urgent steps do not wait."""
        if due := {max(moment, clock.now()) for moment in moments if moment}:
            self._wake(due)

    @api.model
    def _wake(self, moments=None):
        # sudo: jobs belong to the system
        self.env.ref("ops_handbook.ops_reminder_cron").sudo()._trigger(at=sorted(moments) if moments else None)

    # -- taking the steps -----------------------------------------------------------------------------------------------

    def _ladder_rows(self):
        """Return these obligations as the rows that :class:`Planner` reads."""
        return [
            {
                "id": item.id,
                "standard_id": item.standard_id.id,
                "variant": item.variant,
                "company_id": item.company_id.id,
                "responsible_id": item.responsible_id.id or None,
                "date_start": item.date_start,
                "date_due": item.date_due,
            }
            for item in self
        ]

    def _due_ladder_steps(self, planner, row, logged, now):
        """Return what is to be done now: the steps to send, those that were missed, and the time of the next.

        Steps with the same offset are one rung (whoever answers, and the next level with them); of several rungs that
        have passed the last one that can be sent is.

        :param set logged: ids of the steps already taken for this due time
        :return: (list of (moment, step), list of (moment, step), naive UTC or None)
        """
        moments = planner.moments(row)
        following = next_step(moments, now)
        by_id = {step.id: step for step in planner.steps(row)}
        due = [(moment, by_id[step]) for moment, step in due_steps(moments, None, now) if step not in logged]
        chosen = next((step for _moment, step in reversed(due) if self._is_channel_ready(step.channel)), None)
        rung = chosen and self._rung(chosen)
        to_send = [item for item in due if self._rung(item[1]) == rung]
        return to_send, [item for item in due if item not in to_send], following and following[0]

    @api.model
    def _rung(self, step):
        return step.anchor, step.value, step.unit

    @api.model
    def _is_channel_ready(self, channel):
        """Tell whether a channel can be used: there is a ``_deliver_<channel>`` for it."""
        return hasattr(type(self), f"_deliver_{channel}")
