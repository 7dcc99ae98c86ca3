from odoo import api, fields, models

CONTENT = {"company_id", "date", "kind", "name"}  # who changes these by hand owns the day from then on


class OpsCalendarDay(models.Model):
    """A dated exception from a company's calendar: a make-up working day (调休), or a day off of its own.

    Odoo's own global leaves can only take days away; these days decide either way, and they win over the leaves.
    """

    _name = "ops.calendar.day"
    _description = "Calendar Exception"
    _order = "date desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade", index=True
    )
    date = fields.Date(required=True)
    kind = fields.Selection(
        [("off", "Day off"), ("work", "Working day")],
        required=True,
        default="work",
        help="A working day is one although the week or a holiday says otherwise; a day off likewise.",
    )
    name = fields.Char(string="Reason", translate=True)
    provisional = fields.Boolean(
        help="The authorities have not announced this year yet; load the year again when they have."
    )
    origin = fields.Selection(
        [("manual", "By hand"), ("import", "Loaded")],
        required=True,
        default="manual",
        readonly=True,
        help="Loading a year again replaces what was loaded before, never what was entered by hand.",
    )

    _company_date_uniq = models.UniqueIndex("(company_id, date)", "This company already has an exception on that day.")
    _date_id_idx = models.Index("(date DESC, id DESC)")

    @api.depends("date", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for day in self:
            day.display_name = " ".join(filter(None, (fields.Date.to_string(day.date) if day.date else "", day.name)))

    @api.model_create_multi
    def create(self, vals_list):
        days = super().create(vals_list)
        days.company_id._ops_calendar_touch()
        return days

    def write(self, vals):
        if not CONTENT.isdisjoint(vals) and "origin" not in vals:
            vals = dict(vals, origin="manual")
        companies = self.company_id
        done = super().write(vals)
        if not vals.keys().isdisjoint(("company_id", "date", "kind")):
            (companies | self.company_id)._ops_calendar_touch()
        return done

    def unlink(self):
        companies = self.company_id
        done = super().unlink()
        companies._ops_calendar_touch()
        return done
