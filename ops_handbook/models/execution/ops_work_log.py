from odoo import api, fields, models


class OpsWorkLog(models.Model):
    """Form 6: what somebody did on a day (M4); the owner's own, read by the heads of their departments."""

    _name = "ops.work.log"
    _description = "Work Log"
    _inherit = ["ops.link.mixin"]
    _order = "date desc, id desc"

    owner_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="restrict", default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="restrict", default=lambda self: self.env.company)
    department_id = fields.Many2one("hr.department", readonly=True, index=True, ondelete="restrict", help="Where the owner worked then.")
    date = fields.Date(required=True, index=True, default=fields.Date.context_today)
    period = fields.Char(string="Month", compute="_compute_period", store=True, precompute=True, index=True, help="Like 2027-03.")
    note = fields.Text(string="Done Today", help="What was done beside the tasks.")
    problem = fields.Text(help="What stood in the way.")
    measure_taken = fields.Text(help="What was done about it.")
    line_ids = fields.One2many("ops.work.log.line", "log_id", string="Tasks")

    _once = models.UniqueIndex("(owner_id, date)", "Day: there is a log of it already. Open that one.")
    _department_idx = models.Index("(department_id, date desc, id desc)")

    @api.depends("date")
    def _compute_period(self):
        for log in self:
            log.period = log.date and f"{log.date:%Y-%m}"
