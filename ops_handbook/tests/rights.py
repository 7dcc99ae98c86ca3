"""How the rights matrix is executed: people and records for its cells, and one RPC call per cell.

A call enters where Odoo's RPC controllers enter (``odoo.service.model.call_kw``), with arguments and answers as JSON holds
them; with OPS_FULL it goes the whole way over HTTP, with the session of whoever calls, which takes twice as long.

A *situation* says how the record stands to the person who calls: ``own`` is what they wrote themselves,
``own_department`` what somebody of their department wrote, ``below`` what somebody of a department below wrote,
``other_department`` what somebody else of the company wrote, ``other_company`` what a company wrote that they do not work
for. Each model may add its own, such as ``handler``: somebody else's record on which they are named.
"""

import inspect
import json
import os
from contextlib import contextmanager

from psycopg2 import IntegrityError

from odoo import Command, api
from odoo.http import serialize_exception
from odoo.models import BaseModel
from odoo.service.model import call_kw
from odoo.tests import HttpCase
from odoo.tools import json_default, mute_logger

from ..tools import rights_matrix
from .common import OpsCommon

OVER_HTTP = bool(os.environ.get("OPS_FULL"))


class BrokenCell(Exception):
    """The call neither worked nor was it refused in words: a programming error."""


# what a refusal looks like to a client
REFUSED = {
    f"odoo.exceptions.{name}" for name in ("AccessError", "AccessDenied", "UserError", "ValidationError", "MissingError")
}
NOISY = (
    "odoo.http", "odoo.sql_db", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.ir_access", "werkzeug",
)

# situation → whose record the person of a role looks at
RELATED = {
    "own_department": {
        "employee": "newcomer", "head": "employee", "liaison": "other_head", "operations": "operations_colleague",
        "gm_office": "gm", "general_manager": "gm_office", "administrator": "operations_colleague",
    },
    "below": {"head": "colleague"},
    "other_department": {
        "employee": "liaison", "head": "liaison", "liaison": "employee", "operations": "employee", "gm_office": "employee",
        "general_manager": "employee", "administrator": "employee",
    },
    "other_company": {
        role: "employee" if role == "outsider" else "foreigner"
        for role in rights_matrix.ROLES
    },
    "of_operations": {"gm_office": "operations", "operations": "operations_colleague", "general_manager": "operations"},
    "of_gm_office": {"gm_office": "gm", "general_manager": "gm_office", "operations": "gm_office"},
}
PEOPLE = {
    "employee": "employee", "head": "head", "liaison": "liaison", "operations": "operations", "gm_office": "gm_office",
    "general_manager": "gm", "administrator": "admin_ops", "outsider": "outsider", "portal": "portal",
}


class Subject:
    """One model of the matrix: how its records come about in each situation and state, and with which arguments its
    operations are called. Subclasses fill in the attributes."""

    model = None
    situations = ("own",)
    states = ("-",)
    stages = ()  # of ``states`` those that are no state of the model but a stage of one
    states_of = {}  # situation → the states in which it exists, when not all
    values_to_write = {}
    arguments = {}  # method → its arguments after the ids
    guard_role = None  # who takes part in the first situation, for the guards; None: operations of ``company``, else the employee
    harmless = ()  # methods that change nothing and tell nothing: they open a window

    def __init__(self, case):
        self.case = case
        self.env = case.env

    def person(self, situation, role):
        """Return whose record the role looks at; None when the situation does not exist for that role."""
        if situation in RELATED:
            name = RELATED[situation].get(role)
            return name and getattr(self.case, name)
        return self.case.people[role]

    def record(self, situation, state, role):
        """Return a record (superuser) that stands to the role as ``situation`` says, in ``state``."""
        raise NotImplementedError

    def key(self, situation, state, role):
        """Return what tells records apart: calls with the same key share one record."""
        return (situation, state, self.person(situation, role).id, None if situation in RELATED else role)

    def new_values(self, situation, role):
        """Return the values of a ``create`` call."""
        raise NotImplementedError

    def args(self, method, record, role):
        """Return the arguments of a call after the ids; a ``reason`` is given without being asked."""
        if method in self.arguments:
            found = self.arguments[method]
            return found(self, record, role) if callable(found) else list(found)
        names = inspect.signature(getattr(type(self.env[self.model]), method)).parameters
        return ["Because the matrix says so"] if list(names)[1:2] == ["reason"] else []

    def cells(self):
        """Return every (situation, state) in which records of this model can be met."""
        return [
            (situation, state) for situation in self.situations
            for state in self.states_of.get(situation, self.states)
        ]

    def operations(self):
        """Return every operation that a program can call: the four basic ones and the addon's own public methods."""
        cls = type(self.env[self.model])
        return [*rights_matrix.CRUD, *sorted(
            name for name in dir(cls) if not name.startswith("_") and not hasattr(BaseModel, name)
            and name not in self.harmless and not name.startswith("action_open_") and is_ours(cls, name)
        )]

    def operations_in(self, situation, state):
        """Return the operations of one cell: creation is asked once, in the first state; ``program`` is the model itself."""
        cls = type(self.env[self.model])
        of_model = {name for name in self.operations() if getattr(getattr(cls, name), "_api_model", False)} - {"create"}
        if situation == "program":
            return sorted(of_model)
        first = state == self.states_of.get(situation, self.states)[0]
        return [name for name in self.operations() if name not in of_model and (name != "create" or first)]


