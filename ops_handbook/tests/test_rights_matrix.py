"""The rights matrix, executed over JSON-RPC cell by cell; and that nothing is missing from it."""

from odoo.tests import tagged

from ..tools import rights_matrix
from . import (  # noqa: F401 - register their subjects
    rights_article_reading,
    rights_article_rule,
    rights_chat,
    rights_collaboration,
    rights_completion,
    rights_cycle,
    rights_handbook,
    rights_improvement_plan,
    rights_letter,
    rights_meeting,
    rights_minutes,
    rights_month_analysis,
    rights_month_plan,
    rights_plan,
    rights_plan_change,
    rights_plan_review,
    rights_progress,
    rights_proposal,
    rights_search,
    rights_target,
    rights_work_log,
    rights_work_log_missing,
)
from .rights import RELATED, BrokenCell, RightsCase
from .rights_subjects import SUBJECTS

ROWS = rights_matrix.load()


def cells_of(model):
    """Return the cells of one model: {(situation, state, role): allowed operations}."""
    rows = [row for row in ROWS if row.model == model]

    def states(_model, situation):
        return SUBJECTS[model].states_of.get(situation, SUBJECTS[model].states)

    return {cell[1:]: allowed for cell, allowed in rights_matrix.expand(rows, states).items()}


@tagged("post_install", "-at_install", "ops_rights")
class TestRightsMatrix(RightsCase):
    def execute(self, model):
        """Carry out every cell of ``model`` and report all that differ at once."""
        subject = SUBJECTS[model](self)
        differences, count = [], 0
        groups = {}
        for (situation, state, role), allowed in cells_of(model).items():
            if subject.person(situation, role):
                groups.setdefault(subject.key(situation, state, role), []).append((situation, state, role, allowed))
        for cells in groups.values():
            with self.undone():
                record = subject.record(*cells[0][:3])
                self.env.flush_all()
                for situation, state, role, allowed in cells:
                    for operation in subject.operations_in(situation, state):
                        count += 1
                        differences += self._differs(subject, operation, situation, state, role, allowed, record)
        self.assertTrue(count, f"{model} has no cells")
        self.assertFalse(
            differences, f"{model}: {len(differences)} of {count} cells differ\n" + "\n".join(sorted(differences))
        )

    def _differs(self, subject, operation, situation, state, role, allowed, record):
        where = f"{situation:18} {state:12} {role:16} {operation:24}"
        with self.nested():
            try:
                is_allowed, answer = self.ask(subject, operation, situation, role, record)
            except BrokenCell as broken:
                return [f"{where} BROKEN: {broken}"]
        if is_allowed == (operation in allowed):
            return []
        return [f"{where} {'allowed, should be denied' if is_allowed else 'denied, should be allowed'}: {answer}"]

    def nested(self):
        return self.undone("rights_operation")


def _execute(model):
    def test(self):
        self.execute(model)

    return test


for _model in SUBJECTS:
    setattr(TestRightsMatrix, f"test_{_model.replace('.', '_')}", _execute(_model))


@tagged("post_install", "-at_install", "ops_rights")
class TestRightsMatrixComplete(RightsCase):
    def test_every_model_stands_in_the_matrix(self):
        ours = {
            name for name, model in self.env.items()
            if model._original_module == "ops_handbook" and not model._abstract and not model._transient
        }
        self.assertFalse(ours - {row.model for row in ROWS}, "models without a row")
        self.assertFalse(ours - set(SUBJECTS), "models without records for the test")
        self.assertFalse(set(SUBJECTS) - ours, "rows of models that do not exist")

    def test_every_situation_state_and_role_has_a_cell(self):
        missing = []
        for model, kind in SUBJECTS.items():
            subject, cells = kind(self), cells_of(model)
            missing += [
                f"{model} {situation} {state} {role}"
                for situation, state in subject.cells() for role in rights_matrix.ROLES
                if subject.person(situation, role) and (situation, state, role) not in cells
            ]
        self.assertFalse(missing, "\n".join(missing))

    def test_states_are_those_of_the_model(self):
        for model, kind in SUBJECTS.items():
            field = self.env[model]._fields.get("state")
            if field and kind.states != ("-",):
                self.assertFalse(set(kind.states) - set(kind.stages) - {key for key, _label in field._description_selection(self.env)}, model)

    def test_named_operations_exist(self):
        unknown = [
            f"line {row.line}: {name}" for row in ROWS
            for name in set(row.allowed) - set(SUBJECTS[row.model](self).operations())
        ]
        self.assertFalse(unknown, "\n".join(unknown))

    def test_every_granted_access_is_used(self):
        """What an access right grants and no cell allows is granted too much."""
        unused = []
        accesses = self.env["ir.model.access"].search([("model_id.model", "in", list(SUBJECTS))])
        for access in accesses:
            allowed = {name for names in cells_of(access.model_id.model).values() for name in names}
            unused += [
                f"{access.name}: {name}" for name in rights_matrix.CRUD
                if access[f"perm_{name}"] and name not in allowed
            ]
        self.assertFalse(unused, "\n".join(sorted(unused)))

    def test_situations_are_known(self):
        known = {situation for kind in SUBJECTS.values() for situation in kind.situations} | set(RELATED)
        self.assertFalse({name for row in ROWS for name in row.situations} - known)
