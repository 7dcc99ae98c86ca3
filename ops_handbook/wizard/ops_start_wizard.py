from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import clock
from ..tools.roles import ROLE_GROUPS

OFFICES = {
    "operations_user_ids": "operations",
    "gm_office_user_ids": "gm_office",
    "general_manager_user_ids": "general_manager",
}
COMPANY_FIELDS = {
    "operations_department_id": "ops_operations_department_id",
    "gm_office_department_id": "ops_gm_office_department_id",
    "duty_officer_id": "ops_duty_officer_id",
    "start_date": "ops_start_date",
}


class OpsStartWizard(models.TransientModel):
    """Configuration → Start: nothing is asked of anybody before an administrator has been here.

    What touches groups, the system's calendars or the mail server needs Odoo's own system administrator, so that
    nobody raises their own rights; an administrator of the handbook sees it and can go on without.
    """

    _name = "ops.start.wizard"
    _description = "Start the Operations Handbook"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    is_system = fields.Boolean(compute="_compute_is_system")
    is_started = fields.Boolean(related="company_id.ops_started")
    missing_head_count = fields.Integer(compute="_compute_missing_head_count")

    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        compute="_compute_from_company",
        store=True,
        readonly=False,
        domain="[('company_id', 'in', [company_id, False])]",
    )
    tz = fields.Selection(related="calendar_id.tz", string="Time Zone")
    country_id = fields.Many2one(related="company_id.country_id")
    load_holidays = fields.Boolean(
        string="Load Public Holidays",
        compute="_compute_from_company",
        store=True,
        readonly=False,
        help="Statutory days off and make-up working days of this year and the next; the table stays editable.",
    )
    line_ids = fields.One2many(
        "ops.start.wizard.line", "wizard_id", compute="_compute_from_company", store=True, readonly=False
    )
    operations_department_id = fields.Many2one(
        "hr.department", compute="_compute_from_company", store=True, readonly=False, check_company=True
    )
    gm_office_department_id = fields.Many2one(
        "hr.department", string="GM Office's Department", compute="_compute_from_company", store=True, readonly=False,
        check_company=True,
    )
    duty_officer_id = fields.Many2one(
        "res.users",
        compute="_compute_from_company",
        store=True,
        readonly=False,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Reached at any hour when a level-1 problem is reported.",
    )
    operations_user_ids = fields.Many2many(
        "res.users", "ops_start_operations_rel", string="Operations", compute="_compute_users", store=True,
        readonly=False, domain="[('share', '=', False)]",
    )
    gm_office_user_ids = fields.Many2many(
        "res.users", "ops_start_gm_office_rel", string="GM Office", compute="_compute_users", store=True,
        readonly=False, domain="[('share', '=', False)]",
    )
    general_manager_user_ids = fields.Many2many(
        "res.users", "ops_start_general_manager_rel", string="General Manager", compute="_compute_users", store=True,
        readonly=False, domain="[('share', '=', False)]",
    )
    start_date = fields.Date(
        string="From", compute="_compute_from_company", store=True, readonly=False,
        help="No deadline before this day is asked for.",
    )
    sender = fields.Char(
        string="Mails Come From", compute="_compute_from_company", store=True, readonly=False,
        help="E-mail address of the company; reminders are sent in its name.",
    )
    problem_alias_name = fields.Char(
        string="Problem Reports To", compute="_compute_from_company", store=True, readonly=False,
        help="E-mails to this address become problem reports, whoever writes. Empty: no such address.",
    )
    problem_alias_domain = fields.Char(related="company_id.alias_domain_id.name", string="Domain of Problem Reports")

    @api.depends_context("uid")
    def _compute_is_system(self):
        self.is_system = self.env.user.has_group("base.group_system")

    @api.depends("line_ids.is_head_missing")
    def _compute_missing_head_count(self):
        for wizard in self:
            wizard.missing_head_count = len(wizard.line_ids.filtered("is_head_missing"))

    @api.depends("company_id")
    def _compute_from_company(self):
        for wizard in self:
            company = wizard._readable_company()
            for name, company_name in COMPANY_FIELDS.items():
                wizard[name] = company[company_name]
            wizard.start_date = company.ops_start_date or clock.today(company._ops_tz())
            wizard.calendar_id = company.resource_calendar_id
            wizard.sender = company.email
            wizard.problem_alias_name = wizard._alias_name()
            wizard.load_holidays = bool(company.country_id) and not company.ops_started
            departments = self.env["hr.department"].search([("company_id", "=", company.id)])
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create({
                    "department_id": department.id,
                    "manager_id": department.manager_id.id,
                    # a company that starts: whoever reports to the top keeps plans, teams below do not
                    "keeps_plans": department.ops_keeps_plans if company.ops_started or any(
                        departments.mapped("ops_keeps_plans")) else not department.parent_id,
                })
                for department in departments
            ]

    @api.depends("company_id")
    def _compute_users(self):
        for wizard in self:
            company = wizard._readable_company()
            for name, role in OFFICES.items():
                wizard[name] = self._holders(role, company)

    def _readable_company(self):
        """Return the company, which whoever looks ahead has to be allowed to read: its values are computed as superuser."""
        self.company_id.sudo(False).check_access("read")
        return self.company_id

    def _alias_name(self):
        """Return the local part of the company's address for problem reports, '' when there is none."""
        # sudo: the address is no secret, but aliases are the system administrator's
        return self.company_id.sudo().ops_problem_alias_id.alias_name or ""

    def _holders(self, role, company):
        # sudo: who holds an office is no secret, but the group's list of users is the system administrator's
        group_sudo = self.env.ref(ROLE_GROUPS[role]).sudo()
        return group_sudo.user_ids.filtered(lambda user: company in user.company_ids).with_env(self.env)

    def action_start(self):
        """Write what was chosen and let the engine of this company begin.

        :return: the action of the first screen
        :raise UserError: when there is nobody in operations
        """
        self.ensure_one()
        if not self.env.user.has_group(ROLE_GROUPS["administrator"]):
            raise AccessError(self.env._("Only an administrator of the handbook can start it."))
        if self.company_id not in self.env.user.company_ids:
            raise AccessError(self.env._("Company: you can start the handbook only in a company that you belong to."))
        if not self.start_date:
            raise UserError(self.env._("From: choose the first day on which something may fall due."))
        self._apply_system()
        self._apply_departments()
        if not self._holders("operations", self.company_id):
            raise UserError(self.env._(
                "Operations: nobody holds this role in %(company)s, so nobody would accept what is handed in. Ask the "
                "system administrator to name somebody.",
                company=self.company_id.display_name,
            ))
        # sudo: these settings of the company are ours; an administrator of the handbook may not write companies
        self.company_id.sudo().write({
            **{company_name: self[name] for name, company_name in COMPANY_FIELDS.items() if name == "start_date"},
            **{company_name: self[name].id for name, company_name in COMPANY_FIELDS.items() if name != "start_date"},
            "ops_started": True,
        })
        self.env["res.users"]._ops_refresh_rights()
        self.env.ref("ops_handbook.ops_obligation_cron_generate").sudo()._trigger()  # sudo: crons are the system's
        return {"type": "ir.actions.client", "tag": "reload"}

    def _apply_system(self):
        """Apply what only the system administrator may: groups, working hours, holidays, sender."""
        company = self.company_id
        wanted = {role: self[name] for name, role in OFFICES.items()}
        changed = {role for role, users in wanted.items() if users != self._holders(role, company)}
        touches = changed or self.calendar_id != company.resource_calendar_id or self.sender != company.email
        alias_name = (self.problem_alias_name or "").strip()
        renamed = alias_name != self._alias_name()
        if (touches or renamed) and not self.is_system:
            raise AccessError(self.env._(
                "Roles, working hours and the addresses of mails are set by the system administrator. Leave them as they "
                "are, or ask the system administrator to open this wizard."
            ))
        for role in changed:
            self._set_holders(role, wanted[role])
        if touches:
            company.write({"resource_calendar_id": self.calendar_id.id, "email": self.sender})
        if renamed:
            self.env["ops.problem"]._ops_setup_alias(company, alias_name)
        if self.load_holidays and self.is_system:
            self._load_holidays()

    def _set_holders(self, role, users):
        group, held = self.env.ref(ROLE_GROUPS[role]), self._holders(role, self.company_id)
        group.write({"user_ids": [
            *(fields.Command.link(user.id) for user in users - held),
            *(fields.Command.unlink(user.id) for user in held - users),
        ]})

    def _apply_departments(self):
        for line in self.line_ids:
            department = line.department_id
            if line.manager_id != department.manager_id:
                # no sudo: naming a head gives rights, so it needs the right to write departments
                department.manager_id = line.manager_id
            if line.keeps_plans != department.ops_keeps_plans:
                department.sudo().ops_keeps_plans = line.keeps_plans  # sudo: this mark is ours

    def _load_holidays(self):
        year = clock.today(self.company_id._ops_tz()).year
        for wanted in (year, year + 1):
            self.env["ops.holiday.wizard"]._load(self.company_id, wanted)