def month_planned(subject, record, _role):
    """Let the department of an action item have a month plan in the making where the item belongs; return no arguments."""
    department, plan, period = record.sudo()._task_places()[record.id]
    if department and not plan:
        subject.env["ops.month.plan"].sudo().create({
            "department_id": department.id, "company_id": department.company_id.id, "month": f"{period}-01",
            "author_id": (department.manager_id.user_id or subject.env.user).id,
        })
    return []


def is_ours(cls, name):
    """Tell whether ``name`` is a public method of the addon that a program may call, and no override of Odoo's."""
    owners = [base for base in cls.__mro__ if name in vars(base)]
    method = vars(owners[0])[name]
    if not inspect.isfunction(method) or getattr(method, "_api_private", False):
        return False
    return all(base.__module__.startswith("odoo.addons.ops_handbook") for base in owners)


class RightsCase(OpsCommon, HttpCase):
    """People of another company beside those of ``OpsCommon``, and the machinery that asks over JSON-RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls._create_company("Operations Test Foreign", "Asia/Tokyo", "base.jp")
        # the strongest stranger: everything, but in another company
        cls.outsider = cls._create_user("outsider", "ops_handbook.group_operations", cls.foreign)
        cls.outsider.group_ids = [
            Command.link(cls.env.ref(f"ops_handbook.group_{name}").id) for name in ("gm_office", "general_manager")
        ]
        cls.foreigner = cls._create_user("foreigner", companies=cls.foreign)
        cls.foreign_department = cls._create_department("Foreign", cls.outsider, company=cls.foreign)
        cls._employ(cls.foreigner, cls.foreign_department)
        cls.foreign_second = cls._create_department("Foreign purchasing", company=cls.foreign)
        # a department that is nobody's among the roles
        cls.third_head = cls._create_user("third.head")
        cls.third_department = cls._create_department("Purchasing", cls.third_head)
        # company → one more of the kind, made once: whoever creates people or departments empties the caches of rights
        cls.quiet_departments = {
            company: cls._create_department("Quiet", cls._create_user(f"quiet.{company.id}", companies=company), company=company)
            for company in (cls.company, cls.foreign)
        }
        cls.spare_departments = {company: cls._create_department("One more", company=company) for company in (cls.company, cls.foreign)}
        cls.foreign_reviewer = cls._create_user("foreign.reviewer", companies=cls.foreign)
        cls.foreign.write({
            name: value for name, value in {"ops_started": True, "ops_start_date": "2024-01-01"}.items()
            if name in cls.env["res.company"]._fields
        })
        cls.people = {role: getattr(cls, name) for role, name in PEOPLE.items()}
        cls.env.flush_all()
        cls.env.invalidate_all()

    def department_of(self, user):
        """Return the department in which a person works."""
        return self.employee_of(user).department_id[:1]

    @contextmanager
    def undone(self, savepoint="rights_record"):
        """Take back whatever happens within the block, the calls of the server included."""
        self.env.flush_all()
        with mute_logger(*NOISY):
            self.env.cr.execute(f"SAVEPOINT {savepoint}")
            try:
                yield
            finally:
                self.env.cr.execute(f"ROLLBACK TO SAVEPOINT {savepoint}; RELEASE SAVEPOINT {savepoint}")
                self.env.transaction.clear()  # what was computed belongs to what is gone

    def setUp(self):
        super().setUp()
        self.openers, self.contexts = {}, {}

    def opener_of(self, user):
        """Return the HTTP session of a user, logged in with their password once."""
        if user not in self.openers:
            self.session = None  # the sessions of the others stay
            self.authenticate(user.login, user.login)
            self.openers[user] = self.opener
        self.opener = self.openers[user]
        return self.opener

    def call(self, user, model, method, *args, **kwargs):
        """Call a method over JSON-RPC as ``user``, as the web client does; return (name of the error or None, answer)."""
        asked = self.call_over_http if OVER_HTTP else self.call_inside
        error, answer = asked(user, model, method, args, kwargs)
        if error:
            return error["name"], error["message"] if error["name"] in REFUSED else f"{error['name']}: {error['message']}\n{error['debug']}"
        return None, answer

    def call_over_http(self, user, model, method, args, kwargs):
        """Ask over HTTP; return (data of the error or None, answer)."""
        response = self.opener_of(user).post(
            f"{self.base_url()}/web/dataset/call_kw/{model}/{method}",
            json={"params": {"model": model, "method": method, "args": list(args), "kwargs": kwargs}},
        ).json()
        return (response["error"]["data"] if "error" in response else None), response.get("result")

    def call_inside(self, user, model, method, args, kwargs):
        """Ask where the controller would: the same door, arguments and answer as JSON, the changes in the database.

        As there the call begins with nothing read (what a superuser has read would be handed to anybody), and what
        went wrong is taken back.
        """
        if user not in self.contexts:
            self.contexts[user] = dict(self.env(user=user)["res.users"].context_get())
        args, kwargs = json.loads(json.dumps([args, kwargs], default=json_default))
        self.env.flush_all()
        self.env.transaction.clear()
        env = api.Environment(self.env.cr, user.id, self.contexts[user])
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            answer = call_kw(env[model], method, args, kwargs)
            self.env.cr.flush()
            savepoint.close(rollback=False)
            return None, json.loads(json.dumps(answer, default=json_default))
        except Exception as error:
            savepoint.close(rollback=True)
            self.env.transaction.clear()
            if isinstance(error, IntegrityError):  # the server says it in words
                return {"name": "odoo.exceptions.ValidationError", "message": str(error)}, None
            return serialize_exception(error), None

    def ask(self, subject, operation, situation, role, record):
        """Carry one cell out; return (allowed, what was answered)."""
        user, model = self.people[role], subject.model
        if operation == "create":
            error, answer = self.call(user, model, "create", [subject.new_values(situation, role)])
        elif operation == "read":
            return self._ask_read(user, record)
        elif operation == "write":
            error, answer = self.call(user, model, "write", record.ids, dict(subject.values_to_write))
        elif operation == "unlink":
            error, answer = self.call(user, model, "unlink", record.ids)
        else:
            method = getattr(type(self.env[model]), operation)
            ids = [] if getattr(method, "_api_model", False) else [record.ids]
            error, answer = self.call(user, model, operation, *ids, *subject.args(operation, record, role))
        if error is not None and error not in REFUSED:
            raise BrokenCell(f"{answer}")
        return error is None, answer

    def _ask_read(self, user, record):
        """Read and search must give the same answer."""
        error, answer = self.call(user, record._name, "read", record.ids, ["display_name"])
        missed, found = self.call(user, record._name, "search_count", [("id", "in", record.ids)])
        if (error is None) != (missed is None and found == len(record)):
            raise BrokenCell(f"read says {answer}, search finds {found}")
        if error is not None and error not in REFUSED:
            raise BrokenCell(answer)
        return error is None, answer
