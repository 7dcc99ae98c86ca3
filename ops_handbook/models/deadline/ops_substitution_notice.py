from odoo import api, models


class OpsSubstitution(models.Model):
    """Telling those who have become substitutes."""

    _inherit = "ops.substitution"

    @api.model
    def _announce(self):
        """Tell those who have become substitutes, one mail each, in their own language."""
        running = self._running()
        waiting_sudo = self.sudo().search([("announced", "=", False), ("user_id", "in", list(running))])  # sudo: a job
        begun_sudo = waiting_sudo.filtered(lambda s: s.phase == "running")
        self.env["mail.mail"].sudo().create([substitution._announcement() for substitution in begun_sudo])
        begun_sudo.announced = True

    def _announcement(self):
        """Return the values of the mail to the substitute."""
        texts = self.with_context(lang=self.substitute_id.lang).env
        return {
            "subject": texts._("You act for %(name)s until %(date)s", name=self.user_id.name, date=self.date_to),
            "body_html": self._announcement_body(texts),
            "recipient_ids": [(4, self.substitute_id.partner_id.id)],
            "email_from": self.company_id.email_formatted or self.env.user.email_formatted,
            "auto_delete": False,
        }

    def _announcement_body(self, texts):
        return self.env["ir.qweb"].with_env(texts)._render(
            "ops_handbook.ops_substitution_announcement", {"substitution": self.with_env(texts)}
        )
