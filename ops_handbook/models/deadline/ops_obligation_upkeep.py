from datetime import timedelta

from odoo import api, models

from ...tools import clock
from ...tools.moments import local_date
from ...tools.saying import saying
from ...tools.workdays import due_after

UPKEEP = "ops_handbook.ops_obligation_cron_upkeep"
BATCH = 500
SPAN = timedelta(days=40)  # further than a changed calendar can move a due day


class OpsObligation(models.Model):
    """What time and calendars do to obligations: holds end, planned rules come into force, holidays move due times."""

    _inherit = "ops.obligation"

    @api.model
    def _cron_upkeep(self):
        """Hourly: bring planned changes of rules into force, end the holds whose time is up, look after what is to be decided.

        At last, and right after a calendar or a ladder was changed of which much is open: go on with what follows it.
        """
        self.env["ops.standard"]._apply_planned_changes()
        cron = self.env["ir.cron"]
        cron._commit_progress()
        while held := self._holds_over(limit=BATCH):
            held._end_hold()
            if not cron._commit_progress(len(held)):
                self.env.ref(UPKEEP)._trigger()
                return
        self.env["ops.obligation.change"]._look_after()
        self._look_after_decisions()
        cron._commit_progress()
        if not self.sudo()._follow_pending():  # sudo: run by the clock
            self.env.ref(UPKEEP)._trigger()

    # -- holds ----------------------------------------------------------------------------------------------------------

    def _hold(self, since, until, reason):
        """Stop the clock until ``until``; the due time moves by the working time in between."""
        self.ensure_one()
        self._move_due({self: self._shifted(self.date_due, since, until)}, reason)
        self._set_state(
            "held", reason, hold_since=since, hold_until=until,
            hold_hours=self.hold_hours + (until - since).total_seconds() / 3600,
        )
        # sudo: jobs belong to the system; the clock goes on when the hold is over, not when the job comes by
        self.env.ref(UPKEEP).sudo()._trigger(at=until)

    def _shifted(self, due, since, until):
        """Return ``due`` moved by the working time from ``since`` to ``until``: working days, or hours on the clock."""
        rule = self.revision_id._values(self.variant) if self.revision_id else {}
        if rule.get("trigger") == "event" and rule.get("offset_unit") == "hours":
            return due + (until - since)
        workdays, tz = self.company_id._ops_workdays(), self.company_id._ops_tz()
        held = max(workdays.count(local_date(since, tz), local_date(until, tz)), 0)
        return due_after(due, held, "workdays", workdays, tz, same_hour=True) if held else due

    @api.model
    def _holds_over(self, limit=None):
        leaves = [("state", "=", "held"), ("hold_until", "<=", clock.now())]
        return self.sudo().search(leaves, limit=limit, order="hold_until, id")  # sudo: run by the clock

    def _end_hold(self):
        """Let the clock go on, from the end of the hold: no step since is lost, however late this is noticed."""
        previous = {item.id: item.state for item in self}
        self.write({"state": "open"})
        self._plan_steps_since({item.id: item.hold_until for item in self})
        self.env["ops.form.transition"]._log(self, previous, "open", saying(self.env)._("The hold is over."))

    # -- the calendar changes -------------------------------------------------------------------------------------------

    def _recompute_due(self):
        """Find the due times of these open obligations anew, after the calendar of their companies has changed (superuser).

        A granted extension stays; a hold is added again. Obligations that keep an older rule are reckoned by that rule. What
        keeps its due time, or has one of its own, has other working days before it now.
        """
        moved, originals, now = {}, {}, clock.now()
        for item, original, due, closes in self._by_calendar():
            if (original, closes) != (item.date_original, item.date_close):
                originals.setdefault((original, closes), []).append(item.id)
            if due != item.date_due:
                moved[item.id] = due
        for (original, closes), ids in originals.items():
            self.browse(ids).write({"date_original": original, "date_close": closes})
        rest = self - self._move_due(moved, saying(self.env)._("The working days have changed."))
        rest.filtered(
            lambda item: item.state == "open" and item.date_next_step and item.date_next_step > now
        )._replan_steps()

    def _by_calendar(self):
        """Yield (obligation, original due time, due time, closing time) by the present calendar, of those that go by a rule."""
        ruled = self.filtered("due_by_rule")
        for (standard, company), items in ruled.grouped(lambda item: (item.standard_id, item.company_id)).items():
            for item, original, closes in items._reckoned(standard, company):
                due = item.date_due if item.extended else item._with_holds(original)
                yield item, original, due, closes or item.date_close

    def _reckoned(self, standard, company):
        """Yield (obligation, original due time, closing time) by the present calendar; all of one standard and company."""
        events = self.filtered(lambda item: not item.period)
        for item in events:
            original = standard._due_of_event(item.revision_id, company, item.date_event or item.date_start, item.variant)
            yield item, original or item.date_original, None
        rest = self - events
        if not rest:
            return
        days = [local_date(item.date_original, company._ops_tz()) for item in rest]
        found = standard._occurrences(company, min(days) - SPAN, max(days) + SPAN)
        closing = standard._closing_days(company, found)
        by_revision = {}
        for occurrence, revision in found:
            by_revision.setdefault(revision, {})[occurrence.period] = occurrence.due, closing.get(occurrence.period)
        for revision, items in rest.grouped("revision_id").items():
            by_period = by_revision.get(revision, {})
            if not all(item.period in by_period for item in items):  # the rule has changed since
                by_period = standard._days_by_revision(revision, company, min(days) - SPAN, max(days) + SPAN) | by_period
            for item in items:
                day, closes = by_period.get(item.period, (None, None))
                if day:
                    due = standard._due_of_day(revision, company, day)
                    yield item, due, closes and standard._due_of_day(revision, company, closes)

    def _with_holds(self, due):
        """Return a due time with the holds that were granted."""
        holds = self.change_ids.filtered(lambda change: change.kind == "hold" and change.state == "approved")
        for change in holds.sorted("id"):
            due = self._shifted(due, change.date_requested, change.date_until)
        return due
