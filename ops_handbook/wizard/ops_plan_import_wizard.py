from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.roles import ROLE_GROUPS
from ..tools.words import typed
from .ops_import_wizard_mixin import SHOWN


class OpsPlanImportWizard(models.TransientModel):
    """Imports the workbook of one plan, or of all plans of a cycle; it shows every error and writes nothing when there is one."""

    _name = "ops.plan.import.wizard"
    _description = "Import Annual Plans"
    _inherit = ["ops.import.wizard.mixin"]

    cycle_id = fields.Many2one(
        "ops.cycle", string="Annual Cycle", required=True, ondelete="cascade",
        compute="_compute_cycle_id", store=True, readonly=False, precompute=True, compute_sudo=False,
    )
    plan_id = fields.Many2one("ops.plan", ondelete="cascade", help="Empty: all departments of the cycle.")
    replace = fields.Boolean(
        string="Delete What the Workbook Lacks",
        help="Lines that are not in the workbook are deleted, of the sheets and departments that it has. Otherwise they stay.",
    )
    running = fields.Boolean(
        string="These Plans Are Running Already",
        help="For a company that starts in the middle of a year: the drafts are entered as released.",
    )
    reason = fields.Char(string="Where They Come From", help="Who had approved them, and when.")
    is_gm_office = fields.Boolean(compute="_compute_is_gm_office")

    line_ids = fields.One2many("ops.plan.import.wizard.line", "wizard_id", string="Errors", readonly=True)

    @api.depends("plan_id")
    def _compute_cycle_id(self):
        for wizard in self:
            wizard.cycle_id = wizard.plan_id.cycle_id or wizard.cycle_id

    @api.depends_context("uid")
    def _compute_is_gm_office(self):
        self.is_gm_office = self.env.user.has_group(ROLE_GROUPS["gm_office"])

    # -- steps ------------------------------------------------------------------------------------------------------------

    def action_download(self):
        """Download the workbook: filled with what is there now, empty where nothing is."""
        self.ensure_one()
        return (self.plan_id or self.cycle_id).action_export_workbook()

    def action_open(self):
        """Open what was imported into."""
        self.ensure_one()
        record = self.plan_id or self.cycle_id
        return {"type": "ir.actions.act_window", "res_model": record._name, "res_id": record.id, "views": [(False, "form")]}

    def _go(self, dry=False):
        self.ensure_one()
        self._check_allowed()
        run = self.env["ops.plan.import"]._run(
            self._content(), self.cycle_id, self.plan_id, replace=self.replace, dry=dry, running=self._running_reason()
        )
        self.line_ids.unlink()
        self.write({
            "state": "errors" if run.findings else "checked" if dry else "done",
            "summary": self._errors_in_words(run) if run.findings else self._counts_in_words(run, dry),
            "line_ids": [fields.Command.create({
                "sequence": number, "sheet": finding.sheet, "row": finding.row or 0, "column_name": finding.column,
                "value": finding.value, "message": finding.message,
            }) for number, finding in enumerate(run.findings[:SHOWN], 1)],
        })
        return self._reopened(self.env._("Import Annual Plans"))

    def _check_allowed(self):
        """All departments at once are the GM office's; a single plan is for whoever may read it, and its own rules decide."""
        record = self.plan_id or self.cycle_id
        if not record:
            raise UserError(self.env._("Annual cycle: choose the one that the workbook is for."))
        record.check_access("read")
        if self.plan_id and self.plan_id.cycle_id != self.cycle_id:
            raise UserError(self.env._("Annual cycle: the plan belongs to another one. Choose that one."))
        if not self.is_gm_office and (not self.plan_id or self.running):
            raise AccessError(self.env._(
                "Only the GM office imports the plans of all departments, or plans that are running already. Open your own plan "
                "and import there."
            ))

    def _running_reason(self):
        if not self.running:
            return None
        reason = typed(self.reason)
        if not reason:
            raise UserError(self.env._("Where they come from: say who had approved the running plans, and when."))
        return reason

    def _counts_in_words(self, run, dry):
        values = {"created": run.created, "updated": run.updated, "removed": run.removed, "plans": run.plans_created}
        texts = [
            self.env._("Nothing wrong was found. An import would change this:") if dry else self.env._("Imported."),
            self.env._("Lines added: %(created)s, changed: %(updated)s, deleted: %(removed)s; plans begun: %(plans)s.", **values),
        ]
        notes = {self.env["ops.plan.export"]._titles()["notes"], "Notes"}
        if ignored := [title for title in run.book.ignored if title not in notes]:
            texts.append(self.env._("Not read: %(sheets)s.", sheets=", ".join(ignored)))
        return " ".join(texts)
