"""Everything public is called with nonsense: an error says what is wrong in words, nobody else's data is touched or told.

In the process, along the path of an RPC call (``odoo.service.model.call_kw``), each call within a savepoint that is rolled back
whatever came of it, so that the calls do not depend on each other: a failure is repeated by its seed and number alone. The
same calls over real HTTP, and the pages without a login, are in ``tests/test_fuzz.py``.

What counts as wrong: any error that is not one in words (of methods that Odoo has too only where our own code breaks: what
Odoo says to nonsense is its own), anything logged as an error, a change in another company's rows, another company's names in
an answer, and an answer that cannot be sent.
"""

import json
import logging
import os
import time
import traceback
from collections import Counter

from odoo.exceptions import ConcurrencyError, UserError
from odoo.models import BaseModel
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger
from odoo.tools.json import json_default

from .fuzz import Fuzzer, parameters_of
from .rights import RightsCase
from .rights_subjects import SUBJECTS

FULL = bool(os.environ.get("OPS_FULL"))
CALLS = int(os.environ.get("OPS_FUZZ_CALLS") or (97_000 if FULL else 1_500))
# the same calls each time, so that a run that fails fails again; OPS_FUZZ_SEED=0 looks for new ones
SEED = int(os.environ.get("OPS_FUZZ_SEED") or 1) or int(time.time())
ROLES = ("employee", "head", "liaison", "operations", "gm_office", "general_manager", "administrator", "outsider", "portal")
MARK = "ZZFOREIGN"
OURS = "ops_handbook"
# what several companies take part in: whoever may read it sees who takes part (the rights matrix holds who may)
SHARED = ("ops.meeting", "ops.resolution", "ops.collaboration", "ops.cockpit")
# they are told in words, or tried again by the server
CLEAN = (UserError, ConcurrencyError)


def public_methods(env):
    """Return (model, method, whether Odoo has it too) for every method of ours that a client may call."""
    found = []
    for name, model in sorted(env.registry.items()):
        for method in dir(model):
            if method.startswith("_"):
                continue
            owners = [base for base in model.__mro__ if callable(vars(base).get(method))]
            ours = [base for base in owners if base.__module__.startswith("odoo.addons.ops_handbook")]
            if not ours:
                continue
            try:
                get_public_method(env[name], method)
            except Exception:
                continue
            shared = len(ours) < len(owners) or hasattr(BaseModel, method)
            if env[name]._abstract and (shared or not getattr(getattr(model, method), "_api_model", False)):
                continue  # there are no records of it
            found.append((name, method, shared))
    return found


