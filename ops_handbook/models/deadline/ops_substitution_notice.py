from odoo import api, models
from odoo.tools.misc import format_date


class OpsSubstitution(models.Model):
    """Telling those who have become substitutes."""

    _inherit = "ops.substitution"

    @api.model
    def _announce(self):
        """Tell those who have become substitutes, one mail each, in their own language."""
        running = self._running()
        waiting_sudo = self.sudo().search([("announced", "=", False), ("user_id", "in", list(running))])  # sudo: a job
        begun_sudo = waiting_sudo.filtered(lambda s: s.phase == "running")
        self.env["ops.notice"]._queue(
            "ops_handbook.ops_substitution_mail_announcement",
            [substitution._announcement() for substitution in begun_sudo],
        )
        begun_sudo.announced = True

    def _announcement(self):
        """Return what the template may name; days as the substitute writes them."""
        lang = self.substitute_id.lang
        begin, end = (format_date(self.env, day, lang_code=lang) for day in (self.date_from, self.date_to))
        return {"object": self, "user": self.substitute_id, "begin": begin, "end": end}
