"""The company in which the tests live: one user per role, departments, a branch in another time zone."""

from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo import Command
from odoo.tests import TransactionCase

from ..tools import clock
from .outcome import Outcome

HOURS = [(0, 9.0, 12.0), (0, 13.0, 18.0)]
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "no_reset_password": True,
}


class OpsCommon(Outcome, TransactionCase):
    """One user per role, in a company in Shanghai and its branch in Berlin; the engine runs in both.

    Departments: ``department`` (led by ``head``, with ``sub_department``, which has no head of its own),
    ``other_department`` (``other_head``), ``ops_department`` (``operations``), ``gm_department`` (``gm_office``) and, in
    the branch, ``branch_department`` (``branch_head``). Operations, the GM office, the general manager and the
    administrator serve the branch too. Passwords equal logins.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, **QUIET})
        cls.company = cls._create_company("Operations Test Company", "Asia/Shanghai", "base.cn")
        cls.branch = cls._create_company("Operations Test Branch", "Europe/Berlin", "base.de", parent_id=cls.company.id)
        cls._create_users()
        cls._create_departments()
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _create_company(cls, name, tz, country, **values):
        calendar = cls.env["resource.calendar"].create({
            "name": f"{name}: Monday to Friday",
            "tz": tz,
            "company_id": False,
            "attendance_ids": [Command.clear()] + [
                Command.create({
                    "name": "Work",
                    "dayofweek": str(day),
                    "hour_from": start,
                    "hour_to": end,
                    "day_period": "morning" if start < 12 else "afternoon",
                })
                for day in range(5)
                for _weekday, start, end in HOURS
            ],
        })
        company = cls.env["res.company"].create({
            "name": name,
            "country_id": cls.env.ref(country).id,
            "resource_calendar_id": calendar.id,
            "email": "company@test.example.com",
            **values,
        })
        calendar.company_id = company
        return company

    @classmethod
    def _create_users(cls):
        both = cls.company | cls.branch
        serving = {role: {"group": f"ops_handbook.group_{role}", "companies": both} for role in (
            "operations", "gm_office", "general_manager", "administrator",
        )}
        in_branch = {"companies": cls.branch, "tz": "Europe/Berlin"}
        people = {
            "employee": cls._user_values("employee"),
            "colleague": cls._user_values("colleague"),
            "newcomer": cls._user_values("newcomer"),
            "liaison": cls._user_values("liaison"),
            "head": cls._user_values("head"),
            "other_head": cls._user_values("other.head"),
            "operations": cls._user_values("operations", **serving["operations"]),
            "operations_colleague": cls._user_values("operations.colleague", **serving["operations"]),
            "gm_office": cls._user_values("gmoffice", **serving["gm_office"]),
            "gm": cls._user_values("gm", **serving["general_manager"]),
            "admin_ops": cls._user_values("opsadmin", **serving["administrator"]),
            "branch_employee": cls._user_values("branch.employee", **in_branch),
            "branch_head": cls._user_values("branch.head", **in_branch),
            "portal": cls._user_values("portal", "base.group_portal"),
        }
        for name, user in zip(people, cls.env["res.users"].create(list(people.values())), strict=True):
            setattr(cls, name, user)

    @classmethod
    def _create_user(cls, name, group="base.group_user", companies=None, tz="Asia/Shanghai"):
        """Create one user; see ``_user_values``."""
        return cls.env["res.users"].create(cls._user_values(name, group, companies, tz))

    @classmethod
    def _user_values(cls, name, group="base.group_user", companies=None, tz="Asia/Shanghai"):
        """Return the values of a user; the first of ``companies`` is their own. Password = login."""
        companies = companies or cls.company
        login = f"{name}.test"  # not the demo users' own
        groups = {"base.group_user", group} if group != "base.group_portal" else {group}
        return {
            "name": name.replace(".", " ").title(),
            "login": login,
            "password": login,
            "email": f"{login}@test.example.com",
            "company_id": companies[0].id,
            "company_ids": [Command.set(companies.ids)],
            "group_ids": [Command.set([cls.env.ref(xmlid).id for xmlid in groups])],
            "tz": tz,
            "lang": "en_US",
        }

    @classmethod
    def _create_departments(cls):
        heads = {
            "department": ("Workshop", cls.head), "other_department": ("Sales", cls.other_head),
            "ops_department": ("Operations", cls.operations), "gm_department": ("General manager's office", cls.gm_office),
            "branch_department": ("Branch workshop", cls.branch_head),
        }
        departments = cls.env["hr.department"].create([
            cls._department_values(name, company=head.company_id) for name, head in heads.values()
        ])
        for name, department in zip(heads, departments, strict=True):
            setattr(cls, name, department)
        cls.sub_department = cls._create_department("Assembly line", parent=cls.department)
        staff = {
            cls.department: cls.employee | cls.newcomer, cls.sub_department: cls.colleague, cls.other_department: cls.liaison,
            cls.ops_department: cls.operations_colleague | cls.admin_ops, cls.gm_department: cls.gm,
            cls.branch_department: cls.branch_employee,
        }
        employees = cls.env["hr.employee"].create([
            *(cls._employee_values(head, getattr(cls, name)) for name, (_label, head) in heads.items()),
            *(cls._employee_values(user, department) for department, users in staff.items() for user in users),
        ])
        for department, employee in zip(departments, employees, strict=False):
            department.manager_id = employee
        cls._start_engine()

    @classmethod
    def _create_boss(cls, office):
        """Return somebody who leads a department above the workshop and holds an office, e.g. ``operations``."""
        boss = cls._create_user("boss", f"ops_handbook.group_{office}")
        cls.department.parent_id = cls._create_department("Production", boss)
        return boss

    @classmethod
    def _create_department(cls, name, head=None, parent=None, company=None):
        """Create a department; its head becomes an employee of it."""
        department = cls.env["hr.department"].create(cls._department_values(name, parent, company))
        if head:
            department.manager_id = cls._employ(head, department)
        return department

    @classmethod
    def _department_values(cls, name, parent=None, company=None):
        values = {"name": name, "company_id": (company or cls.company).id, "parent_id": parent.id if parent else False}
        if "ops_keeps_plans" in cls.env["hr.department"]._fields:
            values["ops_keeps_plans"] = not parent
        return values

    @classmethod
    def _employ(cls, users, department):
        """Make the employees of ``users`` in ``department`` and return them."""
        return cls.env["hr.employee"].create([cls._employee_values(user, department) for user in users])

    @classmethod
    def _employee_values(cls, user, department):
        return {
            "name": user.name, "user_id": user.id, "company_id": department.company_id.id, "department_id": department.id,
            "work_email": user.email,
        }

    @classmethod
    def employee_of(cls, user):
        """Return the employee record of ``user`` in the company or its branch."""
        return cls.env["hr.employee"].search([("user_id", "=", user.id), ("company_id", "in", user.company_ids.ids)])

    @classmethod
    def _start_engine(cls):
        """Start the engine in both companies, as the Start wizard does."""
        values = {
            "ops_started": True,
            "ops_start_date": "2024-01-01",
            "ops_operations_department_id": cls.ops_department.id,
            "ops_gm_office_department_id": cls.gm_department.id,
            "ops_duty_officer_id": cls.operations.id,
        }
        known = {name: value for name, value in values.items() if name in cls.env["res.company"]._fields}
        (cls.company | cls.branch).write(known)

    # -- the clock ----------------------------------------------------------------------------------------------------

    @staticmethod
    def utc(local, tz="Asia/Shanghai"):
        """Return the naive UTC moment of a local time such as ``2026-11-20 18:30``."""
        return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(tz)).astimezone(UTC).replace(tzinfo=None)

    @classmethod
    @contextmanager
    def at(cls, local, tz="Asia/Shanghai", python=False):
        """Hold the addon's clock at a local time such as ``2026-11-20 18:30``.

        :param bool python: also freeze Python's time, for Odoo's own code (activities, mails); not over HTTP
        """
        moment = cls.utc(local, tz)
        with ExitStack() as stack:
            if python:
                stack.enter_context(freeze_time(moment))
            stack.enter_context(clock.frozen(moment))
            yield moment
