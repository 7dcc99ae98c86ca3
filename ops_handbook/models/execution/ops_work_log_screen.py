from odoo import api, fields, models
from odoo.fields import Domain

from ..mixins.domains import flag_search


class OpsWorkLog(models.Model):
    """What one sees of a log beside its fields: whose it is, how much it says, who wrote it."""

    _inherit = "ops.work.log"

    task_count = fields.Integer(string="Number of Tasks", compute="_compute_task_count")
    is_mine = fields.Boolean(string="Mine", compute="_compute_is_mine", search="_search_is_mine")
    in_my_departments = fields.Boolean(compute="_compute_is_mine", search="_search_in_my_departments")
    can_write = fields.Boolean(compute="_compute_can_write", help="The current user may write it now.")
    writer_id = fields.Many2one("res.users", string="Written by", compute="_compute_writer_id", help="A substitute, in the owner's name.")

    @api.depends("line_ids")
    def _compute_task_count(self):
        groups = self.env["ops.work.log.line"]._read_group([("log_id", "in", self.ids)], ["log_id"], ["__count"])
        counts = {log.id: count for log, count in groups}
        for log in self:
            log.task_count = counts.get(log.id, 0)

    @api.depends("owner_id", "department_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        principals = self.env.user._ops_principals()
        led = self.env.user.sudo().ops_department_ids  # sudo: one's own departments
        for log in self:
            log.is_mine = log.owner_id in principals
            log.in_my_departments = log.department_id in led

    @flag_search
    def _search_is_mine(self):
        return Domain("owner_id", "in", self.env.user._ops_principals().ids)

    @flag_search
    def _search_in_my_departments(self):
        return Domain("department_id", "in", self.env.user.sudo().ops_department_ids.ids)  # sudo: one's own departments

    @api.depends("owner_id", "date")
    @api.depends_context("uid")
    def _compute_can_write(self):
        writable, principals = set(self._filtered_access("write").ids), self.env.user._ops_principals()
        for log in self:
            log.can_write = log.id in writable if log.id else log.owner_id._origin in principals

    @api.depends("owner_id")
    def _compute_writer_id(self):
        for log in self:
            writer = log.sudo().write_uid  # sudo: the name of who wrote it
            log.writer_id = writer if writer != log.owner_id else False

    def action_open_quick(self):
        """Open the quick entry at the day of this log."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("ops_handbook.ops_work_log_quick_action")
        return {**action, "params": {"day": fields.Date.to_string(self.date), "owner_id": self.owner_id.id}}
