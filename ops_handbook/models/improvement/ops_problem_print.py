from odoo import models


class OpsProblem(models.Model):
    """What the print of form 14 shows beside the fields. Nothing stands in it that its reader may not read."""

    _inherit = "ops.problem"

    def _print_contact(self):
        """Return what a reporter without an account left to be reached by, where the reader may know it; else an empty text.

        Of an anonymous report there is nothing, and nothing is looked for.
        """
        self.ensure_one()
        if self.is_anonymous or not self._has_field_access(self._fields["contact"], "read"):
            return ""
        return self.contact or ""
