from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools import clock
from ...tools.moments import close_of_day

# what the machinery says of a log, never a client
MACHINERY = {"company_id", "department_id", "period", "written_on", "is_late", "content_version"}


class OpsWorkLog(models.Model):
    """Form 6: what somebody did on a day (M4); the owner's own, read by the heads of their departments.

    No form mixin: there are millions of them, and no counter for which all would wait.
    """

    _name = "ops.work.log"
    _description = "Work Log"
    _inherit = ["ops.link.mixin"]
    _order = "date desc, id desc"
    _rec_names_search = ["owner_id.name"]
    _shows_standards = {"M4": "ops_handbook.ops_work_log_quick_action"}  # no record fulfils it: it keeps no obligations

    number = fields.Char(compute="_compute_number", help="Day and person; no two logs have the same.")
    owner_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="restrict", default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_workplace", store=True, precompute=True, index=True, ondelete="restrict",
        help="For which the owner worked then.",
    )
    department_id = fields.Many2one(
        "hr.department", compute="_compute_workplace", store=True, precompute=True, index=True, ondelete="restrict",
        help="Where the owner worked then; its heads read the log.",
    )
    date = fields.Date(
        string="Day", required=True, index=True, default=lambda self: clock.today(self.env.company.sudo()._ops_tz() or "UTC"),
    )
    period = fields.Char(string="Month", compute="_compute_period", store=True, precompute=True, index=True, help="Like 2027-03.")
    note = fields.Text(string="Done Today", help="What was done beside the tasks.")
    problem = fields.Text(help="What stood in the way.")
    measure_taken = fields.Text(help="What was done about it.")
    line_ids = fields.One2many("ops.work.log.line", "log_id", string="Tasks")
    written_on = fields.Datetime(default=lambda self: clock.now(), readonly=True, required=True, help="When it was written first.")
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", store=True, precompute=True, help="Written after the close of the day.",
    )
    content_version = fields.Integer(
        default=1, readonly=True, copy=False, help="Grows with each change; a save of an older version is refused."
    )

    _once = models.UniqueIndex("(owner_id, date)", "Day: there is a log of it already. Open that one.")
    _department_idx = models.Index("(department_id, date desc, id desc)")

    @api.depends("owner_id", "date")
    def _compute_number(self):
        for log in self:
            log.number = log.date and log.owner_id and f"WL-{log.date:%Y%m%d}-{log.owner_id.id:04}"

    @api.depends("number", "owner_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for log in self:
            day = log.date and format_date(self.env, log.date)
            log.display_name = " · ".join(filter(None, (log.owner_id.name, day))) or self.env._("Work Log")

    @api.depends("owner_id")
    def _compute_workplace(self):
        """Company and department as they are now; they stay when the owner goes elsewhere."""
        found = self.env["hr.employee"]._ops_departments(self.owner_id)
        for log in self:
            owner_sudo = log.owner_id.sudo()  # sudo: for which companies somebody works is no secret
            places = {company: place for (user, company), place in found.items() if user == owner_sudo.id}
            companies = owner_sudo.company_ids
            chosen = next(
                (item for item in (self.env.company, owner_sudo.company_id, *companies) if item.id in places and item in companies),
                owner_sudo.company_id,
            )
            log.company_id, log.department_id = chosen, places.get(chosen.id)

    @api.depends("date")
    def _compute_period(self):
        for log in self:
            log.period = log.date and f"{log.date:%Y-%m}"

    @api.depends("date", "written_on", "company_id")
    def _compute_is_late(self):
        for log in self:
            company_sudo = log.company_id.sudo()  # sudo: when a day closes is no secret
            log.is_late = bool(
                log.date and log.written_on
                and log.written_on > close_of_day(log.date, company_sudo._ops_tz() or "UTC", company_sudo.ops_day_close_hour)
            )

    @api.model
    def _followed_fields(self):
        return super()._followed_fields() | MACHINERY

    def copy(self, default=None):
        raise UserError(self.env._("Work Log: a log is not copied; open that of the day you mean."))
