from odoo.exceptions import AccessError, UserError, ValidationError

from .problems import ProblemCase


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
