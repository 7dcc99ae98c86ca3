"""P2: measures of improvement plans are obligations of their owners, stand in the ledger and on the month plans."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .improvement import ImprovementCase


@tagged("post_install", "-at_install", "ops_improvement_plan")
class TestOpsImprovementMeasure(ImprovementCase):
    def test_P2_begins_with_the_submission(self):
        plan = self.complete(self.improvement())
        measure = plan.measure_ids
        self.assertFalse(self.of("P2", measure))
        with self.refused(UserError, "its plan is “Draft”"):
            measure.sudo().action_done()
        plan.action_submit()
        item = self.of("P2", measure)
        self.assertEqual((item.state, item.responsible_id, item.department_id), ("open", self.employee, self.department))
        self.assertEqual(item.date_due, self.Obligation._moment(measure.date_due, self.company))
        self.assertTrue(item.in_ledger)
        self.assertIn("Look at the list each morning", item.source_label)
        self.assertIn(plan.number, item.source_label)
        self.assertEqual(self.told(self.employee), ["Measures for you to carry out (1)"])

    def test_P2_one_mail_for_all_measures_of_an_owner(self):
        self.submitted(self.measure_values("One"), self.measure_values("Two"), self.measure_values("Three", owner_id=self.newcomer.id))
        self.assertEqual(self.told(self.employee), ["Measures for you to carry out (2)"])
        self.assertEqual(self.told(self.newcomer), ["Measures for you to carry out (1)"])

    def test_P2_the_owner_says_what_was_done(self):
        plan = self.submitted()
        measure = plan.measure_ids.with_user(self.employee)
        measure.write({"evidence": "See the ticks"})
        with self.assertRaises(AccessError):
            measure.write({"date_due": "2027-12-01"})
        for user in (self.newcomer, self.head, self.operations):
            with self.assertRaises(AccessError):
                plan.measure_ids.with_user(user).action_done("Done")
        measure.action_done()
        self.assertEqual((measure.state, self.of("P2", measure).state), ("done", "done"))
        self.assertEqual(measure.evidence, "See the ticks")

    def test_P2_acceptance(self):
        """D1: what needs an acceptance waits for whoever decides on the plan."""
        plan = self.accepted(self.measure_values(needs_acceptance=True))
        measure = plan.measure_ids
        measure.with_user(self.employee).action_done("Ticked")
        self.assertEqual((self.of("D1", measure).state, self.of("D1", measure).role), ("open", "operations"))
        self.assertFalse(self.of("P3", plan), "it is not accepted yet")
        with self.assertRaises(AccessError):
            measure.with_user(self.head).action_accept()
        measure.with_user(self.operations).action_accept()
        self.assertEqual((self.of("D1", measure).state, self.of("P3", plan).state), ("done", "open"))

    def test_P2_follows_a_plan_that_was_returned(self):
        plan = self.submitted()
        measure, item = plan.measure_ids, self.of("P2", plan.measure_ids)
        plan.with_user(self.operations).action_return("Who else?")
        self.assertEqual(item.state, "open", "it goes on while the plan is reworked")
        measure.with_user(self.head).write({"owner_id": self.newcomer.id, "date_due": "2027-03-08"})
        self.complete(plan, self.measure_values("Another"))
        plan.action_submit()
        self.assertEqual(item.responsible_id, self.newcomer)
        self.assertEqual(item.date_due, self.Obligation._moment(measure.date_due, self.company))
        self.assertEqual(len(self.of("P2", plan.measure_ids)), 2)
        self.assertEqual(self.told(self.employee), ["Measures for you to carry out (1)"] * 2)

    def test_P2_goes_to_an_owner_of_another_department(self):
        """The clock that runs goes along; none starts twice."""
        plan = self.submitted()
        measure, item = plan.measure_ids, self.of("P2", plan.measure_ids)
        plan.with_user(self.operations).action_return("Who else?")
        measure.with_user(self.head).write({"owner_id": self.colleague.id})
        plan.action_submit()
        self.assertEqual(self.of("P2", measure), item)
        self.assertEqual((item.responsible_id, item.department_id), (self.colleague, self.sub_department))

    def test_P2_late_stays_late_when_the_plan_is_returned(self):
        plan = self.submitted()
        with self.at("2027-03-10 10:00"):
            plan.with_user(self.operations).action_return("Who else?")
            self.env.invalidate_all()
            self.assertTrue(plan.measure_ids.is_late)
            plan.action_submit()
            self.assertTrue(self.of("P2", plan.measure_ids).is_overdue)
            self.assertEqual(plan.measure_late_count, 1)
            self.assertIn(plan.measure_ids, self.env["ops.improvement.measure"].with_user(self.employee).search([("is_late", "=", True)]))

    def test_P2_late_is_what_the_clock_says(self):
        """What was extended, is on hold or was waived is not overdue, nor what was not handed in; the plan counts the rest."""
        plan = self.complete(self.improvement(), *(self.measure_values(name) for name in ("One", "Two", "Three", "Four")))
        measures = plan.measure_ids.sudo()
        self.assertFalse(self.late_at(measures, "2027-03-10 10:00"))
        plan.action_submit()
        extended, held, waived, late = measures.sorted("id")
        self.grant("P2", extended, "extension", "2027-03-12 18:00")
        self.grant("P2", held, "hold", "2027-03-15 18:00")
        self.grant("P2", waived, "waiver")
        self.assertEqual(self.late_at(measures, "2027-03-10 10:00"), late)
        self.assertEqual(str(extended.date_due_now), "2027-03-12")
        for local, number in (("2027-03-10 10:00", 1), ("2027-03-14 10:00", 2)):
            with self.at(local):
                self.env.invalidate_all()
                self.assertEqual(plan.measure_late_count, number)

    def test_P2_lateness_of_many_costs_no_query_each(self):
        measures = self.submitted(*(self.measure_values(f"Measure {number}") for number in range(20))).measure_ids
        self.cost_of_lateness(measures[:1])
        self.assertEqual(self.cost_of_lateness(measures), self.cost_of_lateness(measures[:2]))

    def test_P2_ends_with_a_measure_that_is_taken_out_or_cancelled(self):
        plan = self.submitted(self.measure_values("One"), self.measure_values("Two"))
        one, two = plan.measure_ids
        with self.assertRaises(AccessError):
            one.action_cancel("Too dear")
        one.with_user(self.operations).action_cancel("Too dear")
        self.assertEqual(self.of("P2", one).state, "cancelled")
        self.assertEqual(self.told(self.employee)[-1], "Cancelled: One")
        plan.with_user(self.operations).action_return("Rework it")
        item = self.of("P2", two)
        two.with_user(self.head).unlink()
        self.assertEqual(item.state, "cancelled")

    def test_P2_not_done_after_all(self):
        """The owner hears it once, in the words that all action items share; of a plan that was not handed in nobody hears."""
        measure = self.accepted(self.measure_values(needs_acceptance=True)).measure_ids
        measure.with_user(self.employee).action_done("Ticked")
        before = len(self.told(self.employee))
        measure.with_user(self.operations).action_reopen("I see no tick")
        self.assertEqual(self.told(self.employee)[before:], ["Not done after all: Look at the list each morning"])
        body = self.env["mail.mail"].sudo().search([("ops_notice", "=", True)], order="id desc", limit=1).body_html
        for text in (measure.plan_id.number, "I see no tick", f"/odoo/ops.improvement.measure/{measure.id}"):
            self.assertIn(text, body)

    def test_P2_of_a_plan_that_was_never_handed_in_tells_nobody(self):
        plan = self.complete(self.improvement())
        plan.sudo()._end("The ruling does not stand.")
        self.assertEqual((plan.state, plan.measure_ids.state), ("cancelled", "cancelled"))
        self.assertFalse(self.told(self.employee))

    def test_P2_hand_over(self):
        """Whoever leads the department, or decides on the plan, gives an open measure to somebody else; never its owner."""
        plan = self.accepted()
        measure = plan.measure_ids
        with self.assertRaises(AccessError):
            measure.with_user(self.employee).action_hand_over(self.newcomer.id, "No time")
        measure.with_user(self.head).action_hand_over(self.newcomer.id, "On leave")
        self.assertEqual(self.of("P2", measure).responsible_id, self.newcomer)
        measure.with_user(self.operations).action_hand_over(self.liaison.id, "Sales can do it")
        item = self.of("P2", measure)
        self.assertEqual((item.responsible_id, item.department_id), (self.liaison, self.other_department))
        measure.with_user(self.liaison).action_done("Ticked")
        self.assertEqual(item.state, "done")

    def test_P2_hand_over_not_by_the_head_who_carries_it_out(self):
        measure = self.accepted(self.measure_values(owner_id=self.head.id)).measure_ids
        self.assertFalse(measure.with_user(self.head).can_hand_over)

    def test_P2_of_an_owner_who_has_left(self):
        plan = self.accepted()
        self.employee.active = False
        item = self.of("P2", plan.measure_ids)
        self.assertEqual(item.responsible_id, self.head, "the head finds it in My Work, and gives it to somebody else")
        plan.measure_ids.with_user(self.head).action_hand_over(self.newcomer.id, "Has left")
        self.assertEqual(item.responsible_id, self.newcomer)

    def test_P2_owner_of_the_company(self):
        with self.refused(ValidationError, "does not work for"):
            self.complete(self.improvement(), self.measure_values(owner_id=self.branch_employee.id))

    def test_P2_round_and_plan_are_not_written(self):
        plan = self.complete(self.improvement())
        with self.refused(UserError, "cannot be written directly"):
            plan.measure_ids.round = 3
        measure = plan.measure_ids.create({**self.measure_values("Three"), "plan_id": plan.id})
        self.assertEqual(measure.round, 1)

    def test_P2_letters(self):
        plan = self.accepted()
        with self.at("2027-03-10 10:00"):
            item = self.of("P2", plan.measure_ids)
            item.with_user(self.operations).action_draft_letter()
            letter = self.env["ops.reminder.letter"].sudo().search([("obligation_id", "=", item.id)])
            self.assertEqual(letter.receiver_id, self.head)
            self.assertIn("Look at the list each morning", letter.source_text)

    def test_P2_measures_stand_on_the_month_plan(self):
        plan = self.submitted(self.measure_values("Early"), self.measure_values("Later", date_due="2027-05-05"))
        march = self._month_plan(tasks=[], month="2027-03-01")
        march._prefill()
        task = march.task_ids.filtered(lambda task: task.source_model == "ops.improvement.measure")
        self.assertEqual((task.name, task.owner_id, task.source_id), ("Early", self.employee, plan.measure_ids[0].id))
        self.assertIn(plan.number, task.source_label)
        self.assertFalse(march._prefill().filtered(lambda task: task.source_model == "ops.improvement.measure"), "nothing twice")
