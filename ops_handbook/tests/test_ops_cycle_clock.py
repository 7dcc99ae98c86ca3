"""A1, A3, A5 and A7: what the meetings of a cycle and the release of its plans do to the clocks."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged

from .planning import PlanningCase


@tagged("post_install", "-at_install")
class TestOpsCycleClock(PlanningCase):
    def plan_meeting(self, kind, quarter=None, user=None):
        action = self.cycle.with_user(user or self.gm_office).action_plan_meeting(kind, quarter)
        return self.env["ops.meeting"].browse(action["res_id"])

    def held(self, kind, end, quarter=None, recorded=None):
        """Return a meeting of a kind that ended at a local time, recorded then or later."""
        meeting = self.plan_meeting(kind, quarter)
        with self.at(recorded or end):
            meeting.with_user(self.gm_office).action_hold(self.utc(end.replace(end[-5:], "08:00")), self.utc(end))
        return meeting

    def one(self, code, period="2027"):
        found = self._owed(code, ("period", "=", period))
        self.assertEqual(len(found), 1, f"{code} of {period}")
        return found

    def result(self, obligation, at=None):
        with self.at(at or self.NOW):
            obligation.invalidate_recordset(["result"])
            return obligation.result

    def test_standards_are_ready(self):
        ready = self.env["ops.standard"]._ready_codes()
        self.assertLessEqual({"A1", "A3", "A5", "A7"}, ready)

    def test_a1_is_met_by_the_seminar_at_its_end(self):
        """A1: the strategy seminar is held."""
        self._generate()
        owed = self.one("A1")
        self.assertEqual((owed.company_id, owed.role, owed.date_due), (self.company, "gm_office", self.utc("2026-12-10 23:59:59")))
        meeting = self.held("strategy_seminar", "2026-12-09 16:00", recorded="2026-12-14 09:00")
        self.assertEqual((owed.state, owed.date_done, owed.form_model, owed.form_id),
                         ("done", self.utc("2026-12-09 16:00"), "ops.meeting", meeting.id))
        self.assertEqual(self.result(owed, "2026-12-14 10:00"), "met")
        self.assertFalse(self._owed("A1", ("company_id", "=", self.branch.id)), "the branch owes none of its own")

    def test_a1_late(self):
        self._generate()
        self.held("strategy_seminar", "2026-12-12 16:00")
        self.assertEqual(self.result(self.one("A1"), "2026-12-20 10:00"), "late")

    def test_a1_held_before_it_was_asked_for(self):
        """A1: a seminar in October counts, though the calendar asks for it in November only."""
        self.held("strategy_seminar", "2026-12-02 16:00")
        self._generate("2026-12-03 08:00")
        owed = self.one("A1")
        self.assertEqual((owed.state, owed.date_done), ("done", self.utc("2026-12-02 16:00")))

    def test_a3_is_met_by_the_review_meeting(self):
        """A3: the cross-department review is held; calling it begins the review."""
        self._generate()
        meeting = self.plan_meeting("plan_review")
        meeting.agenda_ids[:1].attachment_ids = self.env["ir.attachment"].create({"name": "plans.txt", "raw": b"x"})
        meeting.with_user(self.gm_office).action_call()
        self.assertEqual(self.cycle.state, "review")
        with self.at("2026-12-24 18:00"):
            meeting.with_user(self.gm_office).action_hold(self.utc("2026-12-24 09:00"), self.utc("2026-12-24 12:00"))
        self.assertEqual(self.one("A3").date_done, self.utc("2026-12-24 12:00"))

    def test_a_correction_fulfils_nothing_anew(self):
        self._generate()
        meeting = self.held("strategy_seminar", "2026-12-09 16:00").with_user(self.gm_office)
        with self.at("2026-12-09 18:00"):
            meeting.attendee_ids.write({"presence": "present"})
            meeting.action_distribute()
        self.Obligation._reopen_domain(Domain("id", "=", self.one("A1").id), "Test")
        with self.at("2026-12-12 10:00"):
            meeting.action_correct("A typo")
        self.assertEqual(self.one("A1").state, "open")

    def test_a_planned_meeting_that_is_cancelled_makes_room(self):
        meeting = self.plan_meeting("strategy_seminar")
        self.assertEqual(self.plan_meeting("strategy_seminar"), meeting, "one that is planned is opened, not made again")
        meeting.with_user(self.gm_office).action_cancel("Snow")
        self.assertNotEqual(self.plan_meeting("strategy_seminar"), meeting)

    def test_a_cancelled_cycle_owes_its_steps_again(self):
        self._generate()
        self.held("strategy_seminar", "2026-12-09 16:00")
        with self.at("2026-12-10 09:00"):
            self.cycle.with_user(self.gm_office).action_cancel("Wrong year")
        self.assertEqual(self.one("A1").state, "open")

    def test_a5_needs_release_and_kick_off(self):
        """A5: the plans final by then are released and the kick-off is held."""
        self._generate("2026-12-28 08:00")
        plan, other = self._plan(), self._plan(self.other_department)
        with self.at("2026-12-30 10:00"):
            self._final(plan)
            self._final(other)
        with self.at("2027-01-03 10:00"):
            self._released(plan)
        self.assertEqual(self.cycle.state, "released")
        self.held("kick_off", "2027-01-04 11:00")
        self.assertEqual(self.cycle.state, "running")
        self.assertEqual(self.one("A5").state, "open", "a plan that was final in time still waits")
        with self.at("2027-01-05 15:00"):
            self._released(other)
        owed = self.one("A5")
        self.assertEqual((owed.state, owed.date_done), ("done", self.utc("2027-01-05 15:00")))
        self.assertEqual(self.result(owed, "2027-01-20 08:00"), "met")

    def test_a5_kick_off_first(self):
        self._generate("2026-12-28 08:00")
        self.held("kick_off", "2027-01-04 11:00")
        self.assertEqual((self.one("A5").state, self.cycle.state), ("open", "drafting"))
        with self.at("2027-01-04 17:00"):
            self._released()
        self.assertEqual((self.one("A5").state, self.cycle.state), ("done", "running"))

    def test_a5_ends_with_the_kick_off_that_was_recorded_later(self):
        self._generate("2026-12-28 08:00")
        with self.at("2027-01-02 10:00"):
            self._released()
        self.held("kick_off", "2027-01-04 11:00", recorded="2027-01-08 09:00")
        self.assertEqual(self.one("A5").date_done, self.utc("2027-01-04 11:00"))

    def test_a5_does_not_wait_for_plans_that_become_final_later(self):
        """A5: a department that is late blocks nobody."""
        self._generate("2026-12-28 08:00")
        plan, late = self._plan(), self._plan(self.other_department)
        with self.at("2027-01-03 10:00"):
            self._released(plan)
        with self.at("2027-01-07 10:00"):
            self._final(late)
        self.held("kick_off", "2027-01-08 11:00")
        owed = self.one("A5")
        self.assertEqual((owed.state, owed.date_done), ("done", self.utc("2027-01-08 11:00")))
        self.assertEqual(self.result(owed, "2027-01-20 08:00"), "late", "the kick-off was held too late")

    def test_a5_waits_no_longer_for_a_plan_that_was_returned(self):
        self._generate("2026-12-28 08:00")
        plan, other = self._plan(), self._plan(self.other_department)
        with self.at("2026-12-30 10:00"):
            self._final(other)
            self._released(plan)
        self.held("kick_off", "2027-01-04 11:00")
        self.assertEqual(self.one("A5").state, "open")
        with self.at("2027-01-04 12:00"):
            other.with_user(self.gm_office).action_return("Not yet")
        self.assertEqual(self.one("A5").state, "done")

    def test_a5_release_complete_before_it_was_asked_for(self):
        with self.at("2026-12-02 10:00"):
            self._released()
        self.held("kick_off", "2026-12-03 11:00")
        self._generate("2026-12-20 08:00")
        self.assertEqual(self.one("A5").date_done, self.utc("2026-12-03 11:00"))

    def test_a7_is_met_by_the_review_of_its_quarter(self):
        """A7: one review for each quarter, ten working days after it."""
        self._released()
        self._generate("2027-04-01 08:00")
        self._generate("2027-07-01 08:00")
        with self.at("2027-04-08 08:00"):
            meeting = self.plan_meeting("quarterly_review")
        self.assertEqual(meeting.cycle_quarter, "2027-Q1")
        with self.at("2027-04-09 12:00"):
            meeting.with_user(self.gm_office).action_hold(self.utc("2027-04-09 09:00"), self.utc("2027-04-09 11:00"))
        self.assertEqual(self.one("A7", "2027-Q1").state, "done")
        self.assertEqual(self.one("A7", "2027-Q2").state, "open")
        with self.at("2027-04-12 08:00"):
            self.assertEqual(self.plan_meeting("quarterly_review").cycle_quarter, "2027-Q2")
        with self.refused(UserError, "choose one of 2027-Q1"):
            self.plan_meeting("quarterly_review", "2026-Q1")

    def test_a7_of_the_last_quarter_when_the_year_was_closed(self):
        """A7: the last review falls due after the year; it is planned and held although the cycle is closed by then."""
        self._released()
        cycle = self.cycle.with_user(self.gm_office)
        cycle.action_run()
        self._generate("2027-12-31 08:00")
        with self.at("2028-01-04 10:00"):
            cycle.action_close()
            self.assertEqual((cycle.next_meeting, cycle.can_plan_meeting), ("quarterly_review", True))
            self.assertFalse(self.cycle.with_user(self.operations).can_plan_meeting)
            with self.refused(UserError, "not the time"):
                self.plan_meeting("kick_off")
            meeting = self.plan_meeting("quarterly_review", "2027-Q4")
            self.assertEqual(self.plan_meeting("quarterly_review", "2027-Q4"), meeting)
        with self.at("2028-01-07 12:00"):
            meeting.with_user(self.gm_office).action_hold(self.utc("2028-01-07 09:00"), self.utc("2028-01-07 11:00"))
            self.assertEqual(self.one("A7", "2027-Q4").date_done, self.utc("2028-01-07 11:00"))
            cycle.invalidate_recordset()
            self.assertEqual((cycle.next_meeting, cycle.can_plan_meeting), (False, False))

    # -- planning -----------------------------------------------------------------------------------------------------

    def test_a_meeting_invites_the_heads_on_the_due_day(self):
        meeting = self.plan_meeting("strategy_seminar")
        users = meeting.attendee_ids.user_id
        for user in (self.head, self.other_head, self.branch_head, self.gm, self.gm_office, self.operations):
            self.assertIn(user, users)
        self.assertNotIn(self.employee, users)
        self.assertEqual((meeting.kind, meeting.cycle_id, meeting.state), ("strategy_seminar", self.cycle, "draft"))
        self.assertEqual(meeting.date_start, self.utc("2026-12-10 09:00"), "the day on which A1 is due")
        self.assertTrue(meeting.agenda_ids, "the template of its kind")
        with self.at("2026-12-20 10:00"):
            meeting = self.plan_meeting("kick_off")
        self.assertEqual(meeting.date_start, self.utc("2027-01-05 09:00"))

    def test_everybody_is_invited_to_the_kick_off(self):
        """A5: heads, general manager and GM office have to come, all others who work here may."""
        left = self._create_user("left")
        self._employ(left, self.department)
        left.active = False
        elsewhere = self._create_company("Elsewhere", "Europe/Berlin", "base.de")
        stranger = self._create_user("stranger", companies=elsewhere)
        self._employ(stranger, self._create_department("Foreign", company=elsewhere))
        meeting = self.plan_meeting("kick_off")
        needed = meeting.attendee_ids.filtered("is_required").user_id
        others = meeting.attendee_ids.user_id - needed
        self.assertLessEqual(self.head | self.other_head | self.branch_head | self.gm | self.gm_office | self.operations, needed)
        self.assertLessEqual(
            self.employee | self.colleague | self.liaison | self.newcomer | self.admin_ops | self.branch_employee, others
        )
        self.assertFalse((left | stranger | self.portal) & meeting.attendee_ids.user_id)
        with self.at("2026-12-01 11:00"):
            meeting.with_user(self.gm_office).action_call()
        waiting = self.env["ops.meeting.invitation"].sudo().search([("meeting_id", "=", meeting.id)])
        self.assertEqual(waiting.partner_id, (meeting.attendee_ids.user_id - self.gm_office).partner_id)

    def test_everybody_is_invited_in_as_many_statements(self):
        counts = []
        for number in (0, 20):
            users = self.env["res.users"].create([self._user_values(f"worker{index}") for index in range(number)])
            self._employ(users, self.department)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            meeting = self.plan_meeting("kick_off")
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertLessEqual(users, meeting.attendee_ids.user_id)
            meeting.with_user(self.gm_office).action_cancel("Snow")
        self.assertLessEqual(counts[1], counts[0] + 5, counts)

    def test_a_meeting_is_not_proposed_in_the_past(self):
        with self.at("2026-12-14 10:00"):  # Monday, A1 has passed
            meeting = self.plan_meeting("strategy_seminar")
        self.assertEqual(meeting.date_start, self.utc("2026-12-16 09:00"))

    def test_who_plans_and_when(self):
        with self.refused(AccessError, "The GM office runs"):
            self.plan_meeting("strategy_seminar", user=self.operations)
        with self.refused(UserError, "not the time"):
            self.plan_meeting("quarterly_review")
        with self.refused(UserError, "Kind: a cycle has"):
            self.plan_meeting("weekly")
        with self.refused(UserError, "Kind: a cycle has"):
            self.plan_meeting(["weekly"])

    def test_next_meeting(self):
        cycle = self.cycle.with_user(self.gm_office)
        self.assertEqual(cycle.next_meeting, "strategy_seminar")
        self.assertTrue(cycle.can_plan_meeting)
        cycle.action_plan_next_meeting()
        cycle.invalidate_recordset()
        self.assertEqual(cycle.next_meeting, "plan_review")
        self.assertFalse(self.cycle.with_user(self.operations).can_plan_meeting)

    def test_nobody_makes_a_meeting_one_of_the_cycle(self):
        """A1: what a meeting is about is said by the cycle; forged by RPC it fulfils nothing."""
        kind = self.env["ops.meeting.type"].search([("kind", "=", "strategy_seminar")], limit=1)
        meetings = self.env["ops.meeting"].with_user(self.head)
        values = {"name": "My seminar", "type_id": kind.id}
        for forged in ({"cycle_id": self.cycle.id}, {"cycle_quarter": "2027-Q1"}):
            with self.refused(UserError, "cannot be written directly"):
                meetings.create({**values, **forged})
            with self.refused(UserError, "cannot be written directly"):
                meetings.create(values).write(forged)
        with self.assertRaises(UserError):
            meetings.create({**values, "subject_model": "ops.cycle", "subject_id": self.cycle.id})
        with self.assertRaises(UserError):
            meetings.with_context(default_subject_model="ops.cycle", default_subject_id=self.cycle.id).create(values)
        meeting = meetings.with_context(default_cycle_id=self.cycle.id).create(values)
        self.assertFalse(meeting.sudo().cycle_id)

    def test_an_obligation_opens_its_cycle(self):
        self._generate()
        action = self.one("A1").with_user(self.gm_office).action_open_form()
        self.assertEqual((action["res_model"], action["res_id"]), ("ops.cycle", self.cycle.id))
        self.cycle.with_user(self.gm_office).action_cancel("Wrong")
        action = self.one("A1").with_user(self.gm_office).action_open_form()
        self.assertFalse(action["res_id"])
        self.assertEqual(action["context"]["default_year"], 2027)
