from datetime import date

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import clock
from ...tools.results import result_at
from .ops_cycle_clock import HELD, MEETING_OF

STEPS = ("A1", "A2", "A3", "A4", "A5", "A6", "A7")
OPEN = ("open", "held")
OVERSEERS = {"gm_office", "operations", "general_manager"}  # see which departments are late; others those of their own


class OpsCycle(models.Model):
    """The steps of a cycle on one line: until when, whether done, who is late, and one click to remind."""

    _inherit = "ops.cycle"

    def get_timeline(self):
        """Return the steps of the cycle for the screen, in a number of statements that does not grow with the departments.

        :return: list of dicts, A1 to A7: ``code``, ``name``, ``verb``, ``period`` and ``label`` (of what recurs the one that
            counts now), ``due`` (UTC text or False), ``result``, ``settled``, ``total``, ``done``, ``late``, ``periods``
            (dicts of what recurs), ``waiting`` (who has not done it: dicts of ``department``, ``plan_id``, ``result``),
            ``hidden`` (how many of these the reader may not see), ``meeting`` and ``can_remind``
        """
        self.ensure_one()
        self.check_access("read")
        roles = self._flow_roles()[self.id]
        counts = self.sudo()._timeline_counts()  # sudo: how many, not who
        current = {code: self._current_period(code, counts) for code in STEPS}
        waiting = self._timeline_waiting(current, roles)
        meetings = self._timeline_meetings(current["A7"])
        return [
            self._timeline_step(code, current[code], counts, waiting.get(code, []), meetings, roles) for code in STEPS
        ]

    # -- what is asked ------------------------------------------------------------------------------------------------

    def _timeline_domain(self):
        """Return the domain of all obligations of the year of this cycle, in its companies."""
        return (
            Domain("code", "in", STEPS) & Domain("company_id", "in", self._companies().ids)
            & Domain("period", "=like", f"{self.year}%") & Domain("state", "!=", "cancelled")
            & Domain("date_original", "!=", False)  # what the calendar asks for has one: an index finds it
        )

    def _timeline_counts(self):
        """Return how many are how far: dict (code, period) → dict of total, done, met, late, due, waived (superuser).

        ``missed``: nobody may still catch up with what is open, its period is over.
        """
        engine, domain, result, now = self.env["ops.obligation"], self._timeline_domain(), {}, clock.now()
        for code, period, state, on_time, count, due, held in engine._read_group(
            domain, ["code", "period", "state", "on_time"], ["__count", "date_due:min", "date_due:max"]
        ):
            row = result.setdefault((code, period), {
                "total": 0, "done": 0, "met": 0, "open": 0, "late": 0, "missed": False, "waived": 0, "due": held,
            })
            row["total"] += count
            row["due"] = min(filter(None, (row["due"], due)), default=None)
            row["met"] += count if state == "done" and on_time else 0
            row[state if state in ("done", "waived") else "open"] += count
        for code, period, count, closed in engine._read_group(
            domain & Domain("is_overdue", "=", True), ["code", "period"], ["__count", "date_close:max"]
        ):
            row = result[code, period]
            row.update(late=count, missed=count == row["open"] and bool(closed) and closed < now)
        return result

    def _current_period(self, code, counts):
        """Return the period that counts now: the first of which something can still be done, else the last asked for."""
        periods = sorted(period for known, period in counts if known == code)
        pending = [period for period in periods if counts[code, period]["open"] and not counts[code, period]["missed"]]
        if pending or periods:
            return (pending or periods[-1:])[0]
        return {"A6": f"{self.year}-01", "A7": f"{self.year}-Q1"}.get(code, str(self.year))

    def _timeline_waiting(self, current, roles):
        """Return who has not done a step yet, as far as the reader may know: dict code → list of dicts."""
        steps = Domain.OR(Domain("code", "=", code) & Domain("period", "=", period) for code, period in current.items())
        # sudo: of the companies that the cycle serves, whichever the reader has chosen in the menu bar
        engine = self.env["ops.obligation"].sudo(bool(roles & OVERSEERS) or self.env.su)
        found = engine.search(
            self.sudo()._timeline_domain() & steps & Domain("state", "in", OPEN) & Domain("department_id", "!=", False),
            order="date_due, id",
        )
        plans = self.env["ops.plan"].search([("cycle_id", "=", self.id), ("state", "!=", "cancelled")])
        plan_of = {plan.department_id.id: plan.id for plan in plans}
        now, result = clock.now(), {}
        for item in found.sudo():  # sudo: the name of the department
            result.setdefault(item.code, []).append({
                "department": item.department_id.name,
                "plan_id": plan_of.get(item.department_id.id, False),
                "result": result_at(now, item.state, item.date_due, close=item.date_close, hold_until=item.hold_until),
            })
        return result

    def _timeline_meetings(self, quarter):
        """Return the meeting of each step: dict code → dict of id (False where it is not for the reader), start, held."""
        kinds, result = {kind: code for code, kind in MEETING_OF.items()}, {}
        meetings_sudo = self.env["ops.meeting"].sudo().search(  # sudo: when it is, no more
            [("cycle_id", "=", self.id), ("state", "!=", "cancelled")], order="date_start, id"
        )
        readable = set(meetings_sudo.with_env(self.env)._filtered_access("read").ids)
        for meeting in meetings_sudo:
            code = kinds.get(meeting.kind)
            if code and (code != "A7" or meeting.cycle_quarter == quarter):
                result[code] = {
                    "id": meeting.id if meeting.id in readable else False,
                    "start": str(meeting.actual_start or meeting.date_start or "")[:19] or False,
                    "held": meeting.state in HELD,
                }
        return result

    # -- one step -----------------------------------------------------------------------------------------------------

    def _timeline_step(self, code, period, counts, waiting, meetings, roles):
        row = counts.get((code, period))
        standard = self.env["ops.standard"]._get(code, self.sudo().company_id).with_env(self.env)
        meeting, label = meetings.get(code, False), self.env["ops.obligation"]._label_of(period)
        due = row["due"] if row else self.sudo()._rule_due(code, period)  # sudo: the calendar of the company
        step = {
            "code": code, "name": standard.sudo().name or code, "verb": standard.sudo().verb or code,  # sudo: the rule is no secret
            "period": period, "label": label if code in ("A6", "A7") else "",
            "due": due and str(due)[:19], "meeting": meeting,
            "total": row["total"] if row else 0, "done": row["done"] + row["waived"] if row else 0,
            "late": row["late"] if row else 0,
            "result": self._step_result(row, code, meeting), "waiting": waiting,
            "hidden": max(0, row["open"] - len(waiting)) if row and code in ("A2", "A4", "A6") else 0,
            "can_remind": bool(row and row["open"] and "gm_office" in roles),
            "periods": self._step_periods(code, counts),
        }
        step["settled"] = step["result"] in ("met", "waived") or bool(row and not row["open"])
        return step

    def _step_result(self, row, code, meeting):
        """Return what has become of a step as a whole, in the words of one obligation."""
        if not row:  # nothing is asked for: the engine does not run, or it is too early
            return "met" if meeting and meeting["held"] and code != "A5" else "pending"
        if row["open"]:
            return "missed" if row["missed"] else "late" if row["late"] else "pending"
        if not row["done"]:
            return "waived"
        return "met" if row["met"] == row["done"] else "late"

    def _step_periods(self, code, counts):
        """Return how far each period of a step is that recurs."""
        if code not in ("A6", "A7"):
            return []
        label = self.env["ops.obligation"]._label_of
        return [
            {
                "period": period, "label": label(period), "total": counts[code, period]["total"],
                "done": counts[code, period]["done"] + counts[code, period]["waived"],
                "result": self._step_result(counts[code, period], code, False),
            }
            for known, period in sorted(counts) if known == code
        ]

    def _step_due(self, code, period):
        """Return until when a step is due (naive UTC): as it was asked for, otherwise by the rule; None when neither says."""
        owed = self.env["ops.obligation"].search([
            ("code", "=", code), ("company_id", "=", self.company_id.id), ("period", "=", period), ("date_due", "!=", False),
        ], limit=1)
        return owed.date_due or self._rule_due(code, period)

    def _rule_due(self, code, period):
        """Return when a step of a period will be due by the rule (naive UTC); None when there is no rule."""
        company = self.company_id
        standard = self.env["ops.standard"]._get(code, company)
        if not standard:
            return None
        found = standard._occurrences(company, date(self.year - 1, 1, 1), date(self.year + 1, 3, 31))
        return next((
            standard._due_of_day(revision, company, item.due) for item, revision in found if item.period == period
        ), None)

    # -- reminding ----------------------------------------------------------------------------------------------------

    def action_remind_step(self, code):
        """Remind all who have not done a step yet (GM office), once an hour at most.

        :param str code: A1 to A7
        :return: the notification that says how many reminders go out
        """
        self.ensure_one()
        self.check_access("read")
        self._check_gm_office()
        if code not in STEPS:
            raise UserError(self.env._("Step: choose one of %(codes)s.", codes=", ".join(STEPS)))
        # sudo: the right was asked for just above; the cycle serves branches that the reader may not have chosen
        cycle_sudo = self.sudo()
        period = cycle_sudo._current_period(code, cycle_sudo._timeline_counts())
        found = self.env["ops.obligation"].sudo().search(
            cycle_sudo._timeline_domain() & Domain("code", "=", code) & Domain("period", "=", period)
            & Domain("state", "in", OPEN)
        )
        return found.action_remind()
