import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError

SHOWN = 500  # rows or errors that are listed; whoever has more errors corrects these first


class OpsImportWizardMixin(models.AbstractModel):
    """A dialog that takes a workbook: it tries all of it, says every error at once, and imports nothing when there is one."""

    _name = "ops.import.wizard.mixin"
    _description = "Import of a Workbook"
    _inherit = ["ops.link.mixin"]

    file = fields.Binary(string="Workbook (.xlsx)", attachment=False)
    filename = fields.Char()
    state = fields.Selection(
        [("choose", "Choose"), ("errors", "Errors"), ("checked", "Checked"), ("done", "Done")], default="choose", readonly=True,
    )
    summary = fields.Char(readonly=True)

    def action_check(self):
        """Show what an import would do: everything is tried and taken back."""
        return self._go(dry=True)

    def action_import(self):
        """Import the workbook; nothing is written when a row is bad."""
        return self._go()

    def _go(self, dry=False):
        """Import the file, or only try to; show what came of it."""
        raise NotImplementedError

    def _content(self):
        """Return the file as bytes."""
        data = self.with_context(bin_size=False).file
        if not data:
            raise UserError(self.env._("Workbook: choose the file first."))
        try:
            return base64.b64decode(data)
        except (binascii.Error, ValueError, TypeError) as error:
            raise UserError(self.env._("Workbook: the file did not arrive whole. Choose it again.")) from error

    def _errors_in_words(self, run):
        """Return how many errors a run found, in a sentence."""
        count = len(run.findings)
        if count > SHOWN:
            return self.env._(
                "%(count)s errors, of which the first %(shown)s are listed. Nothing was imported.", count=count, shown=SHOWN
            )
        return self.env._("Errors: %(count)s. Nothing was imported: correct the file and import it again.", count=count)

    def _reopened(self, name):
        """Return the action that shows this dialog again, under the name given."""
        return {
            "type": "ir.actions.act_window", "name": name, "res_model": self._name, "res_id": self.id,
            "views": [(False, "form")], "target": "new", "context": {"dialog_size": "extra-large"},
        }
