"""Tasks added to issued plans and withdrawn: operations are told every hour, in one mail for each of them (§2)."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import token
from .execution import ExecutionCase

CHANGES = "ops_handbook.ops_month_plan_mail_changes"


@tagged("ops_task")
class TestOpsTaskChanges(ExecutionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._issued()
        cls.march = cls._issued(month="2027-03-01")
        cls.env["mail.mail"].sudo().search([]).unlink()
        cls.env.flush_all()

    def add(self, *names, plan=None):
        """Add tasks one by one, as the head does in a list."""
        plan = plan or self.plan
        return self.Task.union(*(
            self.Task.with_user(self.head).create({**self._values(name, plan.period, is_routine=True), "month_plan_id": plan.id})
            for name in names
        ))

    def tell(self):
        found = self.Task._untold()
        self.Task._tell_changes(found)
        return found

    def mail_to(self, user):
        """Return the one mail that says what changed, as ``user`` gets it."""
        mail = self.env["mail.mail"].sudo().search([("recipient_ids", "in", user.partner_id.ids), ("subject", "like", "Changed in")])
        self.assertEqual(len(mail), 1)
        return mail

    def test_one_mail_for_each_person_of_operations(self):
        """Added one by one to two plans, and withdrawn: their owner is told at once, operations once, of all of it."""
        added = self.add("Repair the roof", "Sweep the yard") | self.add("Paint the gate", plan=self.march)
        self.assertEqual(len(self.told(self.employee)), 3)
        self.march.task_ids[0].with_user(self.head).action_withdraw("The customer called it off")
        self.assertFalse(self.told(self.operations) + self.told(self.operations_colleague), "not yet")
        for user in (self.operations, self.operations_colleague):
            self.assertEqual(self.changes_told(user), ["Changed in the month: 2 month plans"])
        body = self.mail_to(self.operations).body_html
        for text in (*added.mapped("name"), "Order the line", "The customer called it off", f"/odoo/ops-month-plans/{self.march.id}"):
            self.assertIn(text, body)
        self.assertFalse(self.Task.search([("untold_since", "!=", False)]))

    def test_nothing_twice(self):
        self.add("Repair the roof")
        self.assertEqual(self.changes_told(self.operations), [f"Changed in the month: {self.plan.display_name}"])
        self.assertFalse(self.Task._untold())
        self.add("Sweep the yard")
        self.assertEqual(len(self.changes_told(self.operations)), 2)
        self.assertNotIn("Repair the roof", self.env["mail.mail"].sudo().search([], order="id desc", limit=1).body_html)

    def test_nothing_is_lost_with_a_worker(self):
        """The mark goes with the mail, or not at all."""
        task = self.add("Repair the roof")
        with self.env.cr.savepoint() as killed:
            self.tell()
            killed.rollback()
            self.env.invalidate_all()
        self.assertTrue(task.untold_since)
        self.assertFalse(self.told(self.operations))
        self.assertEqual(len(self.changes_told(self.operations)), 1)

    def test_the_job(self):
        self.add("Repair the roof")
        with self.enter_registry_test_mode():
            self.env.ref("ops_handbook.ops_task_cron_changes").method_direct_trigger()
        self.assertEqual(len(self.told(self.operations)), 1)

    def test_added_and_withdrawn_again_is_told_as_withdrawn(self):
        self.add("Repair the roof").with_user(self.head).action_withdraw("It holds after all")
        self.changes_told(self.operations)
        body = self.mail_to(self.operations).body_html
        self.assertEqual((body.count("Repair the roof"), "Added:" in body, "It holds after all" in body), (1, False, True))

    def test_whoever_did_it_knows(self):
        # as a step of theirs makes it, e.g. the ruling after which tasks are carried over
        made = self.Task.with_user(self.operations).sudo().create(
            {**self._values("Repair the roof", is_routine=True), "month_plan_id": self.plan.id}
        )
        made._transition("cancelled", "Not needed")
        self.assertFalse(self.changes_told(self.operations))
        self.assertEqual(len(self.changes_told(self.operations_colleague)), 1)

    def test_a_plan_that_was_cancelled_meanwhile_says_so_itself(self):
        task = self.add("Repair the roof")
        self.plan._write({"state": "cancelled"})
        self.plan.invalidate_recordset()
        self.assertFalse(self.changes_told(self.operations))
        self.assertFalse(task.untold_since)

    def test_the_mark_is_the_machinerys(self):
        with self.refused(UserError, "cannot be written directly"):
            self.Task.with_user(self.head).create({
                **self._values("Peep", is_routine=True), "month_plan_id": self.plan.id, "untold_since": "2027-01-01 00:00:00",
            })
        april = self._month_plan(month="2027-04-01")
        self.assertFalse(april.task_ids.filtered("untold_since"), "what is being planned is no change")

    def test_it_is_no_change_of_the_task(self):
        """Neither a new version nor another last writer: a form that somebody has open can be saved."""
        task = self.add("Repair the roof")
        self.env.flush_all()
        self.env.invalidate_all()
        before = (task.content_version, task.write_uid, task.write_date)
        self.tell()
        self.env.invalidate_all()
        self.assertEqual((task.content_version, task.write_uid, task.write_date), before)

    def test_a_text_that_names_one_plan_tells_all(self):
        """As it was until 19.0.1.6.0, and as an administrator may have edited it."""
        self.env.ref(CHANGES).write({"subject": "Changed in {{ object.display_name }}", "body_html": """
            <p t-if="added or []">Added: <t t-foreach="added or []" t-as="name">• <t t-out="name"/></t></p>
            <p t-if="withdrawn or []">Out: <t t-foreach="withdrawn or []" t-as="name">• <t t-out="name"/></t> <t t-out="reason"/></p>
        """})
        self.add("Repair the roof")
        self.march.task_ids[0].with_user(self.head).action_withdraw("The customer called it off")
        self.tell()
        body = self.mail_to(self.operations).body_html
        for text in (f"{self.plan.display_name} · Repair the roof", f"{self.march.display_name} · Order the line", "called it off"):
            self.assertIn(text, body)

    def test_many_are_named_as_far_as_one_reads(self):
        self.add(*(f"Number {number:02}" for number in range(25)))
        self.changes_told(self.operations)
        body = self.mail_to(self.operations).body_html
        self.assertEqual((body.count("Number"), "and 5 more" in body), (20, True))

    def test_as_many_statements_for_many(self):
        """Plans, and tasks of each, cost no statement of their own."""
        counts = []
        for number in (2, 40):
            tasks = self.Task.union(*(
                self.add(f"Number {number}", plan=plan) for plan in (self.plan, self.march) for _each in range(number // 2)
            ))
            token.marked(tasks[::2].sudo()).write({"state": "cancelled"})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self.tell()), number)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)