@tagged("post_install", "-at_install", "ops_fuzz")
class TestFuzz(RightsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.foreign_department | cls.foreign_second).name = MARK
        (cls.foreigner | cls.outsider).partner_id.name = MARK
        cls.foreign.partner_id.name = f"{MARK} Ltd"
        cls.methods = public_methods(cls.env)

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def populate(self):
        """Make records of our models in their states, of people near and far."""
        self.records = {}
        for subject_class in SUBJECTS.values():
            subject = subject_class(self)
            cells = subject.cells()
            for situation in list(dict.fromkeys(situation for situation, _state in cells))[:None if FULL else 2]:
                for state in [state for where, state in cells if where == situation][:: 1 if FULL else 3]:
                    self._make(subject, situation, state)
        self.env.flush_all()

    def _make(self, subject, situation, state):
        for role in ("employee", "outsider"):
            try:
                with self.env.cr.savepoint():
                    if subject.person(situation, role):
                        record = subject.record(situation, state, role)
                        self.records.setdefault(subject.model, []).extend(record.ids)
            except Exception:
                continue

    def own(self, model):
        """Return ids of a model on which to call."""
        if model not in self.records:
            found = self.env[model].sudo().with_context(active_test=False) if not self.env[model]._abstract else None
            self.records[model] = found.search([], limit=40, order="id desc").ids if found is not None else []
        return self.records[model]

    # -- what must not change, what must not be told --------------------------------------------------------------------

    def foreign_rows(self):
        """Return figures that change with any write to a row of the foreign company: dict by table."""
        if not hasattr(self, "_foreign_query"):
            tables = [
                model._table for name, model in self.env.items()
                if name.startswith("ops.") and model._auto and not model._transient and "company_id" in model._fields
                and model._fields["company_id"].store and model._fields["company_id"].column_type
            ]
            self._foreign_query = SQL(" UNION ALL ").join(
                SQL("SELECT %s, count(*), sum(xmin::text::bigint) FROM %s WHERE company_id = %s", table, SQL.identifier(table), self.foreign.id)
                for table in tables
            )
        return {table: figures for table, *figures in self.env.execute_query(self._foreign_query)}

    def changed_abroad(self, model, method):
        """Return the tables in which a call has changed rows of the foreign company.

        A standard without a company is every company's: whoever administers it moves the reminders of all. Who asks for help
        may ask a department of another company, if the resolution is that department's.
        """
        now = self.foreign_rows()
        expected = {"ops_obligation"} if model.startswith("ops.standard") else set()
        expected |= {"ops_collaboration_party"} if method == "action_request_collaboration" else set()
        return sorted(table for table, figures in now.items() if figures != self.foreign_before[table] and table not in expected)

    # -- one call -------------------------------------------------------------------------------------------------------

    def attempt(self, number):
        """Make call ``number`` and return what is wrong with it, or None."""
        fuzzer = Fuzzer(f"{SEED}/{number}", self.all_ids)
        model, method, shared = fuzzer.random.choice(self.methods)
        role = fuzzer.random.choice(ROLES)
        function = getattr(self.env.registry[model], method)
        positional, named = fuzzer.arguments(parameters_of(function))
        shaped = fuzzer.arguments_of_odoo(method, sorted(self.env[model]._fields)) if shared else None
        if shaped is not None:
            positional, named = shaped, {}
        named["context"] = fuzzer.context()
        args = positional if getattr(function, "_api_model", False) else [fuzzer.id_list(self.own(model)), *positional]
        self.logged.clear()
        savepoint, wrong = self.env.cr.savepoint(), None
        try:
            env = self.env(user=self.people[role].id, context={})
            wrong = self.carry_out(env, role, model, method, args, named)
            self.counts["answered"] += 1
        except CLEAN as error:
            self.counts[type(error).__name__] += 1
            told = role != "outsider" and MARK in str(error) and not model.startswith(SHARED)
            wrong = f"tells {error}" if told and not self._names_it(args, named) else None
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            if not shared or (OURS in frames[-1].filename and shaped is not None):
                own = [frame for frame in frames if f"{OURS}/models" in frame.filename or f"{OURS}/wizard" in frame.filename]
                where = own[-1] if own else frames[-1]
                wrong = f"{type(error).__name__}: {str(error)[:150]} at {where.filename.rsplit('/', 1)[-1]}:{where.lineno}"
            self.counts["Odoo's own"] += not wrong
        finally:
            savepoint.rollback()
            savepoint.close(rollback=True)
            self.env.transaction.clear()
        if not wrong and self.logged and not shared:
            wrong = f"logs {self.logged[0][:200]}"
        return wrong and f"#{number} {role} {model}.{method}({', '.join(repr(item)[:60] for item in args)}, {str(named)[:120]}): {wrong}"

    def carry_out(self, env, role, model, method, args, named):
        answer = call_kw(env[model], method, args, named)
        env.flush_all()
        try:
            text = json.dumps(answer, default=json_default)
        except (TypeError, ValueError) as error:
            return f"cannot be sent: {error}"
        if role != "outsider":
            if MARK in text and not model.startswith(SHARED):
                return f"tells {text[max(text.index(MARK) - 100, 0):][:200]}"
            if changed := self.changed_abroad(model, method):
                return f"changes another company's rows: {', '.join(changed)}"
        return None

    def _names_it(self, args, named):
        return MARK in f"{args}{named}"

    # -- all of them ----------------------------------------------------------------------------------------------------

    def test_calls_in_process(self):
        """Security: fuzzed calls of every public method, as every role."""
        self.populate()
        self.counts, self.logged = Counter(), []
        self.all_ids = sorted({number for ids in self.records.values() for number in ids})[:300] or [1]
        self.foreign_before = self.foreign_rows()
        handler = logging.Handler(logging.ERROR)
        handler.emit = lambda record: self.logged.append(f"{record.name}: {record.getMessage()}")
        root, wrong, began = logging.getLogger(), [], time.monotonic()
        muted = ("odoo.sql_db", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models", "odoo.domains")
        with mute_logger(*muted):
            root.addHandler(handler)
            try:
                for number in range(CALLS):
                    if problem := self.attempt(number):
                        wrong.append(problem)
            finally:
                root.removeHandler(handler)
        took = time.monotonic() - began
        logging.getLogger(__name__).info(
            "fuzz: seed %s, %s calls of %s methods in %.0f s: %s", SEED, CALLS, len(self.methods), took, dict(self.counts),
        )
        kinds = {}
        for line in wrong:
            kinds.setdefault(line.split(" ")[2].split("(")[0] + " " + line.rsplit(": ", 1)[-1][-60:], []).append(line)
        self.assertFalse(wrong, f"seed {SEED}: {len(wrong)} of {CALLS} calls\n" + "\n".join(
            f"{len(lines)}× {lines[0]}" for lines in sorted(kinds.values(), key=len, reverse=True)[:60]
        ))
