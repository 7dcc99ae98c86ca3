import runpy
from types import SimpleNamespace

from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_path
from odoo.tools.safe_eval import safe_eval

from ..models.improvement.ops_problem_measure import FILED
from .problems import ProblemCase


@tagged("post_install", "-at_install")
class TestProblemMeasure(ProblemCase):
    """What the owner of a measure may write while its plan is locked (I3)."""

    def setUp(self):
        super().setUp()
        self.measure = self.plan(self.handling(), owners=[self.colleague]).measure_ids

    def test_owner_says_what_was_done(self):
        """I3: the form saves what was typed before it presses “Done”."""
        measure = self.measure.with_user(self.colleague)
        measure.write({"evidence": "A new bearing, see the photo"})
        measure.action_done()
        self.assertEqual(self.measure.state, "done")
        self.assertEqual(self.measure.evidence, "A new bearing, see the photo")
        with self.assertRaises(AccessError):
            measure.write({"evidence": "Later"})

    def test_done_is_offered_wherever_it_is_allowed(self):
        """I3: the screens hide the button in no state of the plan in which the server takes the step."""
        for form in ("measure", "plan"):
            view = self.env.ref(f"ops_handbook.ops_problem_{form}_view_form")
            arch = etree.fromstring(self.env[f"ops.problem.{form}"].get_view(view.id, "form")["arch"])
            [button] = arch.xpath("//button[@name='action_done']")
            for state in (*FILED, "draft", "closed", "cancelled"):
                known = {"can_done": True, "plan_state": state, "parent": SimpleNamespace(state=state)}
                self.assertEqual(safe_eval(button.get("invisible"), known), state not in FILED, (form, state))
        self.measure.plan_id.with_user(self.operations).action_return("Once more, please")
        measure = self.measure.with_user(self.colleague)
        self.assertTrue(measure.can_done)
        measure.write({"evidence": "A new bearing"})  # the form saves what was typed before it presses “Done”
        measure.action_done()
        self.assertEqual((self.measure.state, self.obligation("I3", self.measure).state), ("done", "done"))

    def test_nothing_else_and_nobody_else(self):
        with self.assertRaises(AccessError):
            self.measure.with_user(self.colleague).write({"evidence": "Done", "date_due": "2099-01-01"})
        for user in (self.employee, self.head, self.other_head, self.operations):
            with self.assertRaises(AccessError):
                self.measure.with_user(user).write({"evidence": "Done"})

    def test_mail_server_down(self):
        """The mails to reporter and handler are queued as ours, so that the upkeep tries them again."""
        queued = self.env["mail.mail"].sudo().search([("state", "=", "outgoing")], order="id desc", limit=2)
        self.assertTrue(all(queued.mapped("ops_notice")))

    def test_not_opened_again_once_the_problem_is_solved(self):
        """I3: the plan goes with its problem, so a measure that were opened after that could never be done again."""
        self.measure.with_user(self.colleague).action_done("A new bearing")
        measure = self.measure.with_user(self.operations)
        self.assertTrue(measure.can_reopen)
        problem = self.measure.problem_id
        problem.with_user(self.handler).action_resolve("It runs")
        for verified in (False, True):
            if verified:
                problem.with_user(self.employee).action_verify(True, "Quiet")
            self.env.invalidate_all()
            self.assertFalse(measure.can_reopen)
            with self.assertRaisesRegex(UserError, "not effective" if not verified else "closed"):
                measure.action_reopen("Loud again")
        self.assertEqual(self.measure.state, "done")
        self.assertEqual(self.obligation("I3", self.measure).state, "done")

    def test_owner_can_see_what_they_owe(self):
        """I3: nobody of another company is named, who could not open the measure."""
        problem = self.handling()
        with self.assertRaisesRegex(ValidationError, "Owner: .* does not work for"):
            self.plan(problem, owners=[self.branch_employee])

    def test_late_is_what_the_clock_says(self):
        """I3: what was extended, is on hold or was waived is not overdue, whatever its date says; nor what was not handed in."""
        with self.at("2026-11-23 10:00"):  # Monday
            measures = self.plan(self.handling(), owners=[self.colleague] * 4).measure_ids
            extended, held, waived, late = measures.sorted("id")
            self.grant("I3", extended, "extension", "2026-12-04 18:00")
            self.grant("I3", held, "hold", "2026-12-07 18:00")
            self.grant("I3", waived, "waiver")
            draft = self.env["ops.problem.plan"].with_user(self.handler).create({
                "problem_id": self.handling().id, "root_cause": "Worn",
                "measure_ids": [(0, 0, {"name": "Oil it", "owner_id": self.colleague.id, "date_due": "2026-11-28"})],
            })
        measures = (measures | draft.measure_ids).sudo()
        self.assertEqual(self.late_at(measures, "2026-12-01 10:00"), late)
        self.assertEqual(self.late_at(measures, "2026-12-07 10:00"), extended | late)
        self.assertEqual((str(extended.date_due), str(extended.date_due_now)), ("2026-11-28", "2026-12-04"))

    def test_lateness_of_many_costs_no_query_each(self):
        measures = self.plan(self.handling(), owners=[self.colleague] * 20).measure_ids
        self.cost_of_lateness(measures[:1])
        self.assertEqual(self.cost_of_lateness(measures), self.cost_of_lateness(measures[:2]))

    # -- acceptance (D1) ------------------------------------------------------------------------------------------------

    def done_to_be_accepted(self):
        self.measure.sudo().needs_acceptance = True
        self.measure.with_user(self.colleague).action_done("A new bearing")
        return self.obligation("D1", self.measure)

    def done_before_it_was_asked_for(self):
        """Leave the measure as 19.0.1.4.0 did: done, and nobody is asked to accept it."""
        asked = self.done_to_be_accepted()
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM ops_obligation WHERE id = %s", [asked.id])
        self.env.invalidate_all()

    def upgrade(self):
        script = file_path("ops_handbook/migrations/19.0.1.7.0/post-acceptances.py")
        runpy.run_path(script)["migrate"](self.env.cr, "19.0.1.6.0")
        return self.obligations("D1", self.measure)

    def test_an_upgrade_asks_for_what_was_done_before(self):
        """D1: as if the measure had been done now; once, and never again."""
        self.done_before_it_was_asked_for()
        asked = self.upgrade()
        self.assertEqual((len(asked), asked.state, asked.role, asked.date_due), (1, "open", "operations", False))
        self.assertEqual(self.upgrade(), asked)
        self.measure.with_user(self.operations).action_accept()
        self.assertEqual((self.measure.state, asked.state), ("accepted", "done"))
        self.assertEqual(self.upgrade(), asked)

    def test_an_upgrade_asks_for_nothing_that_is_over(self):
        """D1: nor where the engine was not started."""
        self.done_before_it_was_asked_for()
        self.company.ops_started = False
        self.assertFalse(self.upgrade())
        self.company.ops_started = True
        plan = self.measure.plan_id.sudo()
        plan._write({"state": "closed"})
        plan.invalidate_recordset()
        self.assertFalse(self.upgrade())

    def test_acceptance_is_asked_for(self):
        """D1: what somebody else accepts stands in their work, and leads to the measure."""
        asked = self.done_to_be_accepted()
        self.assertEqual((asked.state, asked.role, asked.responsible_id.id), ("open", "operations", False))
        by_operations = self.measure.with_user(self.operations)
        rows = self.env["ops.my.work"].with_user(self.operations).get_data()["lists"]["decision"]
        self.assertIn(asked.id, [row["id"] for row in rows])
        action = asked.with_user(self.operations).action_open_form()
        self.assertEqual((action["res_model"], action["res_id"]), ("ops.problem.measure", self.measure.id))
        by_operations.action_reopen("Still loose")
        self.assertEqual((asked.state, self.obligation("I3", self.measure).state), ("done", "open"))
        self.measure.with_user(self.colleague).action_done("Tightened")
        again = self.obligation("D1", self.measure)
        self.assertEqual((again.state, again.round), ("open", 2))
        by_operations.action_accept()
        self.assertEqual((again.state, self.measure.state), ("done", "accepted"))

    def test_whoever_wrote_the_plan_accepts_nothing_of_it(self):
        """D1: nor does anybody lower than whoever decides on the plan."""
        self.handler = self.operations
        self.measure = self.plan(self.handling(), owners=[self.colleague]).measure_ids
        asked = self.done_to_be_accepted()
        self.assertEqual(asked.role, "gm_office")
        for user in (self.operations, self.operations_colleague):
            measure = self.measure.with_user(user)
            self.assertFalse(measure.can_accept, user.name)
            for step in (measure.action_accept, lambda measure=measure: measure.action_reopen("Loose")):
                with self.assertRaises(AccessError):
                    step()
        self.measure.with_user(self.gm_office).action_accept()
        self.assertEqual((self.measure.state, asked.state), ("accepted", "done"))

    def test_whoever_hands_the_plan_in_accepts_nothing_of_it(self):
        """D1: a colleague of theirs does."""
        boss = self._create_boss("operations")
        problem = self.handling()
        plan = self.env["ops.problem.plan"].with_user(self.handler).create({
            "problem_id": problem.id, "root_cause": "Worn",
            "measure_ids": [(0, 0, {"name": "Oil it", "owner_id": self.colleague.id, "date_due": "2031-01-10"})],
        })
        plan.with_user(boss).action_submit()
        self.measure = plan.measure_ids
        self.assertEqual(self.done_to_be_accepted().role, "operations")
        with self.assertRaises(AccessError):
            self.measure.with_user(boss).action_accept()
        self.measure.with_user(self.operations).action_accept()
        self.assertEqual(self.measure.state, "accepted")

    def test_nobody_is_asked_where_no_acceptance_is_needed(self):
        self.measure.with_user(self.colleague).action_done("A new bearing")
        self.assertFalse(self.obligations("D1", self.measure))

    def test_what_waits_for_acceptance_goes_with_its_plan(self):
        """D1: nobody accepts a measure of a plan that was cancelled, so the problem does not wait for it."""
        asked, problem = self.done_to_be_accepted(), self.measure.problem_id
        self.measure.plan_id.with_user(self.operations).action_return("Another way, please")
        self.measure.plan_id.with_user(self.handler).action_cancel("Another way")
        self.assertEqual((asked.state, self.measure.state), ("cancelled", "done"))
        self.env.flush_all()  # one plan per round, as the database sees it
        self.solve(problem)
        self.assertEqual(problem.state, "resolved")

    def test_what_waits_for_acceptance_goes_with_its_problem(self):
        asked = self.done_to_be_accepted()
        self.measure.problem_id.with_user(self.operations).action_cancel("Plant closed")
        self.assertEqual(asked.state, "cancelled")
