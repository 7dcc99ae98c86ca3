"""Odoo's own import of records that are there: the versions of all rows grow together, and stale ones are refused as ever."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.mixins.ops_transition_lock import OpsTransitionLock
from ..tools import token
from .execution import ExecutionCase


@tagged("ops_task")
class TestOpsTransitionImport(ExecutionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tasks = cls._month_plan(tasks=[cls._values(f"Number {number}", is_routine=True) for number in range(6)]).task_ids
        cls.env.flush_all()

    def load(self, *rows, columns=(".id", "deliverable")):
        return self.Task.with_user(self.head).load(list(columns), [[str(cell) for cell in row] for row in rows])

    def versions(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.tasks.mapped("content_version")

    def grown(self):
        """Return the list to which each statement that lets versions grow adds its ids."""
        statements, grow = [], OpsTransitionLock._grow_version

        def counted(records):
            statements.append(records.ids)
            grow(records)

        self.patch(OpsTransitionLock, "_grow_version", counted)
        return statements

    def test_one_statement_for_all_rows(self):
        for tasks in (self.tasks[:2], self.tasks):
            with self.subTest(rows=len(tasks)):
                statements, before = self.grown(), self.versions()
                self.assertTrue(self.load(*((task.id, "It holds") for task in tasks))["ids"])
                self.assertEqual(statements, [sorted(tasks.ids)])
                after = [version + (task in tasks) for task, version in zip(self.tasks, before, strict=True)]
                self.assertEqual(self.versions(), after)

    def test_a_form_that_was_open_meanwhile_is_stale(self):
        task = self.tasks[0].with_user(self.head)
        version = task.content_version
        self.assertTrue(self.load((task.id, "It holds"), (self.tasks[1].id, "It holds"))["ids"])
        with self.refused(UserError, "was changed by"):
            task.write({"deliverable": "It is dry", "content_version": version})
        task.write({"deliverable": "It is dry", "content_version": task.content_version})

    def test_rows_that_say_their_version(self):
        """Of two rows for the same record the second was read before the first changed it; nothing of either is written."""
        first, second = self.tasks[:2]
        columns = (".id", "content_version", "deliverable")
        self.assertTrue(self.load(*((task.id, task.content_version, "It holds") for task in (first, second)), columns=columns)["ids"])
        self.versions()
        rows = [(first.id, first.content_version, "It is dry"), (first.id, first.content_version, "It is green")]
        refused = self.load(*rows, columns=columns)
        self.assertFalse(refused["ids"])
        self.assertIn("was changed by", refused["messages"][0]["message"])
        self.versions()
        self.assertEqual(first.deliverable, "It holds")

    def test_a_refused_row_changes_no_version(self):
        before = self.versions()
        self.assertFalse(self.load((self.tasks[0].id, "todo"), (self.tasks[1].id, "done"), columns=(".id", "state"))["ids"])
        self.assertEqual(self.versions(), before)

    def test_no_client_puts_it_off(self):
        """Nor does a mark whose import is over."""
        over = token.Errand()
        over.end()
        task = self.tasks[0].with_user(self.head)
        for record in (task.with_context(**{token.GROWTH.key: True}), token.GROWTH.on(task, over)):
            before = self.versions()
            record.deliverable = f"It holds {before[0]}"
            self.assertEqual(self.versions()[0], before[0] + 1)
