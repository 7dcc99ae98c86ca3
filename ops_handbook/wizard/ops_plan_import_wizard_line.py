from odoo import fields, models


class OpsPlanImportWizardLine(models.TransientModel):
    """What is wrong in one cell of a workbook."""

    _name = "ops.plan.import.wizard.line"
    _description = "Error in a Workbook"
    _order = "sequence, id"

    wizard_id = fields.Many2one("ops.plan.import.wizard", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer()
    sheet = fields.Char(readonly=True)
    row = fields.Integer(readonly=True, aggregator=None)
    column_name = fields.Char(string="Column", readonly=True)
    value = fields.Char(string="What Stands There", readonly=True)
    message = fields.Char(string="What Is Wrong, and What Helps", readonly=True)
