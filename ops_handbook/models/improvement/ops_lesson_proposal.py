from odoo import models


class OpsLesson(models.Model):
    """Publishing the lessons (I5) proposes to the handbook what its cases are to change."""

    _inherit = "ops.lesson"

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        # sudo: whoever published the lessons decided it; their cases are locked by now
        published = self.sudo()._entered("published", previous)
        published.line_ids._open_proposals()
