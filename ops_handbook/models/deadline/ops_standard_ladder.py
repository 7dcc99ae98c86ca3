from odoo import api, models

WHEN = {"standard_id", "variant", "anchor", "value", "unit", "any_hour"}


class OpsStandardStep(models.Model):
    """A ladder that is changed applies at once to what is open; what has been sent is not sent again."""

    _inherit = "ops.standard.step"

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps.standard_id._replan_reminders()
        return steps

    def write(self, vals):
        before = self.standard_id
        result = super().write(vals)
        if WHEN & vals.keys():
            (before | self.standard_id)._replan_reminders()
        return result

    def unlink(self):
        standards = self.standard_id
        result = super().unlink()
        standards._replan_reminders()
        return result


class OpsStandard(models.Model):
    _inherit = "ops.standard"

    def _replan_reminders(self):
        """Find the next reminders of what is open anew before the commit: once, however many lines of a ladder have changed."""
        if not self:
            return
        precommit = self.env.cr.precommit
        if "ops_ladders" not in precommit.data:
            precommit.data["ops_ladders"] = set()
            precommit.add(self.env["ops.standard"]._replan_changed)
        precommit.data["ops_ladders"].update(self.ids)

    @api.model
    def _replan_changed(self):
        """Let what is open follow the ladders that were changed in this transaction."""
        changed = self.env.cr.precommit.data.pop("ops_ladders", set())
        self.env["ops.obligation"]._follow("standard_id", self.browse(changed).exists())
