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
        cls.employee = cls._create_user("employee")
        cls.colleague = cls._create_user("colleague")
        cls.newcomer = cls._create_user("newcomer")
        cls.liaison = cls._create_user("liaison")
        cls.head = cls._create_user("head")
        cls.other_head = cls._create_user("other.head")
        cls.operations = cls._create_user("operations", "ops_handbook.group_operations", both)
        cls.operations_colleague = cls._create_user("operations.colleague", "ops_handbook.group_operations", both)
        cls.gm_office = cls._create_user("gmoffice", "ops_handbook.group_gm_office", both)
        cls.gm = cls._create_user("gm", "ops_handbook.group_general_manager", both)
        cls.admin_ops = cls._create_user("opsadmin", "ops_handbook.group_administrator", both)
        cls.branch_employee = cls._create_user("branch.employee", companies=cls.branch, tz="Europe/Berlin")
        cls.branch_head = cls._create_user("branch.head", companies=cls.branch, tz="Europe/Berlin")
        cls.portal = cls._create_user("portal", "base.group_portal")

    @classmethod
    def _create_user(cls, name, group="base.group_user", companies=None, tz="Asia/Shanghai"):
        """Create one user; the first of ``companies`` is their own. Password = login."""
        companies = companies or cls.company
        login = f"{name}.test"  # not the demo users' own
        groups = {"base.group_user", group} if group != "base.group_portal" else {group}
        return cls.env["res.users"].create({
            "name": name.replace(".", " ").title(),
            "login": login,
            "password": login,
            "email": f"{login}@test.example.com",
            "company_id": companies[0].id,
            "company_ids": [Command.set(companies.ids)],
            "group_ids": [Command.set([cls.env.ref(xmlid).id for xmlid in groups])],
            "tz": tz,
            "lang": "en_US",
        })

    @classmethod
    def _create_departments(cls):
        cls.department = cls._create_department("Workshop", cls.head)
        cls.sub_department = cls._create_department("Assembly line", parent=cls.department)
        cls.other_department = cls._create_department("Sales", cls.other_head)
        cls.ops_department = cls._create_department("Operations", cls.operations)
        cls.gm_department = cls._create_department("General manager's office", cls.gm_office)
        cls.branch_department = cls._create_department("Branch workshop", cls.branch_head, company=cls.branch)
        cls._employ(cls.employee | cls.newcomer, cls.department)
        cls._employ(cls.colleague, cls.sub_department)
        cls._employ(cls.liaison, cls.other_department)
        cls._employ(cls.operations_colleague | cls.admin_ops, cls.ops_department)
        cls._employ(cls.gm, cls.gm_department)
        cls._employ(cls.branch_employee, cls.branch_department)
        cls._start_engine()

    @classmethod
    def _create_department(cls, name, head=None, parent=None, company=None):
        """Create a department; its head becomes an employee of it."""
        values = {"name": name, "company_id": (company or cls.company).id, "parent_id": parent.id if parent else False}
        if "ops_keeps_plans" in cls.env["hr.department"]._fields:
            values["ops_keeps_plans"] = not parent
        department = cls.env["hr.department"].create(values)
        if head:
            department.manager_id = cls._employ(head, department)
        return department

    @classmethod
    def _employ(cls, users, department):
        """Make the employees of ``users`` in ``department`` and return them."""
        return cls.env["hr.employee"].create([
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": department.company_id.id,
                "department_id": department.id,
                "work_email": user.email,
            }
            for user in users
        ])

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
