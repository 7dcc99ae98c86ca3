"""Numbers of forms: nobody waits, nobody fails, also for the very first of a year."""

from threading import Thread

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL


@tagged("post_install", "-at_install")
class TestOpsFormNumber(BaseCase):

    def test_first_two_of_a_year_at_once(self):
        """Two people file the first report of the year at the same moment: both get a number."""
        registry, name, found = Registry(get_db_name()), "ops_number_test_first_of_year", []
        later = registry.cursor()
        self.addCleanup(later.close)
        # made here: a thread of a test gets no environment
        numbers = api.Environment(later, SUPERUSER_ID, {})["ops.form.number"]

        def second():
            try:
                numbers._ensure_sequence(name)
                later.commit()
                found.append(None)
            except Exception as error:
                later.rollback()
                found.append(error)

        with registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["ops.form.number"]._ensure_sequence(name)
            thread = Thread(target=second)
            thread.start()
            thread.join(0.5)
            self.assertFalse(found, "the second waits for the first")
        thread.join(10)
        try:
            self.assertEqual(found, [None])
        finally:
            with registry.cursor() as cr:
                cr.execute(SQL("DROP SEQUENCE IF EXISTS %s", SQL.identifier(name)))
