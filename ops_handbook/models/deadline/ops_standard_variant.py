from odoo import api, fields, models

from .ops_standard import EVENTS, ROLES, UNITS


class OpsStandardVariant(models.Model):
    """Where one standard counts differently by the record: the level of a problem changes its clock."""

    _name = "ops.standard.variant"
    _description = "Variant of a Standard"
    _order = "standard_id, key, id"

    standard_id = fields.Many2one("ops.standard", required=True, index=True, ondelete="cascade")
    key = fields.Char(required=True, help="Name that the form gives, e.g. level1.")
    name = fields.Char(required=True, translate=True)
    event = fields.Selection(EVENTS)
    offset_value = fields.Float(string="Within", help="How long after the event; negative: before it.")
    offset_unit = fields.Selection(UNITS, required=True, default="workdays")
    exact = fields.Boolean(string="Same Hour")
    urgent = fields.Boolean(help="Reminders at any hour, with the duty officer.")
    role = fields.Selection(ROLES, help="Empty: as the standard says.")

    _key_uniq = models.UniqueIndex("(standard_id, key)", "A standard has each variant only once.")

    @api.model_create_multi
    def create(self, vals_list):
        variants = super().create(vals_list)
        variants.standard_id._revise()
        return variants

    def write(self, vals):
        result = super().write(vals)
        self.standard_id._revise()
        return result

    def unlink(self):
        standards = self.standard_id
        result = super().unlink()
        standards.exists()._revise()
        return result
