from odoo import api, models


class OpsObligation(models.Model):
    """What was handed in before the calendar asked for it: the obligation is closed as soon as it is made."""

    _inherit = "ops.obligation"

    @api.model
    def _insert_page(self, work, page, last):
        new = super()._insert_page(work, page, last)
        new._close_early(work.standard.code)
        return new

    def _close_early(self, code):
        """Close those of these new obligations that a form has fulfilled already, at the moment at which it did."""
        if not self:
            return
        for model in self.env["ops.standard"]._models_fulfilling(code):
            by_moment = {}
            for item, (moment, record) in self.env[model]._clock_fulfilled(code, self).items():
                by_moment.setdefault(moment, {})[item.id] = record
            for moment, forms in by_moment.items():
                self.browse(forms)._close(moment, lambda item, forms=forms: forms[item.id])
