"""The request for help (form 9): who asks, who answers, what operations decide, how it ends."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .collaborations import CollaborationCase


@tagged("post_install", "-at_install")
class TestOpsCollaboration(CollaborationCase):

    def test_only_heads_ask(self):
        self.assertEqual(self.request().state, "draft")
        for user in (self.employee, self.liaison, self.colleague):
            with self.assertRaises(AccessError, msg=user.login):
                self.request(user=user)
        with self.refused(ValidationError, "only its head"):
            self.request(self.third_department, department_id=self.other_department.id)

    def test_operations_register_for_a_head_and_decide(self):
        request = self.request(user=self.operations, author_id=self.head.id)
        self.assertEqual((request.author_id, request.department_id), (self.head, self.department))
        request.action_submit()
        request.with_user(self.operations_colleague).action_file()
        self.assertEqual(request.state, "filed")
        with self.refused(ValidationError, "only its head"):
            self.request(user=self.operations, author_id=self.newcomer.id)

    def test_whoever_registers_for_a_head_may_file_it(self):
        """It is the head's, also where operations wrote it down and hand it in."""
        request = self.submitted(user=self.operations, author_id=self.head.id)
        request.action_file()
        self.assertEqual(request.state, "filed")

    def test_whoever_hands_it_in_does_not_file_it(self):
        boss = self._create_boss("operations")
        request = self.request()
        request.with_user(boss).action_submit()
        self.assertEqual(self.obligation("D1", request).role, "operations")
        for step in (request.with_user(boss).action_file, lambda: request.with_user(boss).action_return("Who?")):
            with self.assertRaises(AccessError):
                step()
        request.with_user(self.operations).action_file()

    def test_whoever_hands_it_in_does_not_decide_on_a_refusal(self):
        """D1 of a party: a colleague in operations does; of what nobody leads a colleague agrees, too (K1)."""
        boss, orphan = self._create_boss("operations"), self._create_department("Orphan")
        request = self.request(departments=self.third_department | orphan)
        request.with_user(boss).action_submit()
        party, headless = self.party(request, self.third_department), self.party(request, orphan)
        party.with_user(self.third_head).action_decline("Nobody left")
        self.assertEqual(self.obligation("D1", party).role, "operations")
        for step in (
            lambda: party.with_user(boss).action_require("Please"), lambda: party.with_user(boss).action_release("Never mind"),
            headless.with_user(boss).action_accept,
        ):
            with self.assertRaises(AccessError):
                step()
        party.with_user(self.operations).action_release("Not needed any more")
        headless.with_user(self.operations).action_accept()
        self.assertEqual((party.state, headless.state), ("released", "accepted"))

    def test_without_a_colleague_the_next_office_decides_on_a_refusal(self):
        """Nobody else in operations: the GM office decides. To agree for a department without a head nobody else is left."""
        boss, orphan = self._create_boss("operations"), self._create_department("Orphan")
        office = self.env.ref("ops_handbook.group_operations")
        (self.operations | self.operations_colleague).write({"group_ids": [Command.unlink(office.id)]})
        request = self.request(departments=self.third_department | orphan)
        request.with_user(boss).action_submit()
        party, headless = self.party(request, self.third_department), self.party(request, orphan)
        party.with_user(self.third_head).action_decline("Nobody left")
        self.assertEqual(self.obligation("D1", party).role, "gm_office")
        with self.assertRaises(AccessError):
            party.with_user(boss).action_require("Please")
        party.with_user(self.gm_office).action_require("It is urgent")
        headless.with_user(boss).action_accept()
        self.assertEqual((party.state, headless.state), ("required", "accepted"))

    def test_whoever_registers_for_a_head_decides_on_a_refusal(self):
        request = self.submitted(user=self.operations, author_id=self.head.id)
        party = self.party(request, self.third_department)
        party.with_user(self.third_head).action_decline("Nobody left")
        party.with_user(self.operations).action_require("It is urgent")
        self.assertEqual(party.state, "required")

    def test_rights_of_many_parties_cost_no_query_each(self):
        departments = self.env["hr.department"].union(*(
            self._create_department(f"Line {number}", self._create_user(f"line{number}.head")) for number in range(8)
        ))
        parties = self.submitted(departments=departments).sudo().party_ids.with_user(self.operations)

        def cost(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.browse(some.ids).mapped("can_accept")
            return self.env.cr.sql_log_count - before

        cost(parties)
        self.assertLessEqual(cost(parties), cost(parties[:2]) + 1)

    def test_operations_own_request_is_decided_by_the_gm_office(self):
        request = self.submitted(user=self.operations)
        self.assertEqual(request.department_id, self.ops_department)
        self.assertEqual(self.obligation("D1", request).role, "gm_office")
        for user in (self.operations, self.operations_colleague):
            with self.assertRaises(AccessError):
                request.with_user(user).action_file()
        request.with_user(self.gm_office).action_file()
        # whoever decides or not, the kick-off is operations' to plan
        self.assertTrue(request.with_user(self.operations).can_plan_kickoff)

    def test_submission_names_what_is_missing(self):
        request = self.request(goal=False, date_expected=False, party_ids=False)
        with self.refused(UserError, "Goal, Expected Completion, Parties"):
            request.action_submit()
        self.assertEqual(request.state, "draft")

    def test_a_department_does_not_ask_itself_and_asks_others_once(self):
        with self.refused(ValidationError, "asks itself"):
            self.request(self.department)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.request(party_ids=[
                Command.create({"department_id": self.other_department.id, "request": text}) for text in ("a", "b")
            ])

    def test_lead_is_the_head_of_the_lead_department_until_somebody_is_named(self):
        request = self.submitted()
        self.assertEqual(request.lead_id, self.other_head)
        with self.assertRaises(AccessError):
            request.with_user(self.third_head).write({"lead_id": self.third_head.id})
        request.with_user(self.other_head).write({"lead_id": self.liaison.id})
        self.assertEqual(request.lead_id, self.liaison)
        with self.refused(ValidationError, "does not work for"):
            request.with_user(self.operations).write({"lead_id": self.branch_employee.id})

    def test_content_is_locked_from_submission_on(self):
        request = self.submitted()
        for values in ({"name": "Other"}, {"party_ids": [Command.clear()]}, {"state": "filed"}, {"rating": "5"}, {
            "kickoff_id": 1}, {"liaison_user_ids": [Command.link(self.employee.id)]}):
            for user in (self.head, self.operations, self.other_head):
                with self.assertRaises(UserError, msg=f"{values} {user.login}"):
                    request.with_user(user).write(values)

    def test_accept_decline_and_what_operations_decide(self):
        request = self.submitted()
        mine, theirs = self.party(request), self.party(request, self.third_department)
        for user in (self.head, self.liaison, self.third_head, self.operations):
            with self.assertRaises(AccessError):
                mine.with_user(user).action_accept()
        mine.with_user(self.other_head).action_accept(self.liaison.id)
        self.assertEqual((mine.state, mine.liaison_id, request.liaison_user_ids), ("accepted", self.liaison, self.liaison))
        with self.refused(UserError, "Reason"):
            theirs.with_user(self.third_head).action_decline("  ")
        theirs.with_user(self.third_head).action_decline("Nobody left")
        self.assertEqual((theirs.state, theirs.reason), ("declined", "Nobody left"))
        decision = self.obligation("D1", theirs)
        self.assertEqual((decision.role, decision.responsible_id.id), ("operations", False))
        with self.assertRaises(AccessError):
            theirs.with_user(self.head).action_require("Please")
        with self.refused(UserError, "Reason"):
            theirs.with_user(self.operations).action_require("")
        theirs.with_user(self.operations).action_require("It is urgent")
        self.assertEqual((theirs.state, decision.state), ("required", "done"))
        theirs.with_user(self.operations).action_release("Not needed any more")
        self.assertEqual(theirs.state, "released")

    def test_operations_do_not_overrule_a_refusal_of_their_own_department(self):
        request = self.submitted(departments=self.ops_department | self.third_department)
        party = self.party(request, self.ops_department)
        party.with_user(self.operations).action_decline("No time")
        self.assertEqual(self.obligation("D1", party).role, "gm_office")
        with self.assertRaises(AccessError):
            party.with_user(self.operations_colleague).action_release("Right")
        party.with_user(self.gm_office).action_require("Take the time")

    def test_a_silent_head_is_the_liaison_until_they_name_one(self):
        request = self.submitted()
        party = self.party(request)
        self.assertEqual(party.acting_liaison_id, self.other_head)
        with self.assertRaises(UserError):
            party.with_user(self.head).write({"liaison_id": self.employee.id})
        with self.refused(ValidationError, "names them"):
            self.request(party_ids=[Command.create({
                "department_id": self.other_department.id, "request": "x", "liaison_id": self.liaison.id,
            })])
        draft, parties = self.request(departments=self.third_department), self.env["ops.collaboration.party"].with_user(self.head)
        self.env["ir.default"].set("ops.collaboration.party", "liaison_id", self.employee.id, user_id=self.head.id)
        forged = parties.with_context(default_liaison_id=self.employee.id)
        for model, department in ((forged, self.other_department), (parties, self.gm_department)):
            made = model.create({"collaboration_id": draft.id, "department_id": department.id, "request": "x"})
            self.assertFalse(made.liaison_id, "no default of the asker names one either")
        party.with_user(self.other_head).write({"liaison_id": self.liaison.id})
        self.assertEqual((party.acting_liaison_id, request.liaison_user_ids), (self.liaison, self.liaison))
        with self.refused(ValidationError, "does not work for"):
            party.with_user(self.other_head).action_name_liaison(self.branch_employee.id)
        self.liaison.active = False
        party.invalidate_recordset()
        self.assertEqual(party.acting_liaison_id, self.other_head, "the liaison has left: the head again")
        party.with_user(self.other_head).action_name_liaison(0)
        self.assertFalse(request.liaison_user_ids)

    def test_a_department_without_a_head(self):
        """The head above answers; where nobody leads anything above, operations do."""
        self.other_department.parent_id = self.third_department
        self.other_department.manager_id = False
        request = self.submitted(departments=self.other_department, lead_department_id=self.third_department.id)
        party = self.party(request)
        self.assertEqual((party.acting_liaison_id, self.obligation("K1", party).responsible_id), (self.third_head,) * 2)
        party.with_user(self.third_head).action_accept()
        orphan = self._create_department("Orphan")
        request = self.submitted(departments=orphan)
        party = self.party(request, orphan)
        self.assertEqual(self.obligation("K1", party).role, "operations")
        self.assertFalse(party.acting_liaison_id)
        party.with_user(self.operations).action_accept()
        self.assertEqual(party.state, "accepted")

    def test_a_return_asks_again_only_what_was_changed(self):
        request = self.submitted()
        mine, theirs = self.party(request), self.party(request, self.third_department)
        mine.with_user(self.other_head).action_accept()
        theirs.with_user(self.third_head).action_accept()
        request.with_user(self.operations).action_return("Say how many people")
        theirs.with_user(self.head).write({"request": "Four people"})
        self.assertEqual((mine.state, theirs.state), ("accepted", "asked"))
        self.assertEqual(self.obligation("R1", request).responsible_id, self.head)
        request.action_submit()
        self.assertEqual(self.obligations("K1", mine).mapped("state"), ["done"])
        self.assertEqual(self.obligations("K1", theirs).mapped("state"), ["done", "open"])

    def test_a_liaison_goes_with_the_department(self):
        """Whoever speaks for a department that is not asked any more takes no part any more."""
        request = self.submitted()
        mine, theirs = self.party(request), self.party(request, self.third_department)
        mine.with_user(self.other_head).action_accept(self.liaison.id)
        theirs.with_user(self.third_head).action_name_liaison(self.newcomer.id)
        request.with_user(self.operations).action_return("Others, please")
        mine.with_user(self.head).unlink()
        self.assertEqual(request.liaison_user_ids, self.newcomer)
        self.assertFalse(request.with_user(self.liaison).has_access("read"))
        theirs.with_user(self.head).write({"request": "One person"})
        self.assertEqual(request.liaison_user_ids, self.newcomer, "the department is the same")
        request.with_user(self.head).write({
            "party_ids": [Command.update(theirs.id, {"department_id": self.branch_department.id})],
        })
        self.assertEqual((theirs.state, theirs.liaison_id, theirs.acting_liaison_id), (
            "asked", self.env["res.users"], self.branch_head))
        self.assertFalse(request.liaison_user_ids)
        self.assertFalse(request.with_user(self.newcomer).has_access("read"))

    def test_closing(self):
        request = self.running()
        item = self.item(request)
        with self.refused(UserError, "not done yet: Draw the line"):
            request.with_user(self.other_head).action_finish()
        item.with_user(self.liaison).action_done("Drawn")
        with self.assertRaises(AccessError):
            request.with_user(self.head).action_finish()
        request.with_user(self.other_head).action_finish()
        ask = self.obligation("D1", request)
        self.assertEqual((request.state, ask.responsible_id), ("done", self.head))
        request.with_user(self.head).action_resume("It packs too slowly")
        self.assertEqual((request.state, request.finished_on, ask.state), ("running", False, "done"))
        request.with_user(self.other_head).action_finish()
        with self.assertRaises(AccessError):
            request.with_user(self.other_head).action_close("5", "Well done, us")
        for rating, text, error in (("9", "x", ValidationError), ("4", " ", UserError)):
            with self.assertRaises(error):
                request.with_user(self.head).action_close(rating, text)
        request.with_user(self.head).action_close("4", "Twice as fast")
        self.assertEqual((request.state, request.rating, request.assessment), ("closed", "4", "Twice as fast"))
        self.assertEqual(self.obligations("D1", request).mapped("state"), ["done"] * 3)
        self.assertEqual(request.department_name, "Workshop")

    def test_cancelled_in_each_state(self):
        for state, make, user in (
            ("draft", self.request, self.head), ("submitted", self.submitted, self.head),
            ("filed", self.planned, self.operations), ("running", self.running, self.head),
        ):
            with self.subTest(state=state):
                request = make()
                item = self.item(request) if state == "running" else None
                meeting = request.sudo().kickoff_id
                with self.refused(UserError, "Reason"):
                    request.with_user(user).action_cancel("")
                request.with_user(user).action_cancel("Not needed any more")
                self.assertEqual(request.state, "cancelled")
                if item:
                    self.assertEqual((item.state, self.obligations("C5", item).state), ("cancelled", "cancelled"))
                elif meeting:
                    self.assertEqual(meeting.state, "cancelled")
                records = [request, *request.sudo().party_ids]
                running = self.env["ops.obligation"].sudo().browse(
                    [item.id for record in records for code in ("C1", "K1", "C4", "D1") for item in self.obligations(code, record)]
                ).filtered(lambda item: item.state == "open")
                self.assertFalse(running)
                for party in request.sudo().party_ids:
                    with self.assertRaises(UserError):
                        party.with_user(party.head_id).action_accept()

    def test_across_companies(self):
        """The head of a branch is asked; they and their liaison see it, whatever the company."""
        request = self.submitted(departments=self.branch_department | self.third_department)
        party = self.party(request, self.branch_department).with_user(self.branch_head)
        self.assertEqual(party.company_id, self.branch)
        self.assertEqual(request.with_user(self.branch_head).name, "New packaging line")
        party.action_accept(self.branch_employee.id)
        self.assertEqual(request.with_user(self.branch_employee).party_ids.mapped("state"), ["accepted", "asked"])
        with self.assertRaises(AccessError):
            request.with_user(self.colleague).read(["name"])

    def test_a_substitute_answers_in_the_heads_name(self):
        request = self.submitted()
        self.env["ops.substitution"].create({
            "user_id": self.other_head.id, "substitute_id": self.colleague.id, "date_from": "2020-01-01", "date_to": "2099-01-01",
        })
        party = self.party(request).with_user(self.colleague)
        party.action_accept()
        self.assertEqual(party.transition_ids[:1].on_behalf_id, self.other_head)

    def test_lists_and_buttons(self):
        request = self.running()
        self.item(request)
        self.assertEqual(
            (request.party_count, request.item_count, request.item_done_count, request.meeting_count), (2, 1, 0, 1)
        )
        self.assertIn("Sales, Purchasing", request.next_step)
        for name in ("items", "briefs", "meetings", "kickoff"):
            action = getattr(request, f"action_open_{name}")()
            self.assertEqual(action["type"], "ir.actions.act_window")
        can = {name: request.with_user(self.other_head)[name] for name in ("can_steer", "can_finish", "can_write_brief")}
        self.assertEqual(set(can.values()), {True})

    def test_a_liaison_updates_the_own_side_and_no_other(self):
        request, other = self.running(), self.running()
        self.party(request).with_user(self.other_head).action_name_liaison(self.liaison.id)
        self.party(request, self.third_department).with_user(self.third_head).action_name_liaison(self.colleague.id)
        ours, theirs = self.item(request, self.other_head), self.item(request, self.third_head)
        hidden = self.item(other, self.other_head)
        self.assertEqual((ours.party_id, theirs.party_id), (self.party(request), self.party(request, self.third_department)))
        ours.with_user(self.liaison).write({"progress": 40, "progress_note": "Belt ordered"})
        self.assertEqual((ours.progress, ours.progress_note), (40, "Belt ordered"))
        with self.assertRaises(UserError):
            ours.with_user(self.liaison).write({"date_due": "2031-01-01"})
        for item in (theirs, hidden):
            for method, arguments in (("write", [{"progress": 90}]), ("action_done", ["x"]), ("action_cancel", ["x"])):
                with self.assertRaises(UserError):
                    getattr(item.with_user(self.liaison), method)(*arguments)
        self.assertTrue(theirs.with_user(self.liaison).has_access("read"), "they see the whole of their collaboration")
        for record in (other, hidden, *other.sudo().party_ids):
            self.assertFalse(record.with_user(self.liaison).has_access("read"))
        ours.with_user(self.liaison).action_done("Ordered")
        with self.assertRaises(UserError):
            self.env["ops.collaboration.item"].with_user(self.liaison).create({
                "collaboration_id": request.id, "name": "x", "owner_id": self.liaison.id, "date_due": "2031-01-01"})

    def test_an_item_gets_no_resolution_from_a_client(self):
        """Whoever could link an item to a resolution would move the resolution."""
        request = self.running()
        with self.refused(UserError, "cannot be written directly"):
            self.item(request, resolution_id=1)
        item = self.item(request)
        with self.refused(UserError, "cannot be written directly"):
            item.with_user(self.other_head).write({"resolution_id": 1})
        item.with_user(self.other_head).action_hand_over(self.employee.id, "On leave")
        self.assertEqual((item.owner_id, self.obligation("C5", item).responsible_id), (self.employee, self.employee))
