"""Handing an open item over: the plan stays filed, the clock (I3) goes along, both owners are told."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..tools import clock
from .problems import ProblemCase


@tagged("post_install", "-at_install")
class TestHandOver(ProblemCase):

    def setUp(self):
        super().setUp()
        self.plan_sheet = self.plan(self.handling(), owners=[self.colleague, self.colleague])
        self.measure = self.plan_sheet.measure_ids[0]
        self.by_operations = self.measure.with_user(self.operations)

    def mails(self, step):
        before = self.env["mail.mail"].sudo().search([])
        step()
        return self.env["mail.mail"].sudo().search([]) - before

    def test_the_clock_goes_to_the_new_owner(self):
        """I3: the same obligation, the same due time, answered for by somebody else; both logs say why."""
        item = self.obligation("I3", self.measure)
        due = item.date_due
        self.by_operations.action_hand_over(self.employee.id, "On leave until May.")
        self.assertEqual(self.measure.owner_id, self.employee)
        self.assertEqual(self.obligation("I3", self.measure), item, "no second clock")
        self.assertEqual((item.responsible_id, item.date_due, item.state), (self.employee, due, "open"))
        self.assertEqual(item.department_id, self.measure.department_id)
        for record in (item, self.measure):
            line = self.env["ops.form.transition"].sudo().search([
                ("res_model", "=", record._name), ("res_id", "=", record.id),
            ], limit=1)
            self.assertIn("On leave until May.", line.reason)
            self.assertIn(self.employee.name, line.reason)
            self.assertEqual(line.user_id, self.operations)
        self.assertEqual(self.plan_sheet.state, "submitted", "the plan stays as it was filed")
        self.measure.with_user(self.employee).action_done("Done by the new owner")
        self.assertEqual(item.state, "done")
        with self.assertRaises(AccessError):
            self.plan_sheet.measure_ids[1].with_user(self.employee).action_done("not theirs")

    def test_both_are_told(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        told = self.mails(lambda: self.plan_sheet.measure_ids.with_user(self.operations).action_hand_over(
            self.employee.id, "On leave"))
        by_user = {mail.recipient_ids: mail for mail in told}
        self.assertEqual(set(by_user), {self.employee.partner_id, self.colleague.partner_id}, "one mail each, for both measures")
        mine = by_user[self.employee.partner_id]
        self.assertTrue(mine.subject.startswith("Handed over to you: "))
        for measure in self.plan_sheet.measure_ids:
            self.assertIn(f"/odoo/ops.problem.measure/{measure.id}", mine.body_html)
        self.assertIn("On leave", mine.body_html)
        other = by_user[self.colleague.partner_id]
        self.assertIn(self.employee.name, other.subject)
        self.assertNotIn("/odoo/", other.body_html)

    def test_who_may(self):
        """The decider, never the owner, the author of the plan or the reporter; nobody once it is done."""
        for user in (self.employee, self.handler, self.head, self.other_head, self.gm_office, self.admin_ops, self.colleague):
            with self.assertRaises(AccessError):
                self.measure.with_user(user).action_hand_over(self.employee.id, "x")
            with self.assertRaises(AccessError):
                self.measure.with_user(user).action_hand_over()
        self.assertTrue(self.by_operations.can_hand_over)
        self.assertFalse(self.measure.with_user(self.colleague).can_hand_over)
        self.measure.with_user(self.colleague).action_done("Done")
        self.assertFalse(self.by_operations.can_hand_over)
        with self.assertRaises(AccessError):
            self.by_operations.action_hand_over(self.employee.id, "x")
        with self.assertRaises(AccessError):
            self.by_operations.write({"owner_id": self.employee.id})

    def test_operations_do_not_hand_over_what_they_carry_out(self):
        self.by_operations.action_hand_over(self.operations.id, "We do it ourselves")
        with self.assertRaises(AccessError):
            self.by_operations.action_hand_over(self.employee.id, "x")

    def test_to_whom(self):
        stranger = self._create_user("stranger.branch", companies=self.branch)
        gone = self._create_user("gone.user")
        gone.active = False
        portal = self._create_user("portal.owner")
        portal.group_ids = self.env.ref("base.group_portal")
        for user in (stranger, gone, portal):
            with self.assertRaises(ValidationError):
                self.by_operations.action_hand_over(user.id, "x")
        for owner_id in (0, -1, 2**31 - 1, "1", [1], False):
            with self.assertRaises(ValidationError):
                self.by_operations.action_hand_over(owner_id, "x")
        with self.assertRaisesRegex(UserError, "Reason"):
            self.by_operations.action_hand_over(self.employee.id, "  ")
        with self.assertRaisesRegex(UserError, "already"):
            self.by_operations.action_hand_over(self.colleague.id, "x")

    def test_dialog(self):
        action = self.by_operations.action_hand_over()
        wizard = self.env[action["res_model"]].with_user(self.operations).with_context(**action["context"])
        form = Form(wizard)
        form.owner_id, form.reason = self.employee, "On leave"
        form.save().action_confirm()
        self.assertEqual(self.measure.owner_id, self.employee)
        with self.assertRaises(UserError):
            wizard.create({
                "res_model": "res.users", "res_ids": [1], "owner_id": self.employee.id, "reason": "x",
            }).action_confirm()

    def test_a_draft_plan_names_its_owners_itself(self):
        plan = self.env["ops.problem.plan"].with_user(self.handler).create({
            "problem_id": self.handling().id,
            "root_cause": "Worn",
            "measure_ids": [(0, 0, {"name": "x", "owner_id": self.colleague.id, "date_due": clock.today("UTC")})],
        })
        with self.assertRaises(AccessError):
            plan.measure_ids.with_user(self.operations).action_hand_over(self.employee.id, "x")

    def test_many_at_once(self):
        """A hundred measures of somebody who leaves: a bounded number of statements for each, one mail for all."""
        measures = self.plan(self.handling(), owners=[self.colleague] * 40).measure_ids
        few, many = measures[:2].with_user(self.operations), measures[2:].with_user(self.operations)

        def count(items):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            items.action_hand_over(self.employee.id, "Left")
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        count(measures[:1].with_user(self.operations))
        small = count(few[1:])
        self.assertLess(count(many), small + 38 * 2, f"{small} for one")
