"""Form 14 from the report to the end: who may take which step, and what stays closed."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import token
from .problems import ProblemCase

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\n"
    b"IDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)


@tagged("post_install", "-at_install")
class TestOpsProblem(ProblemCase):

    def test_from_report_to_closed(self):
        """The whole story in two rounds: each step by whoever it belongs to (I1, I2, I3, I4)."""
        problem = self.report()
        self.assertEqual((problem.state, problem.author_id, problem.department_id), ("new", self.employee, self.department))
        self.assertRegex(problem.number, r"^PR-\d{4}-\d{4}$")
        self.accept(problem)
        problem.with_user(self.handler).action_start("Switched off")
        plan = self.solve(problem)
        self.assertRegex(plan.number, r"^HP-")
        problem.with_user(self.employee).action_verify(False, "Still loud")
        self.assertEqual((problem.state, problem.round, plan.state), ("handling", 2, "closed"))
        second = self.solve(problem)
        problem.with_user(self.employee).action_verify(True, "Quiet")
        self.assertEqual((problem.state, second.round, second.state), ("closed", 2, "closed"))
        sheets = problem.verification_ids.sorted("round")
        self.assertEqual(sheets.mapped("effective"), ["no", "yes"])
        self.assertEqual(sheets.plan_id, plan | second)
        self.assertTrue(all(number.startswith("VS-") for number in sheets.mapped("number")))
        self.assertEqual(problem.department_name, self.department.name, "names of the day stay on a closed form")

    def test_severity_and_handler_are_decided_not_written(self):
        for values in ({"severity": "1"}, {"handler_id": self.employee.id}, {"accepted_on": "2026-01-01"}, {"round": 3}):
            with self.assertRaises(UserError):
                self.env["ops.problem"].with_user(self.employee).create({"name": "x", **values})
        draft = self.env["ops.problem"].with_user(self.employee).with_context(
            default_severity="1", default_state="closed", default_is_anonymous=True, default_channel="registered",
        ).create({"name": "x"})
        self.assertEqual((draft.severity, draft.state, draft.is_anonymous, draft.channel), (False, "draft", False, "web"))
        with self.assertRaises(UserError):
            draft.write({"handler_id": self.employee.id})

    def test_content_is_locked_from_submission_on(self):
        problem = self.report()
        for user in (self.employee, self.operations, self.head):
            with self.assertRaises(AccessError):
                problem.with_user(user).write({"description": "Other"})
        problem.with_user(self.operations).action_return("Which press?")
        problem.with_user(self.employee).write({"description": "The big one"})
        problem.with_user(self.employee).action_submit()
        self.assertEqual(problem.state, "new")
        with self.assertRaises(UserError):
            problem.with_user(self.employee).unlink()

    def test_photos_obey_the_lock(self):
        draft = self.env["ops.problem"].with_user(self.employee).create({"name": "x"})
        photo = self.env["ir.attachment"].with_user(self.employee).create({"name": "a.png", "raw": PNG})
        draft.photo_ids = photo
        self.assertEqual((photo.res_model, photo.res_id), ("ops.problem", draft.id))
        self.assertEqual(photo.with_user(self.operations).raw, PNG)
        draft.action_submit()
        with self.assertRaises(AccessError):
            photo.with_user(self.employee).write({"raw": b"other"})
        with self.assertRaises(AccessError):
            photo.with_user(self.employee).unlink()
        with self.assertRaises(AccessError):
            draft.with_user(self.employee).write({"photo_ids": [(5,)]})
        with self.assertRaises(AccessError):
            self.env["ir.attachment"].with_user(self.employee).create({
                "name": "b.png", "raw": PNG, "res_model": "ops.problem", "res_id": draft.id,
            })

    def test_photos_of_others_are_refused(self):
        secret = self.env["ir.attachment"].create({
            "name": "salary.png", "raw": PNG, "res_model": "res.partner", "res_id": self.operations.partner_id.id,
        })
        with self.assertRaises(ValidationError):
            self.env["ops.problem"].with_user(self.employee).create({"name": "x", "photo_ids": [(6, 0, secret.ids)]})
        loose = self.env["ir.attachment"].with_user(self.colleague).create({"name": "mine.png", "raw": PNG})
        with self.assertRaises(UserError):
            self.env["ops.problem"].with_user(self.employee).create({"name": "x", "photo_ids": [(4, loose.id)]})

    def test_nobody_decides_on_their_own(self):
        """What operations report the GM office accepts; what it handles it does not verify."""
        own = self.report(self.operations)
        for user in (self.operations, self.operations_colleague, self.employee, self.gm):
            with self.assertRaises(AccessError):
                own.with_user(user).action_accept("2", self.department.id, self.handler.id)
        own.with_user(self.gm_office).action_accept("2", self.department.id, self.handler.id)
        self.assertEqual(own.state, "accepted")

    def test_only_the_named_take_their_step(self):
        problem = self.accepted()
        for user in (self.employee, self.operations, self.colleague, self.other_head, self.gm_office):
            with self.assertRaises(AccessError):
                problem.with_user(user).action_start("x")
        problem.with_user(self.head).action_start("The head may, for the department")
        self.plan(problem).measure_ids.with_user(self.handler).action_done()
        with self.assertRaises(AccessError):
            problem.with_user(self.operations).action_resolve("x")
        problem.with_user(self.head).action_resolve("done")
        for user in (self.head, self.handler, self.operations, self.gm_office, self.colleague):
            with self.assertRaises(AccessError):
                problem.with_user(user).action_verify(True, "x")
        problem.with_user(self.employee).action_verify(True)
        self.assertEqual(problem.state, "closed")

    def test_reject_needs_a_reason_that_the_reporter_reads(self):
        """I1 is met by a rejection too."""
        problem = self.report()
        with self.assertRaises(UserError):
            problem.with_user(self.operations).action_reject("  ")
        problem.with_user(self.operations).action_reject("Known, ordered")
        self.assertEqual((problem.state, problem.with_user(self.employee).reject_reason), ("rejected", "Known, ordered"))
        self.assertEqual(problem.transition_ids[:1].reason, "Known, ordered")

    def test_wrong_choices_are_refused(self):
        problem = self.report().with_user(self.operations)
        with self.assertRaises(ValidationError):
            problem.action_accept("4", self.department.id)
        with self.assertRaises(ValidationError):
            problem.action_accept("2", self.branch_department.id)
        with self.assertRaises(ValidationError):
            problem.action_accept("2", self.department.id, self.portal.id)
        with self.assertRaises(ValidationError):
            problem.action_accept("2", self.department.id, self.branch_employee.id)
        with self.assertRaises(ValidationError):
            problem.action_accept("2", 0)
        for garbage in ([], {}, "x", 7.5, True, -1):
            with self.assertRaises(UserError):
                problem.action_accept(garbage, garbage, garbage)
            with self.assertRaises(UserError):
                problem.action_accept("2", garbage, garbage)
        self.assertEqual(problem.state, "new")

    def test_resolve_needs_a_plan_and_its_measures(self):
        problem = self.handling()
        handler = problem.with_user(self.handler)
        with self.assertRaisesRegex(UserError, "handling plan"):
            handler.action_resolve("x")
        plan = self.plan(problem, [self.handler, self.colleague])
        plan.measure_ids[0].with_user(self.handler).action_done()
        with self.assertRaisesRegex(UserError, "Measure 1"):
            handler.action_resolve("x")
        plan.with_user(self.operations).action_return("Too vague")
        plan.measure_ids[1].with_user(self.colleague).action_done()
        with self.assertRaisesRegex(UserError, "handling plan"):
            handler.action_resolve("x")
        plan.with_user(self.handler).action_submit()
        handler.action_resolve("x")
        self.assertEqual(problem.state, "resolved")

    def test_a_plan_is_returned_only_while_its_round_is_handled(self):
        """P1: what is returned later could never be handed in again."""
        problem = self.resolved()
        plan = problem.plan_ids
        by_operations = plan.with_user(self.operations)
        self.assertFalse(by_operations.can_return)
        with self.refused(UserError, "cannot be returned"):
            by_operations.action_return("Too vague")
        problem.with_user(self.employee).action_verify(False, "Still loud")
        self.assertEqual(plan.state, "closed")

    def test_a_plan_of_an_earlier_round_is_not_handed_in(self):
        """P1 of a round is met by the plan of that round."""
        problem = self.resolved()
        plan = problem.plan_ids
        problem.with_user(self.employee).action_verify(False, "Still loud")
        token.marked(plan.sudo()).write({"state": "returned"})  # as one could be left behind before
        with self.refused(UserError, "round 1"):
            plan.with_user(self.handler).action_submit()
        self.assertEqual(self.obligation("P1", problem).state, "open")

    def test_only_a_draft_is_deleted(self):
        """What was handed in once has its clocks and its history: it is cancelled, which stops and reopens them."""
        problem, handling = self.report(), self.handling()
        problem.with_user(self.operations).action_return("Which press?")
        plan = self.plan(handling)
        plan.with_user(self.operations).action_return("Too vague")
        for user, form in ((self.employee, problem), (self.handler, plan)):
            with self.refused(UserError, "cancel it instead"):
                form.with_user(user).unlink()
            form.with_user(user).action_cancel("Not needed")
        self.assertEqual(self.obligations("I3", plan.measure_ids).state, "cancelled")
        self.assertEqual(self.obligation("P1", handling).state, "open")
        self.env.flush_all()  # one plan per round, as the database sees it
        draft = self.env["ops.problem.plan"].with_user(self.handler).create({"problem_id": handling.id})
        draft.unlink()
        self.env["ops.problem"].with_user(self.employee).create({"name": "x"}).unlink()

    def test_the_plan_goes_to_the_department_that_handles_now(self):
        """P1: whoever owes the plan sees and writes it; R1 and D1 go along."""
        problem = self.handling()
        plan = self.plan(problem)
        plan.with_user(self.operations).action_return("Too vague")
        problem.with_user(self.operations).action_assign(department_id=self.other_department.id)
        self.assertEqual(plan.department_id, self.other_department)
        rework = self.obligation("R1", plan)
        self.assertEqual((rework.responsible_id, rework.department_id), (self.other_head, self.other_department))
        by_head = plan.with_user(self.other_head)
        by_head.write({"root_cause": "Never greased"})
        by_head.action_submit()
        self.assertEqual(rework.state, "done")
        with self.assertRaises(AccessError):
            plan.with_user(self.head).read(["root_cause"])
        problem.with_user(self.operations).action_assign(department_id=self.ops_department.id)
        decision = self.obligation("D1", plan)
        self.assertEqual((decision.role, decision.department_id), ("gm_office", self.ops_department))
        plan.with_user(self.gm_office).action_accept()
        self.assertEqual(decision.state, "done")

    def test_a_new_handler_reworks_the_plan(self):
        """R1 goes to whoever may write the plan now."""
        problem = self.handling()
        plan = self.plan(problem)
        plan.with_user(self.operations).action_return("Too vague")
        problem.with_user(self.operations).action_assign(self.colleague.id)
        self.assertEqual(self.obligation("R1", plan).responsible_id, self.colleague)
        plan.with_user(self.colleague).write({"root_cause": "Never greased"})
        plan.with_user(self.colleague).action_submit()
        self.assertEqual(self.obligation("R1", plan).state, "done")

    def test_plans_of_earlier_rounds_stay_where_they_were_closed(self):
        problem = self.resolved()
        plan = problem.plan_ids
        problem.with_user(self.employee).action_verify(False, "Still loud")
        problem.with_user(self.operations).action_assign(department_id=self.other_department.id)
        self.assertEqual(plan.department_id, self.department)

    def test_nobody_completes_what_a_reporter_left_behind(self):
        """A report is returned to whoever can still open it; operations drop what nobody completes any more (R1)."""
        asked, left = self.report_many(2, self.colleague)
        asked.with_user(self.operations).action_return("Which press?")
        mover = self._create_user("mover", companies=self.company | self.branch)
        moved = self.report(mover)
        self.colleague.active = False
        mover.write({"company_id": self.branch.id, "company_ids": [Command.set(self.branch.ids)]})
        for problem in (left, moved):
            with self.refused(UserError, "no way back"):
                problem.with_user(self.operations).action_return("Which press?")
        self.assertTrue(asked.with_user(self.operations).can_cancel)
        asked.with_user(self.operations).action_cancel("Nobody is there to ask")
        self.assertEqual((asked.state, self.obligations("R1", asked).state), ("cancelled", "cancelled"))

    def test_not_effective_needs_a_comment(self):
        problem = self.resolved()
        with self.assertRaises(UserError):
            problem.with_user(self.employee).action_verify(False, " ")
        self.assertFalse(problem.verification_ids)
        self.assertEqual(problem.state, "resolved")

    def test_a_word_is_no_verdict(self):
        """I4: a program that sends the word “no” does not close the problem by it."""
        problem = self.resolved()
        for word in ("no", "false", "yes", [], {}, 2):
            with self.assertRaisesRegex(UserError, "Result: "):
                problem.with_user(self.employee).action_verify(word, "Still loud")
        self.assertEqual((problem.state, problem.verification_ids), ("resolved", self.env["ops.problem.verification"]))

    def test_refusals_betray_nothing(self):
        """A step on what one may not even read is refused without its number, title or state."""
        secret = self.accepted(name="Theft in the canteen")
        stranger = self.other_head
        for step in (
            lambda problem: problem.action_accept("1", self.branch_department.id, 0),
            lambda problem: problem.action_assign(stranger.id, self.branch_department.id),
            lambda problem: problem.action_start("x"),
            lambda problem: problem.action_resolve("x"),
            lambda problem: problem.action_verify(True),
            lambda problem: problem.action_regrade("1", "x"),
            lambda problem: problem.action_cancel("x"),
            lambda problem: problem.write({"content_version": -1}),
            lambda problem: problem.env["ops.problem.plan"].create({"problem_id": problem.id}),
        ):
            with self.assertRaises(AccessError) as refusal:
                step(secret.with_user(stranger))
            self.assertNotIn("Theft", str(refusal.exception))
            self.assertNotIn(secret.number, str(refusal.exception))

    def test_readers_make_nobody_stale(self):
        """Whoever may only read cannot make the version grow, by which others' saves would be refused."""
        problem = self.handling()
        before = problem.content_version
        problem.with_user(self.operations).write({"content_version": before})
        problem.invalidate_recordset()
        self.assertEqual(problem.content_version, before)

    def test_closing_is_verifying(self):
        problem = self.resolved()
        action = problem.with_user(self.employee).action_close()
        self.assertEqual(action["res_model"], "ops.problem.verify.wizard")
        self.assertEqual(problem.state, "resolved")
        with self.assertRaises(UserError):
            problem.with_user(self.handler).action_start("back by the side door")
        with self.assertRaises(UserError):
            problem.with_user(self.employee).action_start("back by the side door")

    def test_a_reporter_who_handled_it_does_not_verify(self):
        problem = self.report(self.handler)
        self.accept(problem)
        problem.with_user(self.handler).action_start("x")
        self.solve(problem)
        with self.assertRaises(AccessError):
            problem.with_user(self.handler).action_verify(True)
        problem.with_user(self.operations).action_verify(True)
        self.assertTrue(problem.verification_ids.in_stead)

    def test_verification_sheets_come_from_the_button_only(self):
        problem = self.resolved()
        with self.assertRaises(UserError):
            self.env["ops.problem.verification"].with_user(self.operations).create({
                "problem_id": problem.id, "effective": "yes",
            })

    def test_registered_by_operations(self):
        """A report made in writing: in the name of whoever made it, or of somebody without an account."""
        problems = self.env["ops.problem"].with_user(self.operations)
        named = problems.create({"name": "On paper", "author_id": self.colleague.id})
        self.assertEqual((named.channel, named.author_id), ("registered", self.colleague))
        named.action_submit()
        unnamed = problems.create({"name": "On paper", "author_id": False, "contact": "Gate, gate@example.com"})
        unnamed.action_submit()
        self.assertEqual(unnamed.reply_email, "gate@example.com")
        self.accept(unnamed)
        with self.assertRaises(ValidationError):
            self.env["ops.problem"].with_user(self.employee).create({"name": "x", "author_id": self.colleague.id})
        with self.assertRaises(ValidationError):
            self.env["ops.problem"].with_user(self.employee).create({"name": "x", "author_id": False})

    def test_anonymous_names_nobody(self):
        """No identity in the database: refused by the database itself."""
        door = self.env["ops.problem"].with_user(self.env.ref("base.user_root")).sudo()
        private = door._new_token()
        values = {"name": "x", "is_anonymous": True, "author_id": False, "token_hash": door._hash_token(private)}
        problem = door._report([{**values, "company_id": self.company.id}], photos=[[("a.png", PNG)]])
        self.assertFalse(problem.author_id or problem.message_follower_ids)
        self.assertEqual(problem.create_uid.id, 1)
        self.assertEqual(door._follow_by_token(private), problem)
        self.assertFalse(door._follow_by_token("wrong") or door._follow_by_token(""))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["ops.problem"].sudo().create({**values, "author_id": self.employee.id})
            self.env.flush_all()
        with self.assertRaises(AccessError):
            problem.with_user(self.operations).read(["token_hash"])
        self.accept(problem)
        problem.with_user(self.handler).action_start("x")
        self.solve(problem)
        door.browse(problem.id).action_verify(True, "Good")
        self.assertEqual(problem.state, "closed")
        self.assertFalse(problem.verification_ids.author_id)

    def test_repeats_are_linked_and_counted(self):
        first, second = self.report(), self.report()
        second.with_user(self.operations).write({"repeat_of_id": first.id})
        self.assertEqual((first.repeat_count, first.repeat_ids), (1, second))
        with self.assertRaises(ValidationError):
            first.with_user(self.operations).write({"repeat_of_id": second.id})
        with self.assertRaises(AccessError):
            second.with_user(self.handler).write({"repeat_of_id": False})

    def test_newest_first(self):
        older, newer = (self.resolved() for _number in range(2))
        for problem in (older, newer):
            problem.with_user(self.employee).action_verify(True)
        both = older | newer
        self.assertEqual(self.env["ops.problem.plan"].search([("problem_id", "in", both.ids)]).problem_id.ids, [newer.id, older.id])
        sheets = self.env["ops.problem.verification"].search([("problem_id", "in", both.ids)])
        self.assertEqual(sheets.mapped("problem_id").ids, [newer.id, older.id])

    def test_cancel(self):
        problem = self.handling()
        plan = self.plan(problem)
        for user in (self.employee, self.handler, self.head):
            with self.assertRaises(AccessError):
                problem.with_user(user).action_cancel("x")
        problem.with_user(self.operations).action_cancel("Plant closed")
        self.assertEqual((problem.state, plan.state, plan.measure_ids.state), ("cancelled", "cancelled", "cancelled"))

    def test_buttons_show_what_the_server_allows(self):
        problem = self.report()
        for user, names in (
            (self.employee, {"can_cancel"}),
            (self.operations, {"can_accept", "can_reject", "can_return", "can_link"}),
            (self.gm_office, set()),
        ):
            seen = problem.with_user(user)
            buttons = {name for name in seen._fields if name.startswith("can_") and seen[name]}
            self.assertEqual(buttons, names, user.name)

    def test_substitute_acts_in_the_name_of_the_reporter(self):
        problem = self.resolved()
        self.env["ops.substitution"].sudo().create({
            "user_id": self.employee.id, "substitute_id": self.colleague.id, "company_id": self.company.id,
            "date_from": "2020-01-01", "date_to": "2099-01-01", "reason": "Leave",
        })
        self.env["res.users"]._ops_refresh_rights()
        problem.with_user(self.colleague).action_verify(True, "It runs")
        self.assertEqual(problem.transition_ids[:1].on_behalf_id, self.employee)

    def test_batch_budget(self):
        """A step of 100 reports costs a fixed number of statements, not one more per report."""
        self.report_many(2)
        self.env.flush_all()
        with self.assertQueryCount(100):
            problems = self.report_many(100)
            self.env.flush_all()
        steps = [
            lambda: self.accept(problems),
            lambda: problems.with_user(self.handler).action_start("Off"),
            lambda: self.env["ops.problem.plan"].with_user(self.handler).create([
                {"problem_id": problem.id, "root_cause": "Worn", "measure_ids": [
                    (0, 0, {"name": "Replace", "owner_id": self.handler.id, "date_due": "2030-01-01"})]}
                for problem in problems
            ]).action_submit(),
            lambda: problems.measure_ids.with_user(self.handler).action_done("Replaced"),
            lambda: problems.with_user(self.handler).action_resolve("Runs"),
            lambda: problems.with_user(self.employee).action_verify(True, "Quiet"),
        ]
        for step in steps:
            with self.assertQueryCount(100):
                step()
                self.env.flush_all()
        self.assertEqual(set(problems.mapped("state")), {"closed"})
