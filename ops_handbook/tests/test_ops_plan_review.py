"""Review of annual plans: sheets, answers, overruling, and who never reviews (V1)."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .planning import PlanningCase


class ReviewCase(PlanningCase):
    """The workshop's plan in review: asked are the GM office and the head of sales."""

    def setUp(self):
        super().setUp()
        self.env["mail.mail"].sudo().search([("ops_notice", "=", True)]).unlink()
        self.plan = self._submitted()
        self.plan.with_user(self.gm_office).action_start_review(self.other_head.ids)

    def sheet(self, user, plan=None):
        """Return the sheet of ``user``, as they see it."""
        return (plan or self.plan).sudo().review_ids.filtered(lambda sheet: sheet.reviewer_id == user).with_user(user)

    def give(self, user, *verdicts, plan=None):
        """Let ``user`` give a sheet: for each criterion (verdict, comment), what is missing passes."""
        sheet = self.sheet(user, plan)
        for line, (verdict, comment) in zip(sheet.line_ids, [*verdicts, *[("pass", False)] * 3], strict=False):
            line.write({"verdict": verdict, "comment": comment})
        sheet.action_submit()
        return sheet

    def line(self, sheet, number=0, user=None):
        return sheet.line_ids[number].with_user(user or self.head)

    def missing(self):
        return self.plan._missing_for_final()[self.plan.id]


