from odoo import fields, models


class OpsWorkLogLine(models.Model):
    """What a log says of one task: how far it is by the evening, what stood in the way, what was done about it."""

    _name = "ops.work.log.line"
    _description = "Task in a Work Log"
    _inherit = ["ops.link.mixin"]
    _order = "log_id desc, id"

    log_id = fields.Many2one("ops.work.log", required=True, index=True, ondelete="cascade")
    owner_id = fields.Many2one(related="log_id.owner_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="log_id.company_id", store=True, precompute=True, index=True)
    department_id = fields.Many2one(related="log_id.department_id", store=True, precompute=True, index=True)
    date = fields.Date(related="log_id.date", store=True, precompute=True, index=True)
    task_id = fields.Many2one("ops.task", required=True, index=True, ondelete="restrict")
    progress_before = fields.Integer(string="Before (%)", readonly=True, aggregator=None)
    progress = fields.Integer(string="Progress (%)", aggregator=None)
    note = fields.Char(string="Done Today")
    problem = fields.Char(help="What stood in the way.")
    measure_taken = fields.Char(help="What was done about it.")

    _once = models.UniqueIndex("(log_id, task_id)", "Task: it stands in this log already.")
    _progress_sane = models.Constraint("CHECK(progress BETWEEN 0 AND 100)", "Progress: choose 0 to 100 percent.")
