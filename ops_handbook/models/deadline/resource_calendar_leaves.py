from odoo import api, fields, models

WHEN = {"date_from", "date_to", "calendar_id", "company_id", "resource_id", "time_type"}


class ResourceCalendarLeaves(models.Model):
    """Public holidays are global leaves, so that all of Odoo knows them; we notice when they change.

    Everybody's time off passes here too, so nothing is asked of the database before a leave is known to be global.
    """

    _inherit = "resource.calendar.leaves"

    ops_loaded = fields.Boolean(
        string="Loaded Holiday",
        readonly=True,
        copy=False,
        help="Loaded as a statutory day off: loading the year again replaces it, uninstalling removes it.",
    )
    ops_provisional = fields.Boolean(
        string="Provisional Holiday",
        readonly=True,
        copy=False,
        help="The authorities have not announced this year yet; load the year again when they have.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._ops_companies()._ops_calendar_touch()
        return leaves

    def write(self, vals):
        if WHEN.isdisjoint(vals) and "name" not in vals:
            return super().write(vals)
        companies = self._ops_companies()
        done = super().write(vals)
        if "ops_loaded" not in vals:
            self._ops_by_hand()
        if not WHEN.isdisjoint(vals):
            (companies | self._ops_companies())._ops_calendar_touch()
        return done

    def unlink(self):
        companies = self._ops_companies()
        done = super().unlink()
        companies._ops_calendar_touch()
        return done

    def _ops_companies(self):
        """The companies whose days off these leaves are; none for somebody's own time off."""
        leaves = self.filtered(lambda leave: not leave.resource_id)
        everywhere = leaves.filtered(lambda leave: not leave.calendar_id)
        companies = everywhere.company_id | self.env["res.company"]._ops_of_calendars(leaves.calendar_id)
        return companies if all(leave.company_id for leave in everywhere) else companies.sudo().search([])

    def _ops_by_hand(self):
        """What somebody edits is theirs: loading the year again leaves it alone."""
        edited = self.filtered(lambda leave: not leave.resource_id and leave.ops_loaded)
        if edited:
            edited.write({"ops_loaded": False, "ops_provisional": False})

    @api.model
    def _ops_unlink_loaded(self):
        """Remove every day off that was loaded; for the uninstallation."""
        self.sudo().search([("ops_loaded", "=", True), ("resource_id", "=", False)]).unlink()  # sudo: the administrator may lack rights on leaves
