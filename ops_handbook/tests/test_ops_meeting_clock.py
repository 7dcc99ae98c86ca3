"""The clocks of meetings: C2 before, C3 after, M5 of the week."""

from odoo import Command
from odoo.tests import tagged

from .meetings import MeetingCase


@tagged("post_install", "-at_install")
class TestOpsMeetingClock(MeetingCase):
    # -- C2 ------------------------------------------------------------------------------------------------------------

    def test_c2_is_due_a_working_day_before(self):
        """C2: Wednesday's meeting must be called by the end of Tuesday; the organiser answers."""
        clock = self.clock_of(self.plan(), "C2")
        self.assertEqual(clock.date_due, self.utc("2026-11-24 23:59:59"))
        self.assertEqual(clock.date_start, self.utc(self.PLANNED), "asked for since it was planned")
        self.assertEqual(clock.responsible_id, self.head)
        self.assertEqual(clock.date_next_step, self.utc("2026-11-19 09:00"), "three working days before")

    def test_c2_over_weekend_and_holiday(self):
        """C2: of Monday's meeting the end of Friday; a holiday in between counts as little as a weekend."""
        monday = self.clock_of(self.plan(date_start=self.utc("2026-11-23 09:00"), date_stop=False), "C2")
        self.assertEqual(monday.date_due, self.utc("2026-11-20 23:59:59"))
        self.env["ops.calendar.day"].create({
            "company_id": self.company.id, "date": "2026-11-20", "kind": "off", "name": "Holiday",
        })
        self.env.cr.flush()
        self.assertEqual(monday.date_due, self.utc("2026-11-19 23:59:59"), "the calendar has changed")

    def test_c2_make_up_saturday(self):
        """C2: before Monday's meeting a Saturday that is worked is the working day before."""
        self.env["ops.calendar.day"].create({
            "company_id": self.company.id, "date": "2026-11-21", "kind": "work", "name": "Make-up day",
        })
        self.env.cr.flush()
        clock = self.clock_of(self.plan(date_start=self.utc("2026-11-23 09:00"), date_stop=False), "C2")
        self.assertEqual(clock.date_due, self.utc("2026-11-21 23:59:59"))

    def test_c2_met_late_and_missed(self):
        """C2: sent in time met, later late and recorded so; held without any notice missed, and never green."""
        in_time = self.call()
        self.assertEqual((self.clock_of(in_time, "C2").result, in_time.notice_late), ("met", False))
        late = self.call(at="2026-11-25 08:00")
        self.assertEqual(self.result(late, "C2", "2026-11-25 08:00"), "late")
        self.assertTrue(late.notice_late)
        without = self.hold(self.plan())
        self.assertEqual(self.clock_of(without, "C2").state, "done")
        self.assertEqual(self.result(without, "C2", "2026-12-25 08:00"), "missed")
        self.assertFalse(self.event(without))

    def test_c2_held_earlier_than_planned_without_notice(self):
        """C2: a draft for next week that is held today had no notice: not met, although its due time lay ahead."""
        meeting = self.hold(self.plan(), at="2026-11-19 12:00", start="2026-11-19 10:00", stop="2026-11-19 11:00")
        self.assertEqual(self.result(meeting, "C2", "2026-11-19 12:00"), "missed")

    def test_c2_held_without_any_plan(self):
        meeting = self.plan(date_start=False, date_stop=False)
        self.assertFalse(self.clock_of(meeting, "C2"))
        self.hold(meeting, at="2026-11-19 12:00", start="2026-11-19 10:00", stop="2026-11-19 11:00")
        self.assertEqual(self.result(meeting, "C2", "2026-11-19 12:00"), "missed")

    def test_c2_moves_with_the_meeting(self):
        """C2: the due time follows the meeting; what is no cross-department meeting any more owes nothing, and again."""
        meeting = self.plan()
        with self.at(self.PLANNED):
            meeting.date_start = self.utc("2026-11-30 09:00")
            clock = self.clock_of(meeting, "C2")
            self.assertEqual(clock.date_due, self.utc("2026-11-27 23:59:59"))
            self.assertEqual(clock.date_original, clock.date_due)
            meeting.is_cross_department = False
            self.assertEqual(clock.state, "cancelled")
            meeting.is_cross_department = True
            self.assertEqual((clock.state, clock.date_due), ("open", self.utc("2026-11-27 23:59:59")))
            meeting.action_cancel("Not needed any more")
        self.assertEqual(clock.state, "cancelled")

    def test_c2_only_across_departments(self):
        meeting = self.plan(attendees=[self.newcomer])
        self.assertFalse(self.clock_of(meeting, "C2"))
        meeting.attendee_ids.create({"meeting_id": meeting.id, "user_id": self.liaison.id})
        self.assertTrue(self.clock_of(meeting, "C2"), "somebody of another department was invited")
        self.hold(self.call(meeting))
        self.assertTrue(self.clock_of(meeting, "C3"))
        own = self.hold(attendees=[self.newcomer])
        self.assertFalse(self.clock_of(own, "C2") | self.clock_of(own, "C3"))

    def test_c2_follows_the_organiser(self):
        meeting = self.plan()
        meeting.with_user(self.operations).organiser_id = self.other_head
        self.assertEqual(self.clock_of(meeting, "C2").responsible_id, self.other_head)

    # -- C3 ------------------------------------------------------------------------------------------------------------

    def test_c3_is_due_a_day_after_the_end(self):
        """C3: 24 hours after the end that was recorded, not the one that was planned; the recorder answers."""
        meeting = self.hold(stop="2026-11-25 10:10")
        clock = self.clock_of(meeting, "C3")
        self.assertEqual(clock.date_due, self.utc("2026-11-26 10:10"))
        self.assertEqual(clock.responsible_id, self.employee)

    def test_c3_ends_on_no_day_off(self):
        """C3: a day off at the end of the 24 hours moves them to the next working day, same hour; make-up days count."""
        def due(day):
            meeting = self.hold(
                self.call(date_start=self.utc(f"{day} 16:00"), date_stop=self.utc(f"{day} 17:30")), at=f"{day} 18:00"
            )
            return self.clock_of(meeting, "C3").date_due

        self.assertEqual(due("2026-11-20"), self.utc("2026-11-23 17:30"), "Friday evening")
        self.env["ops.calendar.day"].create([
            {"company_id": self.company.id, "date": "2026-11-28", "kind": "work", "name": "Make-up day"},
            {"company_id": self.company.id, "date": "2026-12-03", "kind": "off", "name": "Holiday"},
            {"company_id": self.company.id, "date": "2026-12-04", "kind": "off", "name": "Holiday"},
        ])
        self.env.cr.flush()
        self.assertEqual(due("2026-11-27"), self.utc("2026-11-28 17:30"), "a Saturday that is worked")
        self.assertEqual(due("2026-12-02"), self.utc("2026-12-07 17:30"), "two holidays and a weekend")

    def test_c3_setting(self):
        """C3: without "Same Hour" the 24 hours run on the clock, over the weekend too."""
        with self.at("2026-11-01 09:00"):
            self.standard("C3").exact = False
        meeting = self.hold(
            self.call(date_start=self.utc("2026-11-20 16:00"), date_stop=self.utc("2026-11-20 17:30")), at="2026-11-20 18:00"
        )
        self.assertEqual(self.clock_of(meeting, "C3").date_due, self.utc("2026-11-21 17:30"))

    def test_c3_a_recorder_who_leaves(self):
        """C3: whoever has left owes nothing; the organiser does, until another recorder is named."""
        meeting = self.hold()
        clock = self.clock_of(meeting, "C3")
        with self.at(self.STOP):
            self.employee.active = False
            self.assertEqual(clock.responsible_id, self.head)
            meeting.recorder_id = self.newcomer
            self.assertEqual(clock.responsible_id, self.newcomer)
            self.assertIn(self.newcomer, meeting.attendee_ids.user_id)
            meeting.recorder_id = False
            self.assertEqual(clock.responsible_id, self.head)
        self.assertIn("before", self.notes(clock))

    def test_c3_of_a_recorder_who_has_left_before(self):
        meeting = self.call()
        self.employee.active = False
        self.assertEqual(self.clock_of(self.hold(meeting), "C3").responsible_id, self.head)

    # -- M5 ------------------------------------------------------------------------------------------------------------

    def test_m5_the_weekly_meeting_that_is_held(self):
        """M5: the department's week is met by the weekly meeting held in it, whoever records it and when."""
        self.generate()
        weeks = self.owed("M5", ("department_id", "=", self.department.id))
        week = weeks.filtered(lambda item: item.period == "2026-W48")
        meeting = self.call(kind="weekly", attendees=[self.newcomer])
        self.assertEqual(week.state, "open", "calling is not holding")
        self.hold(meeting, at="2026-12-01 09:00")
        self.assertEqual((week.state, week.result, week.form_id), ("done", "met", meeting.id))
        self.assertFalse((weeks - week).filtered(lambda item: item.state == "done"))
        other = self.owed("M5", ("department_id", "=", self.other_department.id), ("state", "=", "done"))
        self.assertFalse(other)

    def test_m5_held_before_the_calendar_asked_for_it(self):
        """M5: a weekly meeting that was held before the engine made the week's obligation has met it, at its own time."""
        meeting = self.call(kind="weekly", attendees=[self.newcomer])
        self.hold(meeting)
        self.generate("2026-11-25 12:00")
        weeks = self.owed("M5", ("department_id", "=", self.department.id))
        week = weeks.filtered(lambda item: item.period == "2026-W48")
        self.assertEqual((week.state, week.date_done, week.form_id), ("done", meeting.actual_stop, meeting.id))
        self.assertFalse((weeks - week).filtered(lambda item: item.state == "done"))

    def test_m5_nobody_meets_for_another_department(self):
        """M5: it counts when somebody of the department, or of an office, calls or leads it."""
        self.hold(self.call(user=self.liaison, kind="weekly", department_id=self.department.id))
        self.generate("2026-11-25 12:00")
        week = self.owed("M5", ("department_id", "=", self.department.id), ("period", "=", "2026-W48"))
        self.assertEqual(week.state, "open", "held before it was asked for")
        self.hold(self.call(user=self.liaison, kind="weekly", department_id=self.department.id))
        self.assertEqual(week.state, "open", "held afterwards")
        for names in ({"chair_id": self.head.id}, {"user": self.operations}, {"user": self.newcomer}):
            with self.subTest(names=names), self.env.cr.savepoint() as undone:
                self.hold(self.call(kind="weekly", department_id=self.department.id, **{"user": self.liaison, **names}))
                self.assertEqual(week.state, "done")
                undone.rollback()
                self.env.invalidate_all()

    def test_m5_other_kinds_do_not_count(self):
        self.generate()
        self.hold(attendees=[self.newcomer])
        self.assertFalse(self.owed("M5", ("state", "=", "done")))

    def test_m5_opens_a_weekly_meeting(self):
        self.generate()
        week = self.owed("M5", ("department_id", "=", self.department.id))[:1]
        action = week.with_user(self.head).action_open_form()
        meeting = self.Meeting.browse(action["res_id"])
        self.assertEqual((meeting.type_id, meeting.department_id), (self.kind("weekly"), self.department))

    # -- hooks ---------------------------------------------------------------------------------------------------------

    def test_hooks_of_the_layers_above(self):
        told = []
        cls = type(self.Meeting)
        self.patch(cls, "_became_held", lambda meetings, previous: told.append(("held", meetings.ids, previous)))
        self.patch(cls, "_became_cancelled", lambda meetings, previous, reason: told.append(("cancelled", previous, reason)))
        held, dropped = self.hold(), self.call()
        with self.at(self.PLANNED):
            dropped.action_cancel("Nobody has time")
        self.assertEqual(told[0], ("held", held.ids, {held.id: "called"}))
        self.assertEqual(told[1], ("cancelled", {dropped.id: "called"}, "Nobody has time"))

    def test_nothing_runs_before_the_engine_is_started(self):
        self.company.ops_started = False
        meeting = self.hold()
        self.assertFalse(self.clock_of(meeting, "C2") | self.clock_of(meeting, "C3"))

    def test_batches(self):
        """Clocks of many meetings that are changed together cost a fixed number of searches."""
        meetings = self.Meeting.browse([self.plan().id for _number in range(6)])
        with self.at(self.PLANNED):
            self.env.flush_all()
            meetings.write({"recorder_id": self.newcomer.id, "attendee_ids": [Command.create({"user_id": self.colleague.id})]})
        self.assertEqual(meetings.recorder_id, self.newcomer)
