from odoo import api, fields, models

from .ops_import_wizard_mixin import SHOWN


class OpsMonthPlanImportWizard(models.TransientModel):
    """Imports the breakdown of a month: first it shows what would become of each row, then it does that, or lists all errors."""

    _name = "ops.month.plan.import.wizard"
    _description = "Import a Month's Breakdown"
    _inherit = ["ops.import.wizard.mixin"]

    plan_id = fields.Many2one("ops.month.plan", string="Month Plan", required=True, ondelete="cascade")
    existing = fields.Selection(
        [("update", "Change what the workbook says otherwise"), ("leave", "Leave them as they are")], string="Tasks on the Plan Already",
        required=True, default="update", help="They are recognised by name and owner, or by the Task ID of an export.",
    )
    remarks = fields.Text(readonly=True, help="What of the workbook was not read.")
    line_ids = fields.One2many("ops.month.plan.import.wizard.line", "wizard_id", string="Rows", readonly=True)

    @api.onchange("file", "existing")
    def _onchange_file(self):
        """What was shown is no longer true of this file."""
        if self.state != "done":
            self.update({"state": "choose", "summary": False, "remarks": False, "line_ids": [fields.Command.clear()]})

    # -- steps ------------------------------------------------------------------------------------------------------------

    def action_template(self):
        """Download an empty workbook with examples."""
        return {"type": "ir.actions.act_url", "url": "/ops_handbook/month_plan/template.xlsx", "target": "download"}

    def action_download(self):
        """Download the plan as it is."""
        self.ensure_one()
        return self.plan_id.action_export_workbook()

    def action_open(self):
        """Open the plan."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "res_model": "ops.month.plan", "res_id": self.plan_id.id, "views": [(False, "form")],
        }

    def _go(self, dry=False):
        self.ensure_one()
        self.plan_id._check_importable()
        content = self._content()
        run = self.env["ops.month.plan.import"]._import_tasks(content, self.plan_id, leave=self.existing == "leave", dry=dry)
        self.line_ids.unlink()
        self.write({
            "state": "errors" if run.findings else "checked" if dry else "done",
            "summary": self._errors_in_words(run) if run.findings else self._counts_in_words(run, dry),
            "remarks": self._remarks(run),
            "line_ids": [fields.Command.create(vals) for vals in self._error_lines(run) or self._row_lines(run)],
        })
        return self._reopened(self.env._("Import a Month's Breakdown"))

    # -- what is shown ----------------------------------------------------------------------------------------------------

    def _error_lines(self, run):
        return [
            {
                "sequence": number, "sheet": finding.sheet, "row": finding.row or 0, "column_name": finding.column,
                "value": finding.value, "message": finding.message, "what": "error",
            }
            for number, finding in enumerate(sorted(run.findings, key=lambda one: (one.sheet, one.row or 0))[:SHOWN], 1)
        ]

    def _row_lines(self, run):
        describe = self.env["ops.month.plan.import"]._item_in_words
        return [
            {
                "sequence": number, "sheet": item.sheet, "row": item.row, "what": item.what, "value": item.name,
                "owner_name": item.owner_name, "message": describe(item),
                "date_end": item.values.get("date_end") or run.existing.get(item.record, self.env["ops.task"]).date_end,
            }
            for number, item in enumerate(run.items[:SHOWN], 1)
        ]

    def _counts_in_words(self, run, dry):
        counts = {what: run.count(what) for what in ("new", "changed", "same", "left")}
        return " ".join([
            self.env._("Nothing wrong was found. An import would do this:") if dry else self.env._("Imported."),
            self.env._(
                "Tasks added: %(new)s, changed: %(changed)s, as they are already: %(same)s, left as they are: %(left)s.", **counts
            ),
        ])

    def _remarks(self, run):
        """Return what of the workbook was not read, so that nobody believes it was."""
        texts = []
        if run.ignored:
            texts.append(self.env._("Sheets that were not read: %(names)s.", names=", ".join(run.ignored)))
        if unknown := [f"{letter} {title}" for one in run.tables for letter, title in one.unknown]:
            texts.append(self.env._("Columns that were not read: %(names)s.", names=", ".join(unknown)))
        if captions := [str(row) for one in run.tables for row in one.captions]:
            texts.append(self.env._("Rows that are captions or totals: %(rows)s.", rows=", ".join(captions[:SHOWN])))
        if run.weight_scale != 1:
            texts.append(self.env._("The weights add up to 1 and were read as percent."))
        if len(run.items) > SHOWN and not run.findings:
            texts.append(self.env._("The first %(shown)s rows are listed.", shown=SHOWN))
        return "\n".join(texts)