@tagged("post_install", "-at_install")
class TestOpsPlanReview(ReviewCase):
    # -- who is asked --------------------------------------------------------------------------------------------------

    def test_asks_the_office_and_the_chosen(self):
        """V1: whoever begins the review writes for the GM office; each sheet has the three criteria and a clock."""
        self.assertEqual(self.plan.state, "review")
        self.assertEqual(self.plan.sudo().review_ids.reviewer_id, self.gm_office | self.other_head)
        sheet = self.sheet(self.other_head)
        self.assertEqual(sheet.line_ids.mapped("criterion"), ["strategy", "resources", "risks"])
        self.assertEqual((sheet.department_id, sheet.asked_by_id), (self.other_department, self.gm_office))
        owed = self._owed("V1", ("source_id", "=", sheet.id))
        self.assertEqual((owed.responsible_id, owed.state), (self.other_head, "open"))
        self.assertEqual(owed.date_due, self.utc("2026-12-04 23:59:59"))  # 3 working days: the engine has not asked for A3 yet

    def test_due_with_the_meeting(self):
        """V1 is due when the review meeting is (A3)."""
        self._generate()
        meeting = self._owed("A3")
        self.assertTrue(meeting)
        plan = self._submitted(self._plan(self.other_department))
        plan.with_user(self.gm_office).action_start_review(self.head.ids)
        self.assertEqual(self._owed("V1", ("source_id", "=", self.sheet(self.head, plan).id)).date_due, meeting.date_due)

    def test_default_reviewers(self):
        """By default the heads of the other departments of the cycle are asked, in a dialog."""
        self.cycle.sudo().department_ids = self.department | self.other_department | self.branch_department | self.ops_department
        plan = self._submitted(self._plan(self.other_department)).with_user(self.gm_office)
        action = plan.action_start_review()
        self.assertEqual(action["res_model"], "ops.plan.review.wizard")
        wizard = self.env["ops.plan.review.wizard"].with_user(self.gm_office).with_context(**action["context"]).create({})
        self.assertEqual(wizard.reviewer_ids, self.head | self.branch_head | self.operations)
        wizard.action_confirm()
        self.assertEqual(plan.sudo().review_ids.reviewer_id, self.head | self.branch_head | self.operations | self.gm_office)
        self.assertEqual(self.sheet(self.branch_head, plan).company_id, self.branch, "their working days count")

    def test_several_plans(self):
        """Of several plans each reviewer is asked for those that they did not write."""
        plans = self._submitted(self._plan(self.other_department)) | self._submitted(self._plan(self.ops_department))
        plans.with_user(self.gm_office).action_start_review((self.other_head | self.operations).ids)
        self.assertEqual(plans[0].sudo().review_ids.reviewer_id, self.gm_office | self.operations)
        self.assertEqual(plans[1].sudo().review_ids.reviewer_id, self.gm_office | self.other_head)

    def test_asking_many_is_one_piece_of_work(self):
        """The number of statements does not grow with the plans."""
        def ask(departments):
            plans = self.env["ops.plan"].union(*(self._submitted(self._plan(department)) for department in departments))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plans.with_user(self.gm_office).action_start_review((self.head | self.operations).ids)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = ask(self.other_department)
        heads = [self._create_user(f"more.head.{number}") for number in range(6)]
        many = ask([self._create_department(f"More {number}", head) for number, head in enumerate(heads)])
        self.assertLessEqual(many, few + 25)

    def test_more_reviewers_later(self):
        """The GM office asks more people while the plan is in review; nobody is asked twice."""
        plan = self.plan.with_user(self.gm_office)
        plan.action_ask_reviewers((self.operations | self.other_head).ids)
        self.assertEqual(len(plan.review_ids), 3)
        with self.refused(AccessError, "GM office"):
            self.plan.with_user(self.head).action_ask_reviewers(self.operations.ids)
        for nonsense in ("x", [True, "a"], [0], [10**12], {}):
            with self.refused(ValidationError, "Reviewers"):
                plan.action_ask_reviewers(nonsense)

    def test_unasked(self):
        """Heads, operations and the GM office write a sheet on a plan in review without being asked, and may drop it."""
        action = self.plan.with_user(self.operations).action_write_review()
        sheet = self.env["ops.plan.review"].with_user(self.operations).browse(action["res_id"])
        self.assertFalse(sheet.asked_by_id)
        self.assertFalse(self._owed("V1", ("source_id", "=", sheet.id)))
        self.assertEqual(self.plan.with_user(self.operations).action_write_review()["res_id"], sheet.id)
        sheet.action_cancel("Nothing to say")
        with self.assertRaises(AccessError):
            self.env["ops.plan.review"].with_user(self.employee).create({"plan_id": self.plan.id})
        with self.refused(ValidationError, "in your own name"):
            self.env["ops.plan.review"].with_user(self.operations).create({
                "plan_id": self.plan.id, "reviewer_id": self.operations_colleague.id,
            })

    # -- who never reviews ---------------------------------------------------------------------------------------------

    def test_authors_never_review(self):
        """Whoever wrote a plan cannot review it: the author, the head of the department, their substitutes."""
        with self.refused(ValidationError, "wrote"):
            self.plan.with_user(self.gm_office).action_ask_reviewers(self.head.ids)
        with self.refused(ValidationError, "wrote"):
            self.env["ops.plan.review"].with_user(self.head).create({"plan_id": self.plan.id})
        self.substitute(self.other_head, self.head)
        sheet = self.sheet(self.other_head)
        self.assertFalse(sheet.can_submit)
        with self.refused(ValidationError, "wrote"):
            sheet.line_ids[0].verdict = "pass"
        sheet.line_ids.sudo().verdict = "pass"
        with self.refused(AccessError, "may not set"):
            sheet.action_submit()

    def substitute(self, user, principal):
        """Let ``user`` stand in for ``principal`` from now on."""
        self.env["ops.substitution"].create({
            "user_id": principal.id, "substitute_id": user.id, "date_from": "2020-01-01", "date_to": "2099-01-01",
        })

    def test_head_of_another_author(self):
        """The head reviews no plan of their own department, whoever wrote it."""
        self.department.manager_id = self.employee_of(self.newcomer)
        with self.refused(ValidationError, "wrote"):
            self.plan.with_user(self.gm_office).action_ask_reviewers(self.newcomer.ids)
        with self.refused(ValidationError, "wrote"):  # who led it then
            self.plan.with_user(self.gm_office).action_ask_reviewers(self.head.ids)

    # -- the sheet -----------------------------------------------------------------------------------------------------

    def test_complete(self):
        """Each criterion needs a verdict; conditional and fail need a comment."""
        sheet = self.sheet(self.other_head)
        with self.refused(UserError, "choose a verdict"):
            sheet.action_submit()
        sheet.line_ids.write({"verdict": "pass"})
        sheet.line_ids[1].verdict = "conditional"
        with self.refused(UserError, "say in a comment"):
            sheet.action_submit()
        sheet.line_ids[1].comment = "Too few fitters"
        sheet.action_submit()
        self.assertEqual((sheet.state, sheet.verdict, sheet.waiting_count), ("submitted", "conditional", 1))
        self.assertEqual(self._owed("V1", ("source_id", "=", sheet.id)).state, "done")

    def test_only_verdict_and_comment(self):
        """A reviewer writes verdicts and comments, nothing of the author's part; lines are neither added nor taken out."""
        sheet = self.sheet(self.other_head)
        for values in ({"answer": "adopted"}, {"criterion": "risks"}, {"review_id": self.sheet(self.gm_office).id}):
            with self.refused(ValidationError, "verdicts and comments"):
                sheet.line_ids[0].write(values)
        for command in ((0, 0, {"criterion": "risks"}), (2, sheet.line_ids[0].id, 0), (5, 0, 0)):
            with self.assertRaises(UserError):
                sheet.write({"line_ids": [command]})
        with self.assertRaises(AccessError):
            sheet.unlink()
        with self.refused(ValidationError, "stays with"):
            sheet.write({"reviewer_id": self.head.id})
        with self.refused(UserError, "directly"):
            sheet.write({"overruled_by_id": self.other_head.id})
        with self.assertRaises(AccessError):
            sheet.line_ids[0].with_user(self.operations_colleague).write({"verdict": "pass"})

    def test_only_in_review(self):
        """A sheet is given while its plan is in review."""
        self.plan.with_user(self.gm_office).action_return("Not yet")
        sheet = self.sheet(self.other_head)
        sheet.line_ids.write({"verdict": "pass"})
        self.assertFalse(sheet.can_submit)
        with self.refused(AccessError, "may not set"):
            sheet.action_submit()
        owed = self._owed("V1", ("source_id", "=", sheet.id))
        self.assertEqual(owed.state, "cancelled")

    def test_cancelled_by_the_office_alone(self):
        """Who was asked is let off by the GM office, with a reason."""
        sheet = self.sheet(self.other_head)
        with self.refused(AccessError, "may not set"):
            sheet.action_cancel("No time")
        sheet.with_user(self.gm_office).action_cancel("On leave")
        self.assertEqual(self._owed("V1", ("source_id", "=", sheet.id)).state, "cancelled")
        self.plan.with_user(self.gm_office).action_ask_reviewers(self.other_head.ids)
        self.assertEqual(len(self.plan.sudo().review_ids), 3, "asked anew")

    def test_private_until_given(self):
        """What a reviewer writes is theirs alone until the sheet is given; then whoever writes the plan reads it."""
        sheet = self.sheet(self.other_head)
        sheet.line_ids[0].write({"verdict": "fail", "comment": "Half a thought"})
        for user in (self.head, self.gm_office, self.operations, self.gm):
            self.assertEqual(self.env["ops.plan.review"].with_user(user).search([("id", "=", sheet.id)]), sheet)
            self.assertFalse(self.env["ops.plan.review.line"].with_user(user).search([("review_id", "=", sheet.id)]))
        self.give(self.other_head, ("fail", "Why so late?"))
        for user in (self.head, self.gm_office, self.operations, self.gm):
            self.assertEqual(len(self.env["ops.plan.review.line"].with_user(user).search([("review_id", "=", sheet.id)])), 3)
        for user in (self.employee, self.liaison, self.branch_head):
            self.assertFalse(self.env["ops.plan.review"].with_user(user).search([("id", "=", sheet.id)]))

    # -- answers -------------------------------------------------------------------------------------------------------

    def test_answers(self):
        """The author answers every comment: adopted, or not adopted and why; whoever else may not."""
        sheet = self.give(self.other_head, ("conditional", "Which market?"), ("pass", "Well done"))
        line = self.line(sheet)
        self.assertEqual(line.action_answer()["res_model"], "ops.plan.answer.wizard")
        with self.refused(UserError, "say why"):
            line.action_answer("not_adopted", "  ")
        with self.refused(ValidationError, "choose"):
            line.action_answer("perhaps")
        with self.refused(UserError, "no comment"):
            self.line(sheet, 2).action_answer("adopted")
        for user in (self.other_head, self.gm_office, self.operations):
            with self.refused(AccessError, "may not answer"):
                line.with_user(user).action_answer("adopted")
        wizard = self.env["ops.plan.answer.wizard"].with_user(self.head).create({
            "line_ids": line.ids, "answer": "not_adopted", "text": "The strategy names it",
        })
        wizard.action_confirm()
        self.assertEqual((line.answer, line.answer_text, line.answered_by_id), ("not_adopted", "The strategy names it", self.head))
        self.assertIn("A comment is not answered", " ".join(self.missing()))
        self.line(sheet, 1).action_answer("adopted")
        self.assertFalse(sheet.waiting_count)

    def test_kept_through_a_return(self):
        """A plan returned and handed in again keeps its sheets; what stays as it was keeps its answer."""
        sheet = self.give(self.other_head, ("conditional", "Which market?"), ("conditional", "Too few"))
        self.line(sheet).action_answer("adopted", "Europe")
        plan = self.plan.with_user(self.gm_office)
        plan.action_return("Work the comments in")
        self.line(sheet, 1).action_answer("not_adopted", "Enough")  # in the state returned as well
        self.plan.action_submit()
        plan.action_start_review([])
        self.assertEqual(self.plan.sudo().review_ids, sheet.sudo() | self.sheet(self.gm_office).sudo())
        self.assertEqual(sheet.state, "submitted")
        sheet.action_take_back()
        self.assertEqual(self._owed("V1", ("source_id", "=", sheet.id), ("state", "=", "open")).round, 2)
        sheet.line_ids[1].comment = "Still too few"
        sheet.action_submit()
        self.assertEqual(sheet.line_ids.mapped("answer"), ["adopted", False, False])
        office = self._owed("V1", ("source_id", "=", self.sheet(self.gm_office).id))
        self.assertEqual(sorted(office.mapped("state")), ["cancelled", "open"], "asked anew")

    def test_take_back_needs_the_review(self):
        sheet = self.give(self.other_head)
        self.plan.with_user(self.gm_office).action_return("Later")
        with self.refused(AccessError, "may not set"):
            sheet.action_take_back()

    # -- the way to the final version ----------------------------------------------------------------------------------

    def test_final(self):
        """A plan is final when every sheet is given or cancelled, every comment answered, every fail overruled."""
        self.assertEqual(len(self.missing()), 2)
        with self.refused(UserError, "has not given"):
            self.plan.action_finalise()
        self.sheet(self.gm_office).action_cancel("Another colleague does it")
        sheet = self.give(self.other_head, ("fail", "No such market"))
        with self.refused(UserError, "not answered"):
            self.plan.action_finalise()
        self.line(sheet).action_answer("not_adopted", "There is one")
        with self.refused(UserError, "overruled"):
            self.plan.action_finalise()
        sheet.with_user(self.gm_office).action_overrule("The general manager wants it")
        self.plan.action_finalise()
        self.assertEqual(self.plan.state, "final")

    def test_overrule(self):
        """A fail is overruled by the GM office alone, with a reason; a changed verdict is overruled anew."""
        sheet = self.give(self.other_head, ("fail", "No such market"))
        office = sheet.with_user(self.gm_office)
        self.assertTrue(office.can_overrule)
        self.assertEqual(office.action_overrule()["res_model"], "ops.reason.wizard")
        with self.refused(UserError, "say why"):
            office.action_overrule(" ")
        for user in (self.head, self.operations, self.gm, self.other_head):
            with self.refused(AccessError, "GM office"):
                sheet.with_user(user).action_overrule("I want it")
        office.action_overrule("It is in the strategy")
        self.assertEqual((sheet.overruled_by_id, sheet.overrule_reason), (self.gm_office, "It is in the strategy"))
        self.assertEqual(sheet.sudo().transition_ids[0].reason, "It is in the strategy")
        with self.refused(UserError, "can be overruled"):
            office.action_overrule("Again")
        sheet.action_take_back()
        sheet.line_ids[0].comment = "Still none"
        sheet.action_submit()
        self.assertFalse(sheet.overruled_on)
        self.assertIn("fail", " ".join(self.missing()))

    def test_plan_cancelled(self):
        """The sheets of a cancelled plan are cancelled with it."""
        plan = self.plan.with_user(self.gm_office)
        plan.action_return("No")
        self.plan.action_cancel("Not needed")
        self.assertEqual(set(self.plan.sudo().review_ids.mapped("state")), {"cancelled"})

    # -- mails ---------------------------------------------------------------------------------------------------------

    def test_mails(self):
        """Who is asked, who wrote the plan, and whose comments were answered is told; nobody of what they did themselves."""
        self.assertEqual(self.mails(), [("Please review the plan 2027 of Workshop", [self.other_head.email])])
        sheet = self.give(self.other_head, ("conditional", "Which market?"), ("fail", "Too few"))
        self.assertEqual(self.mails()[1:], [("Other Head reviewed the plan of Workshop", [self.head.email])])
        self.line(sheet).action_answer("adopted", "Europe")
        self.assertEqual(len(self.mails()), 2, "once, when all are answered")
        self.line(sheet, 1).action_answer("not_adopted", "Enough")
        sheet.with_user(self.gm_office).action_overrule("Go on")
        self.assertEqual(sorted(self.mails()[2:]), [
            ("A “fail” for the plan of Workshop was overruled", [self.head.email]),
            ("A “fail” for the plan of Workshop was overruled", [self.other_head.email]),
            ("Your comments on the plan of Workshop were answered", [self.other_head.email]),
        ])
        body = self.env["mail.mail"].sudo().search([("subject", "like", "were answered")]).body_html
        for text in ("Which market?", "Europe", "Not Adopted", "Enough"):
            self.assertIn(text, body)
