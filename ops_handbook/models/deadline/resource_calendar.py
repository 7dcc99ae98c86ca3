from odoo import models

# what working days are made of; everything else may change without us
PATTERN = {"tz", "two_weeks_calendar", "schedule_type", "flexible_hours", "hours_per_day"}


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        done = super().write(vals)
        if not PATTERN.isdisjoint(vals):
            self.env["res.company"]._ops_of_calendars(self)._ops_calendar_touch()
        if "tz" in vals:
            self.env["ops.obligation.stat"]._rebuild_soon()
        return done
