import logging
import time
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, models
from odoo.tools import SQL

from ...tools import clock
from .ops_obligation_ladder import Planner

_logger = logging.getLogger(__name__)

SLICE = 0.25  # seconds of work between two commits
ATTEMPTS = 20  # serialization failures in a row before the job gives up for this time
MANY = 1_000  # due steps with which a second worker is called
PATIENCE = 2.0  # seconds to wait for steps that another worker is just taking
DEFER = timedelta(hours=1)  # for what cannot be worked on
ADVISORY = 719_023_001  # first key of the advisory locks on people


class OpsObligation(models.Model):
    """The job that reminds.

    First it takes the steps that are due: each is logged under its unique key, with one line for each receiver. Then it
    delivers, person by person, what waits for them: one digest, whatever the number of steps and commits. A worker that
    is killed anywhere leaves either a due step, a waiting line or a queued mail, and the next run goes on from there.
    """

    _inherit = "ops.obligation"

    @api.model
    def _cron_remind(self):
        """Take the ladder steps that are due and send what waits for the people at work now."""
        engine = self.sudo()  # sudo: the job serves everybody
        engine._call_help()
        done = engine._in_slices(engine._lock_due, engine._take_steps, engine._defer_steps, 200)
        if done:
            engine._wait_for_other_workers()
            done = engine._in_slices(engine._lock_people, engine._deliver, engine._defer_people, 20)
        later = engine._next_delivery()
        if not done or later:
            engine._wake(None if not done else [later])
            self.env["ir.cron"]._commit_progress(remaining=0 if done else 1)

    @api.model
    def _call_help(self):
        """With much to do, have a second worker join in: Odoo runs a job in one worker at a time."""
        main, helper = self.env.ref("ops_handbook.ops_reminder_cron"), self.env.ref("ops_handbook.ops_reminder_cron_helper")
        if self.env.context.get("cron_id") == main.id and self.search_count(self._domain_due(), limit=MANY) == MANY:
            helper._trigger()
            self.env["ir.cron"]._commit_progress()

    @api.model
    def _in_slices(self, find, act, defer, size):
        """Work off what ``find`` locks, some at a time, with a commit after each slice of about :data:`SLICE` seconds.

        :param find: size → what was locked right after the commit; empty when nothing is left
        :param act: does the work
        :param defer: called with a single item that cannot be worked on, so that it does not hold up all others
        :return: whether all was done before the time was up
        """
        cron, failures, floor = self.env["ir.cron"], 0, size // 4
        while failures < ATTEMPTS:
            began, work = time.monotonic(), ()
            try:
                work = find(size)
                if not work:
                    return True
                act(work)
                left = cron._commit_progress(len(work))
                failures = 0
            except OperationalError as error:  # somebody else was faster: a job has no retry of its own
                self.env.cr.rollback()
                failures += 1
                _logger.info("obligations: %s, trying again", error)
                time.sleep(0.02 * failures)
                continue
            except Exception:
                self.env.cr.rollback()
                if not work:
                    raise
                if len(work) == 1:
                    _logger.exception("obligations: cannot work on %s", work)
                    defer(work)
                    cron._commit_progress()
                size = 1
                continue
            if left <= 0:
                return False
            took = max(time.monotonic() - began, 0.001)
            size = max(floor, min(int(size * min(SLICE / took, 3)), 2_000))
        return False

    # -- which steps are due --------------------------------------------------------------------------------------------

    @api.model
    def _domain_due(self):
        return [("state", "=", "open"), ("date_next_step", "<=", clock.now())]

    @api.model
    def _lock_due(self, size):
        """Return some obligations with a step due, locked; another worker's are passed over."""
        due = self.search(self._domain_due(), order="date_next_step, id", limit=4 * size)
        return due.try_lock_for_update(allow_referencing=True, limit=size)

    @api.model
    def _wait_for_other_workers(self):
        """Wait a moment for steps that another worker is taking, so that they come in the same digest."""
        patience = time.monotonic() + PATIENCE
        while self.search(self._domain_due(), limit=1) and time.monotonic() < patience:
            self.env.cr.rollback()  # nothing has been written since the commit: look again, at what is there now
            time.sleep(0.05)

    def _defer_steps(self, items):
        self._write_next_steps(dict.fromkeys(items.ids, clock.now() + DEFER))

    # -- taking them ----------------------------------------------------------------------------------------------------

    @api.model
    def _take_steps(self, items):
        """Log what is due of each obligation, with its receivers, and set the time of the next step."""
        now = clock.now()
        items -= items._caught_up().filtered(lambda item: not item.date_next_step or item.date_next_step > now)
        if not items:
            return
        rows = items._ladder_rows()
        planner, logged = Planner(self.env, rows), items._logged_steps()
        taken, following = [], {}
        for item, row in zip(items, rows, strict=True):
            to_send, missed, following[item.id] = self._due_ladder_steps(planner, row, logged.get(item.id, ()), now)
            numbers = self._letter_numbers(planner.steps(row))
            last = to_send[-1][0] if to_send else None
            for moment, step in to_send + missed:
                ready = self._is_channel_ready(step.channel)
                reason = None if (moment, step) in to_send and ready else "missed" if ready and last else "channel"
                taken.append((item, step, moment, numbers.get(step.id, 0), reason))
        self._log_steps(taken)
        self._write_next_steps(following)
        self._wake_for(following[item.id] for item in items if item.urgent)

    def _logged_steps(self):
        """Return the steps that were taken for the present due times: dict obligation id → set of step ids."""
        rows = self.env.execute_query(SQL(
            """
            SELECT reminder.obligation_id, array_agg(reminder.step_id)
              FROM ops_obligation_reminder AS reminder
              JOIN ops_obligation AS obligation ON obligation.id = reminder.obligation_id
             WHERE obligation.id IN %s AND reminder.step_id IS NOT NULL
               AND obligation.date_due IS NOT DISTINCT FROM reminder.date_due
          GROUP BY reminder.obligation_id
            """,
            tuple(self.ids),
        ))
        return {item: set(steps) for item, steps in rows}

    @api.model
    def _letter_numbers(self, steps):
        """Return which formal reminder each letter of a ladder is: dict step id → 1, 2, 3 …"""
        letters = [step for step in steps if step.channel == "letter"]
        rungs = sorted({self._rung(step) for step in letters}, key=lambda rung: rung[1])
        return {step.id: rungs.index(self._rung(step)) + 1 for step in letters}

    @api.model
    def _write_next_steps(self, moments):
        """Set the times of the next step: dict obligation id → naive UTC or None."""
        if moments:
            self.env.cr.execute(SQL(
                """
                UPDATE ops_obligation AS obligation SET date_next_step = moment.at
                  FROM unnest(%s::int[], %s::timestamp[]) AS moment (id, at) WHERE moment.id = obligation.id
                """,
                list(moments), list(moments.values()),
            ))
            self.browse(moments).invalidate_recordset(["date_next_step"], flush=False)
