from odoo import api, models

# what working days and hours are made of; everything else may change without us
HOURS = {"calendar_id", "dayofweek", "week_type", "hour_from", "hour_to", "day_period", "display_type"}


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env["res.company"]._ops_of_calendars(lines.calendar_id)._ops_calendar_touch()
        return lines

    def write(self, vals):
        if HOURS.isdisjoint(vals):
            return super().write(vals)
        calendars = self.calendar_id
        done = super().write(vals)
        self.env["res.company"]._ops_of_calendars(calendars | self.calendar_id)._ops_calendar_touch()
        return done

    def unlink(self):
        calendars = self.calendar_id
        done = super().unlink()
        self.env["res.company"]._ops_of_calendars(calendars)._ops_calendar_touch()
        return done
