from odoo import fields, models


class OpsMonthPlanImportWizardLine(models.TransientModel):
    """What becomes of one row of a workbook, or what is wrong in one of its cells."""

    _name = "ops.month.plan.import.wizard.line"
    _description = "Row of a Workbook"
    _order = "sequence, id"

    wizard_id = fields.Many2one("ops.month.plan.import.wizard", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer()
    what = fields.Selection(
        [("error", "Error"), ("new", "Added"), ("changed", "Changed"), ("same", "Is There"), ("left", "Left")],
        string="What Happens", readonly=True,
    )
    sheet = fields.Char(readonly=True)
    row = fields.Integer(readonly=True, aggregator=None)
    column_name = fields.Char(string="Column", readonly=True)
    value = fields.Char(string="What Stands There", readonly=True)
    owner_name = fields.Char(string="Owner", readonly=True)
    date_end = fields.Date(string="End", readonly=True)
    message = fields.Text(string="What It Means", readonly=True)
