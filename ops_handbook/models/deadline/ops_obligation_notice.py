from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...tools import clock
from .ops_obligation_remind import ADVISORY, DEFER


class Notice(NamedTuple):
    """A line of the log whose time has come: one reminder for one person."""

    line_id: int
    user_id: int
    on_behalf_id: int | None
    is_copy: bool
    urgent: bool
    reminder_id: int
    obligation_id: int
    step_id: int | None
    channel: str
    letter_number: int
    valid: bool
    """still open, with the same due time"""
    present: bool
    """the receiver can still log in"""
    # messages of robots that wait since an earlier version lack what follows
    company_id: int | None = None
    code: str = ""


class OpsObligation(models.Model):
    """From the log of the steps to the people: who is reminded of what, and when."""

    _inherit = "ops.obligation"

    # -- into the log ---------------------------------------------------------------------------------------------------

    @api.model
    def _log_steps(self, taken, author=None):
        """Log steps under their unique key and note whom they go to.

        :param taken: list of (obligation, step, moment, letter number, reason why skipped or None)
        :param author: user who reminds by hand; the step is empty then
        """
        rows = [
            (
                item.id, step.id or None, item.date_due or None, moment, step.channel or ("letter" if number else "digest"), number,
                "skipped" if reason else "waiting", reason, author and author.id, self.env.uid, clock.now(),
            )
            for item, step, moment, number, reason in taken
        ]
        if not rows:
            return
        self.env.flush_all()
        logged = self.env.cr.execute_values(
            """INSERT INTO ops_obligation_reminder (obligation_id, step_id, date_due, moment, channel, letter_number,
                                                    state, reason, author_id, create_uid, create_date)
               VALUES %s ON CONFLICT DO NOTHING RETURNING obligation_id, step_id, id""",
            rows, page_size=2_500, fetch=True,
        )
        ids = {(item, step): reminder for item, step, reminder in logged}
        waiting = [
            (ids[item.id, step.id or None], item, step, number)
            for item, step, _moment, number, reason in taken if not reason and (item.id, step.id or None) in ids
        ]
        self._address(waiting)
        self.env["ops.obligation.reminder"].invalidate_model(flush=False)

    @api.model
    def _address(self, reminders, addressed=()):
        """Note the receivers of reminders: list of (reminder id, obligation, step, letter number).

        :param addressed: pairs (reminder id, user id) that are noted already
        """
        wanted = []
        for reminder, item, step, _number in reminders:
            wanted.append((reminder, item, step, step.receiver or "responsible", False))
        found = self._receivers([(item, receiver) for _reminder, item, _step, receiver, _copy in wanted])
        lines = {}
        for (reminder, item, step, _receiver, is_copy), people in zip(wanted, found, strict=True):
            for user, on_behalf in people.items():
                if (reminder, user) not in addressed:
                    any_hour = step.any_hour if step else item.urgent  # by hand: as the obligation itself says
                    lines.setdefault((reminder, user), (item, bool(any_hour), on_behalf, is_copy))
        self._insert_lines(lines)
        if not addressed:
            self._mark_skipped({reminder for reminder, *_rest in reminders} - {key[0] for key in lines}, "nobody")

    @api.model
    def _insert_lines(self, lines):
        """Insert receivers: dict (reminder id, user id) → (obligation, any hour, on behalf of, whether a copy)."""
        now = clock.now()
        clocks = self.env["res.users"]._ops_clocks({
            (user, item.company_id.id) for (_reminder, user), (item, *_rest) in lines.items()
        })
        opens = {}
        rows = []
        for (reminder, user), (item, any_hour, on_behalf, is_copy) in lines.items():
            clock_of = clocks[user, item.company_id.id]
            key = clock_of.key, item.company_id.id
            if key not in opens:
                opens[key] = clock_of.shift(now, item.company_id._ops_workdays())
            rows.append((reminder, user, on_behalf, is_copy, any_hour, now if any_hour else opens[key], "waiting"))
        if rows:
            self.env.cr.execute_values(
                """INSERT INTO ops_obligation_reminder_receiver (reminder_id, user_id, on_behalf_id, is_copy, urgent,
                                                                 date_send, state) VALUES %s""",
                rows, page_size=2_500,
            )

    # -- out of the log -------------------------------------------------------------------------------------------------

    @api.model
    def _lock_people(self, size):
        """Return the ids of some people for whom something waits; each is served by one worker at a time."""
        waiting = [row[0] for row in self.env.execute_query(SQL(
            """SELECT user_id FROM ops_obligation_reminder_receiver WHERE state = 'waiting' AND date_send <= %s
               GROUP BY user_id ORDER BY bool_or(urgent) DESC, min(date_send), user_id LIMIT %s""",
            clock.now(), 4 * size,
        ))]
        return [row[0] for row in self.env.execute_query(SQL(
            "SELECT id FROM unnest(%s::int[]) AS id WHERE pg_try_advisory_xact_lock(%s, id) LIMIT %s",
            waiting, ADVISORY, size,
        ))]

    @api.model
    def _next_delivery(self):
        """Return when the next reminder that waits for working hours can go out, None when nothing waits."""
        return self.env.execute_query(SQL(
            "SELECT min(date_send) FROM ops_obligation_reminder_receiver WHERE state = 'waiting' AND date_send > %s",
            clock.now(),
        ))[0][0]

    @api.model
    def _deliver(self, user_ids):
        """Send everything that waits for these people; what was settled meanwhile is not sent."""
        notices = self._waiting_notices(user_ids)
        settled = [notice for notice in notices if not notice.valid]
        moved = [notice for notice in notices if notice.valid and not notice.present]
        live = self._put_off(self._pass_on([notice for notice in notices if notice.valid and notice.present]))
        self._redirect(moved)
        self._mark_lines(settled + moved, "skipped")
        self._mark_skipped({notice.reminder_id for notice in settled}, "settled")
        self._mark_skipped({notice.reminder_id for notice in moved}, "nobody")
        self._dispatch(live)
        self._mark_lines(live, "sent")
        self._mark_sent({notice.reminder_id for notice in live})

    @api.model
    def _waiting_notices(self, user_ids):
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """
            SELECT line.id, line.user_id, line.on_behalf_id, line.is_copy, line.urgent, reminder.id, obligation.id,
                   reminder.step_id, reminder.channel, reminder.letter_number,
                   obligation.state = 'open' AND obligation.date_due IS NOT DISTINCT FROM reminder.date_due,
                   receiver.active, obligation.company_id, obligation.code
              FROM ops_obligation_reminder_receiver AS line
              JOIN ops_obligation_reminder AS reminder ON reminder.id = line.reminder_id
              JOIN ops_obligation AS obligation ON obligation.id = reminder.obligation_id
              JOIN res_users AS receiver ON receiver.id = line.user_id
             WHERE line.state = 'waiting' AND line.date_send <= %s AND line.user_id IN %s
          ORDER BY line.id
            """,
            clock.now(), tuple(user_ids),
        ))
        return [Notice(*row) for row in rows]

    @api.model
    def _redirect(self, notices):
        """Somebody left between the step and the mail: it goes to whoever stands for them now."""
        if not notices:
            return
        steps, first = self.env["ops.standard.step"], {notice.reminder_id: notice for notice in notices}
        addressed = self.env.execute_query(SQL(
            "SELECT reminder_id, user_id FROM ops_obligation_reminder_receiver WHERE reminder_id IN %s", tuple(first)
        ))
        self._address([
            (item.reminder_id, self.browse(item.obligation_id), steps.browse(item.step_id or ()), 0)
            for item in first.values()
        ], set(addressed))

    @api.model
    def _pass_on(self, notices):
        """Hand on what waited while its receiver went away, or came back, to whoever is there now; return the others."""
        acting = self.env["res.users"].browse({item.on_behalf_id or item.user_id for item in notices})._ops_acts_for()
        self.env["res.users"].union(*acting.values()).fetch(["active", "share"])  # together, not one by one
        present = {user.id: found for user, found in acting.items() if found.active and not found.share}
        moved, lines = set(), {}
        for item in notices:
            principal = item.on_behalf_id or item.user_id
            if (user := present.get(principal)) and user.id != item.user_id:
                moved.add(item)
                on_behalf = principal if principal != user.id else None
                lines[item.reminder_id, user.id] = self.browse(item.obligation_id), item.urgent, on_behalf, item.is_copy
        if not moved:
            return notices
        addressed = set(self.env.execute_query(SQL(
            "SELECT reminder_id, user_id FROM ops_obligation_reminder_receiver WHERE reminder_id IN %s AND state != 'skipped'",
            tuple({item.reminder_id for item in moved}),
        )))
        self._insert_lines({key: line for key, line in lines.items() if key not in addressed})
        self._mark_lines(moved, "skipped")
        return [item for item in notices if item not in moved]

    @api.model
    def _put_off(self, notices):
        """Leave for their next working hours what came too late for these, or fell on what is a day off by now; return the rest."""
        now, ordinary = clock.now(), [item for item in notices if not item.urgent]
        clocks = self.env["res.users"]._ops_clocks({(item.user_id, item.company_id) for item in ordinary})
        workdays = {
            company.id: company._ops_workdays()
            for company in self.env["res.company"].browse({item.company_id for item in ordinary})
        }
        opens = {key: clock_of.shift(now, workdays[key[1]]) for key, clock_of in clocks.items()}
        later = {item for item in ordinary if opens[item.user_id, item.company_id] > now}
        if later:
            self.env.cr.execute_values(
                """UPDATE ops_obligation_reminder_receiver AS line SET date_send = later.moment
                     FROM (VALUES %s) AS later (id, moment) WHERE line.id = later.id""",
                [(item.line_id, opens[item.user_id, item.company_id]) for item in later],
            )
            self.env["ops.obligation.reminder.receiver"].invalidate_model(flush=False)
        return [item for item in notices if item not in later]

    @api.model
    def _defer_people(self, user_ids):
        """Try again later to reach somebody whose mail cannot be written."""
        self.env.cr.execute(SQL(
            "UPDATE ops_obligation_reminder_receiver SET date_send = %s WHERE state = 'waiting' AND user_id IN %s",
            clock.now() + DEFER, tuple(user_ids) or (0,),
        ))

    # -- marks ----------------------------------------------------------------------------------------------------------

    @api.model
    def _mark_lines(self, notices, state):
        if notices:
            self.env.cr.execute(SQL(
                "UPDATE ops_obligation_reminder_receiver SET state = %s, date_sent = %s WHERE id IN %s",
                state, clock.now() if state == "sent" else None, tuple(notice.line_id for notice in notices),
            ))
            self.env["ops.obligation.reminder.receiver"].invalidate_model(flush=False)

    @api.model
    def _mark_sent(self, reminders):
        if reminders:
            self.env.cr.execute(SQL(
                "UPDATE ops_obligation_reminder SET state = 'sent', reason = NULL WHERE state != 'sent' AND id IN %s",
                tuple(reminders),
            ))
            self.env["ops.obligation.reminder"].invalidate_model(flush=False)

    @api.model
    def _mark_skipped(self, reminders, reason):
        """Mark reminders of which nothing has been or will be sent."""
        if reminders:
            self.env.cr.execute(SQL(
                """UPDATE ops_obligation_reminder AS reminder SET state = 'skipped', reason = %s
                    WHERE id IN %s AND state = 'waiting' AND NOT EXISTS (
                          SELECT FROM ops_obligation_reminder_receiver AS line
                           WHERE line.reminder_id = reminder.id AND line.state = 'waiting')""",
                reason, tuple(reminders),
            ))
            self.env["ops.obligation.reminder"].invalidate_model(flush=False)
