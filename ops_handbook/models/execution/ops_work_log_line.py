from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import token
from ...tools.ids import one_id, some_ids


class OpsWorkLogLine(models.Model):
    """What a log says of one task: how far it is by the evening, what stood in the way, what was done about it."""

    _name = "ops.work.log.line"
    _description = "Task in a Work Log"
    _inherit = ["ops.link.mixin"]
    _order = "date desc, log_id.id desc, id"
    _rec_names_search = ["task_id.name"]

    log_id = fields.Many2one("ops.work.log", required=True, index=True, ondelete="cascade")
    owner_id = fields.Many2one(related="log_id.owner_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="log_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(related="log_id.department_id", store=True, precompute=True, index=True)
    date = fields.Date(related="log_id.date", store=True, precompute=True, index=True)
    task_id = fields.Many2one("ops.task", required=True, index=True, ondelete="restrict")
    progress_before = fields.Integer(
        string="Before (%)", aggregator=None, help="How far the task was when it was taken into the log.",
    )
    progress = fields.Integer(string="Progress (%)", aggregator=None)
    note = fields.Char(string="Done Today", help="Also said on the task, to whoever reads that.")
    problem = fields.Char(help="What stood in the way.")
    measure_taken = fields.Char(help="What was done about it.")

    _once = models.UniqueIndex("(log_id, task_id)", "Task: it stands in this log already.")
    _task_idx = models.Index("(task_id, date desc, id desc)")
    _progress_sane = models.Constraint("CHECK(progress BETWEEN 0 AND 100)", "Progress: choose 0 to 100 percent.")

    @api.depends("task_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.task_id.sudo().name  # sudo: the line names it

    # -- written --------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._say_defaults(vals_list, {"task_id", "progress", "progress_before"})
        self._take_in(vals_list)
        lines = super().create(vals_list)
        lines.log_id._check_days()
        lines._check_tasks()
        if not token.LOG.of(self.env):
            lines.log_id._grow_version()
            lines._carry_to_tasks()
        return lines

    def write(self, vals):
        if token.holds(self.env):
            return super(OpsWorkLogLine, token.cleared(self)).write(vals)
        vals = {name: value for name, value in vals.items() if name != "progress_before"}
        if fixed := self._fixed(vals):
            raise UserError(self.env._("%(fields)s: a line stays with its log and its task. Add another line instead.", fields=fixed))
        self.log_id._check_days()
        result = super().write(vals)
        if not token.LOG.of(self.env):
            self.log_id._grow_version()
            if vals.keys() & {"progress", "note"}:
                self._carry_to_tasks(self.browse() if "progress" in vals else self)
        return result

    def unlink(self):
        logs = self.log_id
        logs._check_days()
        result = super().unlink()
        logs._grow_version()
        return result

    def _fixed(self, vals):
        """Return the labels of what never changes and would, by ``vals``; an empty text otherwise."""
        return ", ".join(
            self._fields[name]._description_string(self.env) for name in ("log_id", "task_id")
            if name in vals and any(line.sudo()[name].id != vals[name] for line in self)  # sudo: compared only
        )

    @api.model
    def _take_in(self, vals_list):
        """Complete new lines with how far their tasks are, and keep those that nobody touched from moving a task back.

        ``progress_before`` is what the writer saw. A line that says the same took nothing down: it says how far the task is
        now. A line that says otherwise, of a task that somebody else moved meanwhile, is refused.
        """
        ids = some_ids([vals.get("task_id") for vals in vals_list])
        # sudo: whether the writer may read the task is asked with the links, before anything is written
        tasks = {task.id: task for task in self.env["ops.task"].sudo().browse(ids).exists()}
        for vals in vals_list:
            task = tasks.get(one_id(vals.get("task_id")))
            if not task:
                continue
            seen, said = vals.get("progress_before"), vals.get("progress")
            if said is None or said is False or (seen == said and seen is not None):
                vals["progress"] = task.progress
            elif self._is_otherwise(task, seen, said):
                self._refuse_moved(task, seen)
            vals["progress_before"] = task.progress

    @api.model
    def _is_otherwise(self, task, seen, said):
        """Tell whether a task stands neither where the writer saw it nor where they say it is."""
        return isinstance(seen, int) and not isinstance(seen, bool) and task.progress not in (seen, said)

    def _is_moved(self, seen, said):
        """Tell whether somebody else moved the task while the writer of this line was looking at it."""
        return said is not None and self._is_otherwise(self.task_id, seen, said)

    @api.model
    def _refuse_moved(self, task_sudo, seen):
        task_sudo.with_env(self.env).check_access("read")  # first: the message names the task
        error = UserError(self.env._(
            "“%(task)s” was at %(seen)s %% when you opened the log, and somebody has moved it to %(now)s %% since. "
            "Reload, then say anew how far it is.", task=task_sudo.name, seen=seen, now=task_sudo.progress,
        ))
        error.context = {"ops_stale": True}  # by this the web client knows to offer a reload
        raise error

    def _check_tasks(self):
        """A log speaks of what its owner carries out."""
        for line in self.sudo():  # sudo: who carries a task out is checked, not shown
            task = line.task_id
            if line.owner_id not in task.owner_id | task.helper_ids or task.month_plan_id.state not in ("issued", "reported", "closed"):
                raise ValidationError(self.env._(
                    "Task: a log speaks of what its owner carries out, from the day on which the month plan was issued. "
                    "Leave this task out."
                ))

    def _says_something(self):
        """Tell whether somebody said something of the task: how far it got, or in words."""
        words = (self.note, self.problem, self.measure_taken)
        return self.progress != self.progress_before or any((word or "").strip() for word in words)

    # -- what follows -----------------------------------------------------------------------------------------------------

    def _carry_to_tasks(self, noted=None):
        """Move the tasks to what these lines say; a log of an earlier day moves no task that a later one speaks of.

        :param noted: those of which but the note was written: they move no task, and say how far it is now
        """
        lines = self.sudo().filtered("task_id")  # sudo: another's log of a later day counts too
        latest = dict(lines._read_group([("task_id", "in", lines.task_id.ids)], ["task_id"], ["date:max"]))
        lines = lines.filtered(lambda line: line.date >= latest[line.task_id]).sorted(lambda line: (line.date, line.id))
        noted, values = set(noted.ids if noted else ()), {}
        for line in lines:
            values[line.task_id.id] = {
                **({} if line.id in noted else {"progress": line.progress}), **({"progress_note": line.note} if line.note else {}),
            }
        self.env["ops.task"].browse(values)._report_progress(values)
        for line in token.marked(lines.filtered(lambda line: line.id in noted and line.progress != line.task_id.progress)):
            line.write({"progress": line.task_id.progress})
