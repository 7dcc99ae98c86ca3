from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, MissingError
from odoo.http import Controller, content_disposition, request, route

from ..tools.ids import one_id

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATES = ("kpis", "initiatives")


def readable(model, record_id):
    """Return the record; to whoever may not read it, it is not there.

    :param str model: name of the model
    :param int record_id: as it stands in the address
    """
    record = request.env[model].browse(record_id)
    if not one_id(record_id):
        raise NotFound
    try:
        record.check_access("read")
        if not record.exists():
            raise NotFound
    except (AccessError, MissingError) as error:
        raise NotFound from error
    return record


def send_workbook(content, name):
    """Return the response that downloads a workbook.

    :param bytes content: the workbook
    :param str name: of the file
    """
    return request.make_response(content, [
        ("Content-Type", XLSX), ("Content-Disposition", content_disposition(name)), ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ])


class OpsPlanWorkbook(Controller):
    """Workbooks to download; each reader gets what they may read."""

    @route("/ops_handbook/plan/<int:plan_id>/workbook", type="http", auth="user", methods=["GET"], readonly=True)
    def plan(self, plan_id, **_params):
        """Send the workbook of one plan."""
        plan = readable("ops.plan", plan_id)
        content = request.env["ops.plan.export"]._workbook(plan.cycle_id, plan)
        return send_workbook(content, f"{plan.display_name}.xlsx")

    @route("/ops_handbook/cycle/<int:cycle_id>/workbook", type="http", auth="user", methods=["GET"], readonly=True)
    def cycle(self, cycle_id, **_params):
        """Send the workbook of all plans of a cycle that one may read."""
        cycle = readable("ops.cycle", cycle_id)
        content = request.env["ops.plan.export"]._workbook(cycle, cycle._plans_to_export(), whole=True)
        return send_workbook(content, f"{cycle.display_name}.xlsx")

    @route("/ops_handbook/template/<string:sheet>.xlsx", type="http", auth="user", methods=["GET"], readonly=True)
    def template(self, sheet, **_params):
        """Send the template for Odoo's own import of initiatives or indicators."""
        if sheet not in TEMPLATES:
            raise NotFound
        return send_workbook(request.env["ops.plan.export"]._template(sheet), f"{sheet}.xlsx")
