"""Resolutions run from the distribution of the minutes to their acceptance (C5)."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .minutes import MinutesCase


@tagged("post_install", "-at_install")
class TestResolution(MinutesCase):
    def one(self, **values):
        meeting = self.meeting()
        item = self.resolve(meeting, **values)
        meeting.with_user(self.recorder).action_distribute()
        return item

    def test_runs_from_the_distribution(self):
        """C5: owed by its owner until the close of its day; not before the minutes are out."""
        meeting = self.meeting()
        item = self.resolve(meeting)
        self.assertFalse(self.obligations("C5", item))
        with self.assertRaises(UserError):
            item.with_user(self.employee).sudo().action_done()
        meeting.with_user(self.recorder).action_distribute()
        clock = self.obligations("C5", item)
        self.assertEqual((clock.responsible_id, clock.role, clock.state), (self.employee, "owner", "open"))
        self.assertEqual(clock.date_due, self.utc("2026-11-30 23:59").replace(second=59))
        self.assertEqual(clock.department_id, self.department)

    def test_done_by_its_owner_while_the_meeting_is_locked(self):
        item = self.one()
        with self.assertRaises(AccessError):
            item.with_user(self.liaison).action_done()
        with self.assertRaises(AccessError):
            item.with_user(self.employee).write({"name": "Something easier"})
        item.with_user(self.employee).write({"evidence": "Bought"})
        item.with_user(self.employee).action_done()
        self.assertEqual(self.obligations("C5", item).result, "met")

    def test_late_stays_late(self):
        """C5: what is finished late stays yellow."""
        item = self.one()
        with self.at("2026-12-03 10:00"):
            item.invalidate_recordset(["is_late"])
            self.assertTrue(item.is_late)
            item.with_user(self.employee).action_done("At last")
            self.assertEqual(self.obligations("C5", item).result, "late")

    def test_late_is_what_the_clock_says(self):
        """C5: not before the close of its day, not before the minutes are out, not once it is done."""
        item, noted = self.one(), self.resolve(self.meeting())
        self.assertFalse(self.late_at(item | noted, "2026-11-30 23:00"))
        self.assertEqual(self.late_at(item | noted, "2026-12-01 00:30"), item)
        with self.at("2026-12-03 10:00"):
            self.assertEqual(str(item.date_due_now), "2026-11-30")
            item.with_user(self.employee).action_done("At last")
        self.assertFalse(self.late_at(item, "2026-12-03 11:00"))

    def test_a_granted_extension_is_not_late(self):
        """C5: until the day that was granted it is neither shown nor found as overdue."""
        item = self.one()
        self.grant("C5", item, "extension", "2026-12-04 18:00")
        self.assertFalse(self.late_at(item, "2026-12-03 10:00"))
        self.assertEqual((str(item.date_due), str(item.date_due_now)), ("2026-11-30", "2026-12-04"))
        self.assertEqual(self.late_at(item, "2026-12-04 18:01"), item)

    def test_what_is_on_hold_is_not_late(self):
        """C5: nine working days of hold move its day; afterwards the clock runs on, also before the job has come by."""
        item = self.one()
        self.grant("C5", item, "hold", "2026-12-07 18:00")
        for local in ("2026-12-03 10:00", "2026-12-11 10:00"):
            self.assertFalse(self.late_at(item, local))
        self.assertEqual(str(item.date_due_now), "2026-12-11")
        self.assertEqual(self.late_at(item, "2026-12-12 10:00"), item)

    def test_what_was_waived_is_not_late(self):
        item = self.one()
        self.grant("C5", item, "waiver")
        self.assertFalse(self.late_at(item, "2026-12-03 10:00"))
        self.assertEqual((item.state, str(item.date_due_now)), ("open", "2026-11-30"))

    def test_nothing_is_late_where_nothing_is_owed(self):
        """A company in which the engine has not been started has no clocks: the date alone makes nothing late."""
        self.company.ops_started = False
        item = self.one()
        self.assertFalse(self.obligations("C5", item))
        self.assertFalse(self.late_at(item, "2026-12-03 10:00"))

    def test_lateness_of_many_costs_no_query_each(self):
        items = self.distributed(resolutions=[(f"Step {number}", self.employee, "2026-11-30") for number in range(20)]).resolution_ids
        self.cost_of_lateness(items[:1])
        self.assertEqual(self.cost_of_lateness(items), self.cost_of_lateness(items[:2]))

    def test_acceptance_by_the_organiser(self):
        item = self.one(needs_acceptance=True)
        item.with_user(self.employee).action_done("Bought")
        waiting = self.obligations("D1", item)
        self.assertEqual((waiting.state, waiting.responsible_id), ("open", self.head))
        with self.assertRaises(AccessError):
            item.with_user(self.employee).action_accept()
        item.with_user(self.head).action_reopen("It still drips")
        self.assertEqual(waiting.state, "done")
        self.assertEqual(self.obligations("C5", item).state, "open")
        item.with_user(self.employee).action_done("Now it is tight")
        item.with_user(self.head).action_accept()
        self.assertEqual(item.state, "accepted")
        self.assertEqual(self.obligations("D1", item).mapped("state"), ["done", "done"])

    def test_D1_of_an_organiser_who_leaves_is_operations(self):
        """Whoever may accept it by then is asked, not the head of its owner."""
        item = self.one(needs_acceptance=True)
        item.with_user(self.employee).action_done("Bought")
        waiting = self.obligations("D1", item)
        self.head.active = False
        self.assertEqual((waiting.role, waiting.responsible_id), ("operations", self.env["res.users"]))
        self.assertIn("Head has left", self.notes(waiting))
        item.with_user(self.operations).action_accept()
        self.assertEqual(waiting.state, "done")

    def test_organisers_own_is_accepted_by_operations(self):
        item = self.one(owner=self.head, needs_acceptance=True)
        item.with_user(self.head).action_done("Done")
        with self.assertRaises(AccessError):
            item.with_user(self.head).action_accept()
        self.assertEqual(self.obligations("D1", item).role, "operations")
        item.with_user(self.operations).action_accept()
        self.assertEqual(item.state, "accepted")

    def test_handed_over_by_the_organiser(self):
        """C5: the clock goes with it, and the department that owes it."""
        item = self.one()
        with self.assertRaises(AccessError):
            item.with_user(self.employee).action_hand_over(self.colleague.id, "No time")
        item.with_user(self.head).action_hand_over(self.colleague.id, "On leave")
        clock = self.obligations("C5", item)
        self.assertEqual((clock.responsible_id, clock.department_id), (self.colleague, self.sub_department))

    def test_who_reads(self):
        item = self.one(owner=self.colleague)
        for user in (self.colleague, self.employee, self.liaison, self.head, self.recorder, self.operations, self.gm):
            self.assertTrue(item.with_user(user).has_access("read"), user.name)
        for user in (self.other_head, self.branch_head, self.admin_ops):
            self.assertFalse(item.with_user(user).has_access("read"), user.name)

    def test_machinery_fields_are_nobodys(self):
        item = self.one()
        for values in ({"in_force": False}, {"date_decided": "2026-12-31"}, {"state": "done"}):
            with self.assertRaises(UserError):
                item.with_user(self.head).write(values)
        meeting = self.meeting()
        with self.assertRaises(UserError):
            self.resolve(meeting, in_force=True)
        with self.assertRaises(UserError):
            item.sudo().write({"meeting_id": meeting.id})

    def test_many_resolutions_start_together(self):
        meeting = self.meeting()
        self.env["ops.resolution"].with_user(self.recorder).create([
            {"meeting_id": meeting.id, "name": f"Step {number}", "owner_id": self.employee.id, "date_due": "2026-12-01"}
            for number in range(60)
        ])
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        meeting.with_user(self.recorder).action_distribute()
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 110)
        self.assertEqual(len(self.obligations("C5", meeting.resolution_ids)), 60)

    def test_open_items_come_back_on_the_next_agenda(self):
        first = self.distributed(resolutions=[("Buy a seal", self.employee, "2026-11-30"),
                                              ("Call the maker", self.liaison, "2026-12-01")])
        seal, call = first.resolution_ids.sorted("id")
        call.with_user(self.liaison).action_done("Called")
        second = self.meeting(previous_id=first.id)
        carried = second.agenda_ids.filtered("resolution_id")
        self.assertEqual(carried.resolution_id, seal)
        self.assertEqual(second.agenda_ids.sorted()[:1], carried)
        self.assertEqual((carried.resolution_state, carried.resolution_owner_id), ("open", self.employee))
        second._carry_over()
        self.assertEqual(len(second.agenda_ids.filtered("resolution_id")), 1, "each once")
        second.with_user(self.recorder).action_distribute()
        third = self.meeting(previous_id=second.id)
        self.assertEqual(third.agenda_ids.resolution_id, seal, "it comes back until it is finished")

    def test_open_items_pass_over_a_meeting_that_does_not_take_place(self):
        """Cancelled or deleted, before or after the minutes went out, several at once: nothing is lost for the next one."""
        for ending in ("cancelled", "deleted", "both cancelled", "cancelled before the minutes"):
            with self.subTest(ending=ending):
                first = self.meeting(resolutions=[("Buy a seal", self.employee, "2026-11-30")])
                seal = first.resolution_ids
                meetings = self.env["ops.meeting"].with_user(self.head)
                values = {"name": "Press line", "company_id": self.company.id, "recorder_id": self.recorder.id}
                second = meetings.create({**values, "previous_id": first.id})
                third = meetings.create({**values, "previous_id": second.id})
                fourth = meetings.create({**values, "previous_id": third.id})
                if ending != "cancelled before the minutes":
                    first.with_user(self.recorder).action_distribute()
                if ending == "deleted":
                    second.unlink()
                else:
                    dropped = second | third if ending == "both cancelled" else second
                    dropped.action_cancel("Nobody has time")
                if ending == "cancelled before the minutes":
                    first.with_user(self.recorder).action_distribute()
                following = fourth if ending == "both cancelled" else third
                self.assertEqual((following.previous_id, following.agenda_ids.resolution_id), (first, seal))

    def test_nothing_is_carried_from_what_the_organiser_may_not_read(self):
        first = self.distributed(resolutions=[("Secret", self.employee, "2026-11-30")])
        values = {"name": "Curious", "company_id": self.company.id}
        named_for = self.env["ops.meeting"].with_user(self.operations).create({
            **values, "organiser_id": self.other_head.id, "previous_id": first.id,
        })
        self.assertFalse(named_for.agenda_ids.resolution_id)
        # nor is its topic shown to whoever names it
        meetings = self.env["ops.meeting"].with_user(self.other_head)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            meetings.create({**values, "previous_id": first.id})
        own = meetings.create(values)
        with self.assertRaises(ValidationError):
            own.write({"previous_id": first.id})

    def test_carried_over_is_the_machinerys(self):
        """A forged link would show what the writer may not read."""
        item = self.one()
        other = self.meeting()
        with self.assertRaises(UserError):
            other.agenda_ids[:1].with_user(self.recorder).write({"resolution_id": item.id})
        line = self.env["ops.meeting.agenda"].with_user(self.recorder).with_context(default_resolution_id=item.id).create(
            {"meeting_id": other.id, "name": "Forged"}
        )
        self.assertFalse(line.resolution_id)

    def test_cited_by_its_meeting(self):
        """C5: a letter and the ledger say which resolution of which meeting, read together for a whole page."""
        meeting = self.meeting()
        items = self.resolve(meeting) | self.resolve(meeting, name="Buy a second pump")
        with self.assertQueryCount(__system__=6):
            items.invalidate_recordset()
            texts = items.sudo()._letter_source()
        for item in items:
            self.assertIn(item.name, texts[item.id])
            self.assertIn(meeting.number, texts[item.id])
