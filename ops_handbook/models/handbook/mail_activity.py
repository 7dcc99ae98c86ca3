from odoo import api, models

from .hr_employee import TYPE


class MailActivity(models.Model):
    """*Read the Handbook* on an employee, by the onboarding plan or by hand, asks that person to read."""

    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        kind = self.env["ir.model.data"]._xmlid_to_res_id(TYPE, raise_if_not_found=False)
        asking = activities.filtered(lambda item: item.activity_type_id.id == kind and item.res_model == "hr.employee")
        if kind and asking:
            self.env["hr.employee"].browse(asking.mapped("res_id"))._ops_ask_readings()
        return activities
