from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ...tools import clock
from ...tools.moments import local_date

# in the order in which a short meeting goes through them
TASK_GROUPS = [("late", "Overdue or unfinished"), ("open", "In work"), ("coming", "Due in the coming week")]
COMING = timedelta(days=7)
RUNNING = ("issued", "reported")  # states of a month plan whose tasks are spoken of
NOT_HELD = ("draft", "called")


class OpsMeetingTypeLine(models.Model):
    """An item of an agenda template may list tasks of the department that meets."""

    _inherit = "ops.meeting.type.line"

    task_group = fields.Selection(TASK_GROUPS, string="Lists the Tasks", help="Which tasks of the department stand below the item.")


class OpsMeetingType(models.Model):
    _inherit = "ops.meeting.type"

    def _agenda_values(self):
        return [
            {**values, "task_group": line.task_group}
            for values, line in zip(super()._agenda_values(), self.line_ids, strict=True)
        ]


class OpsMeetingAgenda(models.Model):
    """An item of the agenda lists tasks of the department: as they are until the meeting begins, then as they were.

    Nothing is copied into the item, so nothing that somebody types is ever overwritten. Everybody sees the tasks that they
    may read anyway.
    """

    _inherit = "ops.meeting.agenda"

    task_group = fields.Selection(
        TASK_GROUPS, string="Lists the Tasks", help="Which tasks of the department that meets stand below the item."
    )
    task_ids = fields.Many2many("ops.task", string="Tasks", compute="_compute_task_ids")
    task_count = fields.Integer(string="Number of Tasks", compute="_compute_task_ids")
    kept_task_ids = fields.Many2many(
        "ops.task", "ops_meeting_agenda_task_rel", "agenda_id", "task_id", string="Tasks Spoken of", readonly=True, copy=False,
        help="What the item listed when the meeting began.",
    )

    @api.depends("task_group", "meeting_id.state", "meeting_id.date_start", "meeting_id.department_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_task_ids(self):
        listing = self.filtered("task_group")
        live = listing.filtered(lambda item: item.meeting_id.state in NOT_HELD)
        kept = (listing - live).sudo().kept_task_ids.with_env(self.env)  # sudo: which they were; the next line asks who reads them
        readable = kept._filtered_access("read")
        found = live._find_tasks()
        for item in self:
            tasks = found.get(item)
            if tasks is None:
                tasks = item.sudo().kept_task_ids.with_env(self.env) & readable if item in listing else readable.browse()
            item.task_ids, item.task_count = tasks, len(tasks)

    def _find_tasks(self):
        """Return the tasks that these items list, as they stand or stood when their meetings began; one search for all.

        :return: dict item → ``ops.task``, most urgent first
        """
        departments = self.meeting_id.department_id
        if not departments:
            return {}
        began = [meeting._tasks_as_of() for meeting in self.meeting_id]
        tasks = self.env["ops.task"].search([
            ("department_id", "in", departments.ids), ("month_plan_id.state", "in", RUNNING),
            "|", ("state", "in", ("todo", "progress", "unfinished")),
            "&", ("state", "=", "done"), ("done_on", ">=", min(began)),
        ], order="date_end, priority, id")
        by_department = tasks.grouped("department_id")
        listed = {}
        for meeting, items in self.grouped("meeting_id").items():
            own = by_department.get(meeting.department_id._origin, tasks.browse())
            groups = own.grouped(lambda task, meeting=meeting: task._meeting_group(meeting))
            listed.update((item, groups.get(item.task_group, tasks.browse())) for item in items)
        return listed

    def _keep_tasks(self):
        """Keep which tasks these items list now (superuser): one statement, and no new version of what people write there."""
        pairs = [(item.id, task.id) for item, tasks in self._find_tasks().items() for task in tasks]
        if not pairs:
            return
        self.env.cr.execute_values(
            "INSERT INTO ops_meeting_agenda_task_rel (agenda_id, task_id) VALUES %s ON CONFLICT DO NOTHING", pairs
        )
        self.invalidate_recordset(["kept_task_ids", "task_ids", "task_count"], flush=False)

    def _minutes_row(self):
        return {
            **super()._minutes_row(),
            "task_group": self.task_group or "", "tasks": [task._minutes_row() for task in self.task_ids],
        }


class OpsMeeting(models.Model):
    """The tasks that a department's meeting goes through."""

    _inherit = "ops.meeting"

    task_ids = fields.Many2many("ops.task", string="Tasks", compute="_compute_task_ids")
    task_count = fields.Integer(string="Number of Tasks", compute="_compute_task_ids")

    @api.depends("agenda_ids.task_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_task_ids(self):
        order = [group for group, _label in TASK_GROUPS]
        for meeting in self:
            items = meeting.agenda_ids.filtered("task_group").sorted(lambda item: order.index(item.task_group))
            meeting.task_ids = items.task_ids
            meeting.task_count = len(meeting.task_ids)

    def _tasks_as_of(self):
        """Return the moment whose tasks are spoken of: now, once the meeting has begun its beginning (UTC)."""
        now = clock.now()
        return min(now, self.actual_start or self.date_start or now)

    def _became_held(self, previous):
        super()._became_held(previous)
        # a correction of the minutes speaks of the same tasks
        held = self.filtered(lambda meeting: previous[meeting.id] != "distributed")
        held.agenda_ids.filtered("task_group")._keep_tasks()


class OpsTask(models.Model):
    _inherit = "ops.task"

    def _meeting_group(self, meeting):
        """Return under which item of the agenda of a meeting the task stands; None: under none.

        Of a meeting that has begun, what was done since then still stands where it stood.
        """
        moment = meeting._tasks_as_of()
        tz = meeting.company_id._ops_tz()
        day = local_date(moment, tz)
        if self.state == "done" and not (self.done_on and self.done_on >= moment):
            return None
        if self.state == "unfinished":
            # carried over it is spoken of as the task of the new month
            return None if self.sudo().carried_to_ids.filtered(lambda task: task.state != "cancelled") else "late"
        if self.date_end and self.date_end < day:
            return "late"
        next_week = local_date(meeting.actual_start or meeting.date_start or moment, tz) + COMING
        if self.date_end and self.date_end <= next_week:
            return "coming"
        begun = self.state != "todo" or not self.date_start or self.date_start <= day
        return "open" if begun else None

    def _minutes_row(self):
        """Return the row of the task on the screen of the minutes."""
        self.ensure_one()
        return {
            "id": self.id, "name": self.name, "owner": self.sudo().owner_id.name or "",  # sudo: a name
            "end": format_date(self.env, self.date_end) if self.date_end else "", "is_late": self.is_late,
            "state": self.state, "state_label": self._state_label(self.state), "progress": self.progress,
            "note": self.progress_note or "", "can_report": self.can_report, "content_version": self.content_version,
        }
