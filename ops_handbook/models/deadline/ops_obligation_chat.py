from odoo import api, models


class OpsObligation(models.Model):
    """The channel of the chat bots."""

    _inherit = "ops.obligation"

    @api.model
    def _deliver_bot(self, notices):
        """Queue what bots are to say, in the transaction that marks the lines as sent; return those that no bot covers."""
        items = self.browse({notice.obligation_id for notice in notices})
        # sudo: the job speaks for everybody
        bots = self.env["ops.chat.bot"].sudo()._serving(items.sudo())
        covered = [notice for notice in notices if bots[notice.obligation_id]]
        if covered:
            self.env["ops.chat.message"].sudo()._queue(covered, bots)  # sudo: see above
        return [notice for notice in notices if not bots[notice.obligation_id]]
