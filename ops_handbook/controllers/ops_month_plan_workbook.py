from odoo.http import Controller, request, route

from .ops_plan_workbook import readable, send_workbook


class OpsMonthPlanWorkbook(Controller):
    """The breakdown of a month to download; each reader gets what they may read."""

    @route("/ops_handbook/month_plan/<int:plan_id>/workbook", type="http", auth="user", methods=["GET"], readonly=True)
    def month_plan(self, plan_id, **_params):
        """Send the tasks of one month plan."""
        plan = readable("ops.month.plan", plan_id)
        return send_workbook(request.env["ops.month.plan.export"]._workbook(plan), f"{plan.display_name}.xlsx")

    @route("/ops_handbook/month_plan/template.xlsx", type="http", auth="user", methods=["GET"], readonly=True)
    def template(self, **_params):
        """Send an empty workbook with examples."""
        return send_workbook(request.env["ops.month.plan.export"]._template(), f"{request.env._('Month Plan')}.xlsx")
