from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ...tools import clock
from ...tools.moments import at_hour, local_date

ADMINISTRATOR = "ops_handbook.group_administrator"
WHO_AND_WHEN = {"user_id", "substitute_id", "company_id", "date_from", "date_to"}


class OpsSubstitution(models.Model):
    """Somebody is away from one day to another, and somebody else acts in their name meanwhile."""

    _name = "ops.substitution"
    _description = "Substitution"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    user_id = fields.Many2one(
        "res.users",
        string="Person",
        required=True,
        index=True,
        default=lambda self: self.env.uid,
        domain="[('share', '=', False)]",
        ondelete="cascade",
        check_company=True,
    )
    substitute_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        ondelete="cascade",
        check_company=True,
        help="Receives the obligations, reminders and approvals of the person, and acts in their name.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, compute="_compute_company_id", store=True, precompute=True
    )

    # the days on which the person is away, as their own clock counts them
    date_from = fields.Date(string="From", required=True, default=lambda self: self._today())
    date_to = fields.Date(string="Until", required=True, help="The last day of the absence.")
    phase = fields.Selection(
        [("planned", "Planned"), ("running", "Running"), ("ended", "Ended")], compute="_compute_phase"
    )
    reason = fields.Char()
    announced = fields.Boolean(readonly=True, copy=False, help="The substitute has been told.")

    _not_oneself = models.Constraint(
        "CHECK (user_id != substitute_id)", "Substitute: nobody can substitute themself. Choose a colleague."
    )
    _period_order = models.Constraint(
        "CHECK (date_from <= date_to)", "Until: a substitution cannot end before it begins. Choose a later day."
    )
    # ranges of one number stand in for the equality that only an extension of PostgreSQL could index here
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(user_id, user_id, '[]'::text) WITH &&,"
        " daterange(date_from, date_to, '[]'::text) WITH &&)",
        "From, Until: this person already has a substitute on some of these days, and can have one at a time. Change that "
        "period or choose other days.",
    )

    # -- computes ---------------------------------------------------------------------------------------------------

    @api.depends("user_id")
    def _compute_company_id(self):
        for substitution in self:
            substitution.company_id = substitution.user_id.sudo().company_id or self.env.company

    @api.depends("date_from", "date_to", "user_id.tz")
    def _compute_phase(self):
        for substitution in self:
            today = substitution._local_today()
            if not substitution.date_from or not substitution.date_to or today < substitution.date_from:
                substitution.phase = "planned"
            else:
                substitution.phase = "running" if today <= substitution.date_to else "ended"

    @api.depends("user_id", "substitute_id")
    def _compute_display_name(self):
        for substitution in self:
            substitution.display_name = self.env._(
                "%(substitute)s for %(person)s",
                substitute=substitution.substitute_id.name,
                person=substitution.user_id.name,
            )

    # -- constraints ------------------------------------------------------------------------------------------------

    @api.constrains("substitute_id", "user_id")
    def _check_people(self):
        for substitution in self.sudo():  # sudo: of colleagues only these facts are asked
            if substitution.substitute_id.share or not substitution.substitute_id.active:
                raise ValidationError(self.env._(
                    "Substitute: %(name)s cannot log in as an employee. Choose a colleague who can.",
                    name=substitution.substitute_id.name,
                ))
            substitution._check_reach()

    def _check_reach(self):
        """Refuse to lend an office to who would hold it in more companies than the person."""
        person, substitute = self.user_id, self.substitute_id
        beyond = substitute.company_ids - person.company_ids
        if beyond and person._ops_offices() - substitute._ops_offices():
            raise ValidationError(self.env._(
                "Substitute: %(substitute)s also works for %(companies)s, where %(person)s holds no office. Choose a colleague who "
                "works for no other companies than %(person)s.",
                substitute=substitute.name, person=person.name, companies=", ".join(beyond.mapped("name")[:5]),
            ))

    # -- create, write, delete --------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        substitutions = super().create(vals_list)
        substitutions._check_not_lent()
        substitutions._check_not_taken()
        substitutions._refresh()
        return substitutions

    def write(self, vals):
        if not vals.keys() & WHO_AND_WHEN:
            return super().write(vals)
        self._check_not_lent()
        self._check_history(vals)
        result = super().write(vals)
        self._check_not_lent()
        self._check_not_taken()
        self._refresh()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_not_begun(self):
        self._check_not_lent()
        if not self.env.su and any(substitution.date_from < substitution._local_today() for substitution in self):
            raise UserError(self.env._(
                "A substitution of past days explains who acted for whom: it cannot be deleted. Set its end to yesterday "
                "instead."
            ))

    def unlink(self):
        result = super().unlink()
        self.env["res.users"]._ops_refresh_rights()
        return result

    def _check_not_lent(self):
        """Refuse to lend on an office that was lent: a substitute may not prolong what they hold."""
        user = self.env.user
        if self.env.su or user.has_group(ADMINISTRATOR):
            return
        for substitution in self.sudo():  # sudo: the decision needs the names, not the right to read the people
            if substitution.user_id in user.ops_principal_ids:
                raise AccessError(self.env._(
                    "You substitute %(name)s yourself: only they, their head or an administrator name a substitute.",
                    name=substitution.user_id.name,
                ))

    def _check_history(self, vals):
        """Refuse to rewrite who acted for whom: of what has begun only the end can still be changed."""
        if self.env.su:
            return
        for substitution in self:
            if substitution.phase == "planned":
                continue
            changed = {name for name in vals if name in WHO_AND_WHEN and substitution._would_change(name, vals[name])}
            until = fields.Date.to_date(vals.get("date_to")) or substitution.date_to
            if substitution.phase == "ended" and changed or changed - {"date_to"}:
                raise UserError(self.env._(
                    "A substitution that has begun says who acted for whom: only its end can be changed while it runs."
                ))
            if until < substitution._local_today() - timedelta(days=1):
                raise UserError(self.env._("Until: a substitution cannot end before yesterday; choose a later day."))

    def _would_change(self, name, value):
        field = self._fields[name]
        return field.convert_to_cache(value, self) != field.convert_to_cache(self[name], self)

    # -- the clock --------------------------------------------------------------------------------------------------

    @api.model
    def _today(self):
        return clock.today(self.env.user.tz or self.env.company.resource_calendar_id.tz)

    def _local_today(self):
        """Return the date of the person who is away, by their own clock."""
        return local_date(clock.now(), self._tz())

    def _tz(self):
        user_sudo = self.user_id.sudo()  # sudo: a colleague's time zone is no secret, their calendar may be
        return user_sudo.tz or user_sudo.company_id.resource_calendar_id.tz or "UTC"

    @api.model
    def _running(self):
        """Return the substitutions that run now by the person's own clock: dict person's id → substitute's id.

        One query. Substitutes who have been archived stand in for nobody.
        """
        self.flush_model(["user_id", "substitute_id", "date_from", "date_to"])
        self.env["res.users"].flush_model(["active", "partner_id", "company_id"])
        self.env["res.partner"].flush_model(["tz"])
        now = clock.now()
        rows = self.env.execute_query(SQL(
            """
            SELECT substitution.user_id, substitution.substitute_id, substitution.date_from, substitution.date_to,
                   COALESCE(partner.tz, calendar.tz, 'UTC')
              FROM ops_substitution AS substitution
              JOIN res_users AS person ON person.id = substitution.user_id
              JOIN res_partner AS partner ON partner.id = person.partner_id
              JOIN res_users AS substitute ON substitute.id = substitution.substitute_id AND substitute.active
              JOIN res_company AS company ON company.id = person.company_id
         LEFT JOIN resource_calendar AS calendar ON calendar.id = company.resource_calendar_id
             WHERE substitution.date_from <= %(latest)s AND substitution.date_to >= %(earliest)s
            """,
            latest=now.date() + timedelta(days=1),
            earliest=now.date() - timedelta(days=1),
        ))
        return {
            person: substitute
            for person, substitute, date_from, date_to, tz in rows
            if date_from <= local_date(now, tz) <= date_to
        }

    def _refresh(self):
        """Let the rights follow now, and again at the minute when these periods begin and end."""
        self.env["res.users"]._ops_refresh_rights()
        now, moments = clock.now(), set()
        for item in self:
            tz = item._tz()
            moments |= {at_hour(item.date_from, 0.0, tz), at_hour(item.date_to + timedelta(days=1), 0.0, tz)}
        # sudo: jobs belong to the system
        self.env.ref("ops_handbook.ops_rights_cron").sudo()._trigger(at=[now, *(m for m in moments if m > now)])
