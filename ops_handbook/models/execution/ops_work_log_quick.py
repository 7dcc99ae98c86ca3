from datetime import date

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Date

from ...tools.ids import one_id


class OpsWorkLog(models.Model):
    """What the phone-sized screen calls: the log of a day, pre-filled, in one call."""

    _inherit = "ops.work.log"

    @api.model
    def quick_form(self, day=None, owner_id=None):
        """Return the log of a day as the quick entry shows it, whether it is written already or not.

        :param str day: like 2027-02-15; default: today
        :param int owner_id: whose log; default: the current user's. Others only as their substitute
        :return: dict with ``owner``, ``people`` (in whose name one may write), ``date``, ``first`` and ``today`` (the days that
            may be written), ``logged`` (days with a log), ``log`` (dict or False) and ``tasks`` (list of dicts)
        :raise UserError: the day cannot be written any more, or has not come yet
        """
        self.check_access("create")
        return self._quick_data(*self._quick_whose(day, owner_id))

    @api.model
    def action_open_today(self):
        """Open today's log: the quick entry, on phone and desktop alike."""
        self.check_access("create")
        return self.env["ir.actions.actions"]._for_xml_id("ops_handbook.ops_work_log_quick_action")

    @api.model
    def _quick_whose(self, day, owner_id):
        """Return (owner, company, day) of what a client asks for; refuse what cannot be written."""
        people = self.env.user._ops_principals()
        if owner_id and one_id(owner_id) not in people.ids:
            raise AccessError(self.env._("Owner: a log is written by its owner, or by their substitute."))
        owner = people.browse(owner_id or self.env.uid).with_env(self.env)
        probe = self.new({"owner_id": owner.id})
        company = probe.company_id._origin
        first, today = self._writable_days(company)
        chosen = self._quick_day(day) if day else today
        if not first <= chosen <= today:
            self.new({"owner_id": owner.id, "date": chosen})._check_days()
        return owner, company, chosen

    @api.model
    def _quick_day(self, day):
        try:
            return date.fromisoformat(day)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("Day: choose one of those offered.")) from error

    @api.model
    def _quick_everywhere(self):
        """Return this model with all companies of the user; first the one that they have chosen, for which a new log is written."""
        chosen = self.env.company.id
        others = [company for company in self.env.user._get_company_ids() if company != chosen]
        return self.with_context(allowed_company_ids=[chosen, *others])

    @api.model
    def _quick_log(self, owner, day):
        return self.search([("owner_id", "=", owner.id), ("date", "=", day)])

    @api.model
    def _quick_data(self, owner, company, day):
        model = self._quick_everywhere()
        log = model._quick_log(owner, day)
        tasks = model._tasks_of(owner, day)
        lines = {line.task_id.id: line for line in log.line_ids}
        tasks |= log.line_ids.task_id.filtered(lambda task: task not in tasks)
        first, today = self._writable_days(company)
        logged = model._logged_days(owner, first, today)
        return {
            "owner": {"id": owner.id, "name": owner.sudo().name},  # sudo: the user, or whom they substitute
            "people": [{"id": user.id, "name": user.name} for user in self.env.user._ops_principals()],
            "date": Date.to_string(day), "first": Date.to_string(first), "today": Date.to_string(today),
            "logged": [Date.to_string(item) for item in sorted(logged)],
            "log": log._quick_head() if log else False,
            "tasks": model._quick_tasks(tasks, lines, day),
        }

    def _quick_head(self):
        return {
            "id": self.id, "version": self.content_version, "number": self.number, "is_late": self.is_late,
            **{name: self[name] or "" for name in ("note", "problem", "measure_taken")},
        }

    @api.model
    def _quick_tasks(self, tasks, lines, day):
        """Return a row for each task; ``lines`` is a dict task id → its line in the log."""
        attached, rows = tasks._attached(), []
        reportable = set(tasks._filtered_reportable().ids)
        for task in tasks:
            line = lines.get(task.id) or self.env["ops.work.log.line"]
            rows.append({
                "id": task.id, "name": task.name, "state": task.state, "progress": task.progress,
                "date_end": Date.to_string(task.date_end) or False, "is_late": task.is_late,
                "is_upcoming": self._is_upcoming(task, day) and not line,
                "can_report": task.id in reportable, "can_done": task.can_done,
                "asks_evidence": task.asks_evidence, "evidence": task.evidence or "", "has_files": task.id in attached,
                "last_note": task.progress_note or "",
                **self._quick_line(line, task),
            })
        return rows

    @api.model
    def _quick_line(self, line, task):
        """Return what a row says of the line: hook of the layers above."""
        return {
            "line_id": line.id or False,
            # what this day's log says of it; where the task does not run any more, that stays
            "logged": line.progress if line else task.progress,
            **{name: line[name] or "" for name in ("note", "problem", "measure_taken")},
        }
