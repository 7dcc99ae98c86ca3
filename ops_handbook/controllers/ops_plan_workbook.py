from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, MissingError
from odoo.http import Controller, content_disposition, request, route

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ID = 2**31  # what the database can hold
TEMPLATES = ("kpis", "initiatives")


class OpsPlanWorkbook(Controller):
    """Workbooks to download; each reader gets what they may read."""

    @route("/ops_handbook/plan/<int:plan_id>/workbook", type="http", auth="user", methods=["GET"], readonly=True)
    def plan(self, plan_id, **_params):
        """Send the workbook of one plan."""
        plan = self._readable("ops.plan", plan_id)
        content = request.env["ops.plan.export"]._workbook(plan.cycle_id, plan)
        return self._file(content, f"{plan.display_name}.xlsx")

    @route("/ops_handbook/cycle/<int:cycle_id>/workbook", type="http", auth="user", methods=["GET"], readonly=True)
    def cycle(self, cycle_id, **_params):
        """Send the workbook of all plans of a cycle that one may read."""
        cycle = self._readable("ops.cycle", cycle_id)
        content = request.env["ops.plan.export"]._workbook(cycle, cycle._plans_to_export(), whole=True)
        return self._file(content, f"{cycle.display_name}.xlsx")

    @route("/ops_handbook/template/<string:sheet>.xlsx", type="http", auth="user", methods=["GET"], readonly=True)
    def template(self, sheet, **_params):
        """Send the template for Odoo's own import of initiatives or indicators."""
        if sheet not in TEMPLATES:
            raise NotFound
        return self._file(request.env["ops.plan.export"]._template(sheet), f"{sheet}.xlsx")

    def _readable(self, model, record_id):
        """Return the record; to whoever may not read it, it is not there."""
        record = request.env[model].browse(record_id)
        if not 0 < record_id < MAX_ID:
            raise NotFound
        try:
            record.check_access("read")
            if not record.exists():
                raise NotFound
        except (AccessError, MissingError) as error:
            raise NotFound from error
        return record

    def _file(self, content, name):
        return request.make_response(content, [
            ("Content-Type", XLSX), ("Content-Disposition", content_disposition(name)), ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ])
