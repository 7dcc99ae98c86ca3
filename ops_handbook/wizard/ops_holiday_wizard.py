from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ..tools.clock import today
from ..tools.moments import at_hour, close_of_day, local_date
from ..tools.statutory import is_announced, is_supported, statutory_days

YEARS = range(1990, 2101)
ANNOUNCED_IN = 11  # from November on people load the coming year: that is when China announces it


class OpsHolidayWizard(models.TransientModel):
    """Loads a year's statutory days off and make-up working days of a country, after a look at them.

    Days off become global leaves of the companies, so that all of Odoo knows them; make-up days become exceptions of ours.
    Loading again replaces what was loaded before and leaves alone what somebody entered or edited.
    """

    _name = "ops.holiday.wizard"
    _description = "Load Statutory Holidays"

    # what is loaded
    year = fields.Integer(required=True, default=lambda self: self._default_year())
    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        required=True,
        default=lambda self: self._default_company_ids(),
        domain=lambda self: [("id", "in", self.env.companies.ids)],
    )
    country_id = fields.Many2one("res.country", compute="_compute_country_id", store=True, readonly=False)
    state_id = fields.Many2one(
        "res.country.state",
        string="Region",
        compute="_compute_state_id",
        store=True,
        readonly=False,
        domain="[('country_id', '=', country_id)]",
        help="Some regions have holidays of their own; the others get the country's.",
    )

    # what will be written
    line_ids = fields.One2many(
        "ops.holiday.wizard.line", "wizard_id", string="Days", compute="_compute_line_ids", store=True, readonly=False
    )
    is_supported = fields.Boolean(compute="_compute_is_supported")
    provisional = fields.Boolean(compute="_compute_is_supported")

    @api.model
    def _default_year(self):
        day = today(self.env.company._ops_tz())
        return day.year + (day.month >= ANNOUNCED_IN)

    @api.model
    def _default_company_ids(self):
        """The company and, of those that the user has chosen to see, its branches in the same country."""
        company = self.env.company
        branches = self.env.companies.filtered(lambda other: company in other.parent_ids)
        return company | branches.filtered(lambda other: not other.country_id or other.country_id == company.country_id)

    @api.depends("company_ids")
    def _compute_country_id(self):
        for wizard in self:
            wizard.country_id = wizard.country_id or wizard.company_ids[:1].country_id

    @api.depends("country_id", "company_ids")
    def _compute_state_id(self):
        for wizard in self:
            states = wizard.company_ids.mapped("state_id") & wizard.country_id.state_ids
            if wizard.state_id not in wizard.country_id.state_ids:
                wizard.state_id = states[:1]

    @api.depends("country_id", "year")
    def _compute_is_supported(self):
        for wizard in self:
            code = wizard.country_id.code
            wizard.is_supported = bool(code) and is_supported(code)
            wizard.provisional = wizard.is_supported and not is_announced(code, wizard.year)

    @api.depends("country_id", "state_id", "year")
    def _compute_line_ids(self):
        make_up = self.env._("Make-up working day")
        for wizard in self:
            days = wizard._statutory_days()
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create({"date": day.date, "kind": day.kind, "name": day.name or make_up}) for day in days
            ]

    def _statutory_days(self):
        """What the law says for the chosen year, country and region; [] when that is not known."""
        if not self.is_supported or self.year not in YEARS:
            return []
        return statutory_days(self.country_id.code, self.year, self.state_id.code, self.env.lang or "en_US")

    # ------------------------------------------------------------------
    # Loading
    # ------------------------------------------------------------------

    def action_load(self):
        """Write the ticked days into the calendars of the companies."""
        self.ensure_one()
        self._check_loadable()
        for company in self.company_ids:
            self._load_days_off(company)
            self._load_make_up_days(company)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self._loaded_message(),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _load(self, company, year):
        """Load a year's statutory days into one company without a look at them; nothing where none are known.

        :param company: ``res.company``
        :param int year: calendar year
        """
        wizard = self.with_context(allowed_company_ids=company.ids).create({
            "year": year, "company_ids": [fields.Command.set(company.ids)],
        })
        if wizard.is_supported:
            wizard.action_load()

    def _loaded_message(self):
        chosen = self.line_ids.filtered("selected")
        return self.env._(
            "%(year)s: %(off)s days off and %(work)s make-up working days loaded.",
            year=self.year,
            off=len(chosen.filtered(lambda line: line.kind == "off")),
            work=len(chosen.filtered(lambda line: line.kind == "work")),
        )

    def _check_loadable(self):
        if self.year not in YEARS:
            raise ValidationError(
                self.env._("Year: choose one from %(first)s to %(last)s.", first=YEARS[0], last=YEARS[-1])
            )
        if self.company_ids - self.env.companies:
            raise AccessError(self.env._("Companies: choose only companies that you are working in."))
        if outside := self.line_ids.filtered(lambda line: line.selected and line.date.year != self.year):
            raise ValidationError(
                self.env._("Days: %(day)s is not in %(year)s.", day=format_date(self.env, outside[0].date), year=self.year)
            )
        chosen = self.line_ids.filtered("selected").mapped("date")
        if len(chosen) != len(set(chosen)):
            raise ValidationError(self.env._("Days: a day is listed twice. Remove one of the lines."))
        if not self.is_supported and not chosen:
            raise UserError(
                self.env._("No statutory days are known for this country. Add the days by hand, or choose another country.")
            )

    def _wanted(self, kind):
        """The ticked days of a kind: dict date → name."""
        return {line.date: line.name for line in self.line_ids if line.selected and line.kind == kind}

    # -- days off: global leaves ---------------------------------------

    def _load_days_off(self, company):
        """Make the loaded leaves of the year those that are wanted, touching only what differs."""
        wanted, tz = self._wanted("off"), company._ops_tz()
        leaves = self._leaves_of_year(company, tz)
        loaded, obsolete = {}, leaves.browse()
        for leave in leaves.filtered("ops_loaded"):
            day = local_date(leave.date_from, tz)
            if day in wanted and day not in loaded:
                loaded[day] = leave
            else:
                obsolete |= leave
        obsolete.unlink()
        for day, leave in loaded.items():
            self._update(leave, {"name": wanted[day], "ops_provisional": self.provisional, "ops_loaded": True})
        others = leaves - obsolete - leaves.browse([leave.id for leave in loaded.values()])
        missing = [
            values
            for day, name in wanted.items()
            if day not in loaded and (values := self._leave_values(company, tz, day, name, others))
        ]
        # Time Off moves what a user in another time zone enters for a calendar; ours are right already
        for leave, values in zip(leaves.create([dict(values) for values in missing]), missing, strict=True):
            self._update(leave, {name: values[name] for name in ("date_from", "date_to", "ops_loaded")})

    def _leaves_of_year(self, company, tz):
        """The global leaves that the company has in the year."""
        leaves_sudo = self.env["resource.calendar.leaves"].sudo()  # global leaves belong to HR; loading them is our duty
        return leaves_sudo.with_company(company).search([
            ("resource_id", "=", False),
            ("company_id", "=", company.id),
            ("date_from", "<=", close_of_day(date(self.year, 12, 31), tz)),
            ("date_to", ">=", at_hour(date(self.year, 1, 1), 0.0, tz)),
        ])

    def _leave_values(self, company, tz, day, name, others):
        """Values of a leave for one day, or None where somebody entered one that counts for the company already.

        A leave for all calendars of the company; beside one that was entered for some other calendar, for its main
        calendar only: two public holidays may not overlap.
        """
        begin, end = at_hour(day, 0.0, tz), close_of_day(day, tz)
        beside = others.filtered(lambda leave: leave.date_from <= end and leave.date_to >= begin)
        if beside.filtered(lambda leave: not leave.calendar_id or leave.calendar_id == company.resource_calendar_id):
            return None
        return {
            "name": name,
            "date_from": begin,
            "date_to": end,
            "calendar_id": company.resource_calendar_id.id if beside else False,
            "ops_loaded": True,
            "ops_provisional": self.provisional,
        }

    # -- make-up days: exceptions --------------------------------------

    def _load_make_up_days(self, company):
        """Make the loaded exceptions of the year those that are wanted; what was entered by hand stays."""
        wanted = self._wanted("work")
        days = self.env["ops.calendar.day"].search([
            ("company_id", "=", company.id),
            ("date", ">=", date(self.year, 1, 1)),
            ("date", "<=", date(self.year, 12, 31)),
        ])
        loaded = days.filtered(lambda day: day.origin == "import")
        kept = loaded.filtered(lambda day: day.date in wanted and day.kind == "work")
        (loaded - kept).unlink()
        for day in kept:
            self._update(day, {"name": wanted[day.date], "provisional": self.provisional, "origin": "import"})
        taken = set((days - loaded + kept).mapped("date"))
        new = days.create([
            {
                "company_id": company.id,
                "date": day,
                "kind": "work",
                "name": name,
                "provisional": self.provisional,
                "origin": "import",
            }
            for day, name in wanted.items() if day not in taken
        ])
        self._translate(new)

    def _update(self, record, values):
        """Write ``values`` if any of them differs."""
        if any(record[name] != value for name, value in values.items()):
            record.write(values)

    def _translate(self, days):
        """Give new make-up days their name in the other languages too, unless the user named them otherwise."""
        unnamed = days.filtered(lambda day: day.name == self.env._("Make-up working day"))
        for code, _name in self.env["res.lang"].get_installed():
            if unnamed and code != self.env.lang:
                translated = self.with_context(lang=code).env._("Make-up working day")
                unnamed.with_context(lang=code).write({"name": translated, "origin": "import"})


class OpsHolidayWizardLine(models.TransientModel):
    _name = "ops.holiday.wizard.line"
    _description = "Statutory Day to Load"
    _order = "date, id"

    wizard_id = fields.Many2one("ops.holiday.wizard", required=True, ondelete="cascade", index=True)
    selected = fields.Boolean(string="Load", default=True)
    date = fields.Date(required=True)
    weekday = fields.Char(compute="_compute_weekday")
    kind = fields.Selection([("off", "Day off"), ("work", "Make-up working day")], required=True, default="off")
    name = fields.Char(required=True)

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_weekday(self):
        for line in self:
            line.weekday = format_date(self.env, line.date, date_format="EEEE")
