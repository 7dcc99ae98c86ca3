"""Jobs that work off many: batches, collisions, what is broken, and time that is up."""

from unittest.mock import patch

from psycopg2 import IntegrityError, OperationalError

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..models.mixins.ir_cron import ATTEMPTS

JOB = "ops_handbook.ops_month_plan_cron_close"


@tagged("post_install", "-at_install")
class TestIrCron(TransactionCase):
    def work_off(self, count, errors=None, size=27, left=60):
        """Work off the numbers from 1 to ``count``; return what is left of them, and how large the batches were.

        :param errors: number → error that it raises, or list of errors, one after the other
        """
        todo, batches, errors = list(range(1, count + 1)), [], errors or {}

        def act(found):
            batches.append(len(found))
            for (number,) in found:
                error = errors.get(number)
                if isinstance(error, list):
                    error = error.pop(0) if error else None
                if error:
                    raise error
            todo[:] = [number for number in todo if (number,) not in found]

        def find(limit, without):
            return [(number,) for number in todo if number not in without][:limit]

        with (
            patch.object(self.env.cr, "rollback", lambda: None),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda cron, *args, **kwargs: left),
            mute_logger("odoo.addons.ops_handbook.models.mixins.ir_cron"),
        ):
            self.env["ir.cron"]._ops_work_off(JOB, size, find, act)
        return todo, batches

    def triggers(self):
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", self.env.ref(JOB).id)])

    def test_batches(self):
        self.assertEqual(self.work_off(60), ([], [27, 27, 6]))
        self.assertEqual(self.work_off(0), ([], [0]))

    def test_one_that_is_broken_stops_nobody_and_slows_nobody_down(self):
        """The others are begun one by one, in batches that grow again."""
        self.assertEqual(self.work_off(100, {1: ValueError()}), ([1], [27, 1, 1, 3, 9, 27, 27, 27, 5]))
        self.assertEqual(self.work_off(30, {5: ValueError()}), ([5], [27, 1, 3, 9, 1, 1, 3, 9, 12]))

    def test_collisions_are_looked_for_anew(self):
        self.assertEqual(self.work_off(30, {3: [OperationalError(), OperationalError()]}), ([], [27, 27, 27, 3]))
        self.assertEqual(self.work_off(30, {3: [IntegrityError()]}), ([], [27, 27, 3]))

    def test_what_the_database_refuses_each_time_is_broken(self):
        todo, batches = self.work_off(30, {3: IntegrityError()})
        self.assertEqual(todo, [3])
        self.assertLess(len(batches), 15)

    def test_collisions_without_end(self):
        """The job gives up for this time; it runs again by the clock."""
        before = self.triggers()
        todo, batches = self.work_off(3, {1: OperationalError()})
        self.assertEqual((todo, len(batches)), ([1, 2, 3], ATTEMPTS))
        self.assertEqual(self.triggers(), before)

    def test_time_is_up(self):
        """What is left is done by another run, at once."""
        before = self.triggers()
        self.assertEqual(self.work_off(60, left=0), (list(range(28, 61)), [27]))
        self.assertEqual(self.triggers(), before + 1)

    def test_what_cannot_even_be_found_fails(self):
        def find(limit, without):
            raise ValueError

        with patch.object(self.env.cr, "rollback", lambda: None), self.assertRaises(ValueError):
            self.env["ir.cron"]._ops_work_off(JOB, 27, find, list)
