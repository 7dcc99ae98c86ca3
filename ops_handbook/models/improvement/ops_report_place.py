import re
import secrets

from odoo import SUPERUSER_ID, api, fields, models

from ...tools import qrcode

CODE_BYTES = 12
CODE = re.compile(r"[A-Za-z0-9_-]{16}")


class OpsReportPlace(models.AbstractModel):
    """A place at whose door a QR code hangs: the code leads to the problem report and tells where it was scanned."""

    _name = "ops.report.place"
    _description = "Place with a QR Code for Problem Reports"

    # unguessable, so that whoever has one code finds no other
    ops_report_code = fields.Char(
        string="Problem Report Code", copy=False, readonly=True, groups="ops_handbook.group_head,ops_handbook.group_administrator",
        help="Part of the address behind the QR code. A new one makes the printed posters invalid.",
    )
    ops_report_url = fields.Char(
        string="Problem Report Link", compute="_compute_ops_report_url", groups="ops_handbook.group_head,ops_handbook.group_administrator",
        help="Opens the problem report without a login.",
    )

    @api.depends("ops_report_code")
    def _compute_ops_report_url(self):
        for place in self:
            code = place.ops_report_code
            place.ops_report_url = f"{place.get_base_url()}/ops/report/{code}" if code else False

    def _ops_ensure_report_code(self):
        """Give a code to those of ``self`` that have none yet."""
        # nobody's name, not even with sudo: the first who reports anonymously would stand there as who wrote it
        for place_sudo in self.with_user(SUPERUSER_ID).filtered(lambda place: not place.ops_report_code):
            place_sudo.ops_report_code = secrets.token_urlsafe(CODE_BYTES)

    @api.model
    def _ops_by_report_code(self, code):
        """Return the place with this code, for the public page: superuser only; empty when there is none."""
        return self.search([("ops_report_code", "=", code)], limit=1) if CODE.fullmatch(code) else self.browse()

    def _ops_poster_qr(self):
        """Return the QR code of the link as the address of a picture, for the poster."""
        self.ensure_one()
        self._ops_check_poster()  # here as well: the address of a print is open to whoever may read the department
        # sudo: whoever may print the poster may show its code
        return qrcode.address(self.sudo().ops_report_url, scale=16)

    def action_ops_renew_report_code(self):
        """Make the posters that hang now invalid, e.g. after somebody misused one."""
        self._ops_check_poster()
        # sudo: operations and heads answer for the posters, but not for the departments' other data
        for place_sudo in self.sudo():
            place_sudo.ops_report_code = secrets.token_urlsafe(CODE_BYTES)

    def _ops_check_poster(self):
        """Hook: refuse users who may not print or renew the posters of these places."""
