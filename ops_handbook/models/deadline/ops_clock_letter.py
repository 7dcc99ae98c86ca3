from odoo import models


class OpsClockMixin(models.AbstractModel):
    """How what started a clock is cited: in a reminder letter, and in the ledger."""

    _inherit = "ops.clock.mixin"

    def _letter_source(self):
        """Return how each of these records is cited, in the language of the context: dict id → text.

        Hook: a process says it better, e.g. which resolution of which meeting. Called as superuser with all the records
        of a page, so it reads them together.
        """
        kind = self.env["ir.model"]._get(self._name).name
        return {
            record.id: self.env._("%(kind)s %(name)s", kind=kind, name=record.display_name) for record in self
        }
