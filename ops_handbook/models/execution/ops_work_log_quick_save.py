from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Command
from odoo.tools import mute_logger

from ...tools.ids import one_id
from ...tools.words import typed

TEXTS = {"note": 20_000, "problem": 20_000, "measure_taken": 20_000}
LINE_TEXTS = {"note": 500, "problem": 500, "measure_taken": 500}
LINE_KEYS = {*LINE_TEXTS, "task_id", "seen", "progress", "done", "evidence", "files"}
MAX_LINES = 200
MAX_FILES = 10  # per task and save


class OpsWorkLog(models.Model):
    """Saving what the phone-sized screen sends: the log, the tasks, and what is done, all or nothing."""

    _inherit = "ops.work.log"

    @api.model
    def quick_save(self, values):
        """Save the log of a day, move its tasks, hand in what is done.

        :param dict values: ``date``, ``owner_id``, ``version`` (of the log that was shown; 0 when there was none), ``note``,
            ``problem``, ``measure_taken`` and ``lines``: dicts of ``task_id``, ``seen`` (percent that were shown), ``progress``,
            ``note``, ``problem``, ``measure_taken``, ``done``, ``evidence`` and ``files`` (dicts of ``name``, ``data`` as base64)
        :return: the log as :meth:`quick_form` returns it
        :raise UserError: names what is wrong and what to do about it; nothing is written then
        """
        self.check_access("create")
        if not isinstance(values, dict) or values.keys() - {*TEXTS, "date", "owner_id", "version", "lines"}:
            raise self._quick_outdated()
        owner, company, day = self._quick_whose(values.get("date"), values.get("owner_id"))
        model = self._quick_everywhere()
        texts = {name: self._quick_words(self, name, values.get(name), limit) for name, limit in TEXTS.items() if name in values}
        lines = model._quick_lines(values.get("lines"))
        log = model._quick_log(owner, day)
        if (log.content_version if log else 0) != values.get("version", 0):
            raise log._stale_error() if log else self._quick_outdated()
        if log:
            log._quick_change(texts, lines)
        else:
            log = model._quick_create(owner, day, texts, lines)
        model._quick_finish(lines)
        return self._quick_data(owner, company, day)

    @api.model
    def _quick_create(self, owner, day, texts, lines):
        """Write a new log: what was said, and how far all else is that is being worked on."""
        said = set(lines)
        silent = self._tasks_of(owner, day).filtered(
            lambda task: task.id not in said and task.state == "progress" and self._is_in_log(task, day)
        )
        try:
            with mute_logger("odoo.sql_db"):
                return self.create({
                    "owner_id": owner.id, "date": day, **texts,
                    "line_ids": [
                        *(Command.create({"task_id": task_id, **self._quick_line_values(row)}) for task_id, row in lines.items()),
                        *(Command.create({"task_id": task.id}) for task in silent),
                    ],
                })
        except UniqueViolation as error:
            # it is being saved from another device at this moment: the request is served again, and finds that log
            raise ConcurrencyError("The log of this day is being saved right now.") from error

    def _quick_change(self, texts, lines):
        """Write what was said into the log that is there."""
        known = {line.task_id.id: line for line in self.line_ids}
        commands = []
        for task_id, row in lines.items():
            vals = self._quick_line_values(row)
            if line := known.get(task_id):
                if line._is_moved(row.get("seen"), row.get("progress")):
                    line._refuse_moved(line.task_id.sudo(), row["seen"])  # sudo: it asks the reader's rights itself
                vals.pop("progress_before", None)
                commands.append(Command.update(line.id, vals))
            else:
                commands.append(Command.create({"task_id": task_id, **vals}))
        self.write({**texts, **({"line_ids": commands} if commands else {})})

    @api.model
    def _quick_line_values(self, row):
        values = {name: row[name] for name in (*LINE_TEXTS, "progress") if name in row}
        return {**values, **({"progress_before": row["seen"]} if "seen" in row and "progress" in row else {})}

    @api.model
    def _quick_finish(self, lines):
        """Attach files and take what is done to done, with its evidence; the tasks' own rules hold."""
        tasks = self.env["ops.task"].browse(lines)
        ended = set(tasks.filtered(lambda task: task.state == "done").ids)  # sent twice, done once
        done = tasks.filtered(lambda task: lines[task.id].get("done") and task.id not in ended)
        for task in tasks:
            if lines[task.id].get("files") and task.id not in ended:
                task.add_evidence(lines[task.id]["files"])
        for evidence, group in done.grouped(lambda task: lines[task.id].get("evidence") or None).items():
            group.action_done(evidence)

    # -- what came in -----------------------------------------------------------------------------------------------------

    @api.model
    def _quick_outdated(self):
        return UserError(self.env._("The log is out of date: reload the page and enter it again."))

    @api.model
    def _quick_lines(self, rows):
        """Return what came in for each task: dict task id → dict."""
        rows = rows or []
        if not isinstance(rows, list) or len(rows) > MAX_LINES:
            raise self._quick_outdated()
        found = {}
        for row in rows:
            task_id = row.get("task_id") if isinstance(row, dict) and not row.keys() - LINE_KEYS else None
            if not one_id(task_id) or task_id in found:
                raise self._quick_outdated()
            found[task_id] = self._quick_row(row)
        return found

    @api.model
    def _quick_row(self, row):
        lines = self.env["ops.work.log.line"]
        clean = {name: self._quick_words(lines, name, row[name], limit) for name, limit in LINE_TEXTS.items() if name in row}
        for name in ("progress", "seen"):
            if name in row:
                if not isinstance(row[name], int) or isinstance(row[name], bool) or not 0 <= row[name] <= 100:
                    raise UserError(self.env._("Progress: choose 0 to 100 percent."))
                clean[name] = row[name]
        if row.get("done"):
            clean.update(done=True, progress=100)
            if not clean.get("note") and clean.get("seen") == 100:
                clean["note"] = self.env._("Done.")  # the percentage says nothing of it
        if row.get("evidence"):
            clean["evidence"] = self._quick_words(self.env["ops.task"], "evidence", row["evidence"], TEXTS["note"])
        if files := row.get("files"):
            if not isinstance(files, list) or len(files) > MAX_FILES:
                raise UserError(self.env._("Evidence: add at most %(limit)s files at once.", limit=MAX_FILES))
            clean["files"] = files
        return clean

    @api.model
    def _quick_words(self, model, name, value, limit):
        if value is not None and value is not False and (not isinstance(value, str) or len(value) > limit):
            raise UserError(self.env._(
                "%(field)s: please write at most %(limit)s characters.",
                field=model._fields[name]._description_string(self.env), limit=limit,
            ))
        return typed(value) or False
