from datetime import timedelta
from functools import partial

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Date, Datetime
from odoo.tools import SQL, format_date

from ...tools import clock, token
from ...tools.ids import one_id

# what says whose log of which day it is: it never becomes another
FIXED = ("owner_id", "date")


class OpsWorkLog(models.Model):
    """Who writes a log, and until when: its owner (or a substitute in the owner's name), for today and a few days back."""

    _inherit = "ops.work.log"

    @api.model_create_multi
    def create(self, vals_list):
        logs = super(OpsWorkLog, token.LOG.on(self)).create(vals_list).with_env(self.env)
        logs._check_days()
        logs._check_said(new=True)
        logs.line_ids._carry_to_tasks()
        return logs

    def write(self, vals):
        if token.holds(self.env):
            return super(OpsWorkLog, token.cleared(self)).write(vals)
        vals = dict(vals)
        version = vals.pop("content_version", None)
        self._refuse_fixed(vals)
        self._check_days()
        self._refuse_stale(version)
        if not vals:
            return True
        before = set(self.line_ids.ids)
        touched = self._touched_lines(vals)
        super(OpsWorkLog, token.LOG.on(self)).write(vals)
        self._check_said()
        self._grow_version()
        changed = self.line_ids.filtered(lambda line: line.id in touched or line.id not in before)
        changed._carry_to_tasks(changed.filtered(lambda line: "progress" not in touched.get(line.id, ("progress",))))
        return True

    @api.model
    def _touched_lines(self, vals):
        """Return which lines the commands in ``vals`` change in what concerns the task: dict line id → names of fields."""
        commands, touched = vals.get("line_ids"), {}
        for command in commands if isinstance(commands, (list, tuple)) else ():  # nonsense: the field refuses it
            if isinstance(command, (list, tuple)) and len(command) == 3 and command[0] == 1 and isinstance(command[2], dict):
                if names := command[2].keys() & {"progress", "note"}:
                    touched.setdefault(one_id(command[1]), set()).update(names)
        return touched

    def _refuse_fixed(self, vals):
        for name in FIXED:
            given = Date.to_date(vals[name]) if name == "date" and vals.get(name) else vals.get(name)
            if name in vals and any((log[name] if name == "date" else log[name].id) != given for log in self.sudo()):
                raise UserError(self.env._(
                    "%(field)s: a log stays with its person and its day. Write a log of the other day instead.",
                    field=self._fields[name]._description_string(self.env),
                ))

    # -- until when -----------------------------------------------------------------------------------------------------

    def _is_writable_day(self):
        """Tell whether the day of the log may be written now, in the company's own time zone."""
        first, today = self._writable_days(self.company_id)
        return bool(self.date) and first <= self.date <= today

    @api.model
    def _writable_days(self, company):
        """Return the first and the last day (dates) of which a log may be written now in a company."""
        company_sudo = company.sudo()  # sudo: a setting that all know
        today = clock.today(company_sudo._ops_tz() or "UTC")
        return today - timedelta(days=max(0, company_sudo.ops_log_days_back)), today

    def _check_days(self):
        """A log is written on its day or soon after, by whomever: neither ahead nor when nobody remembers."""
        for log in self.sudo():  # sudo: the day decides
            first, today = self._writable_days(log.company_id)
            if log.date > today:
                raise UserError(self.env._("Day: %(day)s has not come yet; a log says what was done.", day=format_date(self.env, log.date)))
            if log.date < first:
                raise UserError(self._too_late(log.date, first))

    @api.model
    def _too_late(self, day, first):
        return self.env._(
            "Day: the log of %(day)s is closed; logs are written back to %(first)s. Say in today's log what is missing there.",
            day=format_date(self.env, day), first=format_date(self.env, first),
        )

    def _check_access(self, operation):
        """What is closed is written by nobody, its attachments included."""
        result = super()._check_access(operation)
        if operation not in ("write", "unlink") or not any(self._ids) or (result and result[0] == self):
            return result
        remaining = self - result[0] if result else self
        closed = remaining.sudo().filtered(lambda log: not log._is_writable_day()).with_env(self.env)  # sudo: the day decides
        if not closed:
            return result
        if result:
            return result[0] | closed, result[1]
        return closed, partial(self._closed_error, closed)

    def _closed_error(self, logs):
        log_sudo = logs[:1].sudo()  # sudo: its day tells nothing
        if log_sudo._is_writable_day():
            return AccessError(self.env._("Work Log: it is written by whoever it belongs to, and by their substitute."))
        first, _today = self._writable_days(log_sudo.company_id)
        return AccessError(self._too_late(log_sudo.date, first))

    def _check_said(self, new=False):
        """A list of tasks of which nobody said anything would count as a log; a page that is merely left would save it."""
        for log in self.sudo():  # sudo: looked at, not shown
            if not ((log.note or "").strip() or (log.problem or "").strip() or any(not new or line._says_something() for line in log.line_ids)):
                raise UserError(self.env._("Done Today: say in a line what you did, or how far one of your tasks is."))

    # -- two devices ------------------------------------------------------------------------------------------------------

    def _refuse_stale(self, version):
        """Refuse to save over a change that the writer has not seen: ``version`` is the one that they read."""
        if version is None or not self:
            return
        self.ensure_one()
        self.check_access("read")  # first: the message says who wrote when
        self.env.cr.execute(SQL("SELECT content_version FROM ops_work_log WHERE id = %s FOR NO KEY UPDATE", self.id))
        (found,) = self.env.cr.fetchone() or (None,)
        if found != version:
            raise self._stale_error()

    def _stale_error(self):
        self.invalidate_recordset(["write_date", "write_uid"], flush=False)
        log_sudo = self.sudo()  # sudo: the name of who wrote last
        error = UserError(self.env._(
            "The log of %(day)s was saved by %(user)s at %(time)s, on this or another device, after you opened it here. "
            "Nothing of it is lost: reload, then add what is missing.",
            day=format_date(self.env, log_sudo.date), user=log_sudo.write_uid.display_name,
            time=Datetime.context_timestamp(self, log_sudo.write_date).strftime("%H:%M"),
        ))
        error.context = {"ops_stale": True}  # by this the web client knows to offer a reload
        return error

    def _grow_version(self):
        if not self:
            return
        self.flush_recordset()
        self.env.cr.execute(SQL(
            "UPDATE ops_work_log SET content_version = content_version + 1, write_uid = %s, write_date = %s WHERE id IN %s",
            self.env.uid, clock.now(), tuple(self.ids),
        ))
        self.invalidate_recordset(["content_version", "write_uid", "write_date"], flush=False)
